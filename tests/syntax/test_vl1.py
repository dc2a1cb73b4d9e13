"""The vl1 dialect: VoxLogicA 1's words, commands and fixity, with their repairs."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tests.syntax.shape import errors, expression, program, tree
from tests.syntax.trees import HERE, SOURCE, name
from vlc.diagnostics import CompileError, Source
from vlc.syntax.nodes import Boolean, Call, Expression, Import, Let, Load, Number, Print, Program, Save, String
from vlc.syntax.parser import parse
from vlc.syntax.printer import same, to_text

GLIOBLASTOMA = """\
import "stdlib.imgql"

load imgFLAIR = "$INPUTDIR/$NAME_flair.nii.gz"
load imgManualSegmentation = "$INPUTDIR/$NAME_seg.nii.gz"
let flair = intensity(imgFLAIR) // the image
let grow(a,b) = (a | touch(b,a))
let flt(x,a) = distlt(x,distgeq(x,!a))
let background = touch(flair <. 0.1,border)
let brain = !background
let pflair = percentiles(flair,brain,0)
let hI = pflair >. 0.95
let tumStatCC = crossCorrelation(5,flair,flair,hI,min(flair),max(flair),100) >. 0.6
let similarTo(a) = N a & brain .+. 1 ~[3, 4] a
print "sim" volume(hI) .*. -1
save "$OUTPUTDIR/$NAME.nii.gz" hI & !tumStatCC
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a - b - c", "-(a, -(b, c))"),
        ("2 * 3 + 4", "*(2.0, +(3.0, 4.0))"),
        ("2 + 3 * 4", "+(2.0, *(3.0, 4.0))"),
        ("a | b & c", "|(a, &(b, c))"),
        ("!a & b", "!(&(a, b))"),
        ("a & !b | c", "&(a, !(|(b, c)))"),
        ("N(a) & b", "N(&(a, b))"),
        ("N a & b", "N(&(a, b))"),
        ("not(a) & b", "&(not(a), b)"),
        ("I(a) | B+(a)", "I(|(a, B+(a)))"),
        ("a .<= b .<= c", ".<=(a, .<=(b, c))"),
        ("-a + b", "-(+(a, b))"),
        ("a ~[3,4] b", "~(a, b, 3.0, 4.0)"),
        ("a ~[3] b ~[f(x)] c", "~(a, ~(b, c, f(x)), 3.0)"),
        ("a.b(c)", ".(a, b(c))"),
        ("1 -1", "-(1.0, 1.0)"),
        ("a-1", "-(a, 1.0)"),
        ("a_b", "_(a, b)"),
        ("$stem", "$(stem)"),
        ("!. false .&. false", "!.(.&.(False, False))"),
        ("8 .-. 4 .-. 2", ".-.(8.0, .-.(4.0, 2.0))"),
        ("x .<. -1", ".<.(x, -1.0)"),
        ("!!a", "!!(a)"),
        ("!N a", "!N(a)"),
        ("N -1", "N(-1.0)"),
        ("1.+.2", "+.(1.0, 2.0)"),
        ("infarct", "infarct"),
        ("nand(a, b)", "nand(a, b)"),
        ("trueMask", "trueMask"),
        ("Lcc(phi)", "Lcc(phi)"),
        ("Ncc", "N(cc)"),
        ("für", "für"),
        ("ÉA b", "ÉA(b)"),
        ("a +// comment\n b", "+(a, b)"),
        ("print", "print"),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert tree(text, "vl1") == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0x1F", 31.0),
        ("0x1.8p3", 12.0),
        ("-0x10", -16.0),
        ("1.", 1.0),
        ("1e3", 1000.0),
        ("inf", math.inf),
        ("Infinity", math.inf),
        ("-infinity", -math.inf),
    ],
)
def test_numbers(text: str, value: float) -> None:
    node = expression(text, "vl1")
    assert isinstance(node, Number)
    assert node.value == value


def test_nan() -> None:
    node = expression("NaN", "vl1")
    assert isinstance(node, Number)
    assert math.isnan(node.value)


def test_a_program_of_the_literature() -> None:
    parsed = program(GLIOBLASTOMA)
    assert parsed.dialect == "vl1"
    kinds = [type(command) for command in parsed.commands]
    assert kinds == [Import, Load, Load] + [Let] * 9 + [Print, Save]
    load = parsed.commands[1]
    assert isinstance(load, Load)
    assert (load.name.text, load.path.value, load.path.template) == ("imgFLAIR", "$INPUTDIR/$NAME_flair.nii.gz", True)
    again = parse(Source("again", to_text(parsed)))
    assert same(parsed, again)


def test_strings_are_raw() -> None:
    node = expression('"C:\\new\\"', "vl1")
    assert isinstance(node, String)
    assert (node.value, node.template) == ("C:\\new\\", True)
    node = expression('"two\nlines"', "vl1")
    assert isinstance(node, String)
    assert node.value == "two\nlines"


def test_operator_declarations() -> None:
    parsed = program("let N(a) = near(a) let +(a,b) = a let T = 3 let \\(a,b) = a", "vl1")
    assert [command.name.text for command in parsed.commands if isinstance(command, Let)] == ["N", "+", "T", "\\"]


