"""The published vectors, each a vl1 program that is compiled and run."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from tests.vl1.programs import VECTORS, on
from vlc.diagnostics import CompileError

CASES = json.loads((VECTORS / "vectors.json").read_text())["vectors"]
NAMES = [f"{case['input']}: {case['expr']}" for case in CASES]


def test_all_are_there() -> None:
    assert len(CASES) == 99


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_vector(case: dict[str, Any]) -> None:
    if case["expr"].startswith("B+("):
        assert case["kind"] == "error"  # VoxLogicA 1 declares `\` too late for it; it works here
        near, region = on(case["input"], "near(img >. 0)"), on(case["input"], "img >. 0")
        assert np.array_equal(on(case["input"], case["expr"]).array, near.array & ~region.array)
        return
    if case["kind"] == "error":
        with pytest.raises(CompileError) as caught:
            on(case["input"], case["expr"])
        assert all(problem.span is not None for problem in caught.value.diagnostics)
        return
    result = on(case["input"], case["expr"])
    if case["kind"] == "image":
        expected = np.array(case["value"], np.float64)
        assert result.array.dtype == (np.bool_ if case["pixel"] == "8-bit unsigned integer" else np.float32)
        assert result.components == (expected.shape[-1] if case["pixel"].startswith("vector") else 1)
        np.testing.assert_array_equal(result.array.astype(np.float64), expected)
        zeros = expected == 0
        assert np.array_equal(np.signbit(result.array[zeros]), np.signbit(expected[zeros])), "-0 is not 0"
    elif case["kind"] == "bool":
        assert result is case["value"]
    else:
        expected_number = float(case["value"])
        assert isinstance(result, (int, float)) and not isinstance(result, bool)
        assert result == expected_number or (math.isnan(result) and math.isnan(expected_number))
