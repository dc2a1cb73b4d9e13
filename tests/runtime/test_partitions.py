"""Into how many tasks the items of loops are dealt: none is too short to be worth its scheduling."""

from __future__ import annotations

import pytest
from vlc_runtime.clustering import WORTH_A_TASK, Cluster, cluster
from vlc_runtime.digest import digest
from vlc_runtime.goal_operators import saved
from vlc_runtime.kernels import vox1
from vlc_runtime.operator import Operator
from vlc_runtime.steps import Label, Step

PARTITIONS = 32


def dealt(count: int, *operators: Operator) -> list[Cluster]:
    """The clusters of a loop of so many items, each with a step of every operator."""
    sequence = digest("sequence")
    labels = [Label(sequence, number, "") for number in range(count)]
    steps = [
        Step(digest(number, operator.identifier), operator, (), label, None, (), number)
        for number, label in enumerate(labels)
        for operator in operators
    ]
    found = cluster(steps, set(steps), set(), set(), PARTITIONS)
    assert [step for each in found for step in each.steps] == steps
    return found


@pytest.mark.parametrize(("count", "tasks"), [(1, 1), (WORTH_A_TASK, 1), (WORTH_A_TASK + 1, 2), (100, 7), (10_000, 32)])
def test_cheap_steps_share_tasks(count: int, tasks: int) -> None:
    assert len(dealt(count, vox1.volume_gt)) == tasks


@pytest.mark.parametrize("costly", [vox1.dt, vox1.logical_not, saved])
@pytest.mark.parametrize(("count", "tasks"), [(1, 1), (20, 20), (100, PARTITIONS)])
def test_items_with_more_to_do_are_dealt_one_by_one(costly: Operator, count: int, tasks: int) -> None:
    assert len(dealt(count, vox1.volume_gt, costly)) == tasks
