"""Files of which ITK makes another image than they hold, without an error: they are read as they are, or refused."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.errors import FileError
from vlc_runtime.image_files import read_header, read_image, read_series

VOXELS = np.random.default_rng(5).integers(-900, 900, (20, 30, 40), np.int16).cumsum(axis=2, dtype=np.int16)
SHAPE = (4, 6, 7)


def nifti(voxels: bytes, kind: int, bits: int, size: tuple[int, ...], **fields: float) -> bytes:
    """A NIfTI-1 image in one file; `fields` are offset, spacing (along x), slope, intercept and intent."""
    header = bytearray(352)
    struct.pack_into("<i", header, 0, 348)
    struct.pack_into("<8h", header, 40, len(size), *size, *[1] * (7 - len(size)))
    struct.pack_into("<3h", header, 68, int(fields.get("intent", 0)), kind, bits)
    struct.pack_into("<8f", header, 76, 1, fields.get("spacing", 1.0), *[1] * 6)
    place = fields.get("offset", 352.0), fields.get("slope", 1.0), fields.get("intercept", 0.0)
    struct.pack_into("<3f", header, 108, *place)
    header[344:347] = b"n+1"
    return bytes(header) + voxels


def short_nifti(**fields: float) -> bytes:
    return nifti(np.arange(168, dtype="<i2").tobytes(), 4, 16, SHAPE[::-1], **fields)


# --- compressed voxels


@pytest.mark.parametrize("name", ["a.mha", "a.mhd", "a.nrrd", "a.nhdr"])
def test_one_wrong_byte_of_compressed_voxels_is_noticed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    sitk.WriteImage(sitk.GetImageFromArray(VOXELS), str(path), True)
    np.testing.assert_array_equal(read_image(path).array, VOXELS)
    (voxels,) = [each for each in tmp_path.iterdir() if name in ("a.mha", "a.nrrd") or each != path]
    whole = voxels.read_bytes()
    for place in range(600, len(whole), len(whole) // 25):
        changed = bytearray(whole)
        changed[place] ^= 16
        voxels.write_bytes(changed)
        with pytest.raises(FileError, match=r"damaged: its voxels cannot be decompressed|truncated"):
            read_image(path)
    for length in (len(whole) // 2, len(whole) - 1):
        voxels.write_bytes(whole[:length])
        with pytest.raises(FileError, match="truncated"):
            read_image(path)


def test_fewer_compressed_voxels_than_announced_are_noticed(tmp_path: Path) -> None:
    data = zlib.compress(VOXELS[:10].tobytes())
    header = "NDims = 3\nDimSize = 40 30 20\nElementType = MET_SHORT\nCompressedData = True\n"
    header += f"CompressedDataSize = {len(data)}\n"
    (tmp_path / "a.mha").write_bytes(f"{header}ElementDataFile = LOCAL\n".encode() + data)
    with pytest.raises(FileError, match="announces 48000 bytes of voxels, 24000 are there"):
        read_image(tmp_path / "a.mha")


def test_files_of_a_series_are_looked_at_as_single_ones_are(tmp_path: Path) -> None:
    whole = gzip.compress(nifti(VOXELS[0].tobytes(), 4, 16, (40, 30)))
    (tmp_path / "whole.nii.gz").write_bytes(whole)
    (tmp_path / "cut.nii.gz").write_bytes(whole[: len(whole) * 6 // 10])
    path = str(tmp_path / "whole.nii.gz")
    np.testing.assert_array_equal(read_series([path, path]).array, VOXELS[[0, 0]])
    with pytest.raises(FileError, match=r"cut\.nii\.gz is truncated"):
        read_series([path, str(tmp_path / "cut.nii.gz")])
    sitk.WriteImage(sitk.GetImageFromArray(VOXELS[0]), str(tmp_path / "a.mha"), True)
    data = bytearray((tmp_path / "a.mha").read_bytes())
    data[-200] ^= 1
    (tmp_path / "a.mha").write_bytes(data)
    with pytest.raises(FileError, match=r"a\.mha is damaged"):
        read_series([str(tmp_path / "a.mha")] * 2)


# --- NIfTI


@pytest.mark.parametrize("compressed", [False, True])
@pytest.mark.parametrize("offset", [0.0, 200.0, 348.0, 352.0])
def test_voxels_begin_after_the_header(tmp_path: Path, offset: float, compressed: bool) -> None:
    path = tmp_path / ("a.nii.gz" if compressed else "a.nii")
    data = short_nifti(offset=offset)
    path.write_bytes(gzip.compress(data) if compressed else data)
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    np.testing.assert_array_equal(read_image(path).array, expected)


@pytest.mark.parametrize("slope", [0.0, 1.0, 2.0, float("nan"), float("inf")])
@pytest.mark.parametrize("intercept", [0.0, 5.0, float("nan")])
def test_scales_that_are_no_numbers_are_none(tmp_path: Path, slope: float, intercept: float) -> None:
    """As nibabel writes them where there is no scale."""
    path = tmp_path / "a.nii"
    path.write_bytes(short_nifti(slope=slope, intercept=intercept))
    expected = sitk.GetArrayFromImage(sitk.ReadImage(str(path)))
    found = read_image(path).array
    assert found.dtype == expected.dtype
    np.testing.assert_array_equal(found, expected)
    colours = np.arange(504, dtype=np.uint8)
    path.write_bytes(nifti(colours.tobytes(), 128, 24, SHAPE[::-1], slope=float("nan"), intercept=float("nan")))
    np.testing.assert_array_equal(read_image(path).array.reshape(-1), colours)


def test_scaled_colours_and_scaled_vectors_are_refused(tmp_path: Path) -> None:
    """ITK makes of the first whatever the memory held. Of vectors it scales a part, or ends the process."""
    path = tmp_path / "a.nii"
    path.write_bytes(nifti(bytes(504), 128, 24, SHAPE[::-1], slope=2.0))
    with pytest.raises(FileError, match="it holds colours and a scale for them"):
        read_image(path)
    for kind, bits, dtype in ((4, 16, "<i2"), (16, 32, "<f4")):
        vectors = np.arange(504).astype(dtype).tobytes()
        path.write_bytes(nifti(vectors, kind, bits, (*SHAPE[::-1], 1, 3), slope=2.0, intent=1007))
        with pytest.raises(FileError, match="it holds vectors and a scale for them"):
            read_image(path)
        path.write_bytes(nifti(vectors, kind, bits, (*SHAPE[::-1], 1, 3), intent=1007))
        assert read_image(path).array.max() == 503


def test_an_image_of_one_axis_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.nii").write_bytes(nifti(np.arange(7, dtype="<i2").tobytes(), 4, 16, (7,)))
    with pytest.raises(FileError, match="has one axis of 7 voxels"):
        read_image(tmp_path / "a.nii")


# --- grids


@pytest.mark.parametrize("name", ["a.nii", "a.mha", "a.nrrd"])
def test_negative_spacing_turns_an_axis_round(tmp_path: Path, name: str) -> None:
    path, voxels = tmp_path / name, np.arange(168, dtype="<i2").tobytes()
    headers = {
        "a.nii": b"",
        "a.mha": b"NDims = 3\nElementSpacing = -1 2 3\nDimSize = 7 6 4\nElementType = MET_SHORT\n"
        b"ElementDataFile = LOCAL\n",
        "a.nrrd": b"NRRD0004\ntype: short\ndimension: 3\nsizes: 7 6 4\nspacings: 1 -2 3\nendian: little\n"
        b"encoding: raw\n\n",
    }
    path.write_bytes(headers[name] + voxels if name != "a.nii" else short_nifti(spacing=-2.0))
    read, image = read_image(path).geometry, sitk.ReadImage(str(path))
    for found in (read, read_header(path).geometry):
        assert found.spacing == image.GetSpacing() and found.direction == image.GetDirection()
        assert found.origin == image.GetOrigin()
    assert str(read.direction) == str(image.GetDirection()), "there is no -0.0"


def test_metadata_whose_names_are_no_utf_8_do_not_matter(tmp_path: Path) -> None:
    header = b"NDims = 3\nGr\xf6\xdfe = 7\nDimSize = 7 6 4\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n"
    (tmp_path / "a.mha").write_bytes(header + bytes(168))
    assert read_image(tmp_path / "a.mha").array.shape == SHAPE


# --- BMP and TIFF


def bmp(bits: int, compression: int, data: bytes, palette: bytes) -> bytes:
    """An image of 40 x 48 pixels."""
    offset = 54 + len(palette)
    sizes = offset + len(data), 0, 0, offset, 40, 40, 48, 1, bits, compression, len(data), 0, 0, len(palette) // 4, 0
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", *sizes) + palette + data


GREYS = b"".join(bytes([grey, grey, grey, 0]) for grey in range(256))
LINE = bytes([20, 3, 0, 20, *range(20), 0, 0])


def test_a_truncated_bitmap_of_32_bits_is_noticed(tmp_path: Path) -> None:
    whole = bmp(32, 3, bytes(7680), struct.pack("<III", 0xFF0000, 0xFF00, 0xFF))
    (tmp_path / "a.bmp").write_bytes(whole[:3900])
    with pytest.raises(FileError, match="announces 7746 bytes, 3900 are there"):
        read_image(tmp_path / "a.bmp")


@pytest.mark.parametrize("end", [b"", b"\0\1"])
def test_whole_run_lengths_are_read(tmp_path: Path, end: bytes) -> None:
    (tmp_path / "a.bmp").write_bytes(bmp(8, 1, LINE * 48 + end, GREYS))
    array = read_image(tmp_path / "a.bmp").array
    assert array.shape == (48, 40)
    assert array[5].tolist() == [3] * 20 + list(range(20))


@pytest.mark.parametrize(
    "data",
    [
        *(LINE[: len(LINE) * 47 // 48] * 48, LINE * 47, LINE * 20 + b"\0\1", (LINE * 48)[:900], b"\xff\1" * 48),
        *(LINE * 47 + b"\0\2\5\0" + LINE, LINE[:-2] * 48, b"\0\0" * 48, b"", b"\0\xff\1"),
    ],
)
def test_run_lengths_that_do_not_fill_the_image_are_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "a.bmp").write_bytes(bmp(8, 1, data, GREYS))
    with pytest.raises(FileError, match="its run lengths do not fill the image"):
        read_image(tmp_path / "a.bmp")


def tiff(order: str, data: bytes, bits: int, sample_format: int, tiled: bool) -> bytes:
    """A grey image of 16 x 16 pixels."""
    tags = [(256, 16), (257, 16), (258, bits), (259, 1), (262, 1), (277, 1), (339, sample_format)]
    tags += [(322, 16), (323, 16), (324, 8), (325, len(data))] if tiled else [(273, 8), (278, 16), (279, len(data))]
    start = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 8 + len(data))
    entries = b"".join(struct.pack(order + "HHII", tag, 4, 1, value) for tag, value in sorted(tags))
    return start + data + struct.pack(order + "H", len(tags)) + entries + bytes(4)


@pytest.mark.parametrize("order", ["<", ">"])
def test_tiffs_that_come_as_something_else_are_refused(tmp_path: Path, order: str) -> None:
    path, numbers = tmp_path / "a.tif", np.arange(256) * 200
    path.write_bytes(tiff(order, numbers.astype(order + "u2").tobytes(), 16, 1, tiled=False))
    np.testing.assert_array_equal(read_image(path).array.reshape(-1), numbers)
    path.write_bytes(tiff(order, numbers.astype(order + "u2").tobytes(), 16, 1, tiled=True))
    with pytest.raises(FileError, match="holds its pixels in tiles"):
        read_image(path)
    path.write_bytes(tiff(order, (numbers / 200).astype(order + "f2").tobytes(), 16, 3, tiled=False))
    with pytest.raises(FileError, match="holds floats of 16 bits"):
        read_image(path)
    path.write_bytes(tiff(order, (numbers / 200).astype(order + "f4").tobytes(), 32, 3, tiled=False))
    np.testing.assert_array_equal(read_image(path).array.reshape(-1), numbers / 200)


# --- formats that hold voxels as they are in memory


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.float32])
@pytest.mark.parametrize("name", ["a.vtk", "a.gipl", "a.gipl.gz", "a.mrc"])
def test_a_file_that_was_cut_off_is_noticed(tmp_path: Path, name: str, dtype: type) -> None:
    path, voxels = tmp_path / name, (np.random.default_rng(1).random((6, 20, 24)) * 200).astype(dtype)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(path))
    np.testing.assert_array_equal(read_image(path).array, voxels)
    whole = path.read_bytes()
    for length in (*range(len(whole) // 10, len(whole), len(whole) // 10), len(whole) - 1):
        path.write_bytes(whole[:length])
        with pytest.raises(FileError):
            read_image(path)


def test_a_vtk_file_in_text_has_as_many_numbers_as_it_announces(tmp_path: Path) -> None:
    path = tmp_path / "a.vtk"
    header = (
        "# vtk DataFile Version 3.0\nx\nASCII\nDATASET STRUCTURED_POINTS\nDIMENSIONS 4 3 2\nSPACING 1 2 3\n"
        "ORIGIN 0 0 0\nPOINT_DATA 24\nSCALARS s short 1\nLOOKUP_TABLE default\n"
    )
    path.write_text(header + " ".join(map(str, range(24))))
    assert read_image(path).array.reshape(-1).tolist() == list(range(24))
    path.write_text(header + " ".join(map(str, range(20))))
    with pytest.raises(FileError, match="announces 24 numbers, 20 are there"):
        read_image(path)
