"""The garbage collector is off while a plan is built and planned, and as it was while kernels run and afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from vlc_runtime import Plan, Print
from vlc_runtime.collector import paused
from vlc_runtime.operator import operator


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    gc.enable()


@operator(cost="scalar", effect=True)
def collecting(value: float) -> bool:
    """Whether the collector is on while this runs."""
    return gc.isenabled()


@pytest.mark.parametrize("before", [True, False])
def test_kernels_run_with_the_collector_as_it_was(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    result = Plan(Print("collecting", collecting(1.0))).run(store=None, scheduler="sync")
    assert result == {"collecting": before}
    assert gc.isenabled() is before


@pytest.mark.parametrize("before", [True, False])
def test_what_was_set_is_restored_after_an_exception(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    with pytest.raises(ValueError, match="within"), paused():
        assert not gc.isenabled()
        raise ValueError("within")
    assert gc.isenabled() is before
