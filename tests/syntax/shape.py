"""Trees as short texts, fully parenthesised, to be compared in tests."""

from __future__ import annotations

from vlc.diagnostics import CompileError, Diagnostic, Source
from vlc.syntax.nodes import (
    Array,
    Boolean,
    Call,
    Expression,
    Filter,
    Fold,
    For,
    Index,
    Let,
    LetIn,
    Name,
    Number,
    Program,
    Slice,
    String,
)
from vlc.syntax.parser import parse


def program(text: str, dialect: str | None = None) -> Program:
    return parse(Source("program.imgql", text), dialect)


def expression(text: str, dialect: str | None = None) -> Expression:
    (command,) = program(f"let result = {text}", dialect).commands
    assert isinstance(command, Let)
    return command.value


def errors(text: str, dialect: str | None = None) -> tuple[Diagnostic, ...]:
    try:
        program(text, dialect)
    except CompileError as error:
        return error.diagnostics
    raise AssertionError(f"no error in {text!r}")


def shape(node: Expression | None) -> str:
    match node:
        case None:
            return ""
        case Number():
            return repr(node.value)
        case Boolean():
            return str(node.value)
        case String():
            return repr(node.value)
        case Name():
            return f"{node.namespace}::{node.text}" if node.namespace else node.text
        case Call():
            return f"{shape(node.function)}({', '.join(shape(argument) for argument in node.arguments)})"
        case LetIn():
            return f"let {shape(node.name)} = {shape(node.value)} in <{shape(node.body)}>"
        case For():
            return f"for {shape(node.variable)} in {shape(node.over)} do <{shape(node.body)}>"
        case Filter():
            return f"filter {shape(node.variable)} in {shape(node.over)} do <{shape(node.condition)}>"
        case Fold():
            return f"fold {shape(node.operator)} <{shape(node.start)}> <{shape(node.over)}>"
        case Array():
            return f"[{', '.join(shape(item) for item in node.items)}]"
        case Index():
            return f"{shape(node.sequence)}[{shape(node.index)}]"
        case Slice():
            return f"{shape(node.sequence)}[{shape(node.start)}:{shape(node.stop)}]"


def tree(text: str, dialect: str | None = None) -> str:
    return shape(expression(text, dialect))
