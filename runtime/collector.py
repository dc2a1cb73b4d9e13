"""Python's cyclic garbage collector, switched off while a plan of many nodes is built and planned.

It walks all young containers again and again while the nodes and steps of a plan grow, and finds nothing: they have no
cycles, and all of them stay alive. Kernels run with the collector as it was.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused() -> Iterator[None]:
    """Run the body without cyclic collection, and restore what was set before, also after an exception."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()
