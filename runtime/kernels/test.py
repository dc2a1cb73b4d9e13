"""Operators for testing compilers and runtimes: cheap and costly scalars, and an effect."""

from __future__ import annotations

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.operator import operator


@operator(version=1, cost="scalar")
def fibonacci(n: int) -> int:
    """The n-th Fibonacci number: 0, 1, 1, 2, 3, 5, ..."""
    if n < 0:
        raise KernelError(f"there is no Fibonacci number {n}")
    current, following = 0, 1
    for _ in range(n):
        current, following = following, current + following
    return current


@operator(version=1, cost="scalar", effect=True, one_grid=False)
def impure(value: object) -> object:
    """The value; prints it each time it is computed."""
    print(f"IMPURE CALLED WITH: {value}", flush=True)
    return value


@operator(version=1, cost="heavy")
def timewaste(size: int, iterations: int) -> float:
    """A number between 0 and 1 that takes `iterations` passes over `size` x `size` doubles to find."""
    if size < 1 or iterations < 0:
        raise KernelError(f"timewaste wants a size of at least 1 and no negative iterations, not {size}, {iterations}")
    if size > 10_000:
        raise KernelError(f"timewaste wants a size of at most 10000, not {size}")
    # the logistic map: additions and multiplications alone, so the result is the same everywhere
    state = (np.arange(size * size, dtype=np.float64) + 0.5) / (size * size)
    work = np.empty_like(state)
    for _ in range(iterations):
        np.subtract(1.0, state, out=work)
        np.multiply(state, work, out=state)
        np.multiply(state, 3.9, out=state)
    return float(state[state.size // 2])
