"""What `print` and `--json` show of values."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.describe import describe, to_jsonable
from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Geometry, Volume

GRID = Geometry((3, 2), (0.5, 1.25), (0.0, 0.0), (1.0, 0.0, 0.0, 1.0))


def image(dtype: str, *numbers: float) -> Volume:
    return Volume(np.array(numbers or range(6)).reshape(2, 3).astype(dtype), GRID)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3.0, "3.0"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e22, "1e+22"),
        (math.nan, "nan"),
        (-math.inf, "-inf"),
        (12, "12"),
        (True, "True"),
        ("it's", "it's"),
        (["it's", 'a "b"', "line\n"], "[\"it's\", 'a \"b\"', 'line\\n']"),
        ((1, 2.5), "[1, 2.5]"),
        ([[], [[1]]], "[[], [[1]]]"),
        ({}, "{}"),
        ({"accuracy": 0.75, "matrix": [[6, 2], [0, 4]]}, "{'accuracy': 0.75, 'matrix': [[6, 2], [0, 4]]}"),
        (None, "None"),
        (np.float64(2.5), "2.5"),
        ([np.int64(3), np.bool_(True)], "[3, True]"),
        (image("uint8"), "<image 3 x 2, 0.5 x 1.25 mm, uint8, 0 .. 5>"),
        (image("int16", -3, 0, 0, 0, 0, 9), "<image 3 x 2, 0.5 x 1.25 mm, int16, -3 .. 9>"),
        (image("float32"), "<image 3 x 2, 0.5 x 1.25 mm, float32, 0 .. 5>"),
        (image("float32", 0.1, 1e-9, 3, 4, 5, 2.5e10), "<image 3 x 2, 0.5 x 1.25 mm, float32, 1e-09 .. 2.5e+10>"),
        (image("float32", 0.1, math.nan, 1, 1, math.nan, 1), "<image 3 x 2, 0.5 x 1.25 mm, float32, 0.1 .. 1, 2 NaN>"),
        (image("float64", *[math.nan] * 6), "<image 3 x 2, 0.5 x 1.25 mm, float64, 6 NaN>"),
        (image("float32", -math.inf, 0, 0, 0, 0, math.inf), "<image 3 x 2, 0.5 x 1.25 mm, float32, -inf .. inf>"),
        (image("bool", 0, 1, 1, 0, 0, 1), "<image 3 x 2, 0.5 x 1.25 mm, bool, 3 of 6 true>"),
        ([image("bool"), 1], "[<image 3 x 2, 0.5 x 1.25 mm, bool, 5 of 6 true>, 1]"),
        (
            Volume(np.arange(18, dtype=np.uint8).reshape(2, 3, 3), GRID, 3),
            "<image 3 x 2, 0.5 x 1.25 mm, 3 x uint8, 0 .. 17>",
        ),
    ],
)
def test_describe(value: Any, text: str) -> None:
    assert describe(value) == text


PLAIN = st.recursive(
    st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=15,
)


@settings(max_examples=100, deadline=None)
@given(st.lists(PLAIN, max_size=4))
def test_plain_values_read_as_python_writes_them(value: list[Any]) -> None:
    assert describe(value) == repr(value)


def test_a_transform_is_named() -> None:
    import SimpleITK as sitk

    assert describe(sitk.Euler3DTransform()) == "<Euler3DTransform>"
    with pytest.raises(KernelError, match="Euler3DTransform"):
        to_jsonable([sitk.Euler3DTransform()])


@settings(max_examples=100, deadline=None)
@given(PLAIN)
def test_json_is_strict(value: Any) -> None:
    json.dumps(to_jsonable(value), allow_nan=False)


def test_images_in_json() -> None:
    assert to_jsonable([image("float32", 1, 2, 3, 4, 5, math.inf)]) == [
        {
            "image": "<image 3 x 2, 0.5 x 1.25 mm, float32, 1 .. inf>",
            "size": [3, 2],
            "spacing": [0.5, 1.25],
            "origin": [0.0, 0.0],
            "direction": [1.0, 0.0, 0.0, 1.0],
            "type": "float32",
            "components": 1,
            "minimum": 1.0,
            "maximum": "Infinity",
        }
    ]
    assert to_jsonable(image("bool"))["true"] == 5
    assert to_jsonable(image("uint8"))["maximum"] == 5
