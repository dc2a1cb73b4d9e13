"""From text to words: names, numbers, strings, operators, brackets; spaces and `//` comments fall away.

A word is (kind, text, start). What a word does where it stands (is `-` a sign, a prefix or an infix operator; does a
name begin a command) is decided afterwards, by roles.py: it needs the words around it.

The rules of vl2 are VoxLogicA-2's, repaired: an operator stops before `//`, a number ends at a word boundary, a name
may hold upper-case letters and underscores in any order.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TypeAlias
from unicodedata import category

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
    return _pattern(kinds)


def vl2_words(text: str) -> list[Word]:
    """The words of a vl2 text. Linear in its length; never fails: what is no word is one of a BAD kind."""
    return _split(_vl2_words(), text)


def vl1_words(text: str) -> list[Word]:
    """The words of a vl1 text: strings are raw, capitals are operator characters, names hold no underscore.

    VoxLogicA 1's rules, repaired: an operator stops before `//`, numbers end at a word boundary, and `Lcc`, which its
    own library calls, is a name.
    """
    letters = {character: category(character) for character in set(text) if not character.isascii()}
    capitals = "".join(sorted(character for character, kind in letters.items() if kind == "Lu"))
    smalls = "".join(sorted(character for character, kind in letters.items() if kind == "Ll"))
    return _split(_vl1_words(capitals, smalls), text)


@lru_cache(maxsize=16)
def _vl1_words(capitals: str, smalls: str) -> re.Pattern[str]:
    """The words of texts with these letters besides A-Z and a-z."""
    number = r"0[xX][0-9a-fA-F]++(?:\.[0-9a-fA-F]*+)?(?:[pP][+-]?[0-9]++)?|[0-9]++(?:\.[0-9]*+)?(?:[eE][+-]?[0-9]++)?"
    return _pattern(
        {
            "NUMBER": rf"(?>{number}|(?i:infinity|inf|nan))(?![^\W_])",
            "NAME": rf"Lcc(?![^\W_])|[a-z{smalls}][^\W_]*+",
            "BAD_NUMBER": r"[0-9][^\W_]*+",
            "STRING": r'"[^"]*+"',
            "BAD_STRING": r'"[^\n]*+',
            "OPERATOR": rf"(?:(?!//)[A-Z{capitals}{_SYMBOL_CLASS}])++",
            "BRACKET": r"[()\[\],]",
            "BAD_CHARACTER": r"[\s\S]",
        }
    )


def _pattern(kinds: dict[str, str]) -> re.Pattern[str]:
    return re.compile(_SPACE + "(?:" + "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in kinds.items()) + ")?")


def _split(pattern: re.Pattern[str], text: str) -> list[Word]:
    words: list[Word] = []
    append = words.append
    for match in pattern.finditer(text):
        kind = match.lastgroup
        if kind is not None:
            append((kind, match[kind], match.start(kind)))
    return words
