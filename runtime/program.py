"""A plan, or the body of a loop, as a straight-line program over registers.

The nodes that a script built are a graph of Python objects. Planning walks it once for every item of every loop, so it
is compiled first: an instruction for each node, operands by number. A loop is one instruction, with a program of its
own for its body; what the body does not compute for each item anew, it captures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from os import PathLike, fspath
from typing import Any, TypeAlias

import numpy as np
from vlc_runtime.errors import UsageError
from vlc_runtime.loop import LoopNode
from vlc_runtime.node import Apply, Element, Node

Operand: TypeAlias = "int | Constant | tuple[Operand, ...]"
"""A register, a value written in the script, or a sequence of operands."""


@dataclass(slots=True)
class Constant:
    """A value written in the script. (Not frozen, for speed: there is one for each that is written.)"""

    value: bool | int | float | str | None


@dataclass(slots=True)
class Call:
    """An application. (Not frozen either.)"""

    target: int
    node: Apply
    operands: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Repeat:
    """A loop: registers of the body are the elements, then `captured`, then the body's own."""

    target: int
    node: LoopNode
    over: Operand
    start: Operand | None
    captured: tuple[int, ...]
    body: Program


@dataclass(slots=True)
class Program:
    """`results` are the operands that the program is for. Registers count from 0; `inputs` of them are given."""

    inputs: int
    instructions: list[Call | Repeat] = field(default_factory=list)
    registers: int = 0
    results: tuple[Operand, ...] = ()


def compile_program(results: list[Any]) -> Program:
    """The program of a whole plan, for these nodes or values. Linear; no recursion on the depth of the graph."""
    program, _ = _compile(results, ())
    return program


def _compile(results: list[Any], elements: tuple[Element, ...]) -> tuple[Program, list[Node]]:
    """The program that computes `results` for given elements, and the outer nodes it captures."""
    own = frozenset(elements)
    captured, order = _order(results, own, top=not elements)
    program = Program(inputs=len(elements) + len(captured))
    registers: dict[Node, int] = {node: number for number, node in enumerate((*elements, *captured))}
    for node in order:
        target = registers[node] = len(registers)
        if isinstance(node, Apply):
            operands = tuple(
                [
                    registers[argument] if isinstance(argument, Node) else _operand(argument, registers)
                    for argument in node.arguments
                ]
            )
            program.instructions.append(Call(target, node, operands))
        else:
            assert isinstance(node, LoopNode)
            body, outer = _compile([node.body], node.elements)
            over = _operand(node.over, registers)
            start = _operand(node.start, registers) if node.has_start else None
            program.instructions.append(
                Repeat(target, node, over, start, tuple(registers[each] for each in outer), body)
            )
    program.registers = len(registers)
    program.results = tuple(_operand(result, registers) for result in results)
    return program, captured


def _order(results: list[Any], own: frozenset[Element], top: bool) -> tuple[list[Node], list[Node]]:
    """(captured, computed): the nodes from outside that the results need, and those that depend on the elements, each
    after what it needs."""
    captured: dict[Node, None] = {}
    computed: dict[Node, None] = {}
    begun: set[Node] = set()
    pending: list[Any] = results[::-1]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(reversed(node))
        elif not isinstance(node, Node) or node in computed or node in captured or node in own:
            continue
        elif node in begun:  # all that was pending above it is done
            computed[node] = None
        elif not top and node.free.isdisjoint(own):
            captured[node] = None
        else:
            begun.add(node)
            pending.append(node)
            pending.extend(reversed(_needed(node)))
    return list(captured), list(computed)


def _needed(node: Node) -> Sequence[Any]:
    if isinstance(node, Apply):
        return node.arguments
    assert isinstance(node, LoopNode)
    outer, _ = _order([node.body], frozenset(node.elements), top=False)
    return [node.over, *([node.start] if node.has_start else []), *outer]


def _operand(argument: Any, registers: dict[Node, int]) -> Operand:
    if isinstance(argument, Node):
        return registers[argument]
    if isinstance(argument, list):
        return tuple(_operand(item, registers) for item in argument)
    return Constant(_written(argument))


def _written(value: Any) -> Any:
    """A value as a script would have it written: numpy's numbers and paths come from who calls `build` from Python."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        raise UsageError("an array of numpy stands in the plan, where images are read from files", "give its numbers")
    return fspath(value) if isinstance(value, PathLike) else value
