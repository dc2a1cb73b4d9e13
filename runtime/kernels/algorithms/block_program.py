"""Several voxelwise operations in one pass over memory: all of them on one block of voxels, then on the next.

What passes from one operation to the next stays in the processor's cache, and never takes the memory of an image. Idle
workers take pieces of many blocks, each with buffers of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.blocks import PIECE, STRIDE, blocks
from vlc_runtime.kernels.fast import worth_while
from vlc_runtime.pointwise import Pointwise, Reduction
from vlc_runtime.shared_work import map_pieces

LEAST_COMPILED = 1 << 22
"""Steps, each of one voxel, that are worth compiled code where it is at hand: milliseconds."""
STEPS_OF_ONE = 3
"""Steps of one voxel that take numpy as long as what `worth_while` counts."""
_BYTES_OF_STEP = 8
"""Bytes that the buffers of a step have for a voxel, at most."""


@dataclass(frozen=True, slots=True)
class Register:
    """An input of the program, or the result of one of its steps, counted after the inputs."""

    number: int


@dataclass(frozen=True, slots=True)
class BlockStep:
    """An operation on a block: operands are registers, or numbers as the operation takes them."""

    fusion: Pointwise
    operands: tuple[Any, ...]
    dtype: type[np.generic]


@dataclass(frozen=True, slots=True)
class BlockProgram:
    """The steps, each after those that it uses. `reduction` makes a scalar of `reduced`; without, the last step is the
    result."""

    inputs: int
    steps: tuple[BlockStep, ...]
    reduction: Reduction | None = None
    reduced: tuple[Any, ...] = ()

    def run(self, inputs: Sequence[NDArray[Any]], size: int) -> Any:
        """The result for inputs of one dimension and this size: an array of that size, or a scalar."""
        result = None if self.reduction is not None else np.empty((size,), self.steps[-1].dtype)
        # asked for here once, so that no two workers write the text of one loop
        compiled = self._is_worth_compiling(size) and self._compiled(inputs, result) is not None

        def compute(piece: slice) -> list[Any]:
            return self._parts(inputs, result, piece, compiled)

        pieces = list(blocks(size, PIECE)) if size else [slice(0, 0)]
        parts = map_pieces(compute, pieces, scratch=_BYTES_OF_STEP * STRIDE * len(self.steps))
        return self.reduction.whole(list(chain.from_iterable(parts))) if self.reduction is not None else result

    def _parts(
        self, inputs: Sequence[NDArray[Any]], result: NDArray[Any] | None, piece: slice, compiled: bool
    ) -> list[Any]:
        """Do the steps on a piece; what the reduction makes of each of its blocks."""
        computing = (self._compiled(inputs, result) if compiled else None) or _Buffers(self, inputs, result)
        parts: list[Any] = []
        with np.errstate(all="ignore"):
            for stride in blocks(piece.stop, STRIDE, piece.start) if piece.stop else (piece,):
                reduced = computing.compute(stride)
                if self.reduction is not None:
                    length = stride.stop - stride.start
                    for block in blocks(length) if length else (slice(0, 0),):
                        parts.append(self.reduction.part(*(array[block] for array in reduced)))
        return parts

    def _is_worth_compiling(self, size: int) -> bool:
        work = size * len(self.steps)
        return work >= LEAST_COMPILED and worth_while(work // STEPS_OF_ONE)

    def _compiled(self, inputs: Sequence[NDArray[Any]], result: NDArray[Any] | None) -> _Computing | None:
        from vlc_runtime.kernels.fast.block_program import compiled_blocks

        return compiled_blocks(self, inputs, result)


class _Computing(Protocol):
    """What does the steps on a block, and gives what the reduction is given of it."""

    def compute(self, block: slice) -> list[Any]: ...


class _Buffers:
    """An array for each value that waits for its last use, of the length of what is computed at a time."""

    def __init__(self, program: BlockProgram, inputs: Sequence[NDArray[Any]], result: NDArray[Any] | None) -> None:
        self._program = program
        self._inputs = inputs
        self._result = result
        self._places = _places(program, result is not None)
        self._memory: dict[tuple[type[np.generic], int], NDArray[Any]] = {
            place: np.empty(STRIDE, place[0]) for place in set(self._places.values())
        }
        most = max((step.fusion.scratch for step in program.steps), default=0)
        self._scratch = [np.empty(STRIDE, np.uint32) for _ in range(most)]

    def compute(self, block: slice) -> list[Any]:
        """Do the steps, and give what the reduction is given."""
        length = block.stop - block.start
        arrays = self._arrays(block)
        scratch = [each[:length] for each in self._scratch]
        for number, step in enumerate(self._program.steps):
            operands = [arrays[each.number] if type(each) is Register else each for each in step.operands]
            step.fusion.block(*operands, arrays[self._program.inputs + number], *scratch[: step.fusion.scratch])
        return [arrays[each.number] if type(each) is Register else each for each in self._program.reduced]

    def _arrays(self, block: slice) -> list[NDArray[Any]]:
        length = block.stop - block.start
        arrays = [each[block] for each in self._inputs]
        first, count = self._program.inputs, len(self._program.steps)
        for register in range(first, first + count):
            if register in self._places:
                arrays.append(self._memory[self._places[register]][:length])
            else:
                assert self._result is not None
                arrays.append(self._result[block])
        return arrays


def _places(program: BlockProgram, writes: bool) -> dict[int, tuple[type[np.generic], int]]:
    """The array that each step writes its result to, by type and number; none for the last one if it `writes` the
    program's result. An array is written again after the last use of what was in it."""
    last: dict[int, int] = {}
    for number, step in enumerate(program.steps):
        for each in step.operands:
            if type(each) is Register:
                last[each.number] = number
    for each in program.reduced:
        if type(each) is Register:
            last[each.number] = len(program.steps)
    places: dict[int, tuple[type[np.generic], int]] = {}
    free: dict[type[np.generic], list[int]] = {}
    counts: dict[type[np.generic], int] = {}
    for number, step in enumerate(program.steps):
        ending = {each.number for each in step.operands if type(each) is Register and last[each.number] == number}
        ended = [places[register] for register in sorted(ending) if register in places]
        in_place = step.fusion.in_place
        if in_place:
            for dtype, index in ended:
                free.setdefault(dtype, []).append(index)
        if not (writes and number == len(program.steps) - 1):
            idle = free.setdefault(step.dtype, [])
            if not idle:
                idle.append(counts.get(step.dtype, 0))
                counts[step.dtype] = counts.get(step.dtype, 0) + 1
            places[program.inputs + number] = (step.dtype, idle.pop())
        if not in_place:
            for dtype, index in ended:
                free.setdefault(dtype, []).append(index)
    return places
