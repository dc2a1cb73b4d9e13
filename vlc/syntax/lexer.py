"""From text to words: names, numbers, strings, operators, brackets; spaces and `//` comments fall away.

A word is (kind, text, start). What a word does where it stands (is `-` a sign, a prefix or an infix operator; does a
name begin a command) is decided afterwards, by roles.py: it needs the words around it.

The rules of vl2 are VoxLogicA-2's, repaired: an operator stops before `//`, a number ends at a word boundary, a name
may hold upper-case letters and underscores in any order.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TypeAlias

Word: TypeAlias = tuple[str, str, int]

SYMBOLS = "#;:_'.|!$%&/^=*-+<>?@~\\"
"""The characters of operators, in both dialects."""

_SYMBOL_CLASS = re.escape(SYMBOLS)
_SPACE = r"(?:[ \t\r\n\f]++|//[^\n]*+)*+"
_NAME = r"[A-Za-z_][A-Za-z0-9_]*+"

# An upper-case run joined to a symbol is one operator (`B+`). `HIGH_THRESHOLD` is a name, though, and so is `A.b`.
_LETTER_OPERATOR = (
    rf"(?![A-Z][A-Z0-9_]*+\.[A-Za-z_])[A-Z](?>[A-Z0-9_]*)(?!//)[{_SYMBOL_CLASS}]"
    rf"(?:(?!//)[A-Z0-9{_SYMBOL_CLASS}])*+"
)


@cache
def _vl2_words() -> re.Pattern[str]:
    kinds = {
        "LETTER_OPERATOR": _LETTER_OPERATOR,
        "QUALIFIED": rf"{_NAME}\.{_NAME}",
        "NAME": rf"{_NAME}|\$[a-z][a-z0-9_]*+",
        "NUMBER": r"(?>(?:[0-9]++\.[0-9]*+|\.[0-9]++|[0-9]++)(?:[eE][+-]?[0-9]++)?)(?![A-Za-z0-9_])",
        "BAD_NUMBER": r"\.?[0-9][A-Za-z0-9_.]*+",
        "STRING": r'"(?:[^"\\\n]|\\[^\n])*+"',
        "BAD_STRING": r'"[^\n]*+',
        "OPERATOR": rf"(?:(?!//)[{_SYMBOL_CLASS}])++",
        "BRACKET": r"[()\[\],]",
        "BAD_CHARACTER": r"[\s\S]",
    }
    return re.compile(_SPACE + "(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()) + ")?")


def vl2_words(text: str) -> list[Word]:
    """The words of a vl2 text. Linear in its length; never fails: what is no word is one of a BAD kind."""
    words: list[Word] = []
    append = words.append
    for match in _vl2_words().finditer(text):
        kind = match.lastgroup
        if kind is not None:
            append((kind, match[kind], match.start(kind)))
    return words
