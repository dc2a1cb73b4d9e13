"""Strings."""

from __future__ import annotations

import string

from vlc_runtime.errors import KernelError
from vlc_runtime.operator import operator
from vlc_runtime.volume import Volume


@operator(version=1, cost="immediate", one_grid=False)
def concat(*values: object) -> str:
    """The values as text, joined: 1 is written 1.0 if it is a double, true as True, sequences as [a, b]."""
    return "".join(_text(value) for value in values)


@operator(version=1, cost="immediate", one_grid=False)
def format_string(template: str, *values: object) -> str:
    """The template with its {} replaced by the values, by Python's str.format; numbers are doubles, so {:03.0f}."""
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError as error:
        raise KernelError(f"the template {template!r} is wrong: {error}") from error
    for _, name, specification, _ in fields:
        if name is not None and not (name == "" or name.isdecimal()):
            raise KernelError(f"the template {template!r} names {{{name}}}, and only {{}} and {{0}} may stand there")
        if specification is not None and "{" in specification:
            raise KernelError(f"the template {template!r} has a field in a field")
    for value in values:
        _text(value)
    try:
        return template.format(*values)
    except (ValueError, IndexError, TypeError, MemoryError, OverflowError) as error:
        raise KernelError(
            f"the template {template!r} does not fit its values: {error}",
            "numbers are doubles: {:.0f} writes them without decimals",
        ) from error


def _text(value: object) -> str:
    if isinstance(value, Volume):
        raise KernelError("an image has no text")
    try:
        return str(value)
    except RecursionError:
        raise KernelError("the sequence is nested too deeply to be written") from None
    except ValueError as error:  # whole numbers of more than some thousand digits
        raise KernelError(f"the number cannot be written: {error}") from None
