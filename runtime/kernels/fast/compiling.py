"""The one way functions are compiled here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

STRICT: dict[str, Any] = {"nogil": True, "fastmath": False, "error_model": "numpy"}
Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile on first use, keep the machine code on disk, release the GIL; strict IEEE arithmetic, no reordering,
    and division by zero as IEEE has it.

    The machine code on disk counts as that of the function's own file: no compiled function calls one of another file,
    whose changes would go unseen.

    Where neither the package's folder nor the user's cache folder can be written, each process compiles for itself.
    """
    try:
        result = numba.njit(cache=True, **STRICT)(function)
    except RuntimeError:  # numba found no place for its files
        result = numba.njit(cache=False, **STRICT)(function)
    return cast(Function, result)
