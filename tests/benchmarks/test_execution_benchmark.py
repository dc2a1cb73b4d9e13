"""The ways to execute that are compared compute the same, with any number of workers."""

from __future__ import annotations

import pytest

from benchmarks.execution_plans import WORKLOADS
from benchmarks.execution_ways import WAYS


@pytest.mark.parametrize(("name", "count"), [("scalars", 1000), ("glioblastoma", 2), ("sweep", 5)])
@pytest.mark.parametrize("way", WAYS)
def test_every_way_computes_the_same(way: str, name: str, count: int) -> None:
    expected = WAYS["session"](WORKLOADS[name](count), 1)
    assert len(set(expected)) > 1 or name == "scalars"
    for workers in (1, 3):
        assert WAYS[way](WORKLOADS[name](count), workers) == expected
