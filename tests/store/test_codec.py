"""Values as bytes: round trips are exact, bytes are pinned, malformed bytes are told as damaged."""

from __future__ import annotations

import math
import struct
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from vlc_runtime.codec import encode_value, is_storable, kind_of
from vlc_runtime.decoding import decode_value
from vlc_runtime.errors import StoreError
from vlc_runtime.volume import Geometry, Volume

DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
)


def bits(number: float) -> bytes:
    return struct.pack(">d", number)


def same(left: Any, right: Any) -> bool:
    """Equal in type and in every bit; `source` aside. NaN scalars are one value."""
    if type(left) is not type(right):
        return False
    if isinstance(left, float):
        return bits(left) == bits(right) or (math.isnan(left) and math.isnan(right))
    if isinstance(left, list):
        return len(left) == len(right) and all(same(a, b) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict):
        return list(left) == list(right) and all(same(left[key], right[key]) for key in left)
    if isinstance(left, Volume):
        a, b = left.geometry, right.geometry
        return (
            a.size == b.size
            and [bits(x) for x in (*a.spacing, *a.origin, *a.direction)]
            == [bits(x) for x in (*b.spacing, *b.origin, *b.direction)]
            and left.components == right.components
            and left.array.dtype == right.array.dtype
            and left.array.shape == right.array.shape
            and left.array.tobytes() == right.array.tobytes()
        )
    return bool(left == right)


@st.composite
def volumes(draw: st.DrawFn) -> Volume:
    size = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4))
    d = len(size)
    doubles = st.floats(allow_nan=False)
    geometry = Geometry(
        tuple(size),
        tuple(draw(st.lists(doubles, min_size=d, max_size=d))),
        tuple(draw(st.lists(doubles, min_size=d, max_size=d))),
        tuple(draw(st.lists(doubles, min_size=d * d, max_size=d * d))),
    )
    components = draw(st.sampled_from((1, 1, 3, 4)))
    shape = geometry.shape + ((components,) if components > 1 else ())
    array = draw(hnp.arrays(np.dtype(draw(st.sampled_from(DTYPES))), shape))
    return Volume(array, geometry, components, draw(st.sampled_from(("", "a.nii"))))


