"""What a script builds: nodes, which describe a computation without doing it."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from vlc_runtime.operator import Operator

Scalar: TypeAlias = bool | int | float | str
Argument: TypeAlias = "Node | Scalar | list[Argument]"


class Node:
    """One application of an operator, and the line of the script that built it.

    The line is kept as (code, instruction offset): asking a frame for its line number is linear in the length of the
    function, which would make building a long script quadratic. `line` is worked out only when an error needs it.
    """

    __slots__ = ("arguments", "code", "instruction", "operator")

    def __init__(
        self, operator: Operator, arguments: tuple[Argument, ...], code: CodeType | None, instruction: int
    ) -> None:
        self.operator = operator
        self.arguments = arguments
        self.code = code
        self.instruction = instruction

    @property
    def line(self) -> int | None:
        """The line of the script that built this node."""
        if self.code is None:
            return None
        for start, end, line in _instruction_lines(self.code):
            if start <= self.instruction < end:
                return line
        return None

    def __bool__(self) -> bool:
        raise TypeError("a node has no truth value: build() only describes the computation")

    def __repr__(self) -> str:
        return f"<Node {self.operator.identifier}>"


def _instruction_lines(code: CodeType) -> list[tuple[int, int, int | None]]:
    return list(code.co_lines())
