"""The vl2 dialect: words, commands, expressions, spans."""

from __future__ import annotations

import math

import pytest

from tests.syntax.shape import errors, expression, program, tree
from vlc.syntax.nodes import Call, Import, Let, Name, Number, Print, Save, String


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("1.5e3", 1500.0),
        ("1E-3", 0.001),
        ("-1", -1.0),
        ("+2.5", 2.5),
        ("0.1", 0.1),
        ("1e+30", 1e30),
        ("1e999", math.inf),
    ],
)
def test_numbers(text: str, value: float) -> None:
    node = expression(text)
    assert isinstance(node, Number)
    assert node.value == value
    assert node.span.text == text


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('""', ""),
        ('"a b"', "a b"),
        (r'"say \"hi\""', 'say "hi"'),
        (r'"a\\b"', "a\\b"),
        (r'"a\nb\tc"', "a\nb\tc"),
        (r'"\\n"', "\\n"),
        ('"// no comment"', "// no comment"),
        ('"Größe {} $x"', "Größe {} $x"),
    ],
)
def test_strings_are_decoded(text: str, value: str) -> None:
    node = expression(text)
    assert isinstance(node, String)
    assert (node.value, node.template) == (value, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a-1", "-(a, 1.0)"),
        ("a -1", "-(a, 1.0)"),
        ("1-1", "-(1.0, 1.0)"),
        ("3 -5", "-(3.0, 5.0)"),
        ("xs[0-1]", "xs[-(0.0, 1.0)]"),
        ("a - -1", "-(a, -1.0)"),
        ("f(-1, +1)", "f(-1.0, 1.0)"),
        ("[-1]", "[-1.0]"),
        ("- 1", "-(1.0)"),
        ("-(1)", "-(1.0)"),
        ("-x", "-(x)"),
        ("!x", "!(x)"),
        ("! !x", "!(!(x))"),
        ("!!x", "!!(x)"),
        ("a &! b", "&!(a, b)"),
        ("-a[0]", "-(a[0.0])"),
        ("-(a)[0]", "-(a)[0.0]"),
        ("(-a)[0]", "-(a)[0.0]"),
        ("!a & b", "&(!(a), b)"),
        ("-a + b", "+(-(a), b)"),
        ("not(a) & b", "&(not(a), b)"),
        ("I(a) | B+(a)", "|(I(a), B+(a))"),
        ("B+a", "B+(a)"),
        ("a A1+ b", "A1+(a, b)"),
        ("+(1, 2)", "+(1.0, 2.0)"),
        ("-(a, b)[0]", "-(a, b)[0.0]"),
        ("1 + +(2, 3)", "+(1.0, +(2.0, 3.0))"),
        ("f()", "f()"),
        ("~()", "~()"),
        ("f(g(), (h))", "f(g(), h)"),
        ("simpleitk.And(a, b)", "simpleitk::And(a, b)"),
        ("A.b", "A::b"),
        ("vox1 .+ b", ".+(vox1, b)"),
        ("a.+b", ".+(a, b)"),
        ("$stem + $dir", "+($stem, $dir)"),
        ("HIGH_2", "HIGH_2"),
        ("Lcc(x)", "Lcc(x)"),
        ("_x", "_x"),
        ("a +// the comment\n b", "+(a, b)"),
        ("a //+ c\n", "a"),
        ("x+.1", "+.(x, 1.0)"),
        ("true & false", "&(True, False)"),
        ("trueMask", "trueMask"),
        ("infarct", "infarct"),
        ("inner + format", "+(inner, format)"),
        ("max(a) + min(b)", "+(max(a), min(b))"),
        ("s[1]", "s[1.0]"),
        ("s[1:n]", "s[1.0:n]"),
        ("s[:2]", "s[:2.0]"),
        ("s[a:]", "s[a:]"),
        ("s[:]", "s[:]"),
        ("s[(a : b)]", "s[:(a, b)]"),
        ("s[1][2:3][f(x)]", "s[1.0][2.0:3.0][f(x)]"),
        ("f(x)[0]", "f(x)[0.0]"),
        ("[1, [], [a, b][0]]", "[1.0, [], [a, b][0.0]]"),
        ("let y = 1 in y", "let y = 1.0 in <y>"),
        ("let y = 1 in let z = y in z - y", "let y = 1.0 in <let z = y in <-(z, y)>>"),
        ("(let y = 1 in y) + 1", "+(let y = 1.0 in <y>, 1.0)"),
        ("for i in range(1, 3) do i * 2", "for i in range(1.0, 3.0) do <*(i, 2.0)>"),
        ("for i in for j in s do j do i", "for i in for j in s do <j> do <i>"),
        ("filter x in s do x > 1", "filter x in s do <>(x, 1.0)>"),
        ("fold + xs", "fold + <> <xs>"),
        ("fold + 0 xs", "fold + <0.0> <xs>"),
        ("fold + 0 xs + 1", "fold + <0.0> <+(xs, 1.0)>"),
        ("fold - 1 xs", "fold - <1.0> <xs>"),
        ("fold - -1 xs", "fold - <-1.0> <xs>"),
        ("fold max -1 xs", "fold max <-1.0> <xs>"),
        ("fold max xs", "fold max <> <xs>"),
        ("fold + [1, 2]", "fold + <> <[1.0, 2.0]>"),
        ("fold + 0 f(x)", "fold + <0.0> <f(x)>"),
        ("fold + 0 (x)", "fold + <0.0> <x>"),
        ("fold + 0 [1]", "fold + <> <0.0[1.0]>"),
        ("fold + fold * 1 xs", "fold + <> <fold * <1.0> <xs>>"),
        ("fold && true xs = ys", "fold && <True> <=(xs, ys)>"),
        ("fold + for i in s do i", "fold + <> <for i in s do <i>>"),
        ("fold = (a)", "fold = <> <a>"),
        ("map(f, s)", "map(f, s)"),
        ("((((a))))", "a"),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert tree(text) == expected


def test_commands() -> None:
    text = (
        'import "vox1"\nlet x = 1 y = x\nf(a, b) = a g() = 2\nlet +(a, b) = f(a, b)\n!(a) = a\nlet ~> = 3\n'
        'print "l" -1\nsave "p" x\n=(a, b) = 1'
    )
    parsed = program(text)
    names = [
        (command.name.text, None if command.parameters is None else [name.text for name in command.parameters])
        for command in parsed.commands
        if isinstance(command, Let)
    ]
    assert names == [
        ("x", None),
        ("y", None),
        ("f", ["a", "b"]),
        ("g", []),
        ("+", ["a", "b"]),
        ("!", ["a"]),
        ("~>", None),
        ("=", ["a", "b"]),
    ]
    assert [type(command) for command in parsed.commands if not isinstance(command, Let)] == [Import, Print, Save]
    assert parsed.dialect == "vl2"


def test_an_empty_program_has_no_commands() -> None:
    assert program("").commands == ()
    assert program("// only a comment").commands == ()


def test_operator_definitions_after_an_import_and_at_the_start() -> None:
    parsed = program('-(a) = a\nimport "vox1"\n-(b) = b')
    assert [type(command) for command in parsed.commands] == [Let, Import, Let]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("x = a\n+(p, q) = p", ["x", "+"]),
        ("x = a\n!(p) = p", ["x", "!"]),
        ("x = a\n~() = 1", ["x", "~"]),
        ("x = a\n  -(p) = b", ["x"]),  # (a - p) = b
        ("let =(p, q) = p\nx = a\n-(p) = b", ["=", "x"]),  # at the start of a line only where `=` is declared
        ("x = a\n~> =(b)", ["x"]),  # a ~> (=(b))
    ],
)
def test_an_operator_on_a_new_line_continues_the_chain_where_it_can(text: str, names: list[str]) -> None:
    assert [command.name.text for command in program(text).commands if isinstance(command, Let)] == names


