"""Several operators as one, which computes them in one pass over its images."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from vlc_runtime.digest import Digest
from vlc_runtime.errors import FusedFailure, KernelError, RuntimeFailure
from vlc_runtime.kernels.algorithms.block_program import BlockProgram, BlockStep, Register
from vlc_runtime.kernels.algorithms.voxel_blocks import to_bools, to_factors, to_numbers
from vlc_runtime.node import Scalar
from vlc_runtime.operator import Operator, as_double
from vlc_runtime.pointwise import Pointwise, Reduction, fusion_of
from vlc_runtime.steps import key_of_value
from vlc_runtime.volume import Geometry, Volume, grid_mismatch

_CONVERSIONS: dict[type[np.generic], Pointwise] = {
    np.float32: Pointwise(to_numbers),
    np.bool_: Pointwise(to_bools),
    np.uint32: Pointwise(to_factors),
}
_DTYPES: dict[str, type[np.generic]] = {"BoolImage": np.bool_, "NumberImage": np.float32}


@dataclass(frozen=True, slots=True)
class Constant:
    """A number written in the script."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Instruction:
    """An operator; its operands are registers, which count the arguments and then the instructions, and constants."""

    operator: Operator
    operands: tuple[int | Constant, ...]


class FusedOperator(Operator):
    """Pointwise operators, of which the last is the result or is reduced to a scalar.

    The result, and its key, is the one that the operators have one after the other. So are the failures.
    """

    __slots__ = ("inputs", "instructions")

    def __init__(self, inputs: int, instructions: tuple[Instruction, ...]) -> None:
        root = instructions[-1].operator
        super().__init__(
            root.function,
            namespace=root.identifier.partition(".")[0],
            version=root.version,
            cost=root.cost,
            name=root.name,
            reads=(),
            effect=False,
            one_grid=True,
        )
        self.inputs = inputs
        self.instructions = instructions
        numbers = {
            instruction.operands[position]
            for instruction in instructions
            for position in instruction.operator.numbers
            if position < len(instruction.operands)
        }
        self.numbers = tuple(register for register in range(inputs) if register in numbers)

    def key(self, keys: Sequence[Digest]) -> Digest:
        """The key that the last operator's result has by itself."""
        known = list(keys)
        for each in self.instructions:
            operands = [
                known[operand] if isinstance(operand, int) else key_of_value(as_double(operand.value))
                for operand in each.operands
            ]
            known.append(each.operator.key(operands))
        return known[-1]

    def compute(self, *arguments: Any) -> Any:
        """The result. Raises FusedFailure with the instruction that failed."""
        binding = _Binding(self, arguments)
        for number, instruction in enumerate(self.instructions):
            try:
                binding.bind(instruction)
            except RuntimeFailure as problem:
                raise FusedFailure(problem, number, binding.operands(instruction)) from problem
        try:
            return binding.run()
        except KernelError as problem:
            last = len(self.instructions) - 1
            raise FusedFailure(problem, last, binding.operands(self.instructions[last])) from problem

    def __reduce__(self) -> tuple[Any, ...]:
        return FusedOperator, (self.inputs, self.instructions)

    def __repr__(self) -> str:
        return f"<fused {', '.join(each.operator.identifier for each in self.instructions)}>"


@dataclass(frozen=True, slots=True)
class _Image:
    """What is known of an image that is never made: where its blocks are, and what it would be."""

    register: Register
    dtype: np.dtype[Any]
    geometry: Geometry
    components: int
    source: str

    def empty(self) -> Volume:
        """An image of its kind without voxels."""
        shape = (0, self.components) if self.components > 1 else (0,)
        return Volume(np.empty(shape, self.dtype), Geometry.of_size(0), self.components)

    def shape_only(self) -> Volume:
        """An image of its kind and size that takes no memory, for messages."""
        shape = self.geometry.shape + ((self.components,) if self.components > 1 else ())
        return Volume(np.broadcast_to(np.zeros((), self.dtype), shape), self.geometry, self.components, self.source)


