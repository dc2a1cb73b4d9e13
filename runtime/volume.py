"""An image: voxels in a numpy array, and the grid in space on which they lie."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.errors import GeometryMismatch, KernelError

GEOMETRY_TOLERANCE = 1e-6


@dataclass(frozen=True, slots=True)
class Geometry:
    """The grid of an image of dimension d.

    `size` counts voxels along each axis, x first; `spacing` (mm) and `origin` (mm) have d entries; `direction` is the
    d x d matrix of axis directions, row after row.
    """

    size: tuple[int, ...]
    spacing: tuple[float, ...]
    origin: tuple[float, ...]
    direction: tuple[float, ...]

    @property
    def dimension(self) -> int:
        return len(self.size)

    @property
    def shape(self) -> tuple[int, ...]:
        """The shape of the numpy array: the axes of `size` reversed, so that x varies fastest."""
        return self.size[::-1]

    @property
    def voxels(self) -> int:
        count = 1
        for extent in self.size:
            count *= extent
        return count

    @staticmethod
    def of_size(*size: int) -> Geometry:
        """The grid of this size with unit spacing, origin zero and identity direction."""
        d = len(size)
        identity = tuple(float(row == column) for row in range(d) for column in range(d))
        return Geometry(tuple(size), (1.0,) * d, (0.0,) * d, identity)

    def difference(self, other: Geometry) -> str:
        """Say how `other` differs, or nothing: equal size; origin and spacing within 1e-6 of the spacing;
        direction within 1e-6. This is the tolerance of ITK's image filters."""
        if self.size != other.size:
            return f"size {_times(self.size)} against {_times(other.size)}"
        scale = abs(self.spacing[0]) * GEOMETRY_TOLERANCE
        if not _near(self.spacing, other.spacing, scale):
            return f"spacing {_against(_times, self.spacing, other.spacing, ' mm')}"
        if not _near(self.origin, other.origin, scale):
            return f"origin {_against(_list, self.origin, other.origin, ' mm')}"
        if not _near(self.direction, other.direction, GEOMETRY_TOLERANCE):
            return f"direction {_against(_list, self.direction, other.direction)}"
        return ""

    def __str__(self) -> str:
        return f"{_times(self.size)} voxels, spacing {_times(self.spacing)} mm, origin {_list(self.origin)} mm"


def _near(left: tuple[float, ...], right: tuple[float, ...], tolerance: float) -> bool:
    return all(abs(a - b) <= tolerance for a, b in zip(left, right, strict=True))


_Numbers = tuple[float, ...]


def _against(show: Callable[..., str], left: _Numbers, right: _Numbers, unit: str = "") -> str:
    """Both, with as many digits as tell them apart."""
    digits = next((some for some in (7, 12) if show(left, some) != show(right, some)), 17)
    return f"{show(left, digits)}{unit} against {show(right, digits)}{unit}"


def _times(values: _Numbers, digits: int = 7) -> str:
    return " x ".join(f"{value:.{digits}g}" for value in values)


def _list(values: _Numbers, digits: int = 7) -> str:
    return "(" + ", ".join(f"{value + 0.0:.{digits}g}" for value in values) + ")"  # -0 is shown as 0


class Volume:
    """An image. Immutable: the array is read-only, since values are shared between tasks.

    `array` has the shape `geometry.shape`, with one more axis at the end when there are `components` > 1 (colour).
    Images of bools have dtype bool, images of numbers float32; what SimpleITK returns keeps its own dtype until an
    operator asks for numbers or bools. `source`, when known, is the file the image came from: error messages name it.
    """

    __slots__ = ("_keep_alive", "array", "components", "geometry", "source")

    array: NDArray[Any]
    geometry: Geometry
    components: int
    source: str

    def __init__(
        self,
        array: NDArray[Any],
        geometry: Geometry,
        components: int = 1,
        source: str = "",
        keep_alive: object = None,
    ) -> None:
        expected = geometry.shape + ((components,) if components > 1 else ())
        if array.shape != expected:
            raise ValueError(f"array of shape {array.shape} on a grid of shape {expected}")
        if array.flags.writeable:
            array = array.view()
            array.flags.writeable = False
        self.array = array
        self.geometry = geometry
        self.components = components
        self.source = source
        # the SimpleITK image whose buffer the array views: it must not die first
        self._keep_alive = keep_alive

    def like(self, array: NDArray[Any]) -> Volume:
        """An image on this image's grid. An array with one axis more than the grid holds the components of colours."""
        colours = array.ndim > self.geometry.dimension
        return Volume(array, self.geometry, array.shape[-1] if colours else 1)

    @property
    def nbytes(self) -> int:
        return int(self.array.nbytes)

    @property
    def kind(self) -> str:
        """`bool`, `number` or `colour`."""
        if self.components > 1:
            return "colour"
        return "bool" if self.array.dtype == np.bool_ else "number"

    def __repr__(self) -> str:
        return f"<Volume {_times(self.geometry.size)} {self.array.dtype} x{self.components}>"

    def __reduce__(self) -> tuple[Any, ...]:
        return Volume, (np.ascontiguousarray(self.array), self.geometry, self.components, self.source)


