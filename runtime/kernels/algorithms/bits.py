"""Regions at one bit a voxel: unions of shifted regions cost an eighth of the memory traffic of bool arrays.

A packed region is one flat array of words of 64 bits. A row of voxels (x) takes whole words and ends in spare bits, a
plane ends in spare rows; so a shift along any axis is one shift of the flat array, and what leaves a row or a plane
falls into the spare room instead of into its neighbour.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks
from vlc_runtime.shared_work import map_pieces

Bits: TypeAlias = NDArray[np.uint64]
"""A packed region: flat, little-endian words, voxel x in bit x % 64 of word x // 64 of its row."""

_Slab: TypeAlias = tuple[slice, slice]
"""Planes, and rows of them."""

_WORD = np.dtype("<u8")
_WIDTH = 64
_ONE = np.uint64(1)
_LAST = np.uint64(_WIDTH - 1)
_SLAB_VOXELS = 1 << 20
"""Voxels that are packed at a time: a fraction of a millisecond of work, and few enough to stay in the cache."""


@dataclass(frozen=True, slots=True)
class BitLayout:
    """How the regions of one shape are packed. `shape` is (z, y, x) or (y, x).

    Regions may be shifted or widened by up to `reach_x` voxels along x and `reach_y` along y, and by any number of
    planes along z.
    """

    shape: tuple[int, ...]
    reach_y: int
    reach_x: int

    @property
    def row(self) -> int:
        """Words from a voxel to its neighbour along y."""
        return -(-(self.shape[-1] + self.reach_x) // _WIDTH)

    @property
    def plane(self) -> int:
        """Words from a voxel to its neighbour along z."""
        return (self.shape[-2] + self.reach_y) * self.row

    @property
    def planes(self) -> int:
        return self.shape[0] if len(self.shape) == 3 else 1

    def empty(self) -> Bits:
        """The region without voxels."""
        return np.zeros(self.planes * self.plane, dtype=_WORD)

    def pack(self, mask: NDArray[np.bool_], *, outside: bool = False) -> Bits:
        """The packed region of a mask, or of what is outside it in the image."""
        packed = self.empty()
        target, source, width = self._rows(packed), mask.reshape(self.planes, *self.shape[-2:]), self.shape[-1]

        def fill(slab: _Slab) -> None:
            voxels = source[slab]
            if width % 8:
                whole_bytes = np.zeros((*voxels.shape[:2], 8 * target.shape[2]), np.bool_)
                whole_bytes[..., :width] = voxels
                voxels = whole_bytes
            # as one row: of many, numpy takes three times as long, and lets no other thread work meanwhile
            bits = np.packbits(np.ascontiguousarray(voxels).reshape(-1), bitorder="little")
            if outside:
                np.invert(bits, out=bits)
            rows = bits.reshape(target[slab].shape)
            if outside and width % 8:
                rows[..., -1] &= (1 << width % 8) - 1
            target[slab] = rows

        map_pieces(fill, self._slabs(), scratch=2 * _SLAB_VOXELS)
        return packed

    def unpack(self, packed: Bits) -> NDArray[np.bool_]:
        """The mask of a packed region; what stands in the spare room is dropped."""
        source, width = self._rows(packed), self.shape[-1]
        if width % 8 == 0:
            return _unpacked(source).reshape(self.shape)
        mask = np.empty((self.planes, *self.shape[-2:]), np.bool_)

        def fill(slab: _Slab) -> None:
            mask[slab] = _unpacked(source[slab])[..., :width]

        map_pieces(fill, self._slabs(), scratch=2 * _SLAB_VOXELS)
        return mask.reshape(self.shape)

    def by_planes(self, packed: Bits) -> Bits:
        """A view of a packed region with a row of words for each plane."""
        return packed.reshape(self.planes, self.plane)

    def _slabs(self) -> list[_Slab]:
        """What is packed at a time: some planes, or some rows of one that is large."""
        rows, row = self.shape[-2], 8 * -(-self.shape[-1] // 8)
        planes_at_once, rows_at_once = (max(1, _SLAB_VOXELS // max(1, size)) for size in (rows * row, row))
        return list(product(blocks(self.planes, planes_at_once), blocks(rows, rows_at_once)))

    def _rows(self, packed: Bits) -> NDArray[np.uint8]:
        """The bytes that hold voxels: (z, y, bytes of a row), without the spare room."""
        bytes_of_row = packed.view(np.uint8).reshape(self.planes, -1, self.row * 8)
        return bytes_of_row[:, : self.shape[-2], : -(-self.shape[-1] // 8)]


def _unpacked(rows: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """The bits of rows of bytes; as one row: see `pack`."""
    bits = np.unpackbits(np.ascontiguousarray(rows).reshape(-1), bitorder="little").view(np.bool_)
    return bits.reshape(*rows.shape[:-1], 8 * rows.shape[-1])


def add_shifted(target: Bits, source: Bits, words: int) -> None:
    """Unite `target` with `source` moved by a number of words of either sign, in place."""
    if words > 0:
        np.bitwise_or(target[words:], source[:-words], out=target[words:])
    elif words < 0:
        np.bitwise_or(target[:words], source[-words:], out=target[:words])
    else:
        np.bitwise_or(target, source, out=target)


def widened(source: Bits) -> Bits:
    """The union of a region with itself moved by one voxel along x, both ways."""
    result = source << _ONE
    result |= source >> _ONE
    result |= source
    carry = source >> _LAST
    add_shifted(result, carry, 1)
    np.left_shift(source, _LAST, out=carry)
    add_shifted(result, carry, -1)
    return result
