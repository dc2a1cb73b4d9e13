"""What functions of one's own give, as values of the language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Volume, as_bools, as_colour, as_numbers

_IMAGES: dict[str, Callable[[Volume], Volume]] = {
    "NumberImage": as_numbers,
    "BoolImage": as_bools,
    "ColourImage": as_colour,
    "AnyImage": lambda image: image,
}
_SCALARS: dict[str, tuple[type, ...]] = {"float": (int, float), "int": (int,), "bool": (bool,), "str": (str,)}


def converted(value: Any, annotation: str) -> Any:
    """The value as the annotation of a result says; TypeError, with what it is instead, if it is none of that."""
    if isinstance(value, np.generic):
        value = value.item()
    if annotation.startswith("list["):
        if not isinstance(value, (list, tuple)):
            raise TypeError(f"gave {_what(value)}")
        return [converted(item, annotation[5:-1]) for item in value]
    if annotation in _IMAGES:
        if not isinstance(value, Volume):
            raise TypeError(f"gave {_what(value)}")
        try:
            return _IMAGES[annotation](value)
        except KernelError as problem:
            raise TypeError(f"gave an image of another kind: {problem.message}") from None
    if annotation in _SCALARS:
        wanted = _SCALARS[annotation]
        if not isinstance(value, wanted) or (isinstance(value, bool) and bool not in wanted):
            raise TypeError(f"gave {_what(value)}")
        return value
    return value


def _what(value: Any) -> str:
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype}, which has no grid: `image.like(array)` makes an image of it"
    return "nothing" if value is None else f"a {type(value).__name__}"
