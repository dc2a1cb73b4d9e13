"""The values of literals: what a number or a string says, and back to text."""

from __future__ import annotations

import math
import re

from vlc.syntax.nodes import String
from vlc.syntax.tokens import Token

_ESCAPES = {"\\\\": "\\", '\\"': '"', "\\n": "\n", "\\t": "\t"}
_TO_ESCAPE = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
_ESCAPE = re.compile(r"\\.", re.DOTALL)


def number_value(text: str) -> float:
    """The double nearest to a literal: decimal, or vl1's hexadecimal, `nan` and `inf`."""
    if "x" in text or "X" in text:
        return float.fromhex(text)
    return float(text)


def number_text(value: float) -> str:
    """The shortest literal with this value; a whole number has no point. Only vl1 can spell NaN."""
    if math.isinf(value):
        return "1e999" if value > 0 else "-1e999"
    text = repr(value)
    return text[:-2] if text.endswith(".0") else text


def string_node(token: Token) -> String:
    """A string literal: decoded in vl2, raw and a template in vl1. An escape that vl2 does not know is an error."""
    raw = token.text[1:-1]
    if token.reading.dialect == "vl1":
        return String(raw, token.span, template=True)
    if "\\" not in raw:
        return String(raw, token.span)

    def decode(match: re.Match[str]) -> str:
        escape = match[0]
        if escape not in _ESCAPES:
            start = token.start + 1 + match.start()
            hint = 'the escapes are \\" \\\\ \\n \\t; a backslash itself is written \\\\'
            token.reading.error(f"unknown escape {escape} in a string", start, start + 2, hint=hint)
        return _ESCAPES.get(escape, escape)

    return String(_ESCAPE.sub(decode, raw), token.span)


def string_text(value: str) -> str:
    """A vl2 string literal with this value."""
    return f'"{value.translate(_TO_ESCAPE)}"'
