"""Trees back to text: the text parses to the same tree, with no parentheses that could go."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from tests.syntax.shape import expression, program
from tests.syntax.trees import expressions, programs
from vlc.diagnostics import Source
from vlc.syntax.nodes import Expression, Program
from vlc.syntax.parser import parse
from vlc.syntax.printer import same, to_text

CANONICAL = [
    "1",
    "-1",
    "100",
    "0.1",
    "1e+30",
    "1e-05",
    "1e999",
    "-1e999",
    '"a\\"b\\\\c\\n\\t"',
    "a - b - c",
    "a - (b - c)",
    "a * b - 3",
    "2 * (3 + 4)",
    "(2 + 3) * 4",
    "(m & x) >. 1",
    "m & (x >. 1)",
    "x <=. 1 & m",
    "a ~> b ~> c",
    "(a ~> b) + c",
    "(a < b) < c",
    "a - -1",
    "a - -b",
    "-(1)",
    "- -a",
    "-(a + b)",
    "-a[0]",
    "(-a)[0]",
    "(-1)[0]",
    "-((a + b)[0])",
    "- $stem",
    "- _x",
    "B+(x)",
    "+(a, b)",
    "~()",
    "f()",
    "vox1.near(a)",
    "s[1:n]",
    "s[:]",
    "s[1: -1]",
    "s[(a : b)]",
    "[(a : b), [], -1]",
    "a : b",
    "(let x = 1 in x) + 1",
    "f(let x = 1 in x)",
    "for i in range(1, 3) do i * 2",
    "filter x in xs do x > 1",
    "fold + xs",
    "fold + 0 xs",
    "fold && true (xs = ys)",
    "fold + 0 ([1])",
    "fold + (a) (-x)",
    "fold max -1 xs",
    "fold + (a) ((0)[a])",
    "(for i in s do i)[0]",
    "!a & !b",
]


@pytest.mark.parametrize("text", CANONICAL)
def test_canonical_text_prints_as_itself(text: str) -> None:
    assert to_text(expression(text)) == text


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("(a)", "a"),
        ("((a*b))-3", "a * b - 3"),
        ("(a - b) - c", "a - b - c"),
        ("100.0", "100"),
        ("-(a)", "-a"),
        ("- 1", "-(1)"),
        ("f( a,b )", "f(a, b)"),
        ("fold + 0 (xs)", "fold + 0 xs"),
        ("(x <=. 1) & m", "x <=. 1 & m"),
    ],
)
def test_parentheses_that_say_nothing_go(text: str, canonical: str) -> None:
    assert to_text(expression(text)) == canonical


def test_commands_a_line_each() -> None:
    text = 'import "vox1" let x=1 let f(a,b)=a let +(a,b)=a let B+(a)=a let ~> = 3 print "l" -1 save "p" x g()=2'
    assert to_text(program(text)) == (
        'import "vox1"\nx = 1\nf(a, b) = a\nlet +(a, b) = a\nlet B+(a) = a\nlet ~> = 3\nprint "l" -1\nsave "p" x\n'
        "g() = 2\n"
    )


@settings(max_examples=400, deadline=None)
@given(expressions)
def test_printed_expressions_parse_to_the_same_tree(tree: Expression) -> None:
    again = expression(to_text(tree))
    assert same(again, tree)
    assert to_text(again) == to_text(tree)


@settings(max_examples=100, deadline=None)
@given(programs)
def test_printed_programs_parse_to_the_same_tree(tree: Program) -> None:
    again = parse(Source("again", to_text(tree)))
    assert same(again, tree)
    assert to_text(again) == to_text(tree)


@pytest.mark.parametrize(
    ("left", "right", "equal"),
    [
        ("a + b", "+(a, b)", True),
        ("(a)", "a", True),
        ("a", "b", False),
        ("1", "1.0", True),
        ("0", "-0", False),
        ("1", '"1"', False),
        ("f(a)", "f(a, b)", False),
        ("f", "f()", False),
        ("vox1.f", "f", False),
        ("s[a:]", "s[:a]", False),
        ("fold + 0 xs", "fold + xs", False),
        ("true", "false", False),
        ("for i in s do i", "filter i in s do i", False),
    ],
)
def test_same(left: str, right: str, equal: bool) -> None:
    assert same(expression(left), expression(right)) is equal


def test_a_function_without_parameters_is_no_constant() -> None:
    assert not same(program("f() = 1"), program("f = 1"))
