"""What a script builds: nodes, which describe a computation without doing it."""

from __future__ import annotations

from types import CodeType
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from vlc_runtime.operator import Operator

Scalar: TypeAlias = bool | int | float | str | None
Argument: TypeAlias = "Node | Scalar | list[Argument]"
NO_ELEMENTS: frozenset[Element] = frozenset()


class Node:
    """Something that will be computed, and the line of the script that built it.

    `free` are the loop elements it depends on. The line is kept as (code, instruction offset): asking a frame for its
    line number is linear in the length of the function, which would make building a long script quadratic. SourceLines
    tells the line.
    """

    __slots__ = ("code", "free", "instruction")

    def __init__(self, free: frozenset[Element], code: CodeType | None, instruction: int) -> None:
        self.free = free
        self.code = code
        self.instruction = instruction

    def __bool__(self) -> bool:
        raise TypeError("a node has no truth value: build() only describes the computation")


class Apply(Node):
    """One application of an operator."""

    __slots__ = ("arguments", "operator")

    def __init__(
        self, operator: Operator, arguments: tuple[Argument, ...], code: CodeType | None, instruction: int
    ) -> None:
        self.free = free_in(arguments)  # all that Node's own __init__ does: there is one for each line of a script
        self.code = code
        self.instruction = instruction
        self.operator = operator
        self.arguments = arguments

    def __repr__(self) -> str:
        return f"<node {self.operator.identifier}>"


class Element(Node):
    """The item a loop is at (or, in a fold, what there is so far), while its body is being described."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        super().__init__(frozenset((self,)), None, 0)
        self.name = name

    def __repr__(self) -> str:
        return f"<element {self.name}>"


class Statement(Node):
    """A goal as it is written in the script, for messages: it computes nothing."""

    __slots__ = ()

    def __init__(self, code: CodeType, instruction: int) -> None:
        super().__init__(NO_ELEMENTS, code, instruction)


def free_in(arguments: tuple[Any, ...] | list[Any]) -> frozenset[Element]:
    """The loop elements that arguments depend on."""
    free = NO_ELEMENTS
    for argument in arguments:
        if isinstance(argument, Node):
            if argument.free:
                free = free | argument.free if free else argument.free
        elif isinstance(argument, list):
            free = free | free_in(argument)
    return free
