"""What decompresses gzip files: all members, and never any of a damaged file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import FileError
from vlc_runtime.gzip_content import decompressed

FILE = Path("image.nii.gz")
CONTENTS = st.one_of(
    st.binary(max_size=2000), st.builds(lambda part, times: part * times, st.binary(max_size=9), st.integers(0, 5000))
)


@settings(max_examples=100, deadline=None)
@given(CONTENTS, st.integers(0, 9))
def test_content_comes_back(content: bytes, level: int) -> None:
    assert decompressed(FILE, gzip.compress(content, level), len(content)) == content


@settings(max_examples=200, deadline=None)
@given(CONTENTS.filter(len), st.data())
def test_damage_is_told(content: bytes, data: st.DataObject) -> None:
    """A flipped bit or a cut-off end is told of, unless the content is the same, as with a bit of the header's date.
    What is no gzip file any more has no content."""
    whole = gzip.compress(content, 6)
    if data.draw(st.booleans()):
        damaged = whole[: data.draw(st.integers(0, len(whole) - 1))]
    else:
        flipped = bytearray(whole)
        flipped[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
        damaged = bytes(flipped)
    try:
        found = decompressed(FILE, damaged, len(content))
    except FileError:
        return
    assert found in (content, b"")


@settings(max_examples=100, deadline=None)
@given(st.lists(CONTENTS, min_size=1, max_size=4), st.integers(-3, 3))
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
