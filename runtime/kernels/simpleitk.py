"""The namespace `simpleitk`: SimpleITK's functions and the makers of its transforms, by their own names, as operators.

The operators are made on demand from the table of `simpleitk_table`; what they compute is what SimpleITK computes,
with these exceptions:

- `ReadImage` and `WriteImage` go through `image_files` and `image_saving`, which are strict about files;
- `MinimumMaximum` and `Statistics` reduce in a fixed order, so that no digit depends on the number of threads;
- images that meet in one function must have one grid, size included, unless the function is made for two;
- noise needs a seed that is not 0: SimpleITK's default is the clock.
"""

from __future__ import annotations

import importlib.metadata
from collections.abc import Callable
from contextlib import nullcontext
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from vlc_runtime.atomic_files import write_whole
from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.image_files import read_image, read_series, require_readable, require_utf8_name
from vlc_runtime.image_saving import write_image
from vlc_runtime.kernels.simpleitk_arguments import converted, described
from vlc_runtime.kernels.simpleitk_guards import require_sound_numbers
from vlc_runtime.kernels.simpleitk_scratch import SCRATCH
from vlc_runtime.kernels.simpleitk_table import functions, reason_excluded
from vlc_runtime.kernels.simpleitk_traits import (
    LISTS_FILES,
    NEEDS_ITS_OWN_IMAGE,
    ONE_THREAD,
    OPAQUE,
    READS_A_FILE,
    SEVERAL_GRIDS,
    VOXELWISE,
    WRITES_A_FILE,
)
from vlc_runtime.operator import Cost, Operator
from vlc_runtime.simpleitk_border import (
    from_image,
    is_image,
    is_opaque,
    library,
    one_thread,
    private_image,
    reason,
    to_image,
)
from vlc_runtime.volume import Volume, require_one_grid

ADAPTER_VERSION = 3
"""Raise it whenever what this module does with arguments or results changes a result."""


def __getattr__(name: str) -> Operator:
    if name not in functions():
        why = reason_excluded(name)
        raise AttributeError(
            f"SimpleITK's {name} is no operator: {why}" if why else f"SimpleITK has no function {name}"
        )
    return _operator(name)


def __dir__() -> list[str]:
    return list(functions())


@cache
def version() -> str:
    """The version of every operator here, a part of the key of every result."""
    return f"SimpleITK {importlib.metadata.version('SimpleITK')}, adapter {ADAPTER_VERSION}"


@cache
def _operator(name: str) -> Operator:
    compute = _OWN.get(name) or _calls_simpleitk(name)

    def function(*arguments: object) -> Any:
        return compute(*arguments)

    function.__name__ = function.__qualname__ = name
    function.__module__ = __name__
    if functions()[name].result == "image":
        function.__annotations__["return"] = "AnyImage"
    function.__doc__ = "\n".join([functions()[name].summary, "", *functions()[name].texts])
    return Operator(
        function,
        namespace="simpleitk",
        version=version(),
        cost=_cost(name),
        name=name,
        reads=(0,) if name in READS_A_FILE else (),
        writes=(1,) if name in WRITES_A_FILE else (),
        effect=name in WRITES_A_FILE,
        one_grid=name not in SEVERAL_GRIDS,
        scratch=SCRATCH.get(name, 0),
    )


def _cost(name: str) -> Cost:
    if name in VOXELWISE or name in OPAQUE or name == "ReadImage" or functions()[name].result == "transform":
        return "voxelwise"  # cheaper to compute again than to load, or impossible to store
    if name in LISTS_FILES or name.startswith("Version_"):
        return "immediate"
    return "heavy"


def _calls_simpleitk(name: str) -> Callable[..., Any]:
    signature = functions()[name]

    def call(*arguments: Any) -> Any:
        if name not in SEVERAL_GRIDS:
            _require_one_grid_in_sequences(arguments)
        form, values = converted(signature, arguments)
        require_sound_numbers(name, [parameter.name for parameter in form.parameters], values)
        compute = getattr(library(), name, None)
        if compute is None:
            raise KernelError(f"the installed {version()} has no function {name}", "install the version it came with")
        values = _across_the_border(values, private_image if name in NEEDS_ITS_OWN_IMAGE else to_image)
        try:
            with one_thread() if name in ONE_THREAD else nullcontext():
                result = compute(*values)
        except (RuntimeError, TypeError, ValueError, OverflowError) as error:
            given = ", ".join(map(described, arguments))
            raise KernelError(f"{name}({given}): {reason(error)}", "; ".join(signature.texts)) from error
        return _plain(result)

    return call


