"""Python's cyclic garbage collector, switched off where very many objects are made that all stay alive.

It walks all young containers again and again while a syntax tree, the nodes and steps of a plan or the modules of a
large library grow, and finds nothing. Kernels on images run with the collector as it was; what those on scalars leave
behind is small.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[bool]:
    """Run the body without cyclic collection, and restore what was set before, also after an exception. Gives whether
    it was on."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield was_enabled
    finally:
        if was_enabled:
            gc.enable()


@contextmanager
def resumed(wanted: bool, whole_process: bool = False) -> Iterator[None]:
    """Run the body with cyclic collection where it is wanted, within one that is `paused`.

    Where the process is there for this run alone, all that was made before the body stays out of it for good: to look
    through modules and plan takes as long as a kernel on an image.
    """
    if not wanted:
        yield
        return
    if whole_process:
        gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.disable()
