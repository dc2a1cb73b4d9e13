"""The order of the tasks of a run, and how many at a time fit into the memory that is allowed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from math import ceil
from typing import NamedTuple

from vlc_runtime.admission import Admission, Demand
from vlc_runtime.available_memory import default_allowance
from vlc_runtime.clustering import Cluster
from vlc_runtime.digest import Digest
from vlc_runtime.errors import NotEnoughMemory
from vlc_runtime.extents import Extents
from vlc_runtime.grids import Grids
from vlc_runtime.liveness import Liveness
from vlc_runtime.memory import Need, PlanMemory
from vlc_runtime.node import Node
from vlc_runtime.ordering import demanding_first, depth_first, lower_peaks
from vlc_runtime.schedulers import LOCAL, LOCAL_CLUSTER, workers_of_local_cluster
from vlc_runtime.sizes import size_text
from vlc_runtime.steps import Step

DeclarationOf = Callable[[Node], str]
"""The declaration that a node comes from, or ''."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """Tasks in their order, each after its inputs, and what they take; `memory` is None where there are no images."""

    order: list[Cluster]
    memory: PlanMemory | None = None
    liveness: Liveness | None = None


class Allowed(NamedTuple):
    """How a run keeps within its memory: so many workers of a scheduler, and of tasks beyond the first what `admission`
    lets start."""

    scheduler: str
    workers: int
    admission: Admission


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
    lower_peaks(order, liveness)
    memory = PlanMemory(order, wanted, extents, liveness)
    found = memory.tasks
    other = demanding_first(
        order,
        lambda task: task.inputs,
        lambda task: found[task].outputs,
        lambda task: found[task].peak - found[task].outputs,
    )
    if other != order:
        other_memory = PlanMemory(other, wanted, extents, liveness)
        if other_memory.need(1).bytes < memory.need(1).bytes:
            order, memory = other, other_memory
    return Schedule(order, memory, liveness)


def _is_of_images(step: Step) -> bool:
    return step.operator.cost in ("voxelwise", "heavy")


def within_memory(
    schedule: Schedule, scheduler: str, workers: int, memory: int | None, declaration: DeclarationOf
) -> Allowed:
    """The scheduler and how many workers it has, so that the memory allowed is kept: these bytes, or a share of what
    there is. NotEnoughMemory when one worker takes more.

    Other machines have memory of their own: what a cluster elsewhere allows, it knows itself.
    """
    local_cluster = workers_of_local_cluster(scheduler)
    if local_cluster:
        workers = local_cluster
    elif scheduler not in LOCAL and memory is None:
        return Allowed(scheduler, workers, Admission((), 0))
    elif scheduler not in LOCAL:
        workers = 1
    allowed = allowed_workers(schedule, scheduler, workers, memory or default_allowance(), declaration)
    return allowed._replace(scheduler=f"{LOCAL_CLUSTER}{allowed.workers}") if local_cluster else allowed


def allowed_workers(
    schedule: Schedule, scheduler: str, workers: int, allowance: int, declaration: DeclarationOf
) -> Allowed:
    """The most workers, up to this many, that keep within an allowance of bytes. NotEnoughMemory when none does.

    Threads are narrowed task by task. Processes have memory of their own, and hand each other what tasks share: there
    are as many as fit with the largest task each.
    """
    memory = schedule.memory
    if memory is None:
        return Allowed(scheduler, workers, Admission([Demand(0, 0)] * len(schedule.order), 0))
    demands = [Demand(memory.tasks[task].peak, memory.tasks[task].outputs) for task in schedule.order]
    if scheduler in ("threads", "sync"):
        least = memory.need(1)
        if least.bytes > allowance:
            raise _refusal(schedule, least, allowance, declaration)
        return Allowed(scheduler, workers, Admission(demands, allowance - least.bytes))
    while workers > 1 and memory.need_of_processes(workers).bytes > allowance:
        workers -= 1
    least = memory.need_of_processes(workers)
    if least.bytes > allowance:
        raise _refusal(schedule, least, allowance, declaration)
    return Allowed(scheduler, workers, Admission(demands, 0))


def _refusal(schedule: Schedule, need: Need, allowance: int, declaration: DeclarationOf) -> NotEnoughMemory:
    assert schedule.memory is not None
    message = (
        f"this takes {size_text(need.bytes)} of memory, one task at a time ({size_text(need.process)} of it for the "
        f"process and its libraries), and {size_text(allowance)} are allowed"
    )
    if need.task is not None:
        task = schedule.memory.tasks[need.task]
        step = need.task.steps[task.position]
        message += f"; most is taken at {_named(step, declaration)}, with {size_text(task.peak)} in its task"
        if need.held:
            message += f" and {size_text(need.held)} held for other tasks"
    return NotEnoughMemory(
        message,
        f"allow --memory {ceil(need.bytes / 1e6)}MB if there is as much, or compute smaller images; "
        "`vlc memory` shows what is alive",
    )


def _named(step: Step, declaration: DeclarationOf) -> str:
    text = declaration(step.node) if step.node is not None else ""
    return f"{step.operator.identifier} of `{text}`" if text else step.operator.identifier
