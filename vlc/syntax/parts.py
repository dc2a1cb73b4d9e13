"""What a tree is made of while it is being made: parenthesised operands, and operators not yet given their operands."""

from __future__ import annotations

from typing import TypeAlias

from vlc.diagnostics import Span
from vlc.syntax.nodes import Expression
from vlc.syntax.tokens import Token


class Group:
    """A parenthesised expression: the expression, and the span with the parentheses."""

    __slots__ = ("node", "span")

    def __init__(self, node: Expression, span: Span) -> None:
        self.node = node
        self.span = span


class Mark:
    """An operator in a chain. `arguments` are those of vl1's `a op[c, d] b`."""

    __slots__ = ("arguments", "prefix", "token")

    def __init__(self, token: Token, prefix: bool, arguments: tuple[Expression, ...] | None = None) -> None:
        self.token = token
        self.prefix = prefix
        self.arguments = arguments


Operand: TypeAlias = Expression | Group
Chain: TypeAlias = list[Operand | Mark]
"""`[marks] operand {infix mark, [prefix marks] operand}` in the order of the text."""


def plain(operand: Operand) -> Expression:
    """The expression itself."""
    return operand.node if isinstance(operand, Group) else operand
