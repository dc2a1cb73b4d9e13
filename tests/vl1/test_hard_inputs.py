"""Images and arguments that have no plain answer, through compile and run: a clear message, or the documented value."""

from __future__ import annotations

import gzip
import math
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from numpy.typing import NDArray
from vlc_runtime.failures import Failure, RunFailed

from tests.vl1.programs import VECTORS, plan_of, run


def failure_of(text: str, dialect: str = "vl1") -> Failure:
    with pytest.raises(RunFailed) as caught:
        plan_of(text, dialect).run(store=None, scheduler="sync")
    ((_, failure),) = caught.value.failures
    assert not failure.trace, "a message, not a Python traceback"
    return failure


def write(path: Path, array: NDArray[Any], **geometry: Any) -> Path:
    image = sitk.GetImageFromArray(array)
    if "direction" in geometry:
        image.SetDirection(geometry["direction"])
    if "spacing" in geometry:
        image.SetSpacing(geometry["spacing"])
    sitk.WriteImage(image, str(path))
    return path


def loading(path: Path, expression: str) -> str:
    return f'load i = "{path}"\nlet img = intensity(i)\nprint "r" {expression}'


def result(path: Path, expression: str) -> Any:
    return run(loading(path, expression))["r"]


ONES = np.ones((4, 5, 6), np.uint8)


@pytest.mark.parametrize("name", ["image.nii", "image.nii.gz"])
@pytest.mark.parametrize("dialect", ["vl1", "vl2"])
def test_a_truncated_file(tmp_path: Path, name: str, dialect: str) -> None:
    path = write(tmp_path / name, np.random.default_rng(1).integers(0, 255, (20, 20, 20), np.uint8))
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    text = loading(path, "max(img)")
    if dialect == "vl2":
        text = f'import "vox1"\nimport "simpleitk"\nprint "r" max(ReadImage("{path}"))'
    failure = failure_of(text, dialect)
    assert "truncated" in failure.message
    assert str(path) in failure.message


def test_a_truncated_header(tmp_path: Path) -> None:
    path = write(tmp_path / "image.nii", ONES)
    path.write_bytes(path.read_bytes()[:200])
    assert str(path) in failure_of(loading(path, "max(img)")).message


def test_a_wrong_magic(tmp_path: Path) -> None:
    path = write(tmp_path / "image.nii", ONES)
    content = bytearray(path.read_bytes())
    content[344:348] = b"abc\0"
    path.write_bytes(bytes(content))
    failure = failure_of(loading(path, "max(img)"))
    assert "magic number is wrong" in failure.message
    assert failure.hint


def test_a_file_that_is_no_image(tmp_path: Path) -> None:
    path = tmp_path / "image.nii.gz"
    path.write_bytes(gzip.compress(b"no image " * 100))
    assert str(path) in failure_of(loading(path, "max(img)")).message
    assert "no such file" in failure_of(loading(tmp_path / "absent.nii", "max(img)")).message.lower()


def test_a_time_series(tmp_path: Path) -> None:
    path = tmp_path / "series.nii"
    sitk.WriteImage(sitk.JoinSeries([sitk.GetImageFromArray(ONES)] * 3), str(path))
    failure = failure_of(loading(path, "max(img)"))
    assert "series" in failure.message
    assert "6 x 5 x 4 x 3" in failure.message
    assert failure.hint


def test_an_image_without_voxels(tmp_path: Path) -> None:
    path = write(tmp_path / "image.nii", ONES)
    content = bytearray(path.read_bytes())
    content[40:56] = struct.pack("<8h", 3, 6, 0, 4, 1, 1, 1, 1)  # dim: the second axis has no voxels
    path.write_bytes(bytes(content[:352]))
    failure = failure_of(loading(path, "max(img)"))
    assert str(path) in failure.message
    assert "0" in failure.message


NAN, INF = math.nan, math.inf
ODD = np.array([[NAN, INF, -INF], [0.0, -0.0, 1.0]], np.float32)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("img >. 0", [[False, True, False], [False, False, True]]),
        ("img <. 1", [[False, False, True], [True, True, False]]),
        ("img >=. 0", [[False, True, False], [True, True, True]]),
        ("0 .= img", [[False, False, False], [True, True, False]]),
        ("between(0, 1, img)", [[False, False, False], [True, True, True]]),
        ("mask(img, img >. 0)", [[0, INF, 0], [0, 0, 1]]),
        ("1 ./ img", [[NAN, 0, -0.0], [3.4028234663852886e38, 3.4028234663852886e38, 1]]),
        ("img /. 0", [[NAN, INF, -INF], [NAN, NAN, INF]]),
        ("crossCorrelation(1, img, img, tt, 0, 2, 2)", None),
    ],
)
def test_nan_and_infinite_voxels(tmp_path: Path, expression: str, expected: Any) -> None:
    value = result(write(tmp_path / "odd.mha", ODD), expression).array
    if expected is None:
        assert np.isfinite(value).all()  # voxels that are no numbers are in no bin
    else:
        np.testing.assert_array_equal(value, np.array(expected))


def test_nan_has_a_rank_and_a_maximum(tmp_path: Path) -> None:
    path = write(tmp_path / "odd.mha", ODD)
    assert math.isnan(result(path, "max(img)"))
    np.testing.assert_array_equal(
        result(path, "percentiles(img, tt, 0)").array,
        np.array([[5, 4, 0], [1, 1, 3]], np.float32) / np.float32(6),
    )


def test_axes_that_are_not_at_right_angles(tmp_path: Path) -> None:
    sheared = (1.0, 0.3, 0.0, 0.0, 0.9539392014169456, 0.0, 0.0, 0.0, 1.0)
    path = write(tmp_path / "sheared.mha", ONES, direction=sheared)
    assert result(path, "volume(near(img >. 0))") == 120.0
    text = loading(path, "1") + f'\nsave "{tmp_path}/copy.mha" img >. 0\n'
    assert run(text)["r"] == 1.0
    copy = sitk.ReadImage(str(tmp_path / "copy.mha"))
    np.testing.assert_allclose(copy.GetDirection(), sheared, atol=1e-12)
    failure = failure_of(loading(path, "1") + f'\nsave "{tmp_path}/copy.nii.gz" img')
    assert "right angles" in failure.message
    assert not (tmp_path / "copy.nii.gz").exists()


def test_an_empty_region_has_no_average() -> None:
    failure = failure_of(loading(VECTORS / "a.nii.gz", "avg(img, ff)"))
    assert "the region is empty" in failure.message
    assert result(VECTORS / "a.nii.gz", "avg0(img, ff)") == 0.0


def test_bounds_in_the_wrong_order() -> None:
    failure = failure_of(loading(VECTORS / "a.nii.gz", "between(6, 3, img)"))
    assert "6.0 is greater than 3.0" in failure.message
    assert failure.place.operator == "vox1.between"
    assert failure.place.line is not None


def test_a_grey_image_has_no_red() -> None:
    assert "red wants a colour image" in failure_of(loading(VECTORS / "a.nii.gz", "max(red(i))")).message


def test_one_voxel(tmp_path: Path) -> None:
    path = write(tmp_path / "one.mha", np.full((1, 1), 7, np.uint8))
    assert result(path, "volume(near(img >. 0) & interior(img >. 0) & border)") == 1.0
    assert result(path, "max(percentiles(img, tt, 0.5))") == 0.5
    assert result(path, "max(img ~[1, 4] img)") == 1.0
    assert result(path, "max(lcc(img >. 0))") == 1.0
