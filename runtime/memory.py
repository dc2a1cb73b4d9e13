"""What a run takes in memory, predicted before it starts: the images that are alive, and the process around them."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import islice

from vlc_runtime.clustering import Cluster
from vlc_runtime.extents import Extents, images_of, voxels_of
from vlc_runtime.fused_operator import FusedOperator
from vlc_runtime.kernels.algorithms.block_program import STEPS_OF_ONE
from vlc_runtime.kernels.fast import PRICE
from vlc_runtime.liveness import Liveness, TaskMemory
from vlc_runtime.steps import Known, Step

PROCESS = 180_000_000
"""Bytes of a process that has loaded Python, numpy, SimpleITK and Dask, and done something with each: 158 MB with one
Linux, 187 MB with another, which maps more of a library with the page that is used."""
COMPILED = 155_000_000
"""Bytes that numba takes, with what it compiled, where it is installed and gets enough to do: 125, 145 or 165 MB."""
PER_STEP = 3_000
"""Bytes of a planned step, with what is told and kept of it."""
COMPILED_STEPS = {"vox1.percentiles": 2} | {f"vox1.{name}": 1 for name in ("through", "lcc", "Lcc", "maxvol")}
"""Elementary steps a voxel of kernels that have a compiled version: it depends on the mask, this is usual."""
MOST_COMPARED = 1000
"""Of more tasks than this it is not asked which can run beside which: any of them, then."""


@dataclass(frozen=True, slots=True)
class Need:
    """Bytes, and why: `task` is the one that runs at the peak, `beside` are those that run with it, `held` the bytes of
    what tasks that are done left for others."""

    bytes: int
    process: int
    held: int
    task: Cluster | None
    beside: tuple[Cluster, ...] = ()


class PlanMemory:
    """Predicts what tasks take that are done in an order, each after its inputs.

    `order` says when a task is done if one is done at a time, and which is preferred if several could be.
    """

    def __init__(
        self, order: Sequence[Cluster], wanted: Collection[Cluster], extents: Extents, liveness: Liveness
    ) -> None:
        self.order = order
        self.tasks: dict[Cluster, TaskMemory] = {task: liveness.of_task(task) for task in order}
        self.wanted = wanted
        self.held = _held(order, wanted, self.tasks)
        steps = [step for task in order for step in task.steps]
        self.compiles = _compiles([step for step in steps if step.key not in liveness.stored], extents)
        """Whether the run loads numba."""
        self.process = PROCESS + PER_STEP * len(steps) + (COMPILED if self.compiles else 0)

    def holders(self, task: Cluster) -> list[Cluster]:
        """The tasks that are done before one, and whose results are still held when it runs."""
        before = self.order[: self.order.index(task)]
        needed = {source for later in self.order[len(before) :] for source in later.inputs}
        return [each for each in before if self.tasks[each].outputs and (each in needed or each in self.wanted)]

    def need(self, workers: int) -> Need:
        """The most that so many tasks at a time take, whichever of those that can run together do so."""
        best = Need(self.process, self.process, 0, None)
        beside = self._beside() if workers > 1 else []
        by_peak = sorted(range(len(self.order)), key=lambda place: -self.tasks[self.order[place]].peak)
        for place, task in enumerate(self.order):
            others: list[Cluster] = []
            if workers > 1:
                possible = (other for other in by_peak if beside[place] >> other & 1)
                others = [self.order[other] for other in islice(possible, workers - 1)]
            running = sum(self.tasks[each].peak for each in (task, *others))
            if self.process + self.held[place] + running > best.bytes:
                total = self.process + self.held[place] + running
                best = Need(total, self.process, self.held[place], task, tuple(others))
        return best

    def need_of_processes(self, workers: int) -> Need:
        """The most that so many worker processes and this one take, with the largest of the tasks in each.

        What a task is given or gives is there twice while it travels, and once in this process as long as it is held.
        """
        given = {task: sum(self.tasks[source].outputs for source in task.inputs) for task in self.order}
        each = {
            task: given[task] + max(given[task], self.tasks[task].peak + found.outputs)
            for task, found in self.tasks.items()
        }
        largest = max(self.order, key=each.__getitem__, default=None)
        held = max(
            (count + self.tasks[task].outputs for count, task in zip(self.held, self.order, strict=True)), default=0
        )
        worker = self.process + (each[largest] if largest is not None else 0)
        travelling = max(given.values(), default=0)
        return Need(self.process + held + workers * (worker + travelling), self.process, held, largest)

    def _beside(self) -> list[int]:
        """For each task those that can run beside it: bits, by their place in the order."""
        count = len(self.order)
        everything = (1 << count) - 1
        if count > MOST_COMPARED:
            return [everything & ~(1 << place) for place in range(count)]
        place = {task: number for number, task in enumerate(self.order)}
        below, above = [0] * count, [0] * count
        for number, task in enumerate(self.order):
            for source in task.inputs:
                below[number] |= below[place[source]] | 1 << place[source]
        for number in reversed(range(count)):
            for source in self.order[number].inputs:
                above[place[source]] |= above[number] | 1 << number
        return [everything & ~(below[number] | above[number] | 1 << number) for number in range(count)]


def _held(order: Sequence[Cluster], wanted: Collection[Cluster], tasks: Mapping[Cluster, TaskMemory]) -> list[int]:
    """By place in the order, the bytes that tasks before it left for it or for later ones; what is wanted stays."""
    last = {task: place for place, task in enumerate(order)}
    for place, task in enumerate(order):
        for source in task.inputs:
            last[source] = place
    held, ends = 0, [0] * (len(order) + 1)
    bytes_held = []
    for place, task in enumerate(order):
        bytes_held.append(held)
        held += tasks[task].outputs
        if task not in wanted:
            ends[last[task]] += tasks[task].outputs
        held -= ends[place]
    return bytes_held


def _compiles(steps: Iterable[Step], extents: Extents) -> bool:
    """Whether so much is done by kernels with a compiled version that numba is worth loading, where it is installed."""
    work = sum(_elementary_steps(step, extents) for step in steps)
    return work >= PRICE and find_spec("numba") is not None


def _elementary_steps(step: Step, extents: Extents) -> int:
    """What a kernel tells `worth_while`: of components, what is usual."""
    if isinstance(step.operator, FusedOperator):
        voxels = max((voxels_of(extents.of(source)) for source in images_of(step)), default=0)
        return voxels * len(step.operator.instructions) // STEPS_OF_ONE
    name = step.operator.identifier
    if name not in COMPILED_STEPS and name != "vox1.crossCorrelation":
        return 0
    voxels = max((voxels_of(extents.of(source)) for source in images_of(step)), default=0)
    if name in COMPILED_STEPS:
        return COMPILED_STEPS[name] * voxels
    bins = step.inputs[-1]
    value = bins.value if isinstance(bins, Known) else None
    return voxels * int(value) if isinstance(value, (int, float)) and math.isfinite(value) else 0
