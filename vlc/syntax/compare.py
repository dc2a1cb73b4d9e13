"""Whether two trees say the same, wherever they stand."""

from __future__ import annotations

from typing import TypeAlias

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
    Load,
    Name,
    Number,
    Print,
    Program,
    Save,
    Slice,
    String,
)

Node: TypeAlias = Expression | Command | Program


def same(left: Node, right: Node) -> bool:
    """Whether two trees are equal, spans and spellings (`a + b`, `+(a, b)`) aside. Linear, and no depth is too deep."""
    pending: list[tuple[Node | None, Node | None]] = [(left, right)]
    while pending:
        a, b = pending.pop()
        if a is None or b is None:
            if a is not b:
                return False
            continue
        if type(a) is not type(b) or _content(a) != _content(b):
            return False
        a_children, b_children = children(a), children(b)
        if len(a_children) != len(b_children):
            return False
        pending.extend(zip(a_children, b_children, strict=True))
    return True


def children(node: Node) -> tuple[Node | None, ...]:
    """The nodes right under a node, in the order of the text. None stands for a part that is left out."""
    match node:
        case Number() | Boolean() | String() | Name():
            return ()
        case Call():
            return (node.function, *node.arguments)
        case LetIn():
            return (node.name, node.value, node.body)
        case For():
            return (node.variable, node.over, node.body)
        case Filter():
            return (node.variable, node.over, node.condition)
        case Fold():
            return (node.operator, node.start, node.over)
        case Array():
            return node.items
        case Index():
            return (node.sequence, node.index)
        case Slice():
            return (node.sequence, node.start, node.stop)
        case Let():
            return (node.name, *(node.parameters or ()), node.value)
        case Load():
            return (node.name, node.path)
        case Print():
            return (node.label, node.value)
        case Save():
            return (node.path, node.value)
        case Import():
            return (node.target,)
        case Program():
            return node.commands


def _content(node: Node) -> object:
    match node:
        case Number():
            return repr(node.value)  # tells -0.0 from 0.0, and lets a NaN equal itself
        case Boolean():
            return node.value
        case String():
            return node.value, node.template
        case Name():
            return node.namespace, node.text
        case Let():
            return None if node.parameters is None else len(node.parameters)
        case Program():
            return node.dialect
        case _:
            return None
