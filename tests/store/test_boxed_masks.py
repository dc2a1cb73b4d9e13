"""Large masks whose true voxels lie in a small part of the image are stored as that part alone, exactly."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.boxed_masks import SMALLEST
from vlc_runtime.codec import encode_value
from vlc_runtime.decoding import decode_value
from vlc_runtime.errors import StoreError
from vlc_runtime.volume import Geometry, Volume

PINNED = "1314e74b093a736f1914670579f28be956d6753c8289d3ee7c61b6115945e47c"
SHAPES = ((40, 50, 60), (300, 400), (120_000,))


def image(mask: NDArray[np.bool_]) -> Volume:
    return Volume(mask, Geometry.of_size(*reversed(mask.shape)))


def region(shape: tuple[int, ...] = SHAPES[0]) -> NDArray[np.bool_]:
    """A mask with a block of true voxels, in which there are holes."""
    mask = np.zeros(shape, np.bool_)
    mask[(slice(5, 20),) * len(shape)] = True
    mask.reshape(-1)[::7] = False
    return mask


def assert_round_trip(mask: NDArray[np.bool_]) -> int:
    """Returns how many bytes the mask takes."""
    encoded = encode_value(image(mask))
    decoded = decode_value(bytes(encoded))
    assert isinstance(decoded, Volume)
    assert decoded.array.dtype == np.bool_
    assert decoded.array.shape == mask.shape
    assert decoded.array.tobytes() == mask.tobytes()
    assert not decoded.array.flags.writeable
    assert encoded.size == len(bytes(encoded))
    return encoded.size


@pytest.mark.parametrize("shape", SHAPES)
def test_only_the_part_is_stored(shape: tuple[int, ...]) -> None:
    assert assert_round_trip(region(shape)) < 1000


def test_four_axes_are_stored_whole() -> None:
    mask = np.zeros((2, 3, 4, 5000), np.bool_)
    mask[0, 0, 0, 5] = True
    assert assert_round_trip(mask) > mask.size / 8


@pytest.mark.parametrize("shape", SHAPES)
def test_a_mask_without_true_voxels_takes_next_to_nothing(shape: tuple[int, ...]) -> None:
    assert assert_round_trip(np.zeros(shape, np.bool_)) < 500


@pytest.mark.parametrize("extent", [1, 19, 20, 21, 40])
def test_masks_are_stored_whole_when_little_is_saved(extent: int) -> None:
    mask = np.zeros(SHAPES[0], np.bool_)
    mask[:extent] = True
    assert (assert_round_trip(mask) < mask.size / 8) == (extent <= 20)


def test_small_masks_are_stored_whole() -> None:
    assert assert_round_trip(np.zeros(SMALLEST - 1, np.bool_)) > (SMALLEST - 1) / 8
    assert assert_round_trip(np.zeros(SMALLEST, np.bool_)) < 500


def test_views_that_are_not_contiguous() -> None:
    mask = region((80, 100, 120))
    assert_round_trip(mask[::2, ::2, ::2])
    assert_round_trip(mask.T)


def test_the_bytes_are_pinned() -> None:
    assert encode_value(image(region())).digest().hex() == PINNED


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_any_mask_comes_back(data: st.DataObject) -> None:
    shape = data.draw(st.sampled_from(SHAPES))
    sides = tuple(
        slice(*sorted((data.draw(st.integers(0, extent)), data.draw(st.integers(0, extent))))) for extent in shape
    )
    mask = np.zeros(shape, np.bool_)
    share, random = data.draw(st.sampled_from((0.001, 0.5, 1.0))), np.random.default_rng(data.draw(st.integers(0, 99)))
    mask[sides] = random.random(mask[sides].shape) < share
    assert_round_trip(mask)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 700), st.integers(0, 7), st.booleans())
def test_changed_bytes_never_break_the_decoder(place: int, bit: int, at_end: bool) -> None:
    changed = bytearray(bytes(encode_value(image(region()))))
    changed[-1 - place if at_end else place] ^= 1 << bit
    try:
        decode_value(bytes(changed))
    except StoreError as error:
        assert error.message.startswith("damaged")


def described(old: bytes, new: bytes, mask: NDArray[np.bool_]) -> bytes:
    """A mask's bytes, described otherwise."""
    data = bytes(encode_value(image(mask)))
    assert data.count(old) == 1
    start = data.index(b"}}]") + 3
    head, blob = data[8:start].replace(old, new), data[start + -start % 64 :]
    whole = data[:4] + len(head).to_bytes(4, "little") + head
    return whole + bytes(-len(whole) % 64) + blob


def test_a_description_that_says_the_same_is_none_else() -> None:
    assert described(b"[5,20]]", b"[5,20]]", region()) == bytes(encode_value(image(region())))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],[5,20],[5,20]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],[20,5]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],[5,21]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],[30,45]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[50,65],[5,20],[5,20]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],[-1,14]]"),
        (b"[[5,20],[5,20],[5,20]]", b"[[5,20],[5,20],5]"),
        (b"[[5,20],[5,20],[5,20]]", b"17"),
        (b"[[5,20],[5,20],[5,20]]", b"[[0,0],[0,0],[0,0]]"),
        (b'"dtype":"bool"', b'"dtype":"uint8"'),
        (b'"components":1', b'"components":3'),
        (b'"box"', b'"bax"'),
        (b'"direction"', b'"most":"00","direction"'),
        (b'"size":[60,50,40]', b'"size":[30,30,30]'),
        (b'"size":[60,50,40]', b'"size":[9999999999,9999999999,40]'),
    ],
)
def test_nonsense_is_damaged(old: bytes, new: bytes) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decode_value(described(old, new, region()))


def test_a_box_that_could_be_smaller_is_damaged() -> None:
    empty = np.zeros(SHAPES[0], np.bool_)
    with pytest.raises(StoreError, match="damaged"):
        decode_value(described(b"[[0,0],[0,0],[0,0]]", b"[[3,3],[0,0],[0,0]]", empty))
    pair = empty.copy()
    pair[4, 4, 4:6] = True
    decode_value(described(b"[[4,6],[4,5],[4,5]]", b"[[4,5],[4,6],[4,5]]", pair))  # another mask, along another axis
    with pytest.raises(StoreError, match="damaged"):
        decode_value(described(b"[[4,6],[4,5],[4,5]]", b"[[4,7],[4,5],[4,5]]", pair))
