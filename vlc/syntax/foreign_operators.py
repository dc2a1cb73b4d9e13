"""What to write instead of operators that other languages have, and vl2 and vl1 have not."""

from __future__ import annotations

from vlc.syntax.tokens import Dialect

_POWER = "there is no power operator"
_UNEQUAL = frozenset({"<>", "!==", "=!", "=/=", "/=", "~=", "><"})
_ADVICE: dict[Dialect, dict[str, str]] = {
    "vl2": {
        "**": f"{_POWER}: write `a * a`",
        "^": f"{_POWER}: write `a * a`",
        "===": "equality is `==`",
        "=<": "at most is written `<=`",
        "=>": "at least is written `>=`",
        "%": "there is no operator for remainders",
        **dict.fromkeys(_UNEQUAL, "inequality is `!=`"),
    },
    "vl1": {
        "**": f"{_POWER}: write `a .*. a` of numbers, `a * a` of images",
        "^": f"{_POWER}: write `a .*. a` of numbers, `a * a` of images",
        "%": "there is no operator for remainders",
        **dict.fromkeys(_UNEQUAL, "inequality is `!.(a .=. b)` of numbers, `!(a =. b)` of an image and a number"),
    },
}


def foreign_operator_hint(operator: str, dialect: str) -> str:
    """What to write for an operator of other languages; an empty string for one that none has."""
    return _ADVICE["vl1" if dialect == "vl1" else "vl2"].get(operator.strip("."), "")
