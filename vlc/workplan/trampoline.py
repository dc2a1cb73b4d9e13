"""Recursive algorithms written as generators, run on a stack of our own.

A step `result = yield from_step(...)` waits for another generator's result, so a program nested 10,000 deep needs no
Python recursion.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any, TypeAlias, TypeVar

Result = TypeVar("Result")
Steps: TypeAlias = Generator["Steps[Any]", Any, Result]


def run(steps: Steps[Result]) -> Result:
    """The result of a generator whose yields are generators of the same kind."""
    stack: list[Steps[Any]] = [steps]
    value: Any = None
    while True:
        try:
            stack.append(stack[-1].send(value))
            value = None
        except StopIteration as finished:
            stack.pop()
            value = finished.value
            if not stack:
                return value  # type: ignore[no-any-return]