@pytest.mark.parametrize(
    ("text", "at", "message", "hint"),
    [
        ("x = 3", "x", "expected a command: let, load", "begins with let"),
        ("let x = [1]", "[", "expected an expression", "vl2"),
        ("let x = a[0]", "[", "expected an operator", "vl2"),
        ("let x = for i in s do i", "i", "expected an operator", "vl2"),
        ("let T=3", "3", "expected `=`", "`T =`"),
        ("let x = 3a", "3a", "neither a number nor a name", ""),
        ("let x = .5 a", "a", "expected an operator", ""),
        ('let x = "abc', '"abc', "not closed", ""),
        ("let x = a ~[1 b", "b", "or `]`", ""),
        ("let x = (a", "(", "not closed", ""),
        ("load x = 3", "3", "expected a path in quotes", 'load x = "image.nii.gz"'),
        ('load x "a.nii"', '"a.nii"', "expected `=` and a path in quotes", 'load x = "a.nii"'),
        ('load "a.nii"', '"a.nii"', "expected the name to define", 'load image = "a.nii"'),
        ("load x =", "=", "expected a path in quotes after `=`", "a value is missing"),
        ("let x = ", "=", "the end of the file", ""),
        ("let x = 漢", "漢", "no meaning", "letters and digits"),
        ("let x = {1}", "{", "no meaning", "parentheses"),
        ('print "a" 1, 2', ",", "expected an operator", "there are no lists here"),
        ("Let x = 3", "L", "expected a command", "did you mean `let`?"),
        ('let x = 3 .+.\nprint "x" x', ".+.", "found the next command (`print`)", "an operand is missing"),
        ('print "x"\nprint "y" 3', "", "expected an expression after the label", "a value is missing"),
        ("let foo_bar = 3", "_", "expected `=`", "letters and digits in the vl1 dialect: write `fooBar`"),
        ("let foo_b__c2(x) = 3", "_", "expected `=`", "write `fooBC2`"),
        ("let x = a and b", "and", "expected an operator", "instead of `and` write `a & b` of images, `a .&. b` of"),
        ("let x = not a", "a", "expected an operator", "write `!a` of images, `!.a` of bools"),
        ("let x = 3;\nlet y = 4", ";", "no meaning", "a command ends with its line"),
    ],
)  # fmt: skip
def test_errors(text: str, at: str, message: str, hint: str) -> None:
    (error,) = errors(text, "vl1")
    assert error.span is not None
    assert error.span.text == at
    assert message in error.message
    assert hint in error.hint


def test_a_character_without_a_meaning_says_nothing_of_let() -> None:
    (error,) = errors("let x = 1 § 2", "vl1")
    assert not error.hint


def test_ten_thousand_levels() -> None:
    for opening, closing in (
        ("(", ")"),
        ("f(", ")"),
        ("!", ""),
        ("N ", ""),
        ("a + ", ""),
        ("a ~[", "] b"),
        ("(", ") - 1"),
    ):
        tree_of = expression(opening * 10_000 + "x" + closing * 10_000, "vl1")
        again = expression(to_text(tree_of, "vl1"), "vl1")
        assert same(tree_of, again)


WORDS = ["let ", "x", "N", " ", "=", "+", "(", ")", "[", "]", ",", "1", '"', "load ", "\n", "é", "//"]
OPERATORS = ["+", ".+.", "N", "B+", "!", "-", "=", ".", "$", ":", "Éa".upper()]
leaves: SearchStrategy[Expression] = st.one_of(
    st.sampled_from(["a", "aB1", "infarct", "Lcc", "für", "for"]).map(name),
    st.builds(lambda value: Number(value, HERE), st.floats()),
    st.builds(lambda value: Boolean(value, HERE), st.booleans()),
    st.builds(
        lambda value: String(value, HERE, template=True),
        st.text(st.characters(exclude_characters='"\r'), max_size=5),
    ),
)


def _larger(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    operators = st.sampled_from(OPERATORS).map(name)
    some = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(lambda left, operator, right: Call(operator, (left, right), HERE, "infix"), inner, operators, inner),
        st.builds(lambda operator, operand: Call(operator, (operand,), HERE, "prefix"), operators, inner),
        st.builds(
            lambda left, operator, right, more: Call(operator, (left, right, *more), HERE, "bracket"),
            inner,
            operators,
            inner,
            some,
        ),
        st.builds(lambda arguments: Call(name("f"), arguments, HERE), some),
    )


@settings(max_examples=300, deadline=None)
@given(st.recursive(leaves, _larger, max_leaves=10))
def test_printed_trees_parse_to_the_same_tree(generated: Expression) -> None:
    printed = to_text(Program((Let(name("x"), None, generated, HERE),), SOURCE, "vl1"))
    (command,) = parse(Source("again", printed), "vl1").commands
    assert isinstance(command, Let)
    assert same(command.value, generated)


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.sampled_from(["let ", "x", "N", " ", "=", "+", "(", ")", "[", "]", ",", "1", '"', "load ", "\n", "é", "//"])
    )
)
def test_any_words_give_a_program_or_errors(words: list[str]) -> None:
    try:
        parse(Source("x", "".join(words)), "vl1")
    except CompileError as error:
        assert error.diagnostics
