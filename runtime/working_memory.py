"""What computing a step takes for a while, beyond what it is given and what it gives."""

from __future__ import annotations

from functools import cache
from math import prod

from vlc_runtime.extents import Extent, Extents, images_of, voxels_of
from vlc_runtime.fused_operator import FusedOperator
from vlc_runtime.goal_operators import saved
from vlc_runtime.grids import READERS
from vlc_runtime.kernels.simpleitk_scratch import PADDED_TO_BOTH
from vlc_runtime.kernels.simpleitk_traits import NEEDS_ITS_OWN_IMAGE
from vlc_runtime.operator import Operator
from vlc_runtime.pixel_types import bytes_of
from vlc_runtime.radii import of_complement, radius_of
from vlc_runtime.steps import Items, Step, Value, leaves_of

DISTANCE_MAP = 9.5
"""Bytes a voxel of a distance map, and of what it takes to make one."""
_WANTED_TYPES = {"NumberImage": "float32", "ColourImage": "float32", "BoolImage": "bool"}


class WorkingMemory:
    """Tells what steps take. It is found once for all steps of one operator that are given images of one kind."""

    def __init__(self, extents: Extents) -> None:
        self._extents = extents
        self._found: dict[tuple[object, ...], int] = {}

    def of(self, step: Step) -> int:
        """Bytes that a step takes while it is computed: copies of its arguments in the type or the library that its
        kernel works with, and the scratch that the kernel declares."""
        if step.operator.gives_scalar and not step.operator.scratch and not images_of(step):
            return 0
        if step.operator.identifier in READERS:
            return self._extents.reading_bytes(step)
        kind = (step.operator, radius_of(step), self._extents.kind(step), *map(self._kind, step.inputs))
        found = self._found.get(kind)
        if found is None:
            found = self._found[kind] = _working_memory(step, self._extents)
        return found

    def _kind(self, operand: Value) -> object:
        if isinstance(operand, Step):
            return self._extents.kind(operand)
        return tuple(map(self._kind, operand.values)) if isinstance(operand, Items) else None


def _working_memory(step: Step, extents: Extents) -> int:
    return int(_scratch(step, extents) * _voxels(step, extents)) + _copies(step, extents)


def _voxels(step: Step, extents: Extents) -> int:
    """Those of the greatest image that a step is given, or of the grid on which it computes."""
    if _is_of_simpleitk(step.operator) and step.operator.name in PADDED_TO_BOTH:
        return _voxels_of_both(step, extents)
    return max((voxels_of(extents.of(source)) for source in images_of(step)), default=voxels_of(extents.of(step)))


def _voxels_of_both(step: Step, extents: Extents) -> int:
    """Those of a grid that is as long along each axis as the first two arguments together."""
    given = [extents.of(source).geometry for source in step.inputs[:2] if isinstance(source, Step)]
    sizes = [geometry.size for geometry in given if geometry is not None]
    return prod(map(sum, zip(*sizes, strict=False))) if sizes else 0


def _scratch(step: Step, extents: Extents) -> float:
    """Bytes a voxel. A comparison of distances with a great radius builds the map after all."""
    radius = radius_of(step)
    if radius is not None:
        images = images_of(step)
        geometry = extents.of(images[0]).geometry if images else None
        if geometry is not None:
            from vlc_runtime.kernels.algorithms.bounded_distance import builds_map

            if builds_map(geometry.shape, radius, geometry.spacing):
                return DISTANCE_MAP + of_complement(step)
    return step.operator.scratch


def _copies(step: Step, extents: Extents) -> int:
    """Bytes of the copies of the images that a step is given."""
    if _is_of_simpleitk(step.operator):
        private = step.operator.name in NEEDS_ITS_OWN_IMAGE
        given = [extents.of(source) for source in images_of(step)]
        copied = [extent for extent in given if extent.is_image and (private or not extent.in_simpleitk)]
        return sum(voxels_of(extent) * extent.voxel for extent in copied)
    total = 0
    wanted = _annotations(step.operator)
    for position, operand in enumerate(step.inputs):
        pixel_type = _WANTED_TYPES.get(wanted[min(position, len(wanted) - 1)]) if wanted else None
        leaves = leaves_of(operand) if isinstance(operand, Items) else [operand]
        for leaf in leaves if pixel_type is not None else ():
            if isinstance(leaf, Step):
                total += _copy(extents.of(leaf), pixel_type or "")
    return total


def _copy(extent: Extent, pixel_type: str) -> int:
    """Bytes of an image's copy in this type; 0 if it has the type."""
    if not extent.is_image or extent.pixel_type == pixel_type:
        return 0
    return voxels_of(extent) * extent.components * bytes_of(pixel_type)


def _is_of_simpleitk(operator: Operator) -> bool:
    return operator is saved or operator.identifier.startswith("simpleitk.")


@cache
def _annotations(operator: Operator) -> tuple[str, ...]:
    """What a kernel says of its arguments, the items of a sequence for the sequence; the last counts for the rest.

    Operators that are computed together convert a block at a time."""
    if isinstance(operator, FusedOperator):
        return ()
    named = operator.function.__annotations__
    return tuple(
        text.removeprefix("list[").removesuffix("]")
        for name, text in named.items()
        if name != "return" and isinstance(text, str)
    )
