"""What is written reads back: every format, voxel type and geometry."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_header, read_image
from vlc_runtime.image_formats import RASTER_EXTENSIONS, extension_of
from vlc_runtime.image_saving import WRITABLE_EXTENSIONS, is_image_path, write_image
from vlc_runtime.volume import Geometry, Volume

VOLUME_FORMATS = [extension for extension in WRITABLE_EXTENSIONS if extension not in RASTER_EXTENSIONS]
LOSSLESS_RASTERS = [extension for extension in RASTER_EXTENSIONS if extension not in (".jpg", ".jpeg")]
DTYPES = ["bool", "uint8", "int8", "uint16", "int16", "uint32", "int32", "uint64", "int64", "float32", "float64"]

ANISOTROPIC = Geometry((6, 5, 4), (1 / 3, 0.7, 2.0), (-1 / 7, 3.0, 40.0), (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0))
COSINE, SINE = math.cos(0.3), math.sin(0.3)
OBLIQUE = Geometry(
    (6, 5, 4), (0.9375, 0.9375, 1.2), (-119.53, 80.25, -30.0), (COSINE, -SINE, 0, SINE, COSINE, 0, 0, 0, 1)
)
FLIPPED = Geometry((6, 5, 4), (1.0, 1.0, 3.0), (0.0, 0.0, 0.0), (0.0, 1.0, 0, 0, 0, -1.0, -1.0, 0, 0))
FLAT = Geometry((7, 5), (0.5, 0.25), (1.0, -2.0), (1.0, 0.0, 0.0, 1.0))


def voxels(geometry: Geometry, dtype: str, components: int = 1) -> np.ndarray:
    shape = geometry.shape + ((components,) if components > 1 else ())
    numbers = np.random.default_rng(7).random(shape) * 250
    if dtype == "bool":
        return numbers > 125
    if np.dtype(dtype).kind in "fi":
        numbers -= 125
    return numbers.astype(dtype)


@pytest.mark.parametrize("extension", VOLUME_FORMATS)
@pytest.mark.parametrize("dtype", DTYPES)
def test_volume_formats_keep_every_voxel_and_its_type(tmp_path: Path, extension: str, dtype: str) -> None:
    array = voxels(ANISOTROPIC, dtype)
    write_image(Volume(array, ANISOTROPIC), tmp_path / f"image{extension}")
    back = read_image(tmp_path / f"image{extension}")
    assert back.array.dtype == (np.uint8 if dtype == "bool" else np.dtype(dtype))
    np.testing.assert_array_equal(back.array, array)
    assert back.source == str(tmp_path / f"image{extension}")


@pytest.mark.parametrize("extension", VOLUME_FORMATS)
@pytest.mark.parametrize("components", [2, 3, 4])
@pytest.mark.parametrize("dtype", ["uint8", "float32"])
def test_volume_formats_keep_components(tmp_path: Path, extension: str, components: int, dtype: str) -> None:
    array = voxels(ANISOTROPIC, dtype, components)
    write_image(Volume(array, ANISOTROPIC, components), tmp_path / f"image{extension}")
    back = read_image(tmp_path / f"image{extension}")
    assert (back.components, back.array.dtype) == (components, array.dtype)
    np.testing.assert_array_equal(back.array, array)


@pytest.mark.parametrize("extension", VOLUME_FORMATS)
@pytest.mark.parametrize(
    "geometry", [ANISOTROPIC, OBLIQUE, FLIPPED, FLAT], ids=["anisotropic", "oblique", "flipped", "2d"]
)
def test_volume_formats_keep_the_geometry(tmp_path: Path, extension: str, geometry: Geometry) -> None:
    path = tmp_path / f"image{extension}"
    write_image(Volume(voxels(geometry, "float32"), geometry), path)
    back = read_image(path).geometry
    assert back == read_header(path).geometry
    assert back.size == geometry.size
    if extension in (".mha", ".mhd"):
        assert back == geometry
    tolerance = {".nrrd": 4e-16}.get(extension, 1e-7)
    np.testing.assert_allclose(back.spacing, geometry.spacing, rtol=tolerance)
    np.testing.assert_allclose(back.origin, geometry.origin, rtol=tolerance)
    np.testing.assert_allclose(back.direction, geometry.direction, atol=tolerance)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=3),
    st.sampled_from(VOLUME_FORMATS),
    st.sampled_from(DTYPES),
    st.lists(st.floats(0.1, 10), min_size=3, max_size=3),
)
def test_any_small_image_reads_back(
    tmp_path: Path, size: list[int], extension: str, dtype: str, spacing: list[float]
) -> None:
    plain = Geometry.of_size(*size)
    geometry = Geometry(plain.size, tuple(spacing[: len(size)]), plain.origin, plain.direction)
    array = voxels(geometry, dtype)
    write_image(Volume(array, geometry), tmp_path / f"any{extension}")
    back = read_image(tmp_path / f"any{extension}")
    np.testing.assert_array_equal(back.array, array)
    assert back.geometry.size == geometry.size


@pytest.mark.parametrize("extension", LOSSLESS_RASTERS)
def test_masks_are_0_and_255_in_rasters(tmp_path: Path, extension: str) -> None:
    mask = voxels(FLAT, "bool")
    write_image(Volume(mask, FLAT), tmp_path / f"mask{extension}")
    back = read_image(tmp_path / f"mask{extension}")
    assert back.components == 1 == read_header(tmp_path / f"mask{extension}").components
    np.testing.assert_array_equal(back.array, np.where(mask, 255, 0))


@pytest.mark.parametrize("extension", LOSSLESS_RASTERS)
def test_rasters_keep_colours(tmp_path: Path, extension: str) -> None:
    colours = voxels(FLAT, "uint8", 3)
    write_image(Volume(colours, FLAT, 3), tmp_path / f"colours{extension}")
    np.testing.assert_array_equal(read_image(tmp_path / f"colours{extension}").array, colours)


@pytest.mark.parametrize("extension", [".NII", ".NII.GZ", ".MHA", ".MHD", ".NRRD", ".PNG", ".JPEG", ".Tif"])
def test_extensions_may_have_capitals(tmp_path: Path, extension: str) -> None:
    """The file has the name that was asked for, and the bytes that it has under a name in small letters."""
    geometry = FLAT if extension.lower() in RASTER_EXTENSIONS else ANISOTROPIC
    image = Volume(voxels(geometry, "bool"), geometry)
    capitals, small = tmp_path / f"image{extension}", tmp_path / "small" / f"image{extension.lower()}"
    assert write_image(image, capitals) == write_image(image, small)
    assert capitals.read_bytes() == small.read_bytes()
    beside = [path.name for path in tmp_path.iterdir() if path.is_file()]
    assert sorted(beside) == sorted({capitals.name, *(path.name for path in small.parent.iterdir())} - {small.name})
    if extension != ".JPEG":
        assert (read_image(capitals).array != 0).tolist() == image.array.tolist()
    assert read_header(capitals).geometry.size == geometry.size


def test_nifti_in_both_cases_is_not_written_since_nobody_reads_it(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"cannot be written: its ending \.Nii\.gz"):
        write_image(Volume(voxels(FLAT, "bool"), FLAT), tmp_path / "image.Nii.gz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("extension", [".jpg", ".jpeg"])
def test_jpeg_is_close(tmp_path: Path, extension: str) -> None:
    ramp = np.broadcast_to(np.arange(0, 250, 10, dtype=np.float32), (25, 25)).copy()
    write_image(Volume(ramp, Geometry.of_size(25, 25)), tmp_path / f"ramp{extension}")
    assert np.abs(read_image(tmp_path / f"ramp{extension}").array.astype(int) - ramp).max() <= 4


def test_rasters_round_to_nearest_halves_to_even(tmp_path: Path) -> None:
    numbers = np.array([[0.4, 0.5, 1.5, 2.5, -0.5, 255.4, 254.5]], np.float32)
    write_image(Volume(numbers, Geometry.of_size(7, 1)), tmp_path / "numbers.png")
    np.testing.assert_array_equal(read_image(tmp_path / "numbers.png").array, [[0, 0, 2, 2, 0, 255, 254]])


@pytest.mark.parametrize("extension", RASTER_EXTENSIONS)
@pytest.mark.parametrize("value", [-1.0, 255.6, 256.0, 1e10, math.nan, math.inf, -math.inf])
def test_rasters_refuse_what_does_not_fit(tmp_path: Path, extension: str, value: float) -> None:
    numbers = np.array([[1.0, value]], np.float32)
    with pytest.raises(FileError, match=r"0 \.\. 255"):
        write_image(Volume(numbers, Geometry.of_size(2, 1)), tmp_path / f"numbers{extension}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("dtype", ["int16", "uint16", "int64", "uint64"])
def test_rasters_refuse_integers_that_do_not_fit(tmp_path: Path, dtype: str) -> None:
    fitting = np.array([[0, 255]], dtype)
    write_image(Volume(fitting, Geometry.of_size(2, 1)), tmp_path / "numbers.png")
    np.testing.assert_array_equal(read_image(tmp_path / "numbers.png").array, fitting)
    with pytest.raises(FileError, match=r"from 0 to 256"):
        write_image(Volume(np.array([[0, 256]], dtype), Geometry.of_size(2, 1)), tmp_path / "numbers.png")
    np.testing.assert_array_equal(read_image(tmp_path / "numbers.png").array, fitting)


def test_rasters_refuse_volumes_and_odd_components(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="3 dimensions"):
        write_image(Volume(voxels(ANISOTROPIC, "bool"), ANISOTROPIC), tmp_path / "mask.png")
    with pytest.raises(FileError, match="2 components"):
        write_image(Volume(voxels(FLAT, "uint8", 2), FLAT, 2), tmp_path / "pair.png")
    with pytest.raises(FileError, match="4 components"):
        write_image(Volume(voxels(FLAT, "uint8", 4), FLAT, 4), tmp_path / "colours.jpg")


def test_axes_that_a_format_cannot_keep_are_refused(tmp_path: Path) -> None:
    sheared = Geometry((6, 5, 4), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0), (1.0, 0.2, 0, 0, 1.0, 0, 0, 0, 1.0))
    image = Volume(voxels(sheared, "uint8"), sheared)
    with pytest.raises(FileError, match="right angles"):
        write_image(image, tmp_path / "sheared.nii")
    with pytest.raises(FileError, match="length 1"):
        write_image(image, tmp_path / "sheared.nrrd")
    write_image(image, tmp_path / "sheared.mha")
    assert read_header(tmp_path / "sheared.mha").geometry == sheared


@pytest.mark.parametrize("extension", WRITABLE_EXTENSIONS)
def test_the_bytes_do_not_depend_on_place_or_history(tmp_path: Path, extension: str) -> None:
    array = voxels(FLAT, "bool")
    write_image(Volume(array, FLAT), tmp_path / "first" / f"image{extension}")
    first = (tmp_path / "first" / f"image{extension}").read_bytes()
    again = read_image(tmp_path / "first" / f"image{extension}") if extension == ".mha" else Volume(array, FLAT)
    write_image(again, tmp_path / "second" / "deep" / f"image{extension}")
    assert (tmp_path / "second" / "deep" / f"image{extension}").read_bytes() == first


def test_metadata_of_a_file_is_not_passed_on(tmp_path: Path) -> None:
    import SimpleITK as sitk

    image = sitk.GetImageFromArray(voxels(FLAT, "uint8"))
    image.SetMetaData("PatientName", "Somebody")
    sitk.WriteImage(image, str(tmp_path / "named.mha"))
    assert b"Somebody" in (tmp_path / "named.mha").read_bytes()
    write_image(read_image(tmp_path / "named.mha"), tmp_path / "copy.mha")
    assert b"Somebody" not in (tmp_path / "copy.mha").read_bytes()


def test_vectors_come_from_the_compressed_file_that_was_asked_for(tmp_path: Path) -> None:
    """ITK reads the voxels of a.nii when a.nii.gz is asked for."""
    array = voxels(ANISOTROPIC, "float32", 3)
    write_image(Volume(array + 1, ANISOTROPIC, 3), tmp_path / "a.nii")
    write_image(Volume(array, ANISOTROPIC, 3), tmp_path / "a.nii.gz")
    np.testing.assert_array_equal(read_image(tmp_path / "a.nii.gz").array, array)
    np.testing.assert_array_equal(read_image(tmp_path / "a.nii").array, array + 1)


@pytest.mark.parametrize("extension", [".nii", ".nii.gz"])
@pytest.mark.parametrize("order", ["<", ">"])
def test_scaled_and_foreign_nifti_reads_as_itk_reads_it(tmp_path: Path, extension: str, order: str) -> None:
    """A header with scl_slope 2 and scl_inter -3, in either byte order, written by hand."""
    import gzip
    import struct

    header = bytearray(352)
    struct.pack_into(order + "i", header, 0, 348)
    struct.pack_into(order + "8h", header, 40, 3, 4, 3, 2, 1, 1, 1, 1)
    struct.pack_into(order + "2h", header, 70, 4, 16)
    struct.pack_into(order + "8f", header, 76, 1, 1, 1, 1, 0, 0, 0, 0)
    struct.pack_into(order + "f", header, 108, 352)
    header[344:348] = b"n+1\0"
    numbers = np.arange(-12, 12, dtype=order + "i2")
    plain = bytes(header) + numbers.tobytes()
    struct.pack_into(order + "2f", header, 112, 2, -3)
    scaled = bytes(header) + numbers.tobytes()
    for name, content in {"plain": plain, "scaled": scaled}.items():
        whole = gzip.compress(content) if extension == ".nii.gz" else content
        (tmp_path / f"{name}{extension}").write_bytes(whole)
    native = read_image(tmp_path / f"plain{extension}").array
    assert native.dtype == np.int16 and native.dtype.isnative
    np.testing.assert_array_equal(native.ravel(), numbers)
    np.testing.assert_array_equal(read_image(tmp_path / f"scaled{extension}").array.ravel(), numbers * 2.0 - 3)


def test_extensions() -> None:
    assert extension_of("a/b.NII.GZ") == ".nii.gz"
    assert extension_of("a.tar.gz") == ".gz"
    assert extension_of("scan") == ""
    assert is_image_path("x.Png") and not is_image_path("x.json") and not is_image_path("x.nhdr")
