"""What is said about programs that are no programs: all errors at once, in users' words."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.syntax.shape import errors, program
from vlc.diagnostics import CompileError, Source
from vlc.syntax.hints import unknown_operator_hint
from vlc.syntax.parser import parse


@pytest.mark.parametrize(
    ("text", "at", "message", "hint"),
    [
        ("x = (a + b\ny = 3", "(", "this `(` is not closed", "ended without its `)`"),
        ("x = f(a, [b\nprint \"l\" 1", "[", "this `[` is not closed", "]"),
        ("x = (1", "(", "this `(` is not closed", ")"),
        ("x = a)", ")", "closes nothing", "remove"),
        ("x = (3]", "]", "where `)` should close a `(`", ""),
        ("x=-1", "x", "expected a command", "put a space, `= -`"),
        ("let x=-1", "=-", "expected `=`", "put a space, `= -`"),
        ("x == 3", "x", "expected a command", "one `=`"),
        ("x = A+1", "A+1", "expected an expression", "`A + 1`"),
        ("x = N-1", "N-1", "expected an expression", "`N - 1`"),
        ("let for = 3", "for", "the name to define", "keyword"),
        ("let f(in) = 3", "in", "parameter", "keyword"),
        ("print = 3", "=", "label in quotes", "keyword"),
        ("x = f(a, do)", "do", "expected an expression", "keyword"),
        ("x = f(a,)", ")", "expected an expression", "trailing comma"),
        ("x = [a,]", "]", "expected an expression", "trailing comma"),
        ("x = f(,a)", ",", "expected an expression", "remove this comma"),
        ("x = [,a]", ",", "expected an expression", "remove this comma"),
        ("x = f(a,,b)", ",", "expected an expression", "remove this comma"),
        ("let f(,a) = a", ",", "expected the name of a parameter", "remove this comma"),
        ("x = for i in s i\ny = 2", "i", "or `do`", "operator"),
        ("x = for i in s\ny = 2", "in", "needs `do`", "for x in .. do .."),
        ("x = for i s", "s", "`in`", ""),
        ('x = let y = 3\nprint "a" x', "let", "needs `in`", "in .."),
        ("x = if a then b", "a", "expected an operator", "no `if`"),
        ("x = a b", "b", "expected an operator or the next command", "missing"),
        ("x = 1 + let y = 2 in y", "let", "expected an expression", "parentheses"),
        ("x = 1 + for y in s do y", "for", "expected an expression", "parentheses"),
        ("x = 'abc'", "'", "expected an expression", 'plain quotes "'),
        ("x = {1}", "{", "no meaning", "[a, b]"),
        ("x = “a”", "“", "no meaning", "plain quotes"),
        ("x = a\u00a0+ 1", "\u00a0", "U+00A0", "no-break space"),
        ("x = é", "é", "no meaning", "letters"),
        ("x = 3x", "3x", "neither a number nor a name", "space"),
        ('x = "abc', '"abc', "not closed", "close it"),
        ('print x', "x", "label in quotes", ""),
        ("import vox1", "vox1", "in quotes", 'write import "vox1"'),
        ("a.b = 3", "a.b", "expected a command", "no namespace"),
        ("a + b", "a", "expected a command", "print it"),
        ("let f(a b) = 3", "b", "`,` or `)`", ""),
        ("x = fold a b", "a", "max or min", ""),
        ("let", "let", "the end of the file", ""),
        ("x = a + (b, c)", ",", "expected an operator or `)`", "[a, b]"),
        ("x = s[a, b]", ",", "expected an operator, `:` or `]`", "[a, b]"),
        ("x = [1:3]", ":", "a list has no `:`", "range(a, b)"),
        ("x = s[0:2:1]", ":", "a slice has two ends and no step", "remove this `:`"),
        ('print "a" (1, 2)', ",", "expected an operator or `)`", "[a, b]"),
        ('print("a", 3)', "(", "expected a label in quotes", 'the parentheses and the comma: print "label" value'),
        ('save("a.json", 3)', "(", "expected a path in quotes", 'leave out the parentheses and the comma: save "'),
        ('import("vox1")', "(", "in quotes", 'leave out the parentheses: import "vox1"'),
        ("let f x y = x", "x", "found `x`, expected `=`", "parameters stand in parentheses: `f(x, y) = ..`"),
        ("f x = x", "f", "expected a command", "parameters stand in parentheses: `f(x) = ..`"),
        ("let f\nx = 3", "x", "the next command", ""),
        ("f(1) = 3", "f", "expected a command", "a parameter of a definition is a name, as in `f(x) = ..`"),
        ("a := 3", "a", "expected a command", "written with `=` alone"),
        ("y = map(!, xs)", ",", "expected an expression", "write `for x in xs do !x`"),
        ("y = map(-, [1, 2])", ",", "expected an expression", "write `for x in [1, 2] do -x`"),
        ("y = map(+, xs)", ",", "expected an expression", "define one, and write `map(f, xs)`"),
        ("a = true\n-(x) = 5", "-", "goes on with the expression above it", "write `let -(x) = ..`"),
        ("a = true\n<(x) = 5", "<", "goes on with the expression above it", "write `let <(x) = ..`"),
        ("x = f(a b)", "b", "expected an operator, `,` or `)`", "comma"),
        ("x = [a b]", "b", "expected an operator, `,` or `]`", "comma"),
        ('print "b", a', ",", "expected an expression", "no comma stands between the label and the value"),
        ('save "b.nii", a', ",", "expected an expression", "between the path and the value"),
        ('print "z" 3 +\nprint "c" 1', "+", "expected an expression after `+`", "an operand is missing"),
        ('print "z" 3 +\ny = 1', "+", "found the next command (`y`)", "an operand is missing"),
        ("x = 3 *\nlet y = 1", "*", "found the next command (`let`)", "an operand is missing"),
        ("x = 3 *", "*", "found the end of the file", "an operand is missing"),
        ('x =\nprint "c" 1', "=", "expected an expression after `=`", "a value is missing"),
        ("x =\ny(a) = 2", "=", "found the next command (`y`)", "a value is missing"),
        ('print "x"', "", "found the end of the file, expected an expression after the label", 'write print "x" and'),
        ('print "x"\nprint "y" 1', "", "found the next command (`print`)", "a value is missing"),
        ('save "x.nii"\ny = 1', "", "expected an expression after the path", 'write save "x.nii" and what to save'),
        ('print "x" f(1,\nprint "y" 1', "(", "this `(` is not closed", "`)`"),
        ("x = f(3);", ";", "no meaning", "a command ends with its line"),
        ("x = 3; y = 4", ";", "no meaning", "a command ends with its line"),
        ('x = 3;\nprint "x" x', ";", "no meaning", "a command ends with its line"),
        ("x = 3;\ny = 4", ";", "no meaning", "a command ends with its line"),
        ("Let x = 3", "Let", "expected a command", "did you mean `let`?"),
        ('x = 3\nPrint "x" x', "Print", "the next command", "did you mean `print`?"),
        ('x = 3\nWriteImage(x, "x.nii")', "WriteImage", "the next command", "define it, w = WriteImage(..), and"),
        ('simpleitk.WriteImage(x, "y")', "simpleitk.WriteImage", "expected a command", "define it, w = simpleitk"),
        ("x = 3\nvolume(x)", "volume", "the next command", 'print it, print "x" volume(..)'),
        ("volume(x)", "volume", "expected a command", "define it, x = volume(..)"),
        ("f(x, y = x\nz = 3", "(", "this `(` is not closed", "stand in parentheses, as in `f(x, y) = ..`"),
        ('z = 3\nf(x = 2\nprint "z" z', "(", "this `(` is not closed", "stand in parentheses, as in `f(x) = ..`"),
        ("f(x == 2)", "f", "expected a command", "define it, x = f(..)"),
        ("z = 3\nvox1.near = 3", "vox1.near", "the next command", "a name to define has no namespace"),
        ("z = 3\nvox1.near(x) = 3", "vox1.near", "the next command", "a name to define has no namespace"),
        ("z = 3\nvox1.near(x)", "vox1.near", "the next command", "define it, x = vox1.near(..)"),
        ("x = true and false", "and", "expected an operator", "instead of `and` write `a & b`"),
        ("x = a or b", "or", "expected an operator", "instead of `or` write `a | b`"),
        ("x = not a", "a", "expected an operator", "instead of `not` write `!a`"),
        ("x = fold + 10 [1, 2]", ",", "expected an operator, `:` or `]`", "write `fold + 10 ([..])`"),
        ("x = fold + (10) [1, 2]", ",", "expected an operator, `:` or `]`", "write `fold + (10) ([..])`"),
        ("x = fold max f(1, (2)) []", "]", "expected an expression", "write `fold max f(1, (2)) ([..])`"),
        ("x = fold + a f(s[1, 2])", ",", "expected an operator, `:` or `]`", "a list is written [a, b]"),
        ("x = f(fold + a, s[1, 2])", ",", "expected an operator, `:` or `]`", "a list is written [a, b]"),
    ],
)  # fmt: skip
def test_one_error(text: str, at: str, message: str, hint: str) -> None:
    (error,) = errors(text, "vl2")
    assert error.span is not None
    assert error.span.text == at
    assert message in error.message
    assert hint in error.hint


def test_a_value_that_is_missing_after_a_label_is_told_after_it() -> None:
    (error,) = errors('x = 1\nprint "x"\ny = 2')
    assert error.span is not None and error.span.source.position(error.span.start) == (2, 10)


def test_every_semicolon_is_told_at_its_line() -> None:
    found = errors('a = 1;\nb = 2;\nf(x) = x;\nprint "a" a;\n')
    assert [error.span.source.position(error.span.start)[0] for error in found if error.span] == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "text",
    [
        "let ;(a, b) = a + b\nx = 1 ;\n  2\ny = 3;\nz",
        "let =(a, b) = a + b\nx = 1 +\ny = 2",
        "x = 1 +\n  y\nz = 1 +\ny",
        "let =(a, b) = a == b\nx = 1\n-(y) = 2",
    ],
)
def test_operators_of_ones_own_and_expressions_may_go_on_in_the_next_line(text: str) -> None:
    assert program(text, "vl2").commands


def test_all_errors_of_a_file_are_told_at_once_in_order() -> None:
    text = 'x = (1\ny = 2 +\nlet z = 2 * 3 + 4 * 5\nprint x\nw = "\\q" & a | b & c\nv = 1\nsave "a" )'
    found = errors(text)
    lines = [error.span.source.position(error.span.start)[0] for error in found if error.span]
    assert lines == [1, 2, 3, 4, 5, 5, 7]


def test_an_unclosed_bracket_notes_where_the_next_command_begins() -> None:
    (error,) = errors("x = f(1,\n  2\ny = 3")
    assert [(text, span.text) for text, span in error.notes] == [("the next command (`y`) stands here", "y")]


@pytest.mark.parametrize(
    ("operator", "hint"),
    [("&!", "`& !`"), ("&+", ""), ("A+1", "`A + 1`"), ("+", ""), ("~~", "")],
)
def test_hints_about_unknown_operators(operator: str, hint: str) -> None:
    found = unknown_operator_hint(operator, {"&", "!", "+"}, {"!"})
    assert hint in found
    assert bool(hint) is bool(found)


WORDS = [
    "let",
    "in",
    "for",
    "do",
    "fold",
    "filter",
    "save",
    "print",
    "import",
    "true",
    "x",
    "f",
    "B+",
    "N",
    "$a",
    "a.b",
]
WORDS += [
    "(",
    ")",
    "[",
    "]",
    ",",
    "=",
    ":",
    "+",
    "-",
    "*",
    "<",
    "&",
    "!",
    "1",
    "2.5",
    '"s"',
    '"',
    "\n",
    "//",
    "{",
    "\\",
]
WORDS += ["load", "=-", ".", "_", "é", "\x00", "1e", "0x"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25), st.sampled_from(["", " "]))
def test_any_words_give_a_program_or_errors(words: list[str], space: str) -> None:
    check_text(space.join(words))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_a_program_or_errors(text: str) -> None:
    check_text(text)


def check_text(text: str) -> None:
    try:
        parse(Source("x", text))
    except CompileError as error:
        assert error.diagnostics
        starts = []
        for diagnostic in error.diagnostics:
            assert diagnostic.message
            assert diagnostic.span is not None
            assert 0 <= diagnostic.span.start <= diagnostic.span.end <= len(text)
            starts.append(diagnostic.span.start)
        assert starts == sorted(starts)


def test_reading_goes_on_at_the_next_line_that_defines() -> None:
    text = (
        'a = 1\nlet y = if z then 1\nfor = 3\nsave "out.nii" mask,\nn = 1\ns(a,\n  b) = a[1, 2]\n'
        "t = for\nu = 1 +\nlet z =-1\nv(q) = w w\nlast = 1"
    )
    found = errors(text)
    assert [(error.span.source.position(error.span.start)[0], error.span.text) for error in found if error.span] == [
        (2, "z"),
        (3, "for"),
        (4, ","),
        (7, ","),
        (9, "="),
        (10, "=-"),
        (11, "w"),
    ]
