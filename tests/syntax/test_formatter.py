"""`vlc fmt`: canonical commands, comments and paragraphs kept, nothing changed the second time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.syntax.trees import programs
from vlc.diagnostics import CompileError, Source
from vlc.syntax.formatter import format_source
from vlc.syntax.nodes import Program
from vlc.syntax.parser import parse
from vlc.syntax.printer import same, to_text


def formatted(text: str) -> str:
    return format_source(Source("program.imgql", text))


def test_comments_and_paragraphs_stay() -> None:
    text = """\

// The head.
//  Indented by hand.
import   "vox1"


let  x=( 1+2 )   //   one and two
// below x

   // before y
y = f( x,   // inside y
       2 ) // behind y
z = 1 w = 2 // behind w
print "a // b" z


// the end
"""
    assert (
        formatted(text)
        == """\
// The head.
//  Indented by hand.
import "vox1"

let x = 1 + 2  //   one and two
// below x

// before y
// inside y
y = f(x, 2)  // behind y
z = 1
w = 2  // behind w
print "a // b" z

// the end
"""
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("// only a comment", "// only a comment\n"),
        ("let x = 1", "let x = 1\n"),
        ("x = 1", "x = 1\n"),
        ("+(a, b) = a", "let +(a, b) = a\n"),
        ("x = (a - b) - c", "x = a - b - c\n"),
        ("x = +(a, b)", "x = +(a, b)\n"),
        ("// dialect: vl1\nlet x = (a - (b - c))", "// dialect: vl1\nlet x = a - (b - c)\n"),
        ("// dialect: vl1\nlet x=a-b-c", "// dialect: vl1\nlet x = a - b - c\n"),
        ("// dialect: vl1\nlet x= !( a&b )", "// dialect: vl1\nlet x = !(a & b)\n"),
        ("// dialect: vl1\nlet x=a|((!b)) ", "// dialect: vl1\nlet x = a | (!b)\n"),
        ("// dialect: vl1\nlet x=(a)|(f(b))|(1)", "// dialect: vl1\nlet x = a | f(b) | 1\n"),
        ("// dialect: vl1\nlet x= N(a&(b|[1]c))", "// dialect: vl1\nlet x = N(a & (b |[1] c))\n"),
        ('load x = "a\\"\nlet y  =  N (x)', 'load x = "a\\"\nlet y = N x\n'),
        ("x = // dialect: vl1\n1", "\n// dialect: vl1\nx = 1\n"),
        ("\n// dialect: vl1\nx = 1", "\n// dialect: vl1\nx = 1\n"),
    ],
)
def test_programs(text: str, expected: str) -> None:
    assert formatted(text) == expected
    assert formatted(expected) == expected


LONG = """\
brain = aVeryLongName & anotherVeryLongName & yetAnotherVeryLongName & theLastOfTheVeryLongNames & oneMore
tumour = crossCorrelation(5, flair, flair, grow(hyperIntense, veryIntense), min(flair), max(flair), 100)
sweep = for threshold in range(80, 93) do volume(grow(hyper, smoothen(pflair >=. (threshold / 100), 2.0)))
let inner(flair) = let background = touch(flair <. 0.1, border) in let brain = !background in brain & flair
"""


def test_long_lines_are_broken_at_commas_and_behind_operators() -> None:
    assert (
        formatted(LONG)
        == """\
brain = aVeryLongName &
    anotherVeryLongName &
    yetAnotherVeryLongName &
    theLastOfTheVeryLongNames &
    oneMore
tumour = crossCorrelation(
    5,
    flair,
    flair,
    grow(hyperIntense, veryIntense),
    min(flair),
    max(flair),
    100
)
sweep = for threshold in range(80, 93) do
    volume(grow(hyper, smoothen(pflair >=. (threshold / 100), 2)))
let inner(flair) = let background = touch(flair <. 0.1, border) in
    let brain = !background in brain & flair
"""
    )


def test_deep_nesting_stays_linear() -> None:
    vl1 = "// dialect: vl1\nlet "
    for dialect, opening, closing in (
        ("", "f(1, ", ")"),
        ("", "let a = 1 in ", ""),
        ("", "", " - 1"),
        (vl1, "a & (", ")"),
        (vl1, "!(b | ", ")"),
    ):
        text = f"{dialect}x = " + opening * 10_000 + "x" + closing * 10_000
        again = formatted(text)
        assert len(again) < 100 * len(text)
        assert same(parse(Source("again", again)), parse(Source("first", text)))


def test_a_wrong_program_is_not_formatted() -> None:
    with pytest.raises(CompileError):
        formatted("x = (")


separators = st.lists(st.sampled_from(["\n", "\n\n", "  ", "// c\n", "//d \n", " // dialect: vl1\n"]), max_size=4)


def comments(text: str) -> list[str]:
    return [part.rstrip() for part in re.findall(r'"(?:[^"\\]|\\.)*"|(//.*)', text) if part]


@settings(max_examples=150, deadline=None)
@given(programs, st.data())
def test_formatting_keeps_the_program_and_its_comments_and_is_idempotent(program: Program, data: st.DataObject) -> None:
    words = re.findall(r'"(?:[^"\\]|\\.)*"|[ \n]|[^ \n"]+', to_text(program))
    text = "".join(
        "\n".join(["", *data.draw(separators), ""]) if word == "\n" or (word == " " and index % 5 == 0) else word
        for index, word in enumerate(words)
    )
    source = Source("p", text)
    expected = parse(source, "vl2")
    once = format_source(source, "vl2")
    assert same(parse(Source("again", once), "vl2"), expected)
    assert sorted(comments(once)) == sorted(comments(text))
    assert format_source(Source("again", once), "vl2") == once


vl1_expressions = st.recursive(
    st.sampled_from(["a", "b", "1", "f(a, b)", "f(a | (b & 1))"]),
    lambda inner: st.one_of(
        st.builds("({})".format, inner),
        st.builds("({}) {} {}".format, inner, st.sampled_from(["&", "-", "U", "~[1, 2]"]), inner),
        st.builds("{} {}".format, st.sampled_from(["!", "-", "N"]), inner),
        st.builds("{} ({})".format, st.sampled_from(["!", "-", "N"]), inner),
    ),
    max_leaves=10,
)


@settings(max_examples=150, deadline=None)
@given(vl1_expressions)
def test_formatting_vl1_keeps_the_program_and_is_idempotent(expression: str) -> None:
    source = Source("p", f"let x = {expression}")
    once = format_source(source, "vl1")
    assert same(parse(Source("again", once), "vl1"), parse(source, "vl1"))
    assert format_source(Source("again", once), "vl1") == once
