"""What decompresses gzip files: the same bytes by either library, and never any of a damaged file."""

from __future__ import annotations

import gzip
import io
import tracemalloc
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import FileError
from vlc_runtime.gzip_content import (
    Inflate,
    by_libdeflate,
    by_zlib,
    decompressed,
    fastest,
    first_bytes,
    require_sound,
)
from vlc_runtime.image_files import read_image

FILE = Path("image.nii.gz")


def libdeflate() -> Inflate:
    found = by_libdeflate()
    assert found is not None, "the development environment has vlc-runtime[fast]"
    return found


WAYS: dict[str, Inflate] = {"zlib": by_zlib, "libdeflate": lambda data, size: libdeflate()(data, size)}
CONTENTS = st.one_of(
    st.binary(max_size=2000), st.builds(lambda part, times: part * times, st.binary(max_size=9), st.integers(0, 5000))
)


def test_libdeflate_is_chosen_where_it_is_installed() -> None:
    assert fastest() is libdeflate()


@settings(max_examples=100, deadline=None)
@given(CONTENTS, st.integers(0, 9), st.sampled_from(sorted(WAYS)))
def test_content_comes_back(content: bytes, level: int, way: str) -> None:
    data = gzip.compress(content, level)
    assert WAYS[way](data, len(content)) == content
    assert decompressed(FILE, data, len(content)) == content


@settings(max_examples=200, deadline=None)
@given(CONTENTS.filter(len), st.data(), st.sampled_from(sorted(WAYS)))
def test_damage_is_seen(content: bytes, data: st.DataObject, way: str) -> None:
    """A bit that is flipped gives an exception or the same content, as one in the header's date does; so does an end
    that is cut off."""
    whole = gzip.compress(content, 6)
    if data.draw(st.booleans()):
        damaged = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        flipped = bytearray(whole)
        flipped[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        damaged = bytes(flipped)
    try:
        found = WAYS[way](damaged, len(content))
    except Exception:
        return
    assert found == content or len(found) != len(content)


@settings(max_examples=100, deadline=None)
@given(st.lists(CONTENTS, min_size=1, max_size=4), st.integers(-3, 3))
@example([b"ab", b""], -2)
def test_all_members_are_one_content(contents: list[bytes], more: int) -> None:
    data = b"".join(map(gzip.compress, contents))
    whole = b"".join(contents)
    found = decompressed(FILE, data, len(whole) + more)
    # content of the expected length that the first member has alone is enough
    assert found in (whole, contents[0])
    assert len(found) >= min(len(whole), len(whole) + more)


@pytest.mark.parametrize("cut", [1, 4, 8, 20])
def test_a_file_that_ends_too_early_is_told(cut: int) -> None:
    data = gzip.compress(bytes(range(256)) * 50)
    with pytest.raises(FileError, match="truncated: its gzip data ends after"):
        decompressed(FILE, data[:-cut], 256 * 50)


def test_a_wrong_checksum_is_told() -> None:
    data = bytearray(gzip.compress(bytes(range(256)) * 50, 0))
    data[100] ^= 4  # in a block that is stored as it is
    with pytest.raises(FileError, match=r"damaged: its gzip data cannot be decompressed .*incorrect data check"):
        decompressed(FILE, bytes(data), 256 * 50)


def test_a_header_that_announces_too_much_costs_no_memory() -> None:
    """The trailer has the length modulo 2^32: what a header may lie about."""
    content = bytes(1000)
    assert decompressed(FILE, gzip.compress(content), 1000 + 2**40) == content


def test_much_more_than_a_header_announces_costs_no_memory() -> None:
    """What follows the voxels may be a gigabyte of zeros, in a megabyte."""
    compressor = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [compressor.compress(bytes(420)), *(compressor.compress(bytes(1 << 24)) for _ in range(64))]
    data = b"".join([*parts, compressor.flush()])
    tracemalloc.start()
    try:
        with pytest.raises(FileError, match="420 bytes are announced, and by far more are in it"):
            decompressed(FILE, data, 420)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 200 << 20
    some = gzip.compress(bytes(1 << 20))
    assert decompressed(FILE, some, 420) == bytes(1 << 20)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), contents=st.lists(CONTENTS, min_size=1, max_size=3))
def test_a_file_is_sound_when_it_can_be_decompressed(
    data: st.DataObject, contents: list[bytes], tmp_path: Path
) -> None:
    whole = bytearray(b"".join(map(gzip.compress, contents)) + data.draw(st.sampled_from([b"", b"\0", b"more"])))
    change = data.draw(st.sampled_from(["none", "cut", "flip"]))
    place = data.draw(st.integers(0, len(whole) - 1))
    if change == "cut":
        del whole[place:]
    elif change == "flip":
        whole[place] ^= 1 << data.draw(st.integers(0, 7))
    path = tmp_path / "file.gz"
    path.write_bytes(whole)
    assert _refusal(lambda: require_sound(path)) == _refusal(lambda: decompressed(path, bytes(whole), -1))


def test_a_long_file_of_several_members_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "file.gz"
    whole = gzip.compress(bytes(3 << 20)) + gzip.compress(np.random.default_rng(1).bytes(3 << 20))
    path.write_bytes(whole)
    require_sound(path)
    path.write_bytes(whole[:-1])
    with pytest.raises(FileError, match="truncated: its gzip data ends after"):
        require_sound(path)


def _refusal(read: Callable[[], object]) -> str:
    try:
        read()
    except FileError as error:
        return error.message
    return ""


@settings(deadline=None)
@given(st.lists(st.binary(max_size=9000), max_size=4), st.integers(0, 600), st.binary(max_size=3))
def test_the_first_bytes_are_those_of_all_members(contents: list[bytes], count: int, more: bytes) -> None:
    data = b"".join(gzip.compress(content) for content in contents)
    assert first_bytes(io.BytesIO(data + more), count) == b"".join(contents)[:count]


@pytest.mark.parametrize("cuts", [(0,), (100,), (0, 0, 7, 347), (348,)])
def test_an_image_is_read_whose_header_lies_in_several_members(tmp_path: Path, cuts: tuple[int, ...]) -> None:
    sitk.WriteImage(sitk.GetImageFromArray(np.arange(24, dtype=np.float32).reshape(2, 3, 4)), str(tmp_path / "a.nii"))
    plain, places = (tmp_path / "a.nii").read_bytes(), (0, *cuts, None)
    members = [gzip.compress(plain[start:stop]) for start, stop in pairwise(places)]
    (tmp_path / "b.nii.gz").write_bytes(b"".join(members))
    assert read_image(tmp_path / "b.nii.gz").array.tobytes() == read_image(tmp_path / "a.nii").array.tobytes()
