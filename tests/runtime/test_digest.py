"""The encoding under every key and node id: pinned bytes, and no two values with one encoding."""

from __future__ import annotations

import hashlib
import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.digest import digest, encode


class Text(str):
    """As the compiler's Code."""


@pytest.mark.parametrize(
    ("value", "encoding"),
    [
        (None, b"n"),
        (True, b"t"),
        (False, b"f"),
        (-12, b"i-12;"),
        (1.0, b"d\x3f\xf0\0\0\0\0\0\0"),
        (-0.0, b"d\x80\0\0\0\0\0\0\0"),
        (math.nan, b"d\x7f\xf8\0\0\0\0\0\0"),
        (-math.nan, b"d\x7f\xf8\0\0\0\0\0\0"),
        ("é", b"s2:\xc3\xa9"),
        ("\ud800", b"s3:\xed\xa0\x80"),
        (b"key", b"y3:key"),
        ((1, ["a", ()], b""), b"l3:i1;l2:s1:al0:y0:"),
        (Text("a"), b"s1:a"),
        (np.float64(1.0), b"d\x3f\xf0\0\0\0\0\0\0"),
        ((Text("a"),), b"l1:s1:a"),
    ],
)
def test_encodings_are_pinned(value: Any, encoding: bytes) -> None:
    assert encode(value) == encoding
    assert digest(value, 1) == hashlib.sha256(encoding + b"i1;").digest()


@pytest.mark.parametrize("value", [{}, {1}, 1j, bytearray(b"a"), np.int64(1), object(), (1, {}), [object()]])
def test_other_types_are_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="has no canonical encoding"):
        encode(value)


def test_nesting_may_be_deep() -> None:
    value: Any = "leaf"
    for _ in range(100_000):
        value = [value]
    assert encode(value) == b"l1:" * 100_000 + b"s4:leaf"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner, inner),
    max_leaves=12,
)


def tagged(value: Any) -> Any:
    """A value that is equal to another one's exactly when type and content are the same; lists and tuples are alike."""
    if isinstance(value, (list, tuple)):
        return ("sequence", *map(tagged, value))
    return (type(value).__name__, value.hex() if isinstance(value, float) else value)


@settings(max_examples=200, deadline=None)
@given(values, values)
def test_two_values_have_one_encoding_only_if_they_are_one(left: Any, right: Any) -> None:
    assert (encode(left) == encode(right)) == (tagged(left) == tagged(right))
