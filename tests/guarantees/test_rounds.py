"""A run in several rounds: what one round finished is at hand in the next, and is no task of it."""

from __future__ import annotations

from vlc_runtime.clustering import cluster
from vlc_runtime.digest import digest
from vlc_runtime.kernels import vox1
from vlc_runtime.steps import Step


def test_steps_whose_inputs_are_finished_are_clustered() -> None:
    finished = Step(digest("finished"), vox1.dt, (), None, None, (), 0)
    step = Step(digest("step"), vox1.volume, (finished,), None, None, (), 1)
    last = Step(digest("last"), vox1.volume, (step, finished), None, None, (), 2)
    (only,) = cluster([step, last], {last}, set(), set(), 4)
    assert only.steps == [step, last]
    assert only.outputs == [last]
    assert only.inputs == []
