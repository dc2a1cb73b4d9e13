"""What `print` shows of a value, and what `--json` and `.json` files hold of it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Volume


def describe(value: Any) -> str:
    """A value as `print` shows it.

    Numbers, booleans and strings as Python writes them, a string itself without quotes; sequences as `[a, b]`, records
    as `{'key': value}`, with strings inside by their repr; an image as one line:

        <image 197 x 233 x 189, 1 x 1 x 1 mm, uint8, 0 .. 255>
        <image 18 x 17, 0.5 x 0.5 mm, bool, 12 of 306 true>
        <image 640 x 480, 1 x 1 mm, 3 x uint8, 0 .. 255>

    Linear in the size of the value; nesting may be arbitrarily deep.
    """
    if isinstance(value, str):
        return value
    parts: list[str] = []
    pending: list[_Text | _Value] = [_Value(value)]
    while pending:
        item = pending.pop()
        if isinstance(item, _Text):
            parts.append(item.text)
        else:
            _describe_one(item.value, parts, pending)
    return "".join(parts)


def in_brief(value: Any) -> str:
    """What an argument is, for an error message: its kind and size, or the value itself where it is short."""
    if isinstance(value, Volume):
        size = "x".join(map(str, value.geometry.size))
        what = {"bool": "bools", "number": f"{value.array.dtype}"}.get(value.kind, f"{value.components} components")
        return f"image {size} of {what}"
    if isinstance(value, list):
        return f"sequence of {len(value)}"
    text = repr(value)
    return text if len(text) <= 60 else text[:57] + "..."


class _Text:
    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class _Value:
    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value


def _describe_one(value: Any, parts: list[str], pending: list[_Text | _Value]) -> None:
    """Append the text of a value without parts, or put the parts of a compound one on the stack, the first on top."""
    if isinstance(value, (list, tuple)):
        steps: list[_Text | _Value] = [_Text("[")]
        for index, item in enumerate(value):
            if index:
                steps.append(_Text(", "))
            steps.append(_Value(item))
        pending.extend(reversed([*steps, _Text("]")]))
    elif isinstance(value, dict):
        steps = [_Text("{")]
        for index, (key, item) in enumerate(value.items()):
            steps.append(_Text(f"{', ' if index else ''}{key!r}: "))
            steps.append(_Value(item))
        pending.extend(reversed([*steps, _Text("}")]))
    elif isinstance(value, Volume):
        parts.append(describe_image(value))
    elif isinstance(value, Shown):
        parts.append(value.text)
    elif isinstance(value, np.generic):
        parts.append(repr(value.item()))
    elif value is None or isinstance(value, (bool, int, float, str)):
        parts.append(repr(value))
    else:
        parts.append(f"<{type(value).__name__}>")


@dataclass(frozen=True, slots=True)
class Shown:
    """What is kept of an image that is only printed: its line of text, and its facts for machines."""

    text: str
    facts: dict[str, Any]


def shown(value: Any) -> Any:
    """The value with every image in it replaced by what `print` needs of it."""
    if isinstance(value, Volume):
        return Shown(describe_image(value), _image_to_jsonable(value))
    return [shown(item) for item in value] if isinstance(value, list) else value


def describe_image(image: Volume) -> str:
    """An image in one line: size, spacing, the type of its numbers (several a voxel: how many), their range. NaN is
    left out of the range and counted. One pass over the voxels, or two."""
    size = " x ".join(map(str, image.geometry.size))
    spacing = " x ".join(f"{extent:.7g}" for extent in image.geometry.spacing)
    kind = image.array.dtype.name if image.components == 1 else f"{image.components} x {image.array.dtype.name}"
    return f"<image {size}, {spacing} mm, {kind}, {_range(image)}>"


def _range(image: Volume) -> str:
    array = image.array
    if array.dtype == np.bool_:
        return f"{np.count_nonzero(array)} of {array.size} true"
    if array.dtype.kind != "f":
        return f"{int(array.min())} .. {int(array.max())}"
    low, high = np.fmin.reduce(array, axis=None), np.fmax.reduce(array, axis=None)
    if math.isnan(low):
        return f"{array.size} NaN"
    missing = int(np.count_nonzero(np.isnan(array))) if math.isnan(array.min()) else 0
    return f"{_shortest(low)} .. {_shortest(high)}" + (f", {missing} NaN" if missing else "")


def _shortest(number: Any) -> str:
    """A number with the digits that tell it from its neighbours of the same type; whole numbers without a point."""
    text = str(number)
    return text.removesuffix(".0")


DEEPEST_JSON = 200
"""Sequences nested deeper than this are refused: readers of JSON commonly give up somewhere above."""


def to_jsonable(value: Any, depth: int = 0) -> Any:
    """A value as JSON can hold it: numbers, booleans, strings, null, lists and objects.

    JSON has no NaN and no infinities: they become the strings "NaN", "Infinity" and "-Infinity". An image becomes an
    object with its grid, kind and range. Raises KernelError for a value that is none of the language's (a transform)
    and for more than DEEPEST_JSON levels.
    """
    if depth > DEEPEST_JSON:
        raise KernelError(f"sequences nested more than {DEEPEST_JSON} deep cannot be written as JSON")
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if value != value else "Infinity" if value > 0 else "-Infinity"
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, (list, tuple)):
        return [to_jsonable(item, depth + 1) for item in value]
    if isinstance(value, dict):
        return {str(key): to_jsonable(item, depth + 1) for key, item in value.items()}
    if isinstance(value, Volume):
        return _image_to_jsonable(value)
    if isinstance(value, Shown):
        return value.facts
    raise KernelError(f"a {type(value).__name__} cannot be written as JSON")


def _image_to_jsonable(image: Volume) -> dict[str, Any]:
    grid = image.geometry
    described: dict[str, Any] = {
        "image": describe_image(image),
        "size": list(grid.size),
        "spacing": list(grid.spacing),
        "origin": list(grid.origin),
        "direction": list(grid.direction),
        "type": image.array.dtype.name,
        "components": image.components,
    }
    if image.array.dtype == np.bool_:
        described["true"] = int(np.count_nonzero(image.array))
    else:
        described["minimum"] = to_jsonable(np.fmin.reduce(image.array, axis=None))
        described["maximum"] = to_jsonable(np.fmax.reduce(image.array, axis=None))
    return described
