"""The garbage collector is off while a plan is built and planned, and as it was while kernels on images run and
afterwards."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
from vlc_runtime import Plan, Print
from vlc_runtime.collector import paused, resumed
from vlc_runtime.operator import operator


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    yield
    gc.enable()


@operator(cost="heavy", effect=True)
def collecting(value: float) -> bool:
    """Whether the collector is on while this runs, as a kernel on images does."""
    return gc.isenabled()


@operator(cost="scalar", effect=True)
def collecting_of_scalars(value: float) -> bool:
    """The same, of a kernel on scalars."""
    return gc.isenabled()


@pytest.mark.parametrize("before", [True, False])
def test_kernels_on_images_run_with_the_collector_as_it_was(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    plan = Plan(Print("images", collecting(1.0)), Print("scalars", collecting_of_scalars(1.0)))
    assert plan.run(store=None, scheduler="sync") == {"images": before, "scalars": before}
    assert gc.isenabled() is before


@pytest.mark.parametrize("before", [True, False])
def test_kernels_on_scalars_alone_run_without_it(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    assert Plan(Print("scalars", collecting_of_scalars(1.0))).run(store=None, scheduler="sync") == {"scalars": False}
    assert gc.isenabled() is before


def test_runs_beside_each_other_leave_it_on() -> None:
    """One is still on when the other, which began while it was off for the first, has kernels to run."""
    with paused() as first:
        with paused() as second:
            pass
        assert not gc.isenabled()
    with resumed(second):
        pass
    assert first and not second and gc.isenabled()


@pytest.mark.parametrize("before", [True, False])
def test_what_was_set_is_restored_after_an_exception(before: bool) -> None:
    (gc.enable if before else gc.disable)()
    with pytest.raises(ValueError, match="within"), paused():
        assert not gc.isenabled()
        raise ValueError("within")
    assert gc.isenabled() is before


@operator(cost="heavy", effect=True)
def frozen(value: float) -> int:
    """How many objects are kept from the collector while this runs."""
    return gc.get_freeze_count()


def test_runs_in_a_process_that_goes_on_leave_nothing_to_the_collector_for_good() -> None:
    before = gc.get_freeze_count()
    assert Plan(Print("frozen", frozen(1.0))).run(store=None) == {"frozen": before}
    assert gc.get_freeze_count() == before
