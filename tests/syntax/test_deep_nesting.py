"""Ten thousand levels of every construct parse, print and compare: no depth needs a Python stack."""

from __future__ import annotations

import sys

import pytest

from tests.syntax.shape import errors, expression, program
from vlc.syntax.printer import same, to_text

DEPTH = 10_000

NESTED = {
    "parentheses": ("(", "x", ")"),
    "calls": ("f(", "x", ")"),
    "second arguments": ("f(1, ", "x", ")"),
    "arrays": ("[", "x", "]"),
    "indices": ("s[", "x", "]"),
    "postfixes": ("", "x", "[0]"),
    "slices": ("s[", "x", ":]"),
    "slice ends": ("s[:", "x", "]"),
    "let in": ("let a = 1 in ", "x", ""),
    "let values": ("let a = ", "x", " in a"),
    "for": ("for i in s do ", "x", ""),
    "for sequences": ("for i in ", "s", " do i"),
    "filter": ("filter i in s do ", "x", ""),
    "fold": ("fold + ", "x", ""),
    "fold with start": ("fold + 0 ", "x", ""),
    "prefixes": ("- ", "x", ""),
    "operator calls": ("+(1, ", "x", ")"),
    "chains to the right": ("1 + (", "x", ")"),
    "flat chains": ("", "x", " - 1"),
    "chains to the left": ("(", "x", " ~> 1)"),
}


@pytest.mark.parametrize("construct", NESTED)
def test_deep_nesting(construct: str) -> None:
    opening, middle, closing = NESTED[construct]
    text = opening * DEPTH + middle + closing * DEPTH
    assert len(text) > sys.getrecursionlimit()
    tree = expression(text)
    printed = to_text(tree)
    again = expression(printed)
    assert same(tree, again)


def test_deep_trees_that_differ_at_the_bottom() -> None:
    assert not same(expression("f(" * DEPTH + "x" + ")" * DEPTH), expression("f(" * DEPTH + "y" + ")" * DEPTH))


@pytest.mark.parametrize("construct", NESTED)
def test_deep_nesting_in_vain(construct: str) -> None:
    opening, _, _ = NESTED[construct]
    found = errors("x = " + opening * DEPTH + ")\ny = (")
    assert found


def test_a_long_ambiguous_chain_has_a_short_message() -> None:
    (error,) = errors("x = 1" + " + 2 * 3" * DEPTH)
    assert len(error.message) < 500
    (error,) = errors("x = f(" + "1, " * DEPTH + "1) + 2 * 3")
    assert len(error.message) < 500


def test_many_commands() -> None:
    text = "x = 0\n" + "x = x + 1\n" * DEPTH
    parsed = program(text)
    assert len(parsed.commands) == DEPTH + 1
    assert to_text(parsed) == text
