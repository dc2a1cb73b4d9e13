"""From a syntax tree back to text, canonically: as few parentheses as the dialect's fixity allows. In vl1, where an
operator takes all that follows, the source's own parentheses around what it takes are kept.

`parse(to_text(program))` is the same tree. A tree of the vl1 dialect is printed in vl1, since its operators may be
words (`N a`) and its strings have no escapes.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TypeAlias

from vlc.syntax.compare import Node, same
from vlc.syntax.lexer import SYMBOLS
from vlc.syntax.literals import number_text, string_text
from vlc.syntax.nodes import (
    Array,
    Boolean,
    Call,
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
from vlc.syntax.precedence import conflict
from vlc.syntax.tokens import Dialect

__all__ = ["same", "to_text"]

_GLUE = "\0"
"""Between a symbol and what follows: becomes a space where the two would be read as one word. No piece is a NUL."""

_COLON = "\1"
"""The colon of a slice: after a name of capitals it needs a space, since `N:` would be one operator."""

GROUP, LEVEL_GROUP, END = "\2", "\3", "\4"
"""Around pieces that stand on one line or are broken at all their breaks; a LEVEL_GROUP is not indented."""

LINE, OPENING, CLOSING = "\5", "\6", "\7"
"""Breaks: a space in a line, nothing after an opening bracket, nothing before a closing one."""

_CAPITALS = re.compile(r"[A-Z][A-Z0-9_]*")


class _Task:
    """A node to print. `colons` says that a lone `:` would here be the colon of a slice."""

    __slots__ = ("colons", "node")

    def __init__(self, node: Node, colons: bool = False) -> None:
        self.node = node
        self.colons = colons


_Item: TypeAlias = str | _Task


def to_text(node: Node, dialect: Dialect = "vl2") -> str:
    """The text of an expression, of a command, or of a program (a command a line). Linear; no depth is too deep."""
    if isinstance(node, Program):
        return "".join(f"{to_text(command, node.dialect)}\n" for command in node.commands)
    return "".join(_FLAT.get(piece, piece) for piece in pieces_of(node, dialect))


_FLAT = {GROUP: "", LEVEL_GROUP: "", END: "", LINE: " ", OPENING: "", CLOSING: ""}


def pieces_of(node: Node, dialect: Dialect = "vl2") -> list[str]:
    """The text of an expression or a command in pieces, with the places where it may be broken into lines."""
    pieces: list[str] = []
    pending: list[_Item] = [_Task(node)]
    last = ""
    glued = False
    while pending:
        item = pending.pop()
        if not isinstance(item, str):
            pending.extend(reversed(_items(item, dialect)))
        elif item == _GLUE:
            glued = True
        elif item in _FLAT:
            pieces.append(item)
        else:
            if item == _COLON:
                item = " :" if _CAPITALS.fullmatch(last) else ":"
            elif glued and _needs_space(item[0], dialect):
                pieces.append(" ")
            glued = False
            pieces.append(item)
            last = item
    return pieces


def _needs_space(first: str, dialect: Dialect) -> bool:
    return first in SYMBOLS or first.isdigit() or (dialect == "vl1" and first.isupper())


def _items(task: _Task, dialect: Dialect) -> list[_Item]:
    node, colons = task.node, task.colons
    match node:
        case Number():
            return [number_text(node.value)]
        case Boolean():
            return ["true" if node.value else "false"]
        case String():
            return [f'"{node.value}"' if node.template else string_text(node.value)]
        case Name():
            return [f"{node.namespace}.{node.text}" if node.namespace else node.text]
        case Call():
            if colons and node.function.text == ":":
                return ["(", _Task(node), ")"]
            return _call(node, colons, dialect)
        case LetIn():
            head: list[_Item] = [LEVEL_GROUP, "let ", node.name.text, " = ", _Task(node.value, colons), " in", LINE]
            return [*head, _Task(node.body, colons), END]
        case For():
            return _loop("for ", node.variable, node.over, node.body, colons)
        case Filter():
            return _loop("filter ", node.variable, node.over, node.condition, colons)
        case Fold():
            return _fold(node, colons)
        case Array():
            return _bracketed("[", node.items, "]", colons=True)
        case Index():
            return [*_postfixed(node.sequence, colons), "[", _Task(node.index, colons=True), "]"]
        case Slice():
            bounds: list[_Item] = []
            if node.start is not None:
                bounds.append(_Task(node.start, colons=True))
            bounds.append(_COLON)
            if node.stop is not None:
                bounds += [_GLUE, _Task(node.stop, colons=True)]
            return [*_postfixed(node.sequence, colons), "[", *bounds, "]"]
        case Let():
            return _definition(node, dialect)
        case Load():
            return ["load ", node.name.text, " = ", _Task(node.path)]
        case Print():
            return ["print ", _Task(node.label), " ", _Task(node.value)]
        case Save():
            return ["save ", _Task(node.path), " ", _Task(node.value)]
        case Import():
            return ["import ", _Task(node.target)]
        case Program():
            raise TypeError("a program is no part of a program")


def _bracketed(opening: str, nodes: Sequence[Node], closing: str, *, colons: bool = False) -> list[_Item]:
    if not nodes:
        return [opening, closing]
    items: list[_Item] = [opening, GROUP, OPENING]
    for node in nodes:
        items += [_Task(node, colons), ",", LINE]
    return [*items[:-2], CLOSING, END, closing]


def _loop(keyword: str, variable: Name, over: Expression, body: Expression, colons: bool) -> list[_Item]:
    head: list[_Item] = [GROUP, keyword, variable.text, " in ", _Task(over, colons), " do", LINE]
    return [*head, _Task(body, colons), END]


def _definition(node: Let, dialect: Dialect) -> list[_Item]:
    """A name needs no `let` in vl2; an operator does, lest it continue the line above."""
    items: list[_Item] = []
    if dialect == "vl1" or node.name.text[0] in SYMBOLS or is_letter_operator(node.name.text):
        items.append("let ")
    items.append(node.name.text)
    if node.parameters is not None:
        items += _bracketed("(", node.parameters, ")")
    return [*items, " = ", _Task(node.value)]


def is_letter_operator(text: str) -> bool:
    """Whether vl2 reads a word with a capital as an operator (`B+`)."""
    return text[0].isupper() and any(character in SYMBOLS and character != "_" for character in text)


# Calls


def _call(node: Call, colons: bool, dialect: Dialect) -> list[_Item]:
    symbol = node.function.text
    if node.form == "call":
        return [_Task(node.function), *_bracketed("(", node.arguments, ")")]
    if node.form == "prefix":
        return _prefix(symbol, node.arguments[0], colons, dialect)
    return [GROUP, *(_vl1_chain(node, colons) if dialect == "vl1" else _vl2_chain(node, colons)), END]


def _vl1_chain(node: Expression, colons: bool) -> list[_Item]:
    """`a op (b op c)` without its parentheses, unless they are in the source, however long."""
    items: list[_Item] = []
    while isinstance(node, Call) and node.form in ("infix", "bracket") and not (items and node.grouped):
        left, right, *rest = node.arguments
        items += _wrapped(left, isinstance(left, Call) and left.form != "call", colons)
        items.append(f" {node.function.text}")
        items += _bracketed("[", rest, "]") if rest else []
        items.append(LINE)
        node = right
    return [*items, *_wrapped(node, _is_grouped(node), colons)]


def _vl2_chain(node: Call, colons: bool) -> list[_Item]:
    """`(a op b) op c` without its parentheses, however long, as far to the left as it has one reading."""
    reversed_items: list[_Item] = []
    while True:
        symbol = node.function.text
        left, right = node.arguments
        reversed_items += reversed(_wrapped(right, _is_open(right) or _is_infix(right), colons))
        reversed_items += [LINE, f" {symbol}"]
        if not isinstance(left, Call) or left.form != "infix" or conflict(left.function.text, symbol):
            break
        if colons and left.function.text == ":":
            break
        node = left
    reversed_items += reversed(_wrapped(left, _is_open(left) or _is_infix(left), colons))
    return reversed_items[::-1]


def _prefix(symbol: str, operand: Expression, colons: bool, dialect: Dialect) -> list[_Item]:
    base = operand
    while isinstance(base, Index | Slice):
        base = base.sequence
    if dialect == "vl1":
        wrapped = _is_grouped(operand) or (isinstance(operand, Number) and symbol in ("-", "+"))
    else:
        # `-(a)[0]` would be `(-a)[0]`, and `-1` a number.
        unsafe = isinstance(base, Number) or _is_open(base) or _is_infix(base)
        wrapped = unsafe or (base is not operand and _is_prefix(base)) or symbol == "$" or is_letter_operator(symbol)
    if wrapped:
        return [symbol, "(", _Task(operand), ")"]
    if dialect == "vl1" and symbol[-1].isupper():
        return [symbol, " ", _Task(operand, colons)]
    return [symbol, _GLUE, _Task(operand, colons)]


def _wrapped(node: Expression, wrapped: bool, colons: bool) -> list[_Item]:
    return ["(", _Task(node), ")"] if wrapped else [_Task(node, colons)]


def _postfixed(sequence: Expression, colons: bool) -> list[_Item]:
    bare = isinstance(sequence, Name | String | Boolean | Array | Index | Slice) or (
        isinstance(sequence, Call) and sequence.form == "call"
    )
    return _wrapped(sequence, not bare, colons)


def _fold(node: Fold, colons: bool) -> list[_Item]:
    """With a start value the sequence must not begin with what could continue the start: an operator or a bracket."""
    items: list[_Item] = [f"fold {node.operator.text} "]
    if node.start is None:
        return [*items, _Task(node.over, colons)]
    over_wrapped = not _begins_with_word(node.over)
    start_wrapped = (
        _is_open(node.start)
        or _is_infix(node.start)
        or _is_prefix(node.start)
        or (over_wrapped and isinstance(node.start, Name))
    )
    return [*items, *_wrapped(node.start, start_wrapped, colons), " ", *_wrapped(node.over, over_wrapped, colons)]


def _begins_with_word(node: Expression) -> bool:
    if isinstance(node, For | Filter | Fold):
        return True
    while isinstance(node, Index | Slice):
        node = node.sequence
        if isinstance(node, Number):
            return False  # before a bracket it stands in parentheses
    match node:
        case Name() | String() | Boolean():
            return True
        case Number():
            return not number_text(node.value).startswith("-")
        case Call(form="call"):
            return node.function.text[0] not in SYMBOLS and not is_letter_operator(node.function.text)
        case _:
            return False


def _is_open(node: Expression) -> bool:
    """Whether an expression reaches as far right as it can."""
    return isinstance(node, LetIn | For | Filter | Fold)


def _is_infix(node: Expression) -> bool:
    return isinstance(node, Call) and node.form in ("infix", "bracket")


def _is_prefix(node: Expression) -> bool:
    return isinstance(node, Call) and node.form == "prefix"


def _is_grouped(node: Expression) -> bool:
    return isinstance(node, Call) and node.grouped
