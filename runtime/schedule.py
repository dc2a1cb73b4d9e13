"""The order of the tasks of a run, and what they take in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from vlc_runtime.clustering import Cluster
from vlc_runtime.digest import Digest
from vlc_runtime.extents import Extents
from vlc_runtime.grids import Grids
from vlc_runtime.liveness import Liveness
from vlc_runtime.memory import PlanMemory
from vlc_runtime.node import Node
from vlc_runtime.ordering import demanding_first, depth_first, lower_peaks
from vlc_runtime.steps import Step

DeclarationOf = Callable[[Node], str]
"""The declaration that a node comes from, or ''."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tasks in their order, each after its inputs, and what they take; `memory` is None where there are no images."""

    order: list[Cluster]
    memory: PlanMemory | None = None
    liveness: Liveness | None = None


def partitions_for(workers: int) -> int:
    """Into how many parts a loop is cut unless that is said: few that 100 us each are nothing, many that workers end
    together."""
    return max(32, 8 * workers)


def scheduled(
    tasks: Sequence[Cluster],
    wanted: Collection[Cluster],
    stored: Collection[Digest],
    at_hand: Collection[Digest],
    grids: Grids,
) -> Schedule:
    """Order the tasks, and the steps in each, so that few images are alive at a time; predict what they take."""
    used = {source for task in tasks for source in task.inputs}
    order = depth_first([task for task in tasks if task not in used], lambda task: task.inputs)
    if not any(_is_of_images(step) and step.key not in stored for task in tasks for step in task.steps):
        return Schedule(order)  # nothing to predict, and headers take time to read
    extents = Extents(grids)
    for task in order:
        extents.look_at(task.steps)
    liveness = Liveness(extents, stored, at_hand)
    lower_peaks(order, liveness, extents)
    memory = PlanMemory(order, wanted, extents, liveness)
    found = memory.tasks
    other = demanding_first(
        order,
        lambda task: task.inputs,
        lambda task: found[task].outputs,
        lambda task: found[task].peak - found[task].outputs,
    )
    other_memory = PlanMemory(other, wanted, extents, liveness)
    if other_memory.need(1).bytes < memory.need(1).bytes:
        order, memory = other, other_memory
    return Schedule(order, memory, liveness)


def _is_of_images(step: Step) -> bool:
    return step.operator.cost in ("voxelwise", "heavy")
