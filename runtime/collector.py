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
def resumed(wanted: bool) -> Iterator[None]:
    """Run the body with cyclic collection where it is wanted, within one that is `paused`, but of what is made in it:
    to look through all that is there already, modules and plan, takes as long as a kernel on an image."""
    if not wanted:
        yield
        return
    ours = gc.get_freeze_count() == 0
    if ours:
        gc.freeze()
    gc.enable()
    try:
        yield
    finally:
        gc.disable()
        if ours:
            gc.unfreeze()