def _across_the_border(values: list[Any], cross: Callable[[Volume], Any]) -> list[Any]:
    crossed: list[Any] = []
    for value in values:
        if isinstance(value, Volume):
            crossed.append(cross(value))
        elif isinstance(value, list):
            crossed.append(_across_the_border(value, cross))
        else:
            crossed.append(value)
    return crossed


def _require_one_grid_in_sequences(arguments: tuple[Any, ...]) -> None:
    for argument in arguments:
        if isinstance(argument, (list, tuple)):
            images = [item for item in argument if isinstance(item, Volume)]
            if len(images) > 1:
                require_one_grid(images)


def _plain(result: Any) -> Any:
    """A result of SimpleITK as a value: vectors are lists; images cross the border, or only SimpleITK can use them."""
    if is_image(result):
        return result if is_opaque(result) else from_image(result)
    if isinstance(result, tuple):
        return list(result)
    return result


def _minimum_maximum(*arguments: Any) -> list[float]:
    converted(functions()["MinimumMaximum"], arguments)
    array = _scalars(arguments[0], "MinimumMaximum")
    return [float(array.min()), float(array.max())]


def _statistics(*arguments: Any) -> list[float | int]:
    """Sums of float64 numbers by numpy's pairwise summation, whose order is fixed by the image's size."""
    converted(functions()["Statistics"], arguments)
    array = _scalars(arguments[0], "Statistics")
    numbers = np.ascontiguousarray(array).reshape(-1).astype(np.float64)
    count = numbers.size
    total = float(numbers.sum())
    mean = total / count
    numbers -= mean
    np.square(numbers, out=numbers)
    variance = float(numbers.sum()) / (count - 1) if count > 1 else 0.0
    return [float(array.min()), float(array.max()), mean, variance**0.5, variance, total, count]


def _scalars(image: Any, name: str) -> Any:
    if not isinstance(image, Volume) or image.components > 1:
        raise KernelError(f"{name} takes an image of numbers", "take one component of it")
    return image.array


def _read_image(*arguments: Any) -> Volume:
    form, values = converted(functions()["ReadImage"], arguments)
    if form.parameters[0].type == "Path":
        return read_image(*values)
    return read_series(*values)


def _write_image(*arguments: Any) -> None:
    _, values = converted(functions()["WriteImage"], arguments)
    image = arguments[0]
    if not isinstance(image, Volume):
        image = from_image(image)
    write_image(image, *values[1:])


def _read_transform(*arguments: Any) -> Any:
    _, (path,) = converted(functions()["ReadTransform"], arguments)
    require_readable(Path(path))
    try:
        return library().ReadTransform(path)
    except RuntimeError as error:
        raise FileError(f"{path} holds no transform: {reason(error)}") from error


def _write_transform(*arguments: Any) -> None:
    _, (transform, path) = converted(functions()["WriteTransform"], arguments)

    def write(place: Path) -> None:
        try:
            library().WriteTransform(transform, str(place))
        except RuntimeError as error:
            if "Could not create Transform IO" in str(error):  # it goes on with the path of the temporary file
                extension = Path(path).suffix
                raise FileError(
                    f"{path} cannot be written: no format of transforms is written with the extension {extension!r}",
                    "use one of .tfm .txt .xfm .hdf .h5 .hdf5 .mat",
                ) from error
            raise FileError(f"{path} cannot be written: {reason(error)}") from error

    require_utf8_name(Path(path), "written")
    write_whole(Path(path), write)


_OWN: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        "MinimumMaximum": _minimum_maximum,
        "ReadImage": _read_image,
        "ReadTransform": _read_transform,
        "Statistics": _statistics,
        "WriteImage": _write_image,
        "WriteTransform": _write_transform,
    }
)