# What the annotations of kernels say. The compiler reads them as kinds; the runtime converts arguments by them.
NumberImage: TypeAlias = Volume
"""An image of numbers: the kernel gets float32 voxels."""
BoolImage: TypeAlias = Volume
"""An image of bools (a mask, a region): the kernel gets voxels of dtype bool."""
ColourImage: TypeAlias = Volume
"""An image of 3 or 4 components: the kernel gets float32 voxels."""
AnyImage: TypeAlias = Volume
"""An image of any kind, as it is."""
Like: TypeAlias = Volume
"""Not an argument in the language: an image that gives the grid of the result, inferred by the compiler."""
Counts: TypeAlias = "dict[str, object]"
"""A record of how many voxels have each value: see kernels/vox1/counts.py."""
RankHistogram: TypeAlias = "dict[str, object]"
"""A record of how many voxels of a mask there are up to each value: see kernels/vox1/ranks.py."""


def row_of(values: NDArray[Any]) -> Volume:
    """Numbers as an image of one dimension: so records hold them."""
    flat = np.ascontiguousarray(values).reshape(-1)
    return Volume(flat, Geometry.of_size(flat.size))


def as_numbers(image: Volume) -> Volume:
    """The image with float32 voxels; true counts as 1 and false as 0. Colour images are an error."""
    if image.components > 1:
        raise KernelError(
            f"an image of {image.components} components stands where an image of numbers is wanted",
            "take intensity, red, green or blue of it",
        )
    if image.array.dtype == np.float32:
        return image
    return Volume(image.array.astype(np.float32), image.geometry, 1, image.source)


def as_bools(image: Volume) -> Volume:
    """The image with bool voxels: of integer voxels the nonzero ones are true. Float and colour images are an error."""
    if image.components > 1:
        raise KernelError(
            f"an image of {image.components} components stands where an image of bools is wanted",
            "compare one of its components with a number",
        )
    if image.array.dtype == np.bool_:
        return image
    if image.array.dtype.kind == "f":
        raise KernelError(
            "an image of numbers stands where an image of bools is wanted",
            "compare it with a number, as in `image > 0`",
        )
    return Volume(image.array != 0, image.geometry, 1, image.source)


def as_colour(image: Volume) -> Volume:
    """The image with float32 voxels, whatever its number of components."""
    if image.array.dtype == np.float32:
        return image
    return Volume(image.array.astype(np.float32), image.geometry, image.components, image.source)


def require_one_grid(images: list[Volume]) -> None:
    """Raise GeometryMismatch unless all images lie on the grid of the first."""
    first = images[0].geometry
    if all(image.geometry is first for image in images):
        return
    mismatch = grid_mismatch([(image.geometry, image.source or "computed") for image in images])
    if mismatch is not None:
        raise mismatch


def grid_mismatch(images: Sequence[tuple[Geometry, str]]) -> GeometryMismatch | None:
    """The error that images are that do not all lie on the grid of the first; each with what it is called."""
    for geometry, name in images[1:]:
        first, first_name = images[0]
        difference = first.difference(geometry)
        if difference:
            return GeometryMismatch(
                f"images on different grids meet: {difference}; "
                f"one is {first_name} ({first}), the other is {name} ({geometry})",
                "resample one onto the other",
            )
    return None
