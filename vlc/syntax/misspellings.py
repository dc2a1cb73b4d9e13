"""What to do about undefined names that are slips in writing something else: a literal, a constant's name, a slice."""

from __future__ import annotations

import re

from vlc.diagnostics import Span
from vlc.syntax.hints import underscore_hint

_BOOLEANS = re.compile(r"true|false", re.IGNORECASE)


def misspelling_hint(name: str, span: Span, dialect: str) -> str:
    """What to write instead of a name that means nothing and stands here; an empty string where that is not known."""
    following = span.source.text[span.end : span.end + 1]
    if _BOOLEANS.fullmatch(name):
        return f"write `{name.lower()}`: it is written in small letters"
    if name == "." and following.isdigit() and dialect == "vl1":
        return "a number begins with a digit, as in `0.5`"
    if name.startswith("_") and dialect == "vl1":
        return underscore_hint(span.source.text, _start_of_name(span))
    if re.fullmatch(r"sitk[A-Z]\w*", name):
        return f'constants of SimpleITK are given by their names in quotes: write `"{name}"`'
    if name.startswith(":") and len(name) > 1 and dialect == "vl2":
        if name == ":-" and span.source.text[span.end : span.end + 8].lstrip()[:1].isdigit():
            return "a slice has no negative bounds, since positions count from the start: s[0:n] is the first n items"
        return f"`{name}` is read as one operator: put a space after `:`"
    return ""


def _start_of_name(span: Span) -> int:
    """Where the letters and digits begin that stand before a place without a space."""
    start = span.start
    while start and span.source.text[start - 1].isalnum():
        start -= 1
    return start
