"""What the parser calls as it recognises a rule of grammar.lark: functions from the rule's parts to a node.

The tree is made during the parse, bottom up, so that no depth of nesting needs a Python stack. Each function has the
name of an alias in the grammar and gets the list of the rule's parts: tokens, and what other functions made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Literal, TypeAlias

from vlc.diagnostics import Span
from vlc.syntax.fixity import resolve
from vlc.syntax.literals import number_value, string_node
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
    Save,
    Slice,
)
from vlc.syntax.parts import Chain, Group, Mark, Operand, plain
from vlc.syntax.tokens import Token

Parts: TypeAlias = list[Any]
"""The parts of a rule. Their types are what the grammar says, which Lark cannot express."""


def _all_plain(operands: list[Operand]) -> tuple[Expression, ...]:
    return tuple([plain(operand) for operand in operands])


def _to_end(start: Token | Operand, end: Token | Operand) -> Span:
    first = start.span
    return Span(first.source, first.start, end.span.end)


def name_node(token: Token) -> Name:
    """The name that a token spells, its namespace taken apart."""
    if token.type == "QUALIFIED":
        namespace, _, text = token.text.partition(".")
        return Name(text, token.span, namespace)
    return Name(token.text, token.span)


def _formals(tokens: list[Token]) -> tuple[Name, ...]:
    return tuple([name_node(token) for token in tokens])


class Builder:
    """The functions, under the names of the grammar's aliases."""

    # Lists

    @staticmethod
    def empty(_: Parts) -> Parts:
        return []

    @staticmethod
    def first(parts: Parts) -> Parts:
        return parts

    @staticmethod
    def push(parts: Parts) -> Parts:
        items: Parts = parts[0]
        items.append(parts[1])
        return items

    @staticmethod
    def another(parts: Parts) -> Parts:
        items: Parts = parts[0]
        items.append(parts[2])
        return items

    @staticmethod
    def only(parts: Parts) -> Any:
        return parts[0]

    no_commands = empty
    more_commands = push

    # Commands

    @staticmethod
    def let_constant(parts: Parts) -> Command:
        let, name, _, value = parts
        return Let(name_node(name), None, plain(value), _to_end(let, value))

    @staticmethod
    def let_function(parts: Parts) -> Command:
        let, name, _, formals, _, _, value = parts
        return Let(name_node(name), _formals(formals), plain(value), _to_end(let, value))

    @staticmethod
    def bare_constant(parts: Parts) -> Command:
        name, _, value = parts
        return Let(name_node(name), None, plain(value), _to_end(name, value))

    @staticmethod
    def bare_function(parts: Parts) -> Command:
        name, _, formals, _, _, value = parts
        return Let(name_node(name), _formals(formals), plain(value), _to_end(name, value))

    @staticmethod
    def load_command(parts: Parts) -> Command:
        load, name, _, path = parts
        return Load(name_node(name), string_node(path), _to_end(load, path))

    @staticmethod
    def print_command(parts: Parts) -> Command:
        keyword, label, value = parts
        return Print(string_node(label), plain(value), _to_end(keyword, value))

    @staticmethod
    def save_command(parts: Parts) -> Command:
        keyword, path, value = parts
        return Save(string_node(path), plain(value), _to_end(keyword, value))

    @staticmethod
    def import_command(parts: Parts) -> Command:
        keyword, target = parts
        return Import(string_node(target), _to_end(keyword, target))

    # Expressions that reach as far right as they can

    @staticmethod
    def let_in(parts: Parts) -> Expression:
        let, name, _, value, _, body = parts
        return LetIn(name_node(name), plain(value), plain(body), _to_end(let, body))

    @staticmethod
    def for_loop(parts: Parts) -> Expression:
        keyword, variable, _, over, _, body = parts
        return For(name_node(variable), plain(over), plain(body), _to_end(keyword, body))

    @staticmethod
    def filter_loop(parts: Parts) -> Expression:
        keyword, variable, _, over, _, condition = parts
        return Filter(name_node(variable), plain(over), plain(condition), _to_end(keyword, condition))

    @staticmethod
    def fold(parts: Parts) -> Expression:
        keyword, operator, *start, over = parts
        return Fold(name_node(operator), plain(start[0]) if start else None, plain(over), _to_end(keyword, over))

    # Chains

    @staticmethod
    def chain(parts: Parts) -> Operand:
        chain: Chain = parts[0]
        if len(chain) == 1:
            operand = chain[0]
            assert not isinstance(operand, Mark)
            return operand
        return resolve(chain)

    @staticmethod
    def first_prefix(parts: Parts) -> Chain:
        return [Mark(parts[0], prefix=True)]

    @staticmethod
    def push_prefix(parts: Parts) -> Chain:
        chain: Chain = parts[0]
        chain.append(Mark(parts[1], prefix=True))
        return chain

    @staticmethod
    def push_infix(parts: Parts) -> Chain:
        chain: Chain = parts[0]
        chain.append(Mark(parts[1], prefix=False))
        return chain

    @staticmethod
    def push_infix_with_arguments(parts: Parts) -> Chain:
        chain: Chain
        chain, operator, _, arguments, _ = parts
        chain.append(Mark(operator, prefix=False, arguments=_all_plain(arguments)))
        return chain

    # Operands

    @staticmethod
    def number(parts: Parts) -> Expression:
        token: Token = parts[0]
        return Number(number_value(token.text), token.span)

    @staticmethod
    def boolean(parts: Parts) -> Expression:
        token: Token = parts[0]
        return Boolean(token.text == "true", token.span)

    @staticmethod
    def string(parts: Parts) -> Expression:
        return string_node(parts[0])

    @staticmethod
    def name(parts: Parts) -> Expression:
        return name_node(parts[0])

    @staticmethod
    def call(parts: Parts) -> Expression:
        function, _, arguments, close = parts
        return Call(name_node(function), _all_plain(arguments), _to_end(function, close))

    @staticmethod
    def operator_call(parts: Parts) -> Expression:
        """`op(a)` is the prefix operator, under whatever spelling; `op(a, b)` is a call."""
        operator, _, arguments, close = parts
        form: Literal["prefix", "call"] = "prefix" if len(arguments) == 1 else "call"
        return Call(name_node(operator), _all_plain(arguments), _to_end(operator, close), form)

    @staticmethod
    def group(parts: Parts) -> Operand:
        opening, inner, closing = parts
        node = plain(inner)
        if isinstance(node, Call) and node.form != "call":
            node = replace(node, grouped=True)
        return Group(node, _to_end(opening, closing))

    @staticmethod
    def array(parts: Parts) -> Expression:
        opening, items, closing = parts
        return Array(_all_plain(items), _to_end(opening, closing))

    @staticmethod
    def index(parts: Parts) -> Expression:
        sequence, _, index, close = parts
        return Index(plain(sequence), plain(index), _to_end(sequence, close))

    @staticmethod
    def slice_both(parts: Parts) -> Expression:
        sequence, _, start, _, stop, close = parts
        return Slice(plain(sequence), plain(start), plain(stop), _to_end(sequence, close))

    @staticmethod
    def slice_from(parts: Parts) -> Expression:
        sequence, _, start, _, close = parts
        return Slice(plain(sequence), plain(start), None, _to_end(sequence, close))

    @staticmethod
    def slice_to(parts: Parts) -> Expression:
        sequence, _, _, stop, close = parts
        return Slice(plain(sequence), None, plain(stop), _to_end(sequence, close))

    @staticmethod
    def slice_all(parts: Parts) -> Expression:
        sequence, _, _, close = parts
        return Slice(plain(sequence), None, None, _to_end(sequence, close))
