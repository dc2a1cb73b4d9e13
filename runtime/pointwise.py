"""What an operator does to a block of voxels, for those that can be computed together with others in one pass.

    @operator(version=1, cost="voxelwise", name="+")
    @pointwise(np.add)
    def add(left: NumberImage, right: NumberImage) -> NumberImage:

A pointwise operator makes each voxel from the voxels at the same place; a reduction makes a scalar of what it makes of
each block. The compiler sees the decorators in the source text, the runtime what they keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from vlc_runtime.kernels.algorithms.rounding import single

Function = TypeVar("Function", bound=Callable[..., Any])


def singles(*operands: Any) -> tuple[Any, ...]:
    """Numbers as float32; None, which stands for an image, as it is."""
    return tuple(None if operand is None else single(operand) for operand in operands)


@dataclass(frozen=True, slots=True)
class Pointwise:
    """`block(*operands, out, *scratch)` writes into `out` what the operator makes of a block.

    All are arrays of one length, but for numbers, which `prepare` has seen once for the whole image, with None for each
    image. `scratch` counts the arrays of 4 bytes an element that the function writes to besides. `factors` are the
    positions of masks that it takes as 0 and 1 of 4 bytes. With `in_place`, an operand may be `out` itself, as it may
    for every ufunc.
    """

    block: Callable[..., Any]
    scratch: int = 0
    prepare: Callable[..., tuple[Any, ...]] = singles
    factors: tuple[int, ...] = ()
    in_place: bool = False


@dataclass(frozen=True, slots=True)
class Reduction:
    """`part(*blocks)` for each block of `blocks.BLOCK` voxels, and `whole` of these, in the order of the blocks."""

    part: Callable[..., Any]
    whole: Callable[[Sequence[Any]], float]


def pointwise(
    block: Callable[..., Any],
    *,
    scratch: int = 0,
    prepare: Callable[..., tuple[Any, ...]] = singles,
    factors: tuple[int, ...] = (),
    in_place: bool = False,
) -> Callable[[Function], Function]:
    """Mark a kernel as pointwise: see `Pointwise`."""
    fusion = Pointwise(block, scratch, prepare, factors, in_place or isinstance(block, np.ufunc))
    return lambda function: _marked(function, fusion)


def reduction(part: Callable[..., Any], whole: Callable[[Sequence[Any]], float]) -> Callable[[Function], Function]:
    """Mark a kernel as a reduction: see `Reduction`."""
    return lambda function: _marked(function, Reduction(part, whole))


def fusion_of(function: Callable[..., Any]) -> Pointwise | Reduction | None:
    """What a kernel was marked with; None if it can not be fused."""
    found = getattr(function, "fusion", None)
    assert found is None or isinstance(found, (Pointwise, Reduction))
    return found


def _marked(function: Function, fusion: Pointwise | Reduction) -> Function:
    function.__dict__["fusion"] = fusion
    return function
