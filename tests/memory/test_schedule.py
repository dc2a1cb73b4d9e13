"""How many workers fit, and what is said when none does."""

from __future__ import annotations

import pytest
from vlc_runtime.errors import NotEnoughMemory
from vlc_runtime.schedule import Schedule, allowed_workers

from tests.memory.plans import forecast_program, head

PROGRAM = """
import "vox1"
import "simpleitk"
files = dir("{folder}", "*.nii.gz", false, true)
flair(file) = intensity(ReadImage(file))
print "deep" for file in files do max(abs(dt(flair(file) > 200)) * flair(file))
print "sum" max((flair(files[0]) + flair(files[1])) * flair(files[2]))
"""


@pytest.fixture(scope="module")
def schedule(tmp_path_factory: pytest.TempPathFactory) -> Schedule:
    folder = tmp_path_factory.mktemp("cohort")
    for case in range(6):
        head(folder / f"case{case}.nii.gz", (60, 60, 60), seed=case)
    return forecast_program(PROGRAM.format(folder=folder)).schedule


@pytest.mark.parametrize("scheduler", ["processes", "local-cluster:4"])
def test_processes_are_as_many_as_fit(schedule: Schedule, scheduler: str) -> None:
    memory = schedule.memory
    assert memory is not None
    needs = [memory.need_of_processes(count).bytes for count in (1, 2, 3, 4)]
    assert needs == sorted(set(needs))
    for count, need in enumerate(needs, 1):
        assert allowed_workers(schedule, scheduler, 4, need, lambda node: "").workers == count
    with pytest.raises(NotEnoughMemory):
        allowed_workers(schedule, scheduler, 4, needs[0] - 1, lambda node: "")


@pytest.mark.parametrize("scheduler", ["threads", "sync"])
def test_threads_keep_their_number_and_wait_for_memory(schedule: Schedule, scheduler: str) -> None:
    memory = schedule.memory
    assert memory is not None
    least = memory.need(1).bytes
    allowed = allowed_workers(schedule, scheduler, 4, least, lambda node: "")
    assert allowed.workers == 4
    for task in range(2):
        allowed.admission.offer(task)
    assert (allowed.admission.start(), allowed.admission.start()) == (0, None)
    with pytest.raises(NotEnoughMemory) as refused:
        allowed_workers(schedule, scheduler, 4, least - 1, lambda node: "deep = ...")
    assert "of `deep = ...`" in refused.value.message
    assert "--memory" in refused.value.hint


def test_more_workers_never_take_less(schedule: Schedule) -> None:
    assert schedule.memory is not None
    needs = [schedule.memory.need(workers).bytes for workers in range(1, 9)]
    assert needs == sorted(needs) and needs[-1] > needs[0]


def test_the_order_of_tasks_is_that_of_what_they_need(schedule: Schedule) -> None:
    done: set[object] = set()
    for task in schedule.order:
        assert set(task.inputs) <= done
        done.add(task)
    assert schedule.memory is not None
    assert [*schedule.memory.tasks] == schedule.order
