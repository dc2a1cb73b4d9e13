"""Large images in which most voxels are one value are stored as the others alone, exactly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from vlc_runtime.codec import encode_value
from vlc_runtime.decoding import decode_value
from vlc_runtime.errors import StoreError
from vlc_runtime.sparse_voxels import SMALLEST
from vlc_runtime.volume import Geometry, Volume

DTYPES = ("int16", "uint16", "int32", "uint32", "int64", "uint64", "float16", "float32", "float64", "complex64")


def image(voxels: NDArray[Any], components: int = 1) -> Volume:
    geometry = Geometry.of_size(len(voxels))
    return Volume(voxels, geometry, components)


def sparse(dtype: str = "float32", others: int = 100, most: object = 0, count: int = SMALLEST) -> NDArray[Any]:
    """Voxels of which so many, spread over the image, differ from the first."""
    voxels = np.full(count, most, dtype)
    places = np.linspace(1, count - 1, others).astype(int)
    voxels[places] = np.arange(1, others + 1).astype(dtype)
    return voxels


def assert_round_trip(voxels: NDArray[Any]) -> int:
    """Returns how many bytes the image takes."""
    encoded = encode_value(image(voxels))
    decoded = decode_value(bytes(encoded))
    assert isinstance(decoded, Volume)
    assert decoded.array.dtype == voxels.dtype
    assert decoded.array.tobytes() == voxels.tobytes()
    assert not decoded.array.flags.writeable
    assert encoded.size == len(bytes(encoded))
    return encoded.size


@pytest.mark.parametrize("dtype", DTYPES)
def test_only_the_others_are_stored(dtype: str) -> None:
    voxels = sparse(dtype)
    assert assert_round_trip(voxels) < voxels.size / 8 + 100 * voxels.itemsize + 1000


@pytest.mark.parametrize("most", [np.nan, np.inf, -0.0, 0.0, 1e-42])
def test_the_one_value_is_kept_bit_for_bit(most: float) -> None:
    voxels = sparse(most=most)
    voxels[7], voxels[8] = -most, 0.0  # the sign of zero and of NaN counts
    assert assert_round_trip(voxels) < voxels.nbytes / 4


def test_payloads_of_nan_are_kept() -> None:
    bits = np.full(SMALLEST, 0x7FC00001, np.uint32)
    bits[5:50] = 0x7FC00002
    assert assert_round_trip(bits.view(np.float32)) < bits.nbytes / 4


def test_a_constant_image_takes_bits_alone() -> None:
    assert assert_round_trip(np.full(SMALLEST, 2.5, np.float32)) < SMALLEST / 8 + 1000


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5, 0.501, 0.75, 1.0])
def test_images_are_stored_whole_when_little_is_saved(share: float) -> None:
    voxels = np.zeros(SMALLEST, np.float32)
    voxels[1 : 1 + int(share * (SMALLEST - 1))] = 1
    assert (assert_round_trip(voxels) < voxels.nbytes) == (share <= 0.5)


def test_small_images_and_colours_are_stored_whole() -> None:
    assert assert_round_trip(np.zeros(SMALLEST // 4 - 1, np.float32)) > SMALLEST - 4
    colours = np.zeros((SMALLEST, 3), np.float32)
    assert encode_value(image(colours, 3)).size > colours.nbytes


def test_the_bytes_are_pinned() -> None:
    assert encode_value(image(sparse())).digest().hex() == PINNED


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(DTYPES), st.integers(SMALLEST // 2, SMALLEST // 2 + 40), st.integers(0, 2**32 - 1), st.data())
def test_any_image_comes_back(dtype: str, count: int, seed: int, data: st.DataObject) -> None:
    random = np.random.default_rng(seed)
    share = data.draw(st.floats(0, 1))
    itemsize = np.dtype(dtype).itemsize
    bits = random.integers(0, 3, count * itemsize, np.uint8).view(f"u{itemsize}")
    bits[random.random(count) >= share] = bits[0]
    assert_round_trip(bits.view(dtype))


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 7), st.booleans())
def test_changed_bytes_never_break_the_decoder(place: int, bit: int, at_end: bool) -> None:
    changed = bytearray(bytes(encode_value(image(sparse()))))
    changed[-1 - place if at_end else place] ^= 1 << bit
    try:
        decode_value(bytes(changed))
    except StoreError as error:
        assert error.message.startswith("damaged")


def bent(old: bytes, new: bytes) -> bytes:
    """The sparse image, described otherwise."""
    data = bytes(encode_value(image(sparse())))
    assert data.count(old) == 1 and len(old) == len(new)
    return data.replace(old, new)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"most":"00000000"', b'"most":"0000000g"'),
        (b'"most":"00000000"', b'"most":"000000"  '),
        (b'"most":"00000000"', b'"most":1234567890'),
        (b'"most":"00000000"', b'"mest":"00000000"'),
        (b'"most":"00000000"', b'"most":"0000803f"'),  # 1.0 is among the others
        (b'"components":1', b'"components":3'),
        (b'"dtype":"float32"', b'"dtype":   "bool"'),
        (b'"dtype":"float32"', b'"dtype":"float64"'),
        (b'"size":[65536]', b'"size":[65530]'),
        (b'"size":[65536]', b'"size":[99999]'),
    ],
)
def test_nonsense_is_damaged(old: bytes, new: bytes) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decode_value(bent(old, new))


def test_a_first_voxel_among_the_others_is_damaged() -> None:
    data = bytearray(bytes(encode_value(image(sparse()))))
    start = data.index(b"}}]") + 3
    start += -start % 64
    assert data[start] == 0b01000000
    data[start] = 0b10000000
    with pytest.raises(StoreError, match="damaged"):
        decode_value(bytes(data))


PINNED = "d62ff260b2d1abbe3c765fe963eca6fba535163d823fd768dcc0d626b1dd76e6"
