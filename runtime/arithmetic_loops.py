"""Loops over numbers whose bodies are arithmetic alone: planning does them on plain numbers, without keys.

The thresholds of a sweep, `t * 5 + 100`, are such a loop: hundreds of operations, of which only the results matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.operator import Operator, as_double
from vlc_runtime.program import Call, Constant, Operand, Program
from vlc_runtime.steps import Known, Value

_NUMBERS = (bool, int, float)


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
    try:
        return Known([_value(body, [item, *given]) for item in over.value])
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


def _value(body: Program, registers: list[Any]) -> Any:
    registers += [None] * (body.registers - len(registers))
    for instruction in body.instructions:
        assert isinstance(instruction, Call)
        operator = instruction.node.operator
        arguments = [
            registers[operand] if type(operand) is int else _operand(operand, registers)
            for operand in instruction.operands
        ]
        registers[instruction.target] = operator.compute(*_with_doubles(operator, arguments))
    (result,) = body.results
    return _operand(result, registers)


def _with_doubles(operator: Operator, arguments: list[Any]) -> list[Any]:
    for position in operator.numbers:
        if position < len(arguments):
            arguments[position] = as_double(arguments[position])
    return arguments


def _operand(operand: Operand, registers: list[Any]) -> Any:
    if isinstance(operand, int):
        return registers[operand]
    if isinstance(operand, Constant):
        return operand.value
    return [_operand(item, registers) for item in operand]