class _Binding:
    """Arguments bound to the instructions, one after the other: a program for blocks."""

    def __init__(self, fused: FusedOperator, arguments: Sequence[Any]) -> None:
        self._arrays: list[Any] = []
        self._steps: list[BlockStep] = []
        self._values: list[Any] = []
        self._converted: dict[tuple[Register, type[np.generic]], Register] = {}
        self._inputs = sum(isinstance(argument, Volume) for argument in arguments)
        for argument in arguments:
            if not isinstance(argument, Volume):
                self._values.append(argument)
                continue
            image = np.ascontiguousarray(argument.array)
            register = Register(len(self._arrays))
            self._arrays.append(image.reshape(-1) if argument.components == 1 else image)
            self._values.append(
                _Image(register, image.dtype, argument.geometry, argument.components, argument.source or "")
            )
        self._reduction: Reduction | None = None
        self._reduced: tuple[Any, ...] = ()

    def operands(self, instruction: Instruction) -> list[Any]:
        """What an instruction is given, for messages."""
        given = [self._value(operand) for operand in instruction.operands]
        return [each.shape_only() if isinstance(each, _Image) else each for each in given]

    def bind(self, instruction: Instruction) -> None:
        """Add an instruction. Raises what its operator would raise for these operands."""
        given = [self._value(operand) for operand in instruction.operands]
        images = [each for each in given if isinstance(each, _Image)]
        mismatch = grid_mismatch([(image.geometry, image.source or "computed") for image in images])
        if mismatch is not None:
            raise mismatch
        converted = instruction.operator.converted(
            [each.empty() if isinstance(each, _Image) else each for each in given]
        )
        fusion = fusion_of(instruction.operator.function)
        operands = [
            self._as(each.register, each.dtype.type, wanted.array.dtype.type) if isinstance(each, _Image) else wanted
            for each, wanted in zip(given, converted, strict=True)
        ]
        if isinstance(fusion, Reduction):
            self._reduction, self._reduced = fusion, tuple(operands)
            self._values.append(None)
            return
        assert fusion is not None
        prepared = fusion.prepare(*(None if isinstance(each, Register) else each for each in operands))
        dtype = _DTYPES[instruction.operator.function.__annotations__["return"]]
        operands = [
            self._as(each, np.bool_, np.uint32) if place in fusion.factors else each
            for place, each in enumerate(operands)
        ]
        read = tuple(each if isinstance(each, Register) else new for each, new in zip(operands, prepared, strict=True))
        register = self._add(BlockStep(fusion, read, dtype))
        first = images[0]
        self._values.append(_Image(register, np.dtype(dtype), first.geometry, 1, ""))

    def run(self) -> Any:
        """The result of the last instruction."""
        images = [each for each in self._values if isinstance(each, _Image)]
        program = BlockProgram(self._inputs, tuple(self._steps), self._reduction, self._reduced)
        result = program.run(self._arrays, images[0].geometry.voxels)
        if self._reduction is not None:
            return result
        geometry = images[-1].geometry
        return Volume(result.reshape(geometry.shape), geometry)

    def _value(self, operand: int | Constant) -> Any:
        return self._values[operand] if isinstance(operand, int) else as_double(operand.value)

    def _as(self, register: Register, dtype: type[np.generic], wanted: type[np.generic]) -> Register:
        """The register with the same voxels in another type; each is converted once."""
        if dtype is wanted:
            return register
        known = self._converted.get((register, wanted))
        if known is None:
            known = self._add(BlockStep(_CONVERSIONS[wanted], (register,), wanted))
            self._converted[register, wanted] = known
        return known

    def _add(self, step: BlockStep) -> Register:
        self._steps.append(step)
        return Register(self._inputs + len(self._steps) - 1)
