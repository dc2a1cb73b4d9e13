"""Numbers, strings, sequences and records in `.json` and `.txt` files."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.image_files import read_image
from vlc_runtime.value_files import write_value
from vlc_runtime.volume import Geometry, Volume

IMAGE = Volume(np.eye(3, dtype=np.bool_), Geometry.of_size(3, 3))

VALUES = st.recursive(
    st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1), inner, max_size=3),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(VALUES)
def test_json_reads_back(tmp_path: Path, value: Any) -> None:
    write_value(value, tmp_path / "value.json")
    assert json.loads((tmp_path / "value.json").read_text(encoding="utf-8")) == value


def test_what_json_has_no_number_for(tmp_path: Path) -> None:
    write_value([math.nan, math.inf, -math.inf, -0.0], tmp_path / "value.json")
    assert (tmp_path / "value.json").read_text() == '["NaN", "Infinity", "-Infinity", -0.0]\n'


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1.0, "1.0\n"),
        (7, "7\n"),
        (True, "True\n"),
        ("plain text", "plain text\n"),
        ([1.0, [2, "a"], False], "[1.0, [2, 'a'], False]\n"),
        ({"dice": 0.8, "rows": [1, 2]}, "{'dice': 0.8, 'rows': [1, 2]}\n"),
        ("naïve – ü", "naïve – ü\n"),
        ([], "[]\n"),
    ],
)
def test_text_is_what_print_shows(tmp_path: Path, value: Any, text: str) -> None:
    write_value(value, tmp_path / "deep" / "er" / "value.txt")
    assert (tmp_path / "deep" / "er" / "value.txt").read_text(encoding="utf-8") == text


def test_images_go_to_image_files_and_nothing_else_does(tmp_path: Path) -> None:
    write_value(IMAGE, tmp_path / "mask.png")
    np.testing.assert_array_equal(read_image(tmp_path / "mask.png").array, IMAGE.array * 255)
    for value, name, reason in [
        (IMAGE, "mask.json", "is an image"),
        (IMAGE, "mask.csv", "extension '.csv'"),
        (1.0, "number.nii.gz", "is no image"),
        (1.0, "number.csv", "extension '.csv'"),
        (1.0, "number", "extension ''"),
        ([1.0, [IMAGE]], "values.json", "images in the value"),
        ({"a": IMAGE}, "values.txt", "images in the value"),
    ]:
        with pytest.raises(FileError, match=reason) as raised:
            write_value(value, tmp_path / name)
        assert str(tmp_path / name) in raised.value.message
    assert [path.name for path in tmp_path.iterdir()] == ["mask.png"]


def test_nothing_is_left_of_a_failed_write(tmp_path: Path) -> None:
    write_value(1.0, tmp_path / "value.json")
    with pytest.raises(KernelError, match="object"):
        write_value([object()], tmp_path / "value.json")
    deep: Any = 1.0
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(KernelError, match="200 deep"):
        write_value(deep, tmp_path / "value.json")
    assert (tmp_path / "value.json").read_text() == "1.0\n"
    write_value(deep, tmp_path / "deep.txt")
    assert (tmp_path / "deep.txt").read_text() == "[" * 100_000 + "1.0" + "]" * 100_000 + "\n"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["deep.txt", "value.json"]
