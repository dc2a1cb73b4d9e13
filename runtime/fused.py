"""Operators computed together, as a script writes them: a function says what is computed for each voxel."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType
from typing import TYPE_CHECKING, Any

from vlc_runtime.node import Apply, Argument, Element, Node

if TYPE_CHECKING:
    from vlc_runtime.fused_operator import Constant


class FusedApply(Apply):
    """One application of several operators together; `inner` are the nodes that the function made, for messages."""

    __slots__ = ("inner",)

    def __init__(
        self,
        inner: tuple[Apply, ...],
        elements: list[Element],
        arguments: tuple[Argument, ...],
        code: CodeType,
        at: int,
    ) -> None:
        from vlc_runtime.fused_operator import FusedOperator, Instruction

        registers: dict[Node, int] = {node: number for number, node in enumerate((*elements, *inner))}
        instructions = tuple(
            Instruction(node.operator, tuple(_operand(argument, registers) for argument in node.arguments))
            for node in inner
        )
        super().__init__(FusedOperator(len(elements), instructions), arguments, code, at)
        self.inner = inner


def fused(body: Callable[..., Any], *arguments: Any) -> FusedApply:
    """`body(*arguments)`, whose operators are computed together, in one pass over the images."""
    frame = sys._getframe(1)
    names = body.__code__.co_varnames[: body.__code__.co_argcount]
    elements = [Element(name) for name in names]
    result = body(*elements)
    return FusedApply(_inner(result), elements, arguments, frame.f_code, frame.f_lasti)


def _inner(result: Any) -> tuple[Apply, ...]:
    """The applications that a result is made of, each after what it needs. No recursion."""
    order: dict[Apply, None] = {}
    pending: list[tuple[Any, bool]] = [(result, False)]
    while pending:
        node, ready = pending.pop()
        if not isinstance(node, Apply) or node in order:
            continue
        if ready:
            order[node] = None
            continue
        pending.append((node, True))
        pending.extend((argument, False) for argument in reversed(node.arguments))
    return tuple(order)


def _operand(argument: Argument, registers: dict[Node, int]) -> int | Constant:
    from vlc_runtime.fused_operator import Constant

    if isinstance(argument, Node):
        return registers[argument]
    if isinstance(argument, list):
        raise TypeError("a sequence has no place among operators that are computed together")
    return Constant(argument)
