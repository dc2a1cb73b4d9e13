"""Cutting long arrays into pieces that stay in the processor's cache while several ufuncs go over them."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = 1 << 16
"""Elements in a block: 256 KB of float32, which fits every second-level cache."""
STRIDE = 2 * BLOCK
"""Elements that several operations go over before the next: fewer calls, and still little enough for the cache."""

PIECE = 8 * STRIDE
"""Elements that a worker takes at a time: a millisecond of work or so."""


def blocks(stop: int, block: int = BLOCK, start: int = 0) -> Iterator[slice]:
    """The slices [start, start + block), ... of so many elements that cover start..stop; the last may be shorter."""
    for first in range(start, stop, block):
        yield slice(first, min(first + block, stop))
