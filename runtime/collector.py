"""Python's cyclic garbage collector, switched off while a plan of many nodes is built, planned and told of.

It walks all young containers again and again while the nodes and steps of a plan grow, and finds nothing: they have no
cycles, and all of them stay alive. Kernels on images run with the collector as it was; what those on scalars leave
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
    """Run the body with cyclic collection where it is wanted, within one that is `paused`."""
    if not wanted:
        yield
        return
    gc.enable()
    try:
        yield
    finally:
        gc.disable()
