"""How tightly vl2's infix operators bind, and where that gives a chain two readings."""

from __future__ import annotations

COMPARISON = 3
_LEVELS = {
    "*": 5,
    "/": 5,
    "+": 4,
    "-": 4,
    "<": COMPARISON,
    "<=": COMPARISON,
    ">": COMPARISON,
    ">=": COMPARISON,
    "=": COMPARISON,
    "==": COMPARISON,
    "!=": COMPARISON,
    "&": 2,
    "&&": 2,
    "|": 1,
    "||": 1,
}


def level(symbol: str) -> int | None:
    """How tightly an operator binds, read from its symbol with the dots dropped (`.*.`, `<=.`); None: no level."""
    return _LEVELS.get(symbol.replace(".", ""))


def conflict(left: str, right: str) -> bool:
    """Whether `a left b right c` has two readings: there vl2 wants parentheses.

    Read flat it is `(a left b) right c`. Precedence reads the same tree where `right` binds no tighter than `left`.
    Comparisons do not associate. An operator without a level goes only with itself.
    """
    left_level, right_level = level(left), level(right)
    if left_level is None or right_level is None:
        return left != right
    return left_level < right_level or left_level == right_level == COMPARISON
