"""Loops over numbers whose bodies are arithmetic alone: planning does them on plain numbers, without keys.

The thresholds of a sweep, `t * 5 + 100`, are such a loop: hundreds of operations, of which only the results matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.operator import as_double
from vlc_runtime.program import Call, Constant, Operand, Program
from vlc_runtime.steps import Known, Value

TOGETHER = 4096
"""Items for which an instruction is done before the next one is."""
_NUMBERS = (bool, int, float)
_Column: TypeAlias = "list[Any]"
"""A value for each item."""


def arithmetic_loop(body: Program, over: Value, captured: Sequence[Value]) -> Known | None:
    """The sequence of a body's values for each item of a sequence; None where this is no such loop, or one fails.

    What fails is done again, step by step, by who tells of it.
    """
    given = [each.value for each in captured if isinstance(each, Known) and not each.derived]
    if len(given) < len(captured) or not all(map(_is_arithmetic, body.instructions)):
        return None
    if not isinstance(over, Known) or over.derived or not isinstance(over.value, list):
        return None
    if not all(type(item) in _NUMBERS for item in over.value):
        return None
    items = over.value
    try:
        return Known(
            [
                value
                for start in range(0, len(items), TOGETHER)
                for value in _values(body, items[start : start + TOGETHER], given)
            ]
        )
    except RuntimeFailure:
        return None


def _is_arithmetic(instruction: object) -> bool:
    if not isinstance(instruction, Call):
        return False
    operator = instruction.node.operator
    return (
        operator.cost == "immediate"
        and operator.identifier.startswith(("scalar.", "default."))
        and not (operator.reads or operator.effect)
        and operator.items is None
    )


def _values(body: Program, items: list[Any], given: Sequence[Any]) -> _Column:
    """The body's value for each item: an instruction for all of them, and then the next."""
    count = len(items)
    registers: list[_Column] = [items, *([value] * count for value in given)]
    registers += [[]] * (body.registers - len(registers))
    for instruction in body.instructions:
        assert isinstance(instruction, Call)
        operator = instruction.node.operator
        columns = [_column(operand, registers, count) for operand in instruction.operands]
        for position in operator.numbers:
            if position < len(columns):
                columns[position] = list(map(as_double, columns[position]))
        registers[instruction.target] = operator.compute_each(columns, count)
    (result,) = body.results
    return _column(result, registers, count)


def _column(operand: Operand, registers: Sequence[_Column], count: int) -> _Column:
    if isinstance(operand, int):
        return registers[operand]
    if isinstance(operand, Constant):
        return [operand.value] * count
    columns = [_column(item, registers, count) for item in operand]
    return [[column[place] for column in columns] for place in range(count)]
