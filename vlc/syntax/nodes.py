"""The syntax tree. Every node knows its span; chains of infix operators are already resolved into calls.

Nodes compare by identity: a tree may be nested 10,000 deep, and a structural `==` would recurse.
`printer.same` compares.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from vlc.diagnostics import Source, Span


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    value: float
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Boolean:
    value: bool
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class String:
    """`value` is decoded (vl2) or raw (vl1). `template` marks a vl1 string, in which $NAME is a parameter."""

    value: str
    span: Span
    template: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Name:
    """An identifier, a `$name`, an operator symbol, or `namespace.text`."""

    text: str
    span: Span
    namespace: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """`f(a, b)`, `op(a, b)`, `a op b`, `op a`, `a op[c, d] b` (vl1: op(a, b, c, d)): one meaning.

    `grouped` says that the source has an operator and its operands in parentheses, which may help its readers only."""

    function: Name
    arguments: tuple[Expression, ...]
    span: Span
    form: Literal["call", "infix", "prefix", "bracket"] = "call"
    grouped: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class LetIn:
    name: Name
    value: Expression
    body: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class For:
    variable: Name
    over: Expression
    body: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Filter:
    variable: Name
    over: Expression
    condition: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Fold:
    operator: Name
    start: Expression | None
    over: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Array:
    items: tuple[Expression, ...]
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    sequence: Expression
    index: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    sequence: Expression
    start: Expression | None
    stop: Expression | None
    span: Span


Expression: TypeAlias = Number | Boolean | String | Name | Call | LetIn | For | Filter | Fold | Array | Index | Slice


@dataclass(frozen=True, slots=True, eq=False)
class Let:
    """A declaration: a constant when `parameters` is None, else a function or an operator definition.

    `span` covers the whole command, `name.span` the name."""

    name: Name
    parameters: tuple[Name, ...] | None
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Load:
    """vl1's `load name = "path"`."""

    name: Name
    path: String
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    label: String
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Save:
    path: String
    value: Expression
    span: Span


@dataclass(frozen=True, slots=True, eq=False)
class Import:
    """Of a namespace (`target` has neither `.` nor `/`), after file imports have been spliced in."""

    target: String
    span: Span


Command: TypeAlias = Let | Load | Print | Save | Import


@dataclass(frozen=True, slots=True, eq=False)
class Program:
    commands: tuple[Command, ...]
    source: Source
    dialect: Literal["vl1", "vl2"]
