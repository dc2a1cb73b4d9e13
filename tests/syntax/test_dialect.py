"""Which dialect a text is in: the caller's word, its first line, or the marks of vl1."""

from __future__ import annotations

import pytest

from tests.syntax.shape import errors, program
from vlc.diagnostics import Source
from vlc.syntax.parser import parse


@pytest.mark.parametrize(
    "text",
    [
        "// dialect: vl1\nlet x = 1",
        "//dialect:vl1",
        'load img = "a.nii.gz"',
        "let x = N a",
        'let x = a\nprint "v" N 3',
        "let x = a ~[3, 4] b",
        "let x = a ~[3, 4] (b)",
        "let x = a & N b",
    ],
)
def test_vl1(text: str) -> None:
    assert program(text).dialect == "vl1"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "let x = a - b",
        "// dialect: vl2\nlet N = 1",
        "x = N\ny = 2",
        "x = N y = 2",
        "x = N f(a) = 2",
        "x = fold + N xs",
        "x = for i in N do i",
        'x = N print "l" x',
        "x = a + [1, 2]\ny = 3",
        "x = a + [1, 2] y = 3",
        "x = (a & b)[0]",
        'x = "load img = 3" // N a',
        "// load x\nx = 1",
        'x = load("f.json")',
        "x = HIGH * 2",
        "let f(N) = N(1)",
    ],
)
def test_vl2(text: str) -> None:
    assert program(text).dialect == "vl2"


def test_the_caller_decides_over_the_first_line() -> None:
    assert program("// dialect: vl2\nlet x = 1", "vl1").dialect == "vl1"


def test_a_text_without_marks_takes_what_the_caller_says() -> None:
    assert parse(Source("x", "let x = a - b - c"), unmarked="vl1").dialect == "vl1"
    assert parse(Source("x", "x = 1"), unmarked="vl1").dialect == "vl2"
    assert parse(Source("x", "let x = for i in s do i"), unmarked="vl1").dialect == "vl2"


def test_an_unknown_dialect_in_the_first_line() -> None:
    (error,) = errors("// dialect: vl3\nx = 1")
    assert error.span is not None
    assert error.span.text == "vl3"
    assert "vl1" in error.hint
    assert "vl2" in error.hint


def test_an_unknown_dialect_from_the_caller() -> None:
    with pytest.raises(ValueError, match="vl3"):
        parse(Source("x", ""), "vl3")


@pytest.mark.parametrize(
    ("text", "vl1", "vl2"),
    [
        ('load img = "a"\nx = 3', 'load img = "a"', "x"),
        ('load img = "a"\nlet x = for i in s do i', 'load img = "a"', "in"),
        ('load img = "a"\nlet x = [1]', 'load img = "a"', "["),
        ('load img = "a"\nlet x = s[0]', 'load img = "a"', "["),
        ('load img = "a"\nlet x = vox1.near(a)', 'load img = "a"', "vox1.near"),
        ('load img = "a"\nlet x = f()', 'load img = "a"', "("),
        ("let x = N a\nlet high_value = 3", "N a", "high_value"),
        ("x = N a", "N a", "x"),
    ],
)
def test_marks_of_both_are_an_error_that_asks(text: str, vl1: str, vl2: str) -> None:
    (error,) = errors(text)
    assert error.span is not None
    assert error.span.text == vl1
    assert [span.text for _, span in error.notes] == [vl2]
    assert "// dialect: vl1" in error.hint
    assert "--dialect" in error.hint
