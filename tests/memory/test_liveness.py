"""What tasks are predicted to take is what is alive while their steps are done."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vlc_runtime.clustering import Cluster
from vlc_runtime.forecast import forecast
from vlc_runtime.image_files import Header
from vlc_runtime.liveness import Liveness
from vlc_runtime.schedule import Schedule
from vlc_runtime.session import Session
from vlc_runtime.source_lines import SourceLines
from vlc_runtime.steps import Step
from vlc_runtime.tasks import task_call
from vlc_runtime.volume import Geometry, Volume

from tests.memory.plans import computed, forecast_of, forecast_program, head
from tests.vl1.programs import plan_of

PROGRAMS = {
    "a chain": "((flair + 1) * 2 - 3) > 5",
    "sides": "((flair + 1) > (flair * 2)) & through(flair > 200, flair > 100)",
    "shared": "let a = flair * flair in (a + flair) * (a - flair) > a",
    "regions": "near(maxvol(flair > 200)) & !interior(flair > 100)",
    "ranks": "percentiles(flair, flair > 60, 0.5) > 0.5",
    "distances": "(dt(flair > 200) < 3) | (dt(flair > 250) > 2)",
}
BIG = (120, 120, 60)


def schedule_of(path: Path, expression: str) -> Schedule:
    text = (
        f'import "vox1"\nimport "simpleitk"\nflair = intensity(ReadImage("{path}"))\nprint "r" volume({expression})\n'
    )
    return forecast_program(text).schedule


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return head(tmp_path_factory.mktemp("images") / "head.nii.gz")


def outlives(task: Cluster, liveness: Liveness, key: bytes, position: int) -> bool:
    """Whether a later step, or another task, needs a result or another name of it: by looking through everything."""
    names = {key}
    for step in task.steps[: position + 1]:
        if liveness.extents.of(step).same_as in names:
            names.add(step.key)
    later = [source for step in task.steps[position + 1 :] for source in step.inputs if isinstance(source, Step)]
    return any(each.key in names for each in [*later, *task.outputs])


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_peak_is_that_of_a_look_through_everything(image: Path, name: str) -> None:
    schedule = schedule_of(image, PROGRAMS[name])
    assert schedule.memory is not None and schedule.liveness is not None
    liveness = schedule.liveness
    sizes = {step.key: value.nbytes for step, value in computed(schedule.order) if isinstance(value, Volume)}
    for task in schedule.order:
        peak = outputs = 0
        alive: set[bytes] = set()
        for position, step in enumerate(task.steps):
            if liveness.extents.bytes_of(step):
                alive.add(step.key)
            peak = max(peak, sum(sizes[key] for key in alive) + liveness.working(step))
            alive = {key for key in alive if outlives(task, liveness, key, position)}
            outputs = sum(sizes[key] for key in alive)
        found = schedule.memory.tasks[task]
        assert (found.peak, found.outputs) == (peak, outputs)


@pytest.mark.parametrize("name", PROGRAMS)
def test_buffers_that_share_a_number_are_never_alive_together(image: Path, name: str) -> None:
    schedule = schedule_of(image, PROGRAMS[name])
    assert schedule.liveness is not None
    for task in schedule.order:
        buffers = schedule.liveness.buffers_of(task)
        for one in buffers:
            for other in buffers:
                if one is not other and one.number == other.number:
                    assert one.bytes == other.bytes
                    assert one.last < other.first or other.last < one.first


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_peak_is_what_numpy_allocates(tmp_path: Path, name: str) -> None:
    """Whole tasks, as a worker does them. Memory of ITK is not traced; the declared scratch is what was measured."""
    schedule = schedule_of(head(tmp_path / "head.nii.gz", BIG), PROGRAMS[name])
    assert schedule.memory is not None
    session, results = Session(None), {}
    for task in schedule.order:
        call = task_call(session, task, set(), {}, lambda step: False, lambda path: None, None)
        given = [results[source] for source in task.inputs]
        results[task], traced = _traced(call, given)
        predicted = schedule.memory.tasks[task].peak
        if name != "distances":  # most of what they take is ITK's
            assert abs(traced - predicted) <= 0.2 * predicted + 3_000_000


def _traced(call: Any, given: list[Any]) -> tuple[Any, int]:
    tracemalloc.start()
    try:
        result = call(*given)
        return result, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_a_stored_result_that_is_another_s_takes_memory_of_its_own(image: Path) -> None:
    """`intensity` of numbers gives the image itself; loaded from a store it is an image of its own."""
    path = head(image.parent / "numbers.mha", pixel=np.float32)
    schedule = forecast_of(plan_of(f'load i = "{path}"\nprint "m" max(intensity(i))\n')).schedule
    assert schedule.liveness is not None
    (task,) = schedule.order
    names = [step.operator.identifier for step in task.steps]
    both = task.steps[: names.index("vox1.intensity") + 1]
    loaded = Liveness(schedule.liveness.extents, {step.key for step in both}, ())
    assert loaded.of_steps(both, both).outputs == 2 * schedule.liveness.of_steps(both, both).outputs > 0


def test_a_wide_distance_builds_the_map_and_says_so() -> None:
    """Beyond some 30 voxels a comparison of distances takes what the map takes."""
    header = Header(Geometry.of_size(100, 100, 100), "32-bit float", 1)
    scratch = []
    for radius in (5, 60):
        text = f'load i = "i.nii"\nprint "r" volume(dt(intensity(i) >. 1) <. {radius})\n'
        schedule = forecast(plan_of(text), lambda path: header, SourceLines(), 1, None).schedule
        steps = [step for task in schedule.order for step in task.steps]
        (within,) = [step for step in steps if step.operator.identifier == "vox1.signed_distance_lt"]
        assert schedule.liveness is not None
        scratch.append(schedule.liveness.working(within))
    assert scratch == [1_700_000, 9_500_000]
