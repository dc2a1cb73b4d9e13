"""All bytes of a file, read in pieces in which idle workers take part."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.shared_work import map_pieces

PIECE = 1 << 22
"""Bytes that are read at a time: a millisecond or so where the system has them in memory."""


def read_whole(path: Path) -> memoryview:
    """The content of a file, read-only. Of one that becomes shorter meanwhile, what could be read without a gap."""
    if not hasattr(os, "preadv"):  # macOS before 11
        return memoryview(path.read_bytes())
    with path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        content = np.empty(size, np.uint8).data

        def fill(piece: slice) -> int:
            """Read a piece; up to where the file had it."""
            place = int(piece.start)
            while place < piece.stop and (count := os.preadv(file.fileno(), [content[place : piece.stop]], place)):
                place += count
            return place

        pieces = list(blocks(size, PIECE))
        ends = map_pieces(fill, pieces)
    gaps = (end for piece, end in zip(pieces, ends, strict=True) if end < piece.stop)
    return content[: next(gaps, size)].toreadonly()
