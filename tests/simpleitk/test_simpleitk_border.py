"""Volumes and SimpleITK images: nothing lost, nothing copied twice, nothing freed too early."""

from __future__ import annotations

import gc
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import KernelError
from vlc_runtime.image_files import read_image
from vlc_runtime.image_saving import write_image
from vlc_runtime.simpleitk_border import from_image, limit_threads, private_image, to_image
from vlc_runtime.volume import Geometry, Volume

OBLIQUE = Geometry((4, 3, 2), (0.5, 1.25, 3.0), (-7.0, 1 / 3, 9.0), (0.0, 1.0, 0.0, -1.0, 0.0, 0.0, 0.0, 0.0, 1.0))
DTYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("components", [1, 2, 3, 4])
def test_there_and_back(dtype: str, components: int) -> None:
    shape = OBLIQUE.shape + ((components,) if components > 1 else ())
    array = (np.random.default_rng(1).random(shape) * 100).astype(dtype)
    image = to_image(Volume(array, OBLIQUE, components))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), array)
    back = from_image(image, "where it came from")
    assert (back.geometry, back.components, back.array.dtype) == (OBLIQUE, components, np.dtype(dtype))
    assert back.source == "where it came from"
    np.testing.assert_array_equal(back.array, array)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=4), st.sampled_from(DTYPES))
def test_any_size_there_and_back(size: list[int], dtype: str) -> None:
    geometry = Geometry.of_size(*size)
    array = np.arange(geometry.voxels).reshape(geometry.shape).astype(dtype)
    np.testing.assert_array_equal(from_image(to_image(Volume(array, geometry))).array, array)


def test_bools_become_0_and_1() -> None:
    mask = np.array([[True, False], [False, True]])
    image = to_image(Volume(mask, Geometry.of_size(2, 2)))
    assert image.GetPixelID() == sitk.sitkUInt8
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), [[1, 0], [0, 1]])


def test_strided_and_foreign_order_arrays() -> None:
    array = np.arange(24, dtype=">i2").reshape(4, 6)[::2, ::3]
    image = to_image(Volume(array, Geometry.of_size(2, 2)))
    np.testing.assert_array_equal(sitk.GetArrayFromImage(image), array)


def test_no_copy_on_the_way_in_and_the_same_image_on_the_way_out() -> None:
    image = sitk.GetImageFromArray(np.zeros((3, 4), np.float32))
    volume = from_image(image)
    assert to_image(volume) is image
    image.SetPixel(0, 0, 5.0)
    assert volume.array[0, 0] == 5.0
    assert not volume.array.flags.writeable


def test_a_private_image_shares_nothing() -> None:
    volume = from_image(sitk.GetImageFromArray(np.zeros((3, 4), np.float32)))
    private = private_image(volume)
    private.SetPixel(0, 0, 5.0)
    assert volume.array[0, 0] == 0.0


def test_views_outlive_their_volume_and_image() -> None:
    arrays = []
    for value in range(20):
        volume = from_image(sitk.Image(64, 64, 16, sitk.sitkFloat32) + value)
        arrays.append(volume.array[3:, ::2].reshape(-1))
        del volume
    gc.collect()
    waste = [np.full(64 * 64 * 16, 77.0, np.float32) for _ in range(20)]
    for value, array in enumerate(arrays):
        assert (array == value).all()
    assert len(waste) == 20


def test_a_view_survives_a_second_look_at_images_that_share_voxels() -> None:
    image = sitk.Image(64, 64, sitk.sitkFloat32) + 3
    first = from_image(image)
    shared = sitk.Image(image)
    second = from_image(image)
    third = from_image(shared)
    del image, shared
    array = first.array
    del first
    gc.collect()
    waste = [np.full((64, 64), 9.0, np.float32) for _ in range(50)]
    assert (array == 3).all() and (second.array == 3).all() and (third.array == 3).all() and waste


def test_what_has_no_counterpart_is_refused() -> None:
    grid = Geometry.of_size(2, 2)
    with pytest.raises(KernelError, match="float16"):
        to_image(Volume(np.zeros((2, 2), np.float16), grid))
    with pytest.raises(KernelError, match="complex"):
        to_image(Volume(np.zeros((2, 2), np.complex64), grid))
    with pytest.raises(KernelError, match="without voxels"):
        to_image(Volume(np.zeros((2, 0), np.uint8), Geometry.of_size(0, 2)))
    with pytest.raises(KernelError, match="complex"):
        from_image(sitk.Image(2, 2, sitk.sitkComplexFloat32))
    with pytest.raises(KernelError, match="label"):
        from_image(sitk.Image(2, 2, sitk.sitkLabelUInt8))
    with pytest.raises(KernelError, match="without voxels"):
        from_image(sitk.Image(0, 0, sitk.sitkUInt8))


def test_vectors_of_one_component_are_plain_images() -> None:
    image = sitk.Image([3, 2], sitk.sitkVectorFloat32, 1)
    volume = from_image(image)
    assert (volume.components, volume.array.shape) == (1, (2, 3))


def test_threads_are_limited() -> None:
    before = sitk.ProcessObject.GetGlobalDefaultNumberOfThreads()
    limit_threads(3)
    assert sitk.ProcessObject.GetGlobalDefaultNumberOfThreads() == 3
    limit_threads(before)
    with pytest.raises(ValueError):
        limit_threads(0)


def test_the_threader_is_set_before_the_first_filter() -> None:
    code = (
        "from vlc_runtime import simpleitk_border, image_files, image_saving\n"
        "import sys; assert 'SimpleITK' not in sys.modules\n"
        "sitk = simpleitk_border.library()\n"
        "print(sitk.ProcessObject.GetGlobalDefaultThreader())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.upper().strip() == "PLATFORM"


def test_the_global_objects_of_itk_are_made_before_threads_could_make_them() -> None:
    """Only what ITK says while it works shows it: what goes wrong otherwise does so in one run of some hundreds."""
    code = (
        "import SimpleITK, threading\n"
        "from vlc_runtime.simpleitk_border import library\n"
        "SimpleITK.ProcessObject.GlobalDefaultDebugOn()\n"
        "ready = []\n"
        "def first():\n"
        "    library()\n"
        "    ready.append(None)\n"
        "    library().Not(SimpleITK.Image(2, 2, SimpleITK.sitkUInt8))\n"
        "threads = [threading.Thread(target=first) for _ in range(8)]\n"
        "[thread.start() for thread in threads]\n"
        "[thread.join() for thread in threads]\n"
        "assert len(ready) == 8"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    executed = [line for line in done.stderr.splitlines() if line.endswith("Executing ITK filter:")]
    assert "AbsImageFilter" in executed[0]
    assert sum("NotImageFilter" in line for line in executed) == 8


def test_files_read_in_many_threads_at_once(tmp_path: Path) -> None:
    paths = []
    for index in range(24):
        extension = [".nii.gz", ".nii", ".mha", ".nrrd"][index % 4]
        paths.append(tmp_path / f"image{index}{extension}")
        write_image(Volume(np.full((8, 16, 16), index, np.int16), Geometry.of_size(16, 16, 8)), paths[-1])
        write_image(Volume(np.full((16, 16, 3), index, np.uint8), Geometry.of_size(16, 16), 3), f"{paths[-1]}.png")
    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            volumes = list(pool.map(read_image, paths))
            colours = list(pool.map(lambda path: read_image(f"{path}.png"), paths))
            for index, (volume, colour) in enumerate(zip(volumes, colours, strict=True)):
                assert (volume.array == index).all() and (colour.array == index).all()
