"""Random vl2 trees for property tests: what the grammar can spell, built bottom up."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from vlc.diagnostics import Source, Span
from vlc.syntax.nodes import (
    Array,
    Boolean,
    Call,
    Command,
    Expression,
    Filter,
    Fold,
    For,
    Import,
    Index,
    Let,
    LetIn,
    Name,
    Number,
    Print,
    Program,
    Save,
    Slice,
    String,
)

SOURCE = Source("generated", "")
HERE = Span(SOURCE, 0, 0)

IDENTIFIERS = ["a", "xs", "_x", "N", "HIGH_2", "$stem", "infarct", "index", "if", "max", "aB1", "load"]
SYMBOLS = [
    "+",
    "-",
    "*",
    "/",
    "<",
    "=",
    "==",
    ".=.",
    "&",
    "&&",
    "|",
    "~>",
    ":",
    "!",
    "$",
    "B+",
    "A1-B",
    ".+",
    "-.",
]


def name(text: str, namespace: str = "") -> Name:
    return Name(text, HERE, namespace)


identifiers: SearchStrategy[Name] = st.sampled_from(IDENTIFIERS).map(name)
symbols: SearchStrategy[Name] = st.sampled_from(SYMBOLS).map(name)
fold_operators: SearchStrategy[Name] = st.sampled_from(["+", "-", "=", "&&", ":", "max", "min"]).map(name)
qualified: SearchStrategy[Name] = st.builds(name, st.sampled_from(["map", "In", "_f"]), st.sampled_from(["vox1", "A"]))
strings: SearchStrategy[String] = st.builds(lambda text: String(text, HERE), st.text(max_size=6))
numbers: SearchStrategy[Number] = st.builds(
    lambda value: Number(value, HERE),
    st.one_of(st.floats(allow_nan=False), st.integers(-20, 20).map(float)),
)
booleans: SearchStrategy[Boolean] = st.booleans().map(lambda value: Boolean(value, HERE))
leaves: SearchStrategy[Expression] = st.one_of(identifiers, qualified, strings, numbers, booleans)


def _larger(inner: SearchStrategy[Expression]) -> SearchStrategy[Expression]:
    def some(most: int) -> SearchStrategy[tuple[Expression, ...]]:
        return st.lists(inner, max_size=most).map(tuple)

    def call(function: Name, arguments: tuple[Expression, ...]) -> Call:
        return Call(function, arguments, HERE)

    def operator_call(function: Name, arguments: tuple[Expression, ...]) -> Call:
        return Call(function, arguments, HERE, "prefix" if len(arguments) == 1 else "call")

    infix: Callable[..., Call] = lambda left, operator, right: Call(operator, (left, right), HERE, "infix")  # noqa: E731
    maybe = st.one_of(st.none(), inner)
    return st.one_of(
        st.builds(call, st.one_of(identifiers, qualified), some(3)),
        st.builds(operator_call, symbols, some(3)),
        st.builds(infix, inner, symbols, inner),
        st.builds(infix, inner, symbols, inner),
        st.builds(lambda operator, operand: Call(operator, (operand,), HERE, "prefix"), symbols, inner),
        st.builds(lambda bound, value, body: LetIn(bound, value, body, HERE), identifiers, inner, inner),
        st.builds(lambda bound, over, body: For(bound, over, body, HERE), identifiers, inner, inner),
        st.builds(lambda bound, over, body: Filter(bound, over, body, HERE), identifiers, inner, inner),
        st.builds(lambda operator, start, over: Fold(operator, start, over, HERE), fold_operators, maybe, inner),
        some(3).map(lambda items: Array(items, HERE)),
        st.builds(lambda sequence, index: Index(sequence, index, HERE), inner, inner),
        st.builds(lambda sequence, start, stop: Slice(sequence, start, stop, HERE), inner, maybe, maybe),
    )


expressions: SearchStrategy[Expression] = st.recursive(leaves, _larger, max_leaves=12)

_names = st.one_of(identifiers, symbols)
_formals = st.one_of(st.none(), st.lists(identifiers, max_size=3).map(tuple))
commands: SearchStrategy[Command] = st.one_of(
    st.builds(lambda bound, formals, value: Let(bound, formals, value, HERE), _names, _formals, expressions),
    st.builds(lambda label, value: Print(label, value, HERE), strings, expressions),
    st.builds(lambda path, value: Save(path, value, HERE), strings, expressions),
    strings.map(lambda target: Import(target, HERE)),
)
programs: SearchStrategy[Program] = st.lists(commands, max_size=5).map(
    lambda items: Program(tuple(items), SOURCE, "vl2")
)
