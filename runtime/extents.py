"""How large results will be, found from the headers of files before anything is computed.

An image takes its voxels times the bytes of one. Which file gives a step its grid is what `grids` knows; what its
voxels are, the annotations of its kernel say. What is not known (the result of a resampling, a file that cannot be
read) is taken to be as large as the largest image that is known.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from vlc_runtime.digest import Digest
from vlc_runtime.grids import READERS, Grids, Origin, keeps_grid
from vlc_runtime.image_formats import NIFTI_EXTENSIONS, extension_of
from vlc_runtime.kernels.simpleitk_table import functions
from vlc_runtime.operator import Operator
from vlc_runtime.pixel_types import bytes_of, pixel_type_named, result_type
from vlc_runtime.steps import Known, Step
from vlc_runtime.volume import Geometry

IMAGES = frozenset({"NumberImage", "BoolImage", "ColourImage", "AnyImage"})
"""What annotations of kernels call their images."""
ONE_COMPONENT = frozenset({"VectorIndexSelectionCast", "VectorMagnitude"})


@dataclass(frozen=True, slots=True)
class Extent:
    """What a result takes. `geometry` is None for an image of a size that is not known, and of what is no image.

    `pixel_type` is numpy's name of a component's type, '' for what is no image. `in_simpleitk`: the voxels are those of
    an image of SimpleITK, whose functions take them as they are; other voxels are copied for them. `same_as` is the key
    of the step whose result it is as well: nothing new is made.
    """

    geometry: Geometry | None = None
    pixel_type: str = ""
    components: int = 1
    in_simpleitk: bool = False
    same_as: Digest | None = None

    @property
    def is_image(self) -> bool:
        return bool(self.pixel_type)

    @property
    def voxel(self) -> int:
        """Bytes of one voxel."""
        return self.components * bytes_of(self.pixel_type) if self.pixel_type else 0


_SCALAR = -1
NOTHING = Extent()
"""The extent of a scalar, a string, a list of them: not worth counting."""


class Extents:
    """Tells the extents of steps. Linear in the number of steps that are asked about and in what they are made of."""

    def __init__(self, grids: Grids) -> None:
        self._grids = grids
        self._found: dict[Digest, Extent] = {}
        self._kinds: dict[tuple[object, ...], int] = {}
        self._kind_of: dict[Digest, int] = {}
        self._largest: Geometry | None = None

    def look_at(self, steps: Iterable[Step]) -> None:
        """Find the extents of these steps, and of all below them. What is not known needs the largest of them all."""
        for step in steps:
            self._find(step)

    def of(self, step: Step) -> Extent:
        """The extent of a step that was looked at, or gives a scalar; no voxels in it when no image at all is known."""
        extent = self._found[step.key] if not step.operator.gives_scalar else NOTHING
        if extent.is_image and extent.geometry is None and self._largest is not None:
            return replace(extent, geometry=self._largest)
        return extent

    def kind(self, step: Step) -> int:
        """The same number for steps whose results take the same and have the same voxels."""
        return self._kind_of[step.key] if not step.operator.gives_scalar else _SCALAR

    def reading_bytes(self, step: Step) -> int:
        """The bytes that a step takes while it reads a file, beyond the image it gives; 0 if it reads none.

        The file as it is on the disk, if it is compressed; and the voxels as they are there, if they are not those of
        the image.
        """
        path = _path_of(step) if step.operator.identifier in READERS else None
        if path is None:
            return 0
        header = self._grids.header(Origin(step.operator.identifier, path))
        if header is None:
            return self.bytes_of(step)
        pixel_type = pixel_type_named(header.pixel_type)
        voxels = header.geometry.voxels * header.components * bytes_of(pixel_type)
        nifti = header.nifti
        scaled = nifti is not None and nifti.compressed and not nifti.plain
        converted = step.operator.identifier == "vox1.load" and pixel_type != "float32"
        file = 0 if nifti is not None and not nifti.compressed else min(voxels, _size_of_file(path))
        return file + voxels * (scaled + converted)

    def same_as(self, step: Step) -> Digest | None:
        """The step whose result this one's is, if it makes nothing new."""
        return self._found[step.key].same_as

    def bytes_of(self, step: Step) -> int:
        """The bytes of a step's result; 0 if it is that of another step."""
        extent = self.of(step)
        return 0 if extent.same_as is not None else voxels_of(extent) * extent.voxel

    def _find(self, step: Step) -> None:
        pending = [step]
        while pending:
            each = pending[-1]
            if each.key in self._found:
                pending.pop()
                continue
            inputs = images_of(each)
            missing = [source for source in inputs if source.key not in self._found]
            if missing:
                pending.extend(missing)
                continue
            given = [(source, self._found[source.key]) for source in inputs]
            found = self._found[each.key] = self._extent(each, [pair for pair in given if pair[1].is_image])
            # a geometry lives as long as the extent, and files of one header have one
            kind = (id(found.geometry), found.pixel_type, found.components, found.in_simpleitk)
            self._kind_of[each.key] = self._kinds.setdefault(kind, len(self._kinds))
            if found.geometry is not None and voxels_of(found) > voxels_of(Extent(self._largest)):
                self._largest = found.geometry
            pending.pop()

    def _extent(self, step: Step, given: list[tuple[Step, Extent]]) -> Extent:
        operator = step.operator
        if operator.gives_scalar:
            return NOTHING
        if operator.identifier in READERS:
            return self._read(step)
        if operator.identifier.startswith("simpleitk."):
            return _of_simpleitk(step, [extent for _, extent in given])
        if operator.identifier == "vox1.extract":
            return _extracted(step, given)
        if operator.identifier == "vox1.intensity" and given and _is_numbers(given[0][1]):
            return replace(given[0][1], same_as=given[0][0].key)
        if operator.gives_image:
            return _of_kernel(operator, [extent for _, extent in given])
        if operator.identifier == "default.index" and given:
            return replace(given[0][1], same_as=given[0][0].key)
        return NOTHING

    def _read(self, step: Step) -> Extent:
        path = _path_of(step)
        to_numbers = step.operator.identifier == "vox1.load"
        # the voxels of NIfTI files are read without SimpleITK, unless they are scaled
        in_simpleitk = not to_numbers and (path is None or extension_of(path) not in NIFTI_EXTENSIONS)
        header = self._grids.header(Origin(step.operator.identifier, path)) if path is not None else None
        if header is None:
            return Extent(None, "float32", in_simpleitk=in_simpleitk)
        pixel_type = "float32" if to_numbers else pixel_type_named(header.pixel_type)
        return Extent(header.geometry, pixel_type, header.components, in_simpleitk=in_simpleitk)


