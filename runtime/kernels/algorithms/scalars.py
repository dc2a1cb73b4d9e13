"""Arithmetic and logic of scalars as the language has them: every number is a double, every truth value a bool."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

from vlc_runtime.errors import KernelError


def number(value: object) -> float:
    """The double that a number is; bools count as 0 and 1. Anything else is an error."""
    if isinstance(value, (bool, int, float)):
        try:
            return float(value)
        except OverflowError:
            raise KernelError("the whole number is too large for a double") from None
    raise KernelError(f"{described(value)} stands where a number is wanted")


def truth(value: object) -> bool:
    """The bool that a scalar is; of numbers, the nonzero ones are true. Anything else is an error."""
    if isinstance(value, (bool, int, float)):
        return bool(value)
    raise KernelError(f"{described(value)} stands where a bool is wanted")


def described(value: object) -> str:
    """A value's kind for an error message, with the value itself if it is short."""
    text = repr(value) if isinstance(value, (bool, int, float, str)) else ""
    kind = {"Volume": "an image", "list": "a sequence", "dict": "a record", "str": "the string"}.get(
        type(value).__name__, f"a {type(value).__name__}"
    )
    return f"{kind} {text}" if 0 < len(text) <= 40 else kind


def least(numbers: Iterable[float]) -> float:
    """The least of the numbers that are no NaN; infinity if there are none."""
    return min((each for each in numbers if not math.isnan(each)), default=math.inf)


def greatest(numbers: Iterable[float]) -> float:
    """The greatest of the numbers that are no NaN; minus infinity if there are none."""
    return max((each for each in numbers if not math.isnan(each)), default=-math.inf)


def add(left: object, right: object) -> float:
    """left + right."""
    return number(left) + number(right)


def subtract(left: object, right: object) -> float:
    """left - right."""
    return number(left) - number(right)


def multiply(left: object, right: object) -> float:
    """left * right."""
    return number(left) * number(right)


def divide(left: object, right: object) -> float:
    """left / right. Division by zero is an error."""
    numerator, denominator = number(left), number(right)
    if denominator == 0:
        raise KernelError("division by zero")
    return numerator / denominator


def divide_ieee(left: object, right: object) -> float:
    """left / right by IEEE 754: x / 0 is an infinity with the product of the signs, 0 / 0 is NaN."""
    numerator, denominator = number(left), number(right)
    if denominator != 0:
        return numerator / denominator
    if numerator == 0 or math.isnan(numerator):
        return math.nan
    return math.copysign(math.inf, numerator) * math.copysign(1.0, denominator)


def negate(value: object) -> float:
    """-value."""
    return -number(value)


def minimum(left: object, right: object) -> float:
    """The lesser number; the first one unless the second is less."""
    first, second = number(left), number(right)
    return second if second < first else first


def maximum(left: object, right: object) -> float:
    """The greater number; the first one unless the second is greater."""
    first, second = number(left), number(right)
    return second if second > first else first


def larger(total: Any, item: Any) -> Any:
    """The greater number, of the kind that it has; the first one unless the second is greater."""
    return item if number(item) > number(total) else total


def smaller(total: Any, item: Any) -> Any:
    """The lesser number, of the kind that it has; the first one unless the second is less."""
    return item if number(item) < number(total) else total


def equal(left: object, right: object) -> bool:
    """left == right."""
    return number(left) == number(right)


def not_equal(left: object, right: object) -> bool:
    """left != right."""
    return number(left) != number(right)


def less(left: object, right: object) -> bool:
    """left < right."""
    return number(left) < number(right)


def less_equal(left: object, right: object) -> bool:
    """left <= right."""
    return number(left) <= number(right)


def greater(left: object, right: object) -> bool:
    """left > right."""
    return number(left) > number(right)


def greater_equal(left: object, right: object) -> bool:
    """left >= right."""
    return number(left) >= number(right)


def logical_and(left: object, right: object) -> bool:
    """Both."""
    return truth(left) and truth(right)


def logical_or(left: object, right: object) -> bool:
    """One of the two, or both."""
    return truth(left) or truth(right)


def logical_not(value: object) -> bool:
    """The opposite."""
    return not truth(value)
