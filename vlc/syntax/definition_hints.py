"""What to do about definitions whose parameters are not written as such, and operators that stand for functions."""

from __future__ import annotations

import re

from vlc.syntax.hints import shortened
from vlc.syntax.precedence import level
from vlc.syntax.tokens import Token

_BARE = re.compile(r"[ \t]*((?:[A-Za-z_]\w*[ \t]+)*[A-Za-z_]\w*)[ \t]*=(?![=<>!])")
_NO_NAMES = re.compile(r"\([^()\n]*\)[ \t]*=(?![=<>!])")
_OPEN = re.compile(r"\(((?:[ \t]*[A-Za-z_]\w*[ \t]*,)*[ \t]*[A-Za-z_]\w*)[ \t]*=(?![=<>!])")
_MAPPED = re.compile(r",\s*([A-Za-z_]\w*|\[[^\[\]()\n]{0,40}\])\s*\)")


def definition_hint(name: Token, following: Token) -> str:
    """What to do about a command that begins with a name and is meant as a definition: `f x = 3`, `f(1) = 3`."""
    if following.type in ("NAME", "DEFINED"):
        return bare_parameters_hint(name, following)
    if following.type == "OPEN" and _NO_NAMES.match(name.reading.source.text, following.start):
        return f"a parameter of a definition is a name, as in `{shortened(name.text)}(x) = ..`"
    return ""


def open_parameters(name: Token, following: Token) -> str:
    """What the `f(x, y = 3` that begins with a name is with its parenthesis; an empty string for anything else."""
    found = _OPEN.match(name.reading.source.text, following.start) if following.type == "OPEN" else None
    return f"{shortened(name.text)}({shortened(', '.join(found[1].replace(',', ' ').split()))}) = .." if found else ""


def bare_parameters_hint(name: Token, first: Token) -> str:
    """What to do about the parameters, from the first, of `f x y = 3`; an empty string for what is none."""
    text = name.reading.source.text
    found = _BARE.match(text, first.start)
    if found is None or text.find("\n", name.end, first.start) >= 0:
        return ""
    function = f"{name.text}({', '.join(found[1].split())})"
    return f"parameters stand in parentheses: `{shortened(function)} = ..`"


def mapped_operator_hint(operator: str, comma: Token) -> str:
    """What to do about `map(!, xs)`: map takes the name of a function."""
    if level(operator) is not None and operator != "-":
        return "`map` takes the name of a function: define one, and write `map(f, xs)`"
    found = _MAPPED.match(comma.reading.source.text, comma.start)
    return f"`map` takes the name of a function: write `for x in {found[1] if found else '..'} do {operator}x`"