def _path_of(step: Step) -> str | None:
    """The file that a step reads, if it is one."""
    path = step.inputs[0] if step.inputs else None
    return path.value if isinstance(path, Known) and isinstance(path.value, str) else None


def _size_of_file(path: str) -> int:
    """Up to an eighth more than the bytes of a file, so that scans of about one size count as equal."""
    try:
        size = Path(path).stat().st_size
    except OSError:
        return 0
    grain = 1 << max(0, size.bit_length() - 4)
    return -(-size // grain) * grain


def images_of(step: Step) -> list[Step]:
    """The steps whose results a step is given and that may be images, each once."""
    return list(dict.fromkeys([source for source in step.sources if not source.operator.gives_scalar]))


def voxels_of(extent: Extent) -> int:
    return extent.geometry.voxels if extent.geometry is not None else 0


def _is_numbers(extent: Extent) -> bool:
    return extent.pixel_type == "float32" and extent.components == 1


def _of_kernel(operator: Operator, given: list[Extent]) -> Extent:
    """The image that a kernel says it gives; on the grid of the first that it is given, if it keeps grids."""
    geometry = given[0].geometry if given and keeps_grid(operator) else None
    match operator.function.__annotations__["return"]:
        case "BoolImage":
            return Extent(geometry, "bool")
        case "ColourImage":
            return Extent(geometry, "float32", max(3, len(given)))
        case "NumberImage":
            return Extent(geometry, "float32")
    return Extent(geometry, given[0].pixel_type if given else "float32", given[0].components if given else 1)


def _of_simpleitk(step: Step, given: list[Extent]) -> Extent:
    name = step.operator.name
    if functions()[name].result != "image":
        return NOTHING
    first = given[0] if given else Extent(None, "float32")
    pixel_type = result_type(name, first.pixel_type, [each.value for each in step.inputs if isinstance(each, Known)])
    geometry = first.geometry if keeps_grid(step.operator) else None
    components = 1 if name in ONE_COMPONENT else max(1, len(given)) if name == "Compose" else first.components
    return Extent(geometry, pixel_type, components, in_simpleitk=True)


def _extracted(step: Step, given: list[tuple[Step, Extent]]) -> Extent:
    """The box of `extract`: an axis of size 0 is dropped. Its place does not matter here, only how large it is."""
    size: Any = step.inputs[1].value if len(step.inputs) > 1 and isinstance(step.inputs[1], Known) else None
    first = given[0][1] if given else Extent(None, "float32")
    if not isinstance(size, list) or not all(isinstance(extent, (int, float)) for extent in size):
        return replace(first, in_simpleitk=False)
    axes = [int(extent) for extent in size[: first.geometry.dimension if first.geometry is not None else 3]]
    if any(extent < 0 for extent in axes) or not any(axes):
        return replace(first, in_simpleitk=False)
    return replace(first, geometry=Geometry.of_size(*(extent for extent in axes if extent)), in_simpleitk=False)
