"""Cutting long arrays into pieces that stay in the processor's cache while several ufuncs go over them."""

from __future__ import annotations

from collections.abc import Iterator

BLOCK = 1 << 16
"""Elements in a block: 256 KB of float32, which fits every second-level cache."""
STRIDE = 2 * BLOCK
"""Elements that several operations go over before the next: fewer calls, and still little enough for the cache."""


def blocks(count: int, block: int = BLOCK) -> Iterator[slice]:
    """The slices [0, block), [block, 2 block), ... that cover 0..count; the last may be shorter."""
    for start in range(0, count, block):
        yield slice(start, min(start + block, count))
