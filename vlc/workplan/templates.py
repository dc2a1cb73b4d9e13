"""Strings of vl1 programs, in which `$NAME` is a parameter of the script."""

from __future__ import annotations

import re
from collections.abc import Iterable

_NAME = re.compile(r"\$([A-Za-z][A-Za-z0-9]*)")


def template_parts(text: str) -> Iterable[tuple[str, bool]]:
    """The pieces of a vl1 string: (text, False) or (parameter's name, True).

    Names are vl1 identifiers, so `$NAME_seg` is the parameter NAME followed by `_seg`. A `$` without a name is text."""
    plain = 0
    for match in _NAME.finditer(text):
        if match.start() > plain:
            yield text[plain : match.start()], False
        yield match.group(1), True
        plain = match.end()
    if plain < len(text):
        yield text[plain:], False
