"""Ranks of a whole population by a radix sort in pieces that stay in the processor's cache.

Sorting a large population at once is bound by memory. Here its keys are first divided into some hundred buckets of
neighbouring keys, chunk by chunk: numpy's stable sort of bytes is one pass of counting. Then each bucket, which is
gathered from the chunks, is counted or sorted by itself. Ranks go back the way the keys came.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import blocks

_CHUNK = 1 << 17
"""Keys of a chunk. Their order, of 8 bytes each, fits a second-level cache."""
_HIGH = 1 << 16
"""Values of the high half of a key, at which buckets begin and end."""
_SHARES = 128
_BUCKETS = 2 * _SHARES
_SPARSE = 4
"""Values in the span of a bucket, for each of its keys, above which it is sorted instead of counted."""


def ranks(
    below: NDArray[np.integer[Any]], equal: NDArray[np.integer[Any]], total: int, k: float
) -> NDArray[np.float32]:
    """The ranks of values with so many voxels of the population below and equal."""
    quotients: NDArray[np.float32] = ((below + k * equal) / total).astype(np.float32)
    return quotients


def ranks_of_keys(keys: NDArray[np.uint32], k: float) -> NDArray[np.float32]:
    """The rank of each key among all of them. Linear time; 12 bytes of memory a key beyond the result."""
    total = keys.size
    if total <= _CHUNK:
        return _ranks_of_bucket(keys, 0, total, k)
    chunks = _grouped(keys)
    below = 0
    for bucket in range(_BUCKETS):
        parts = [chunk.keys[chunk.bounds[bucket] : chunk.bounds[bucket + 1]] for chunk in chunks]
        members = np.concatenate(parts)
        if not members.size:
            continue
        found = _ranks_of_bucket(members, below, total, k)
        start = 0
        for part in parts:  # the ranks take the place of their keys
            part.view(np.float32)[...] = found[start : start + part.size]
            start += part.size
        below += members.size
    result = np.empty(total, dtype=np.float32)
    for chunk in chunks:
        result[chunk.place][chunk.order] = chunk.keys.view(np.float32)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Chunk:
    """The keys of a place, ordered by bucket: those of bucket b are bounds[b] to bounds[b + 1]."""

    place: slice
    order: NDArray[np.intp]
    keys: NDArray[np.uint32]
    bounds: list[int]


def _grouped(keys: NDArray[np.uint32]) -> list[_Chunk]:
    """The keys in chunks, each ordered by bucket."""
    counts = np.zeros(_HIGH, dtype=np.int64)
    for place in blocks(keys.size, _CHUNK):
        counts += np.bincount(keys[place] >> 16, minlength=_HIGH)
    bucket_of = _buckets(counts)
    chunks = []
    for place in blocks(keys.size, _CHUNK):
        buckets = bucket_of.take(keys[place] >> 16)
        order = np.argsort(buckets, kind="stable")
        bounds = [0, *np.cumsum(np.bincount(buckets, minlength=_BUCKETS)).tolist()]
        chunks.append(_Chunk(place, order, keys[place].take(order), bounds))
    return chunks


def _buckets(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """The bucket for each high half, given how many keys have it; ascending, and about equally full.

    The sum of the shares in which a high half's keys begin and end: one that fills a share or more, and so begins and
    ends in different shares, has another sum than those before and after it, which end or begin where it does.
    """
    total = int(counts.sum())
    ends = np.cumsum(counts)
    return ((ends - counts) * _SHARES // total + ends * _SHARES // total).astype(np.uint8)


def _ranks_of_bucket(keys: NDArray[np.uint32], below: int, total: int, k: float) -> NDArray[np.float32]:
    """The ranks of the keys of a bucket, with so many keys of the population below all of them."""
    lowest = keys.min()
    span = int(keys.max()) - int(lowest) + 1
    codes = keys - lowest
    if span <= _SPARSE * keys.size:
        return _ranks_by_counting(codes.astype(np.intp), below, total, k)
    return _ranks_by_sorting(codes, below, total, k)


def _ranks_by_counting(codes: NDArray[np.intp], below: int, total: int, k: float) -> NDArray[np.float32]:
    counts = np.bincount(codes)
    return ranks(np.cumsum(counts) - counts + below, counts, total, k).take(codes)


def _ranks_by_sorting(codes: NDArray[np.uint32], below: int, total: int, k: float) -> NDArray[np.float32]:
    """The least significant half first: numpy's stable sort of 16 bits is a radix sort."""
    order = np.argsort(codes.astype(np.uint16), kind="stable")
    order = order.take(np.argsort((codes >> 16).astype(np.uint16).take(order), kind="stable"))
    ascending = codes.take(order)
    first = np.ones(codes.size, dtype=np.bool_)
    np.not_equal(ascending[1:], ascending[:-1], out=first[1:])
    smaller = np.flatnonzero(first)
    equal = np.diff(smaller, append=codes.size)
    result = np.empty(codes.size, dtype=np.float32)
    result[order] = np.repeat(ranks(smaller + below, equal, total, k), equal)
    return result