text = st.text(max_size=8)
scalars = st.booleans() | st.integers() | st.floats() | text | st.binary(max_size=70)
values = st.recursive(
    scalars | volumes(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(text, inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(values)
def test_values_come_back_exactly(value: Any) -> None:
    encoded = encode_value(value)
    data = bytes(encoded)
    assert len(data) == encoded.size
    assert encoded.kind == kind_of(value)
    assert is_storable(value)
    back = decode_value(data)
    assert same(value, back)
    assert bytes(encode_value(back)) == data
    assert encode_value(back).digest() == encoded.digest()


@pytest.mark.parametrize("dtype", DTYPES)
def test_every_pixel_type_comes_back(dtype: str) -> None:
    array = (np.arange(60) % 7).astype(dtype).reshape(3, 4, 5)
    image = Volume(array, Geometry((5, 4, 3), (0.1, 1 / 3, 1e-300), (-0.0, 1e300, 5.0), (1.0, 0, 0, 0, 1, 0, 0, 0, 1)))
    back = decode_value(bytes(encode_value(image)))
    assert isinstance(back, Volume)
    assert same(image, back)
    assert back.array.flags.aligned
    assert not back.array.flags.writeable


def test_layout_in_memory_and_byte_order_do_not_count() -> None:
    array = np.arange(24, dtype=np.float32).reshape(2, 3, 4)
    geometry = Geometry.of_size(4, 3, 2)
    expected = bytes(encode_value(Volume(array, geometry)))
    assert bytes(encode_value(Volume(np.asfortranarray(array), geometry))) == expected
    assert bytes(encode_value(Volume(array.astype(">f4"), geometry))) == expected
    assert bytes(encode_value(Volume(np.stack([array, array])[::2][0], geometry, 1, "elsewhere.nii"))) == expected


def test_the_payload_of_nans_in_images_is_kept() -> None:
    array = np.array([0x7FC00001, 0xFFC00002, 0x80000000], np.uint32).view(np.float32)
    back = decode_value(bytes(encode_value(Volume(array, Geometry.of_size(3)))))
    assert isinstance(back, Volume)
    assert back.array.view(np.uint32).tolist() == [0x7FC00001, 0xFFC00002, 0x80000000]


def test_masks_take_one_bit_a_voxel() -> None:
    mask = Volume(np.ones((100, 100), np.bool_), Geometry.of_size(100, 100))
    assert encode_value(mask).size < 10_000 / 8 + 512


def test_large_images_are_neither_copied_nor_moved() -> None:
    array = np.arange(64**3, dtype=np.float32).reshape(64, 64, 64)
    image = Volume(array, Geometry.of_size(64, 64, 64))
    data = bytes(encode_value(image))
    assert any(np.shares_memory(np.frombuffer(part, np.uint8), array) for part in encode_value(image).parts)
    back = decode_value(data)
    assert isinstance(back, Volume)
    assert np.shares_memory(back.array, np.frombuffer(data, np.uint8))


def test_values_of_different_type_have_different_bytes() -> None:
    alike: list[Any] = [1, 1.0, True, "1", b"1", [1], {"1": 1}, 0.0, -0.0, 0, False, "", b"", [], {}, "nan", math.nan]
    assert len({bytes(encode_value(value)) for value in alike}) == len(alike)


def test_nesting_may_be_arbitrarily_deep() -> None:
    value: Any = 7
    for _ in range(50_000):
        value = [value]
    back: Any = decode_value(bytes(encode_value(value)))
    depth = 0
    while isinstance(back, list):
        (back,) = back
        depth += 1
    assert (depth, back) == (50_000, 7)


@pytest.mark.parametrize(
    "value",
    [None, (1, 2), {1: 2}, {"a": None}, [object()], np.float64(1), np.zeros(3), 1j, "\ud800", {"\udc00": 1}, {1, 2}],
    ids=repr,
)
def test_other_values_are_refused(value: Any) -> None:
    assert not is_storable(value)
    with pytest.raises(TypeError, match="cannot be stored"):
        encode_value(value)


# What stores on disk hold. These bytes may change only together with the version of the store's format.
PINNED: list[tuple[Any, str]] = [
    (True, "[true]"),
    (12, "[12]"),
    (-0.0, "[-0.0]"),
    (0.1, "[0.1]"),
    (1e300, "[1e+300]"),
    (-math.inf, '[{"float":"-inf"}]'),
    (2**64, '[{"int":"0x10000000000000000"}]'),
    ("é\n", '["\\u00e9\\n"]'),
    ([1, [2.0], "x"], '[{"list":3},1,{"list":1},2.0,"x"]'),
    ({"b": 1, "a": False}, '[{"record":["b","a"]},1,false]'),
]


def with_header(header: str) -> bytes:
    return b"vlc1" + struct.pack("<I", len(header)) + header.encode("ascii")


@pytest.mark.parametrize(("value", "header"), PINNED, ids=[repr(value) for value, _ in PINNED])
def test_bytes_are_pinned(value: Any, header: str) -> None:
    assert bytes(encode_value(value)) == with_header(header)
    assert same(decode_value(with_header(header)), value)


def test_bytes_with_a_blob_are_pinned() -> None:
    header = b'vlc1\x0d\0\0\0[{"bytes":3}]'
    assert bytes(encode_value(b"raw")) == header + bytes(64 - len(header)) + b"raw"


def test_digests_of_images_are_pinned() -> None:
    geometry = Geometry((5, 3), (0.5, 2.0), (-1.0, 1e-3), (0.0, 1.0, -1.0, 0.0))
    numbers = Volume(np.arange(15, dtype=np.float32).reshape(3, 5), geometry)
    mask = Volume(np.arange(15).reshape(3, 5) % 2 == 0, geometry)
    colour = Volume(np.arange(45, dtype=np.uint8).reshape(3, 5, 3), geometry, 3)
    assert [encode_value(image).digest().hex() for image in (numbers, mask, colour)] == [
        "4560e7faece54f05f3ecea871c01704af67e08ac64c4f246d0a94e49d55a709e",
        "04217e6d55b4e33c4e83e001c0334ce9050d5033a30d270e6dbf99a1d459c664",
        "b38a5eb3e8a43d49c212a4fbe4495f9a235326c90a0ab6f3de1da948266dc82b",
    ]


def damaged_or_a_value(data: bytes) -> None:
    try:
        decode_value(data)
    except StoreError as error:
        assert error.message.startswith("damaged")


SAMPLES = [
    *(with_header(header) for _, header in PINNED),
    bytes(encode_value(Volume(np.zeros((3, 5), np.float32), Geometry.of_size(5, 3)))),
    bytes(encode_value([Volume(np.ones((3, 5), np.bool_), Geometry.of_size(5, 3)), {"a": b"123"}])),
]


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SAMPLES), st.data())
def test_changed_bytes_never_break_the_decoder(sample: bytes, data: st.DataObject) -> None:
    changed = bytearray(sample)
    for _ in range(data.draw(st.integers(1, 3))):
        position = data.draw(st.integers(0, len(changed) - 1))
        match data.draw(st.sampled_from(("flip", "cut", "insert", "replace"))):
            case "flip":
                changed[position] ^= 1 << data.draw(st.integers(0, 7))
            case "cut" if len(changed) > 1:
                del changed[position : position + data.draw(st.integers(1, 9))]
                changed = changed or bytearray(b"v")
            case "insert":
                changed[position:position] = data.draw(st.binary(min_size=1, max_size=5))
            case _:
                changed[position] = data.draw(st.integers(0, 255))
    damaged_or_a_value(bytes(changed))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_arbitrary_bytes_never_break_the_decoder(data: bytes) -> None:
    damaged_or_a_value(data)
    damaged_or_a_value(b"vlc1" + struct.pack("<I", len(data)) + data)


HEADERS = [
    "[",
    "{}",
    "1",
    "[]",
    "[1,2]",
    "[null]",
    "[NaN]",
    "[1e999]",
    "[[1]]",
    "[9223372036854775808]",
    "[" + "1" * 5000 + "]",
    "[" * 100_000,
    '[{"list":2},1]',
    '[{"list":-1}]',
    '[{"list":1.0},1]',
    '[{"list":true},1]',
    '[{"list":1,"record":["a"]},1]',
    '[{"record":["a","a"]},1,2]',
    '[{"record":"a"},1]',
    '[{"record":[1]},1]',
    '[{"float":"1.0"}]',
    '[{"int":"zz"}]',
    '[{"int":5}]',
    '[{"bytes":1}]',
    '[{"bytes":99999999999999999999}]',
    '[{"other":1}]',
    "[{}]",
    '[{"volume":{}}]',
    '[{"volume":5}]',
]


@pytest.mark.parametrize("header", HEADERS, ids=[header[:30] for header in HEADERS])
def test_headers_that_say_nonsense_are_damaged(header: str) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decode_value(with_header(header))


VOLUME = {
    "components": "1",
    "direction": '["0x1p+0"]',
    "dtype": '"uint8"',
    "origin": '["0x0p+0"]',
    "size": "[3]",
    "spacing": '["0x1p+0"]',
}
NONSENSE = [
    ("components", "0"),
    ("components", "2"),
    ("components", '"1"'),
    ("direction", "[]"),
    ("dtype", '"object"'),
    ("dtype", "[]"),
    ("dtype", '"float64"'),
    ("origin", '["zero"]'),
    ("origin", '["0x1p+99999"]'),
    ("origin", "[0]"),
    ("size", "[]"),
    ("size", "[-3]"),
    ("size", "[4]"),
    ("size", "[2]"),
    ("size", "[3.0]"),
    ("size", "3"),
    ("size", "[9223372036854775807]"),
    ("spacing", '["0x1p+0","0x1p+0"]'),
]


def with_description(**changes: str) -> bytes:
    header = '[{"volume":{' + ",".join(f'"{word}":{text}' for word, text in (VOLUME | changes).items()) + "}}]"
    start = with_header(header)
    return start + bytes(-len(start) % 64) + b"\1\2\3"


def test_the_description_that_is_bent_below_is_right_when_straight() -> None:
    image = decode_value(with_description())
    assert isinstance(image, Volume)
    assert image.array.tolist() == [1, 2, 3]


@pytest.mark.parametrize(("word", "text"), NONSENSE)
def test_images_described_by_nonsense_are_damaged(word: str, text: str) -> None:
    with pytest.raises(StoreError, match="damaged"):
        decode_value(with_description(**{word: text}))


def test_impossible_sizes_are_damaged_even_without_voxels() -> None:
    huge = str(2**62)
    lists = {"spacing": 3, "origin": 3, "direction": 9}
    changes = {word: "[" + ",".join(['"0x1p+0"'] * count) + "]" for word, count in lists.items()}
    data = with_description(size=f"[{huge},{huge},0]", **changes)
    with pytest.raises(StoreError, match="damaged"):
        decode_value(data[:-3])


def test_stray_bits_after_a_mask_are_damaged() -> None:
    data = bytearray(encode_value(Volume(np.zeros(5, np.bool_), Geometry.of_size(5))).__bytes__())
    data[-1] |= 1
    with pytest.raises(StoreError, match="damaged"):
        decode_value(bytes(data))
