"""The trees of chains: vl2 asks for parentheses where two readings differ, vl1 reads from right to left."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.syntax.shape import errors, expression, tree
from vlc.diagnostics import CompileError
from vlc.syntax.precedence import COMPARISON, level
from vlc.syntax.printer import same


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b - c", "-(-(a, b), c)"),
        ("2 * 3 + 4", "+(*(2.0, 3.0), 4.0)"),
        ("a*b - 3", "-(*(a, b), 3.0)"),
        ("a / b * c", "*(/(a, b), c)"),
        ("x <=. 1 & m", "&(<=.(x, 1.0), m)"),
        ("a .*. b .-. c .<. d .&. e", ".&.(.<.(.-.(.*.(a, b), c), d), e)"),
        ("a & b && c", "&&(&(a, b), c)"),
        ("a & b | c || d", "||(|(&(a, b), c), d)"),
        ("a ~> b ~> c", "~>(~>(a, b), c)"),
        ("!a & b", "&(!(a), b)"),
        ("-a * !b", "*(-(a), !(b))"),
        ("! - a + b", "+(!(-(a)), b)"),
        ("a + (b * c)", "+(a, *(b, c))"),
        ("(a < b) & (c < d)", "&(<(a, b), <(c, d))"),
        ("a < b | c", "|(<(a, b), c)"),
        ("a + b < c", "<(+(a, b), c)"),
    ],
)
def test_vl2_chains_with_one_reading(text: str, expected: str) -> None:
    assert tree(text) == expected


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("2 + 3 * 4", ["(2 + 3) * 4", "2 + (3 * 4)"]),
        ("m & x >. 1", ["(m & x) >. 1", "m & (x >. 1)"]),
        ("a | b & c", ["(a | b) & c", "a | (b & c)"]),
        ("a - b - c * d", ["(a - b - c) * d", "a - b - (c * d)"]),
        ("a < b < c", ["(a < b) < c", "(a < b) & (b < c)"]),
        ("a = b != c", ["(a == b) != c", "(a == b) & (b != c)"]),
        ("a .<=. b .<=. c", ["(a .<=. b) .<=. c", "(a .<=. b) & (b .<=. c)"]),
        ("x >. 3 & y <. 1", ["((x >. 3) & y) <. 1", "(x >. 3) & (y <. 1)"]),
        ("a ~> b + c", ["(a ~> b) + c", "a ~> (b + c)"]),
        ("a + b ~> c", ["(a + b) ~> c", "a + (b ~> c)"]),
        ("a ~> b <~ c", ["(a ~> b) <~ c", "a ~> (b <~ c)"]),
        ("!a + (b + c) * d", ["(!a + (b + c)) * d", "!a + ((b + c) * d)"]),
    ],
)
def test_ambiguous_chains_print_both_readings(text: str, readings: list[str]) -> None:
    (error,) = errors(text and f"x = {text}")
    for reading in readings:
        assert f"`{reading}`" in error.message
    assert "parentheses" in error.hint
    assert error.span is not None
    assert error.span.text == text


def test_an_equality_in_a_chain_is_told_as_it_is_written_unless_the_file_declares_another() -> None:
    (error,) = errors("x = a = 3 >= 2")
    assert error.hint.startswith("equality is `==`; ")
    (error,) = errors("let =(a, b) = a == b\nx = a = 3 >= 2")
    assert "`(a = 3) >= 2`" in error.message and "==" not in error.hint


def test_each_printed_reading_is_accepted() -> None:
    for text in ("2 + 3 * 4", "a - b - c * d", "x >. 3 & y <. 1", "a < b < c", "a ~> b + c", "a & b < c + d * e"):
        (error,) = errors(f"x = {text}")
        readings = error.message.split("`")[1::2]
        assert len(readings) == 2
        first, second = (expression(reading) for reading in readings)
        assert not same(first, second)


def test_long_operands_are_cut_in_the_message() -> None:
    (error,) = errors('x = a + f("' + "y" * 500 + '") * c')
    assert len(error.message) < 250
    assert "..." in error.message


OPERATORS = ["*", "/", ".*.", "+", "-", "<", ">=.", "=", "&", "&&", "|", ".|.", "~>", "B+"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(OPERATORS), min_size=1, max_size=6))
def test_a_chain_compiles_only_where_flat_and_usual_readings_agree(operators: list[str]) -> None:
    operands = [chr(ord("a") + index) for index in range(len(operators) + 1)]
    text = operands[0] + "".join(
        f" {operator} {operand}" for operator, operand in zip(operators, operands[1:], strict=True)
    )
    flat = operands[0]
    for operator, operand in zip(operators, operands[1:], strict=True):
        flat = f"({flat}) {operator} ({operand})"
    usual = usual_reading(operands, operators)
    try:
        node = expression(text)
    except CompileError:
        assert usual is None or not same(expression(usual), expression(flat))
    else:
        assert usual is not None
        assert same(node, expression(flat))
        assert same(node, expression(usual))


def usual_reading(operands: list[str], operators: list[str]) -> str | None:
    """The mathematician's reading, with all parentheses, by splitting at the loosest operator; None: there is none."""
    if not operators:
        return operands[0]
    levels = [level(operator) for operator in operators]
    if None in levels:
        if len(set(operators)) > 1:
            return None
        at = len(operators) - 1
    else:
        loosest = min(found for found in levels if found is not None)
        if loosest == COMPARISON and levels.count(COMPARISON) > 1:
            return None
        at = max(index for index, found in enumerate(levels) if found == loosest)
    left = usual_reading(operands[: at + 1], operators[:at])
    right = usual_reading(operands[at + 1 :], operators[at + 1 :])
    return None if left is None or right is None else f"({left}) {operators[at]} ({right})"
