"""The steps of a block program as one compiled loop over the voxels: no image, and no block, is made on the way.

Results are those of numpy in every byte; where two NaN meet, either may come out, as with numpy on one processor or
another. The text of the loop is written here, from the formulas below, and compiled by numba. The machine code is kept
beside the text in the user's cache folder, under the digest of the text; the text there is never read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms import voxel_blocks
from vlc_runtime.kernels.algorithms.blocks import STRIDE
from vlc_runtime.kernels.fast.compiling import compiled

if TYPE_CHECKING:
    from vlc_runtime.kernels.algorithms.block_program import BlockProgram, BlockStep

FORMULAS: dict[Callable[..., Any], str] = {
    np.add: "{a} + {b}",
    np.subtract: "{a} - {b}",
    np.multiply: "{a} * {b}",
    np.absolute: "abs({a})",
    np.equal: "{a} == {b}",
    np.not_equal: "{a} != {b}",
    np.less: "{a} < {b}",
    np.less_equal: "{a} <= {b}",
    np.greater: "{a} > {b}",
    np.greater_equal: "{a} >= {b}",
    np.logical_not: "not {a}",
    np.logical_and: "{a} & {b}",
    np.logical_or: "{a} | {b}",
    np.logical_xor: "{a} != {b}",
    voxel_blocks.divide: "LARGEST if abs({b}) <= ZERO_DENOMINATOR else {a} / {b}",
    voxel_blocks.between: "({c} >= {a}) & ({c} <= {b})",
    voxel_blocks.keep_inside: "{a} if {b} else ZERO",
    voxel_blocks.to_numbers: "float32({a})",
    voxel_blocks.to_bools: "{a} != 0",
    voxel_blocks.to_factors: "{a}",
}
"""What each function on blocks does to a voxel; the operands are a, b, c."""


class CompiledBlocks:
    """Does the steps of a program on blocks: the counterpart of what numpy does with buffers."""

    def __init__(
        self,
        loop: Callable[..., None],
        program: BlockProgram,
        inputs: Sequence[NDArray[Any]],
        result: NDArray[Any] | None,
    ) -> None:
        self._loop = loop
        self._inputs = inputs
        self._result = result
        self._reduced = program.reduced
        self._numbers = numbers_of(program.steps)
        self._made = {
            register: np.empty(STRIDE, program.steps[register - program.inputs].dtype)
            for register in made_registers(program)
            if result is None
        }

    def compute(self, block: slice) -> list[Any]:
        """Do the steps, and give what the reduction is given."""
        results = self._made.values() if self._result is None else [self._result[block]]
        self._loop(block.start, block.stop, *results, *self._inputs, *self._numbers)
        length = block.stop - block.start
        return [
            self._made[each.number][:length] if each.number in self._made else self._inputs[each.number][block]
            for each in self._reduced
        ]


def compiled_blocks(
    program: BlockProgram, inputs: Sequence[NDArray[Any]], result: NDArray[Any] | None
) -> CompiledBlocks | None:
    """A program compiled. None where there is no place for the machine code."""
    loop = _loop(loop_text(program.steps, program.inputs, made_registers(program)))
    return CompiledBlocks(loop, program, inputs, result) if loop is not None else None


def made_registers(program: BlockProgram) -> list[int]:
    """The registers whose values are wanted of each block: those that are reduced, or the last."""
    if program.reduction is None:
        return [program.inputs + len(program.steps) - 1]
    return [number for number in dict.fromkeys(each.number for each in program.reduced) if number >= program.inputs]


def numbers_of(steps: Sequence[BlockStep]) -> list[np.float32]:
    """The operands that are no registers, in the order in which the loop takes them."""
    return [each for step in steps for each in step.operands if not hasattr(each, "number")]


def loop_text(steps: Sequence[BlockStep], inputs: int, results: Sequence[int]) -> str:
    """The text of `loop(start, stop, *results, *inputs, *numbers)`, which goes over the voxels from start to stop, and
    writes the registers `results` of each from the beginning of an array on. The first registers are the inputs."""
    numbers = (f"n{number}" for number in range(len(numbers_of(steps))))
    lines = [f"        r{number} = i{number}[voxel]" for number in range(inputs)]
    for place, step in enumerate(steps):
        operands = [f"r{each.number}" if hasattr(each, "number") else next(numbers) for each in step.operands]
        formula = FORMULAS[step.fusion.block].format(**dict(zip("abc", operands, strict=False)))
        lines.append(f"        r{inputs + place} = {formula}")
    lines += [f"        o{place}[voxel - start] = r{register}" for place, register in enumerate(results)]
    parameters = [f"o{place}" for place in range(len(results))] + [f"i{number}" for number in range(inputs)]
    parameters += [f"n{number}" for number in range(len(numbers_of(steps)))]
    head = f"def loop(start, stop, {', '.join(parameters)}):\n    for voxel in range(start, stop):\n"
    return head + "\n".join(lines) + "\n"


@cache
def _loop(text: str) -> Callable[..., None] | None:
    path = _cache_folder() / f"{sha256(text.encode('ascii')).hexdigest()[:32]}.py"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():  # numba asks for the time of the file that a function is from
            path.write_text(text, "ascii")
    except OSError:
        return None
    names: dict[str, Any] = {
        "__name__": __name__,  # the module that numba imports when it takes machine code from the disk
        "float32": np.float32,
        "ZERO": np.float32(0),
        "LARGEST": np.finfo(np.float32).max,
        "ZERO_DENOMINATOR": voxel_blocks.ZERO_DENOMINATOR_BITS.view(np.float32),
    }
    exec(compile(text, str(path), "exec"), names)
    loop: Callable[..., None] = compiled(names["loop"])
    return loop


def _cache_folder() -> Path:
    """Where this user's programs keep what they can make again."""
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "vlc_runtime"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vlc_runtime"
