"""The tree of a flat chain of operands and operators.

vl2: a prefix operator takes the operand at its right; infix operators are left associative. VoxLogicA-2 reads a chain
flat, from left to right; a mathematician reads `*` before `+` before comparisons before `&` before `|`. Where the two
readings are one tree, that is the tree. Where they differ the chain is an error, which prints both.

vl1: infix operators are right associative without precedence, and a prefix operator takes everything to its right.
"""

from __future__ import annotations

from itertools import pairwise

from vlc.diagnostics import Span
from vlc.syntax.nodes import Call, Expression, Name
from vlc.syntax.parts import Chain, Mark, Operand, plain
from vlc.syntax.precedence import conflict
from vlc.syntax.readings import both_readings


def resolve(chain: Chain) -> Expression:
    """The tree of a chain that has at least one operator. An ambiguous chain is recorded as an error of its reading."""
    first = next(item for item in chain if isinstance(item, Mark))
    if first.token.reading.dialect == "vl1":
        return _right_to_left(chain)
    return _left_to_right(chain)


def _name(mark: Mark) -> Name:
    return Name(mark.token.text, mark.token.span)


def _apply_prefix(mark: Mark, operand: Operand) -> Call:
    span = Span(operand.span.source, mark.token.start, operand.span.end)
    return Call(_name(mark), (plain(operand),), span, "prefix")


def _apply_infix(left: Operand, mark: Mark, right: Operand) -> Call:
    span = Span(left.span.source, left.span.start, right.span.end)
    if mark.arguments is None:
        return Call(_name(mark), (plain(left), plain(right)), span, "infix")
    return Call(_name(mark), (plain(left), plain(right), *mark.arguments), span, "bracket")


def _left_to_right(chain: Chain) -> Expression:
    operands: list[Operand] = []
    infix: list[Mark] = []
    prefixes: list[Mark] = []
    for item in chain:
        if not isinstance(item, Mark):
            operand: Operand = item
            while prefixes:
                operand = _apply_prefix(prefixes.pop(), operand)
            operands.append(operand)
        elif item.prefix:
            prefixes.append(item)
        else:
            infix.append(item)
    for before, after in pairwise(infix):
        if conflict(before.token.text, after.token.text):
            _report(operands, infix)
            break
    tree = operands[0]
    for mark, operand in zip(infix, operands[1:], strict=True):
        tree = _apply_infix(tree, mark, operand)
    return plain(tree)


_LONGEST_TEXT = 400


def _text(span: Span) -> str:
    """The text of a span, without the middle of one far too long to be shown: chains may be nested thousands deep."""
    if span.end - span.start <= _LONGEST_TEXT:
        return span.text
    text = span.source.text
    return text[span.start : span.start + _LONGEST_TEXT // 2] + text[span.end - _LONGEST_TEXT // 2 : span.end]


def _report(operands: list[Operand], infix: list[Mark]) -> None:
    texts = [_text(operand.span) for operand in operands]
    reading = infix[0].token.reading
    operators = [mark.token.text for mark in infix]
    if "=" not in reading.operators:  # then no reading with `=` has a meaning: equality is meant, and is `==`
        operators = ["==" if operator == "=" else operator for operator in operators]
    message, hint = both_readings(texts, operators)
    if any(mark.token.text == "=" for mark in infix) and "=" not in reading.operators:
        hint = f"equality is `==`; {hint}"
    reading.error(message, operands[0].span.start, operands[-1].span.end, hint=hint)


def _right_to_left(chain: Chain) -> Expression:
    tree: Operand | None = None
    infix: Mark | None = None
    for item in reversed(chain):
        if isinstance(item, Mark):
            assert tree is not None
            if item.prefix:
                tree = _apply_prefix(item, tree)
            else:
                infix = item
        elif tree is None:
            tree = item
        else:
            assert infix is not None
            tree = _apply_infix(item, infix, tree)
    assert tree is not None
    return plain(tree)
