"""Unions of shifted regions on packed bits, plane by plane."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.fast.compiling import compiled

Words = NDArray[np.uint64]


@compiled
def unite(packed: Words, widths: NDArray[np.intp], row: int, first: int, result: Words) -> None:
    """Fill planes of the result, which are 0 and of which `first` is the first one in the image, with what the ball of
    these widths makes of a packed region.

    `packed` has a row of words for each plane, with spare room as `BitLayout` leaves it; `row` words make a line.
    """
    planes, words = packed.shape
    reach = len(widths) - 1
    runs = np.zeros((widths[0, 0], words + 2), np.uint64)  # with a word of room on either side
    disc = np.empty(words, np.uint64)
    for plane in range(max(0, first - reach), min(planes, first + len(result) + reach)):
        if not _copy(packed[plane], runs[0, 1:-1]):
            continue
        for width in range(1, len(runs)):
            _widen(runs[width - 1], runs[width])
        for z in range(reach + 1):
            if z == 0 or _differ(widths[z], widths[z - 1]):
                _clear(disc)
                for y in range(widths.shape[1]):
                    if widths[z, y] > 0:
                        run, shift = runs[widths[z, y] - 1, 1:-1], y * row
                        _add(disc[shift:], run[: words - shift])
                        _add(disc[: words - shift], run[shift:])
            _add_to(result, plane - z - first, disc)
            _add_to(result, plane + z - first, disc)


@compiled
def _widen(source: Words, target: Words) -> None:
    """The union of a plane with itself moved by one voxel along x, both ways; but for the words of room."""
    one, last = np.uint64(1), np.uint64(63)
    for i in range(1, len(source) - 1):
        word = source[i]
        target[i] = word | word << one | word >> one | source[i - 1] >> last | source[i + 1] << last


@compiled
def _add(target: Words, source: Words) -> None:
    for i in range(len(source)):
        target[i] |= source[i]


@compiled
def _add_to(planes: Words, number: int, source: Words) -> None:
    """Add to the plane of this number, if there is one."""
    if 0 <= number < len(planes):
        _add(planes[number], source)


@compiled
def _copy(source: Words, target: Words) -> bool:
    """Copy a plane; whether it has a voxel."""
    some = np.uint64(0)
    for i in range(len(source)):
        some |= source[i]
        target[i] = source[i]
    return bool(some != 0)


@compiled
def _clear(target: Words) -> None:
    for i in range(len(target)):
        target[i] = 0


@compiled
def _differ(some: NDArray[np.intp], others: NDArray[np.intp]) -> bool:
    differences = some[0] ^ others[0]
    for i in range(1, len(some)):
        differences |= some[i] ^ others[i]
    return bool(differences != 0)