def test_a_definition_on_a_new_line_ends_a_fold_but_a_comparison_does_not() -> None:
    first, second = program("x = fold + xs\ny = 3").commands
    assert isinstance(first, Let)
    assert isinstance(second, Let)
    (only,) = program("x = fold && true xs = ys").commands
    assert isinstance(only, Let)


def test_spans_cover_the_text_with_its_parentheses() -> None:
    text = 'let x = (a + b)\nf(a) = ((a))[0] print "l" (x)'
    parsed = program(text)
    assert [command.span.text for command in parsed.commands] == ["let x = (a + b)", "f(a) = ((a))[0]", 'print "l" (x)']
    node = expression("(a + b) * (c)")
    assert node.span.text == "(a + b) * (c)"
    assert isinstance(node, Call)
    assert node.function.span.text == "*"
    assert [argument.span.text for argument in node.arguments] == ["a + b", "c"]
    (let,) = program("let speed(of, light) = 1").commands
    assert isinstance(let, Let)
    assert let.name.span.text == "speed"
    assert [parameter.span.text for parameter in let.parameters or ()] == ["of", "light"]


def test_forms_of_calls() -> None:
    forms = {
        text: node.form
        for text in ("f(a)", "a + b", "-a", "-(a)", "-(a, b)")
        if isinstance(node := expression(text), Call)
    }
    assert forms == {"f(a)": "call", "a + b": "infix", "-a": "prefix", "-(a)": "prefix", "-(a, b)": "call"}


def test_qualified_names() -> None:
    node = expression("strings.concat")
    assert isinstance(node, Name)
    assert (node.namespace, node.text, node.span.text) == ("strings", "concat", "strings.concat")


def test_crlf_and_tabs_are_spaces() -> None:
    assert len(program("x = 1\r\n\ty = 2\f\r\n").commands) == 2


def test_an_unknown_escape_is_an_error_at_the_escape() -> None:
    (error,) = errors(r'x = "a\qb"')
    assert error.span is not None
    assert error.span.text == "\\q"
    assert "unknown escape" in error.message
    assert "\\n" in error.hint
