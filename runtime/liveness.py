"""What is alive while the steps of a task are done in their order, each value dropped after its last use."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vlc_runtime.clustering import Cluster
from vlc_runtime.digest import Digest
from vlc_runtime.extents import Extents, voxels_of
from vlc_runtime.steps import Step
from vlc_runtime.working_memory import WorkingMemory


def last_uses(
    steps: Sequence[Step], outputs: Iterable[Step], stored: Collection[Digest], at_hand: Collection[Digest]
) -> dict[int, list[Digest]]:
    """By position, the values that nothing needs any more after it. `outputs` are needed after all of them; what is
    `stored` is loaded, and needs nothing; what is `at_hand` is held elsewhere."""
    kept = {step.key for step in outputs}
    last: dict[Digest, int] = {}
    for position, step in enumerate(steps):
        last[step.key] = position
        if step.key not in stored:
            for source in step.sources:
                if source.key not in at_hand:
                    last[source.key] = position
    ends: dict[int, list[Digest]] = {}
    for key, position in last.items():
        if key not in kept:
            ends.setdefault(position, []).append(key)
    return ends


@dataclass(frozen=True, slots=True)
class Buffer:
    """The bytes of a step's result, alive from the step at position `first` of its task to that at `last`; what others
    need outlives the last step. Buffers of one size that are not alive at the same time may have the same `number`.
    """

    step: Step
    bytes: int
    first: int
    last: int
    number: int


@dataclass(frozen=True, slots=True)
class TaskMemory:
    """What a task takes beyond its inputs: at most `peak` bytes, at step number `position`; `outputs` at its end."""

    peak: int
    position: int
    outputs: int


Form: TypeAlias = tuple[object, ...]
"""What tells tasks apart that take different amounts of memory, or take it in another order."""


class Liveness:
    """Tells what tasks take. Each call is linear in the steps of the task, and answered once for each task."""

    def __init__(self, extents: Extents, stored: Collection[Digest], at_hand: Collection[Digest]) -> None:
        self.extents = extents
        self.stored = stored
        self._at_hand = at_hand
        self._working_memory = WorkingMemory(extents)
        self._working: dict[Digest, int] = {}
        self._sizes: dict[Digest, int] = {}
        self._tasks: dict[Cluster, TaskMemory] = {}

    def of_task(self, task: Cluster) -> TaskMemory:
        """What a task takes, in the order that it had when it was first asked about, or was put in since."""
        found = self._tasks.get(task)
        if found is None:
            found = self._tasks[task] = self.of_steps(task.steps, task.outputs)
        return found

    def form_of(self, task: Cluster) -> Form:
        """Of the steps of a task, in their order: the bytes of each, and which of the others they are given."""
        place = {step.key: number for number, step in enumerate(task.steps)}
        steps = tuple(
            (
                self.own_bytes(step),
                self.working(step),
                place.get(self.owner(step)),
                *[place.get(source.key) for source in self.needed_by(step)],
            )
            for step in task.steps
        )
        return steps, tuple(place[step.key] for step in task.outputs)

    def put_in_order(self, task: Cluster, steps: list[Step], memory: TaskMemory) -> None:
        """Let a task do its steps in another order, which takes this."""
        task.steps = steps
        self._tasks[task] = memory

    def of_steps(self, steps: Sequence[Step], outputs: Iterable[Step]) -> TaskMemory:
        """What doing the steps in this order takes."""
        ends = last_uses(steps, outputs, self.stored, self._at_hand)
        alive = _Alive(self)
        peak, place = 0, 0
        for position, step in enumerate(steps):
            alive.add(step)
            now = alive.bytes + self.working(step)
            if now > peak:
                peak, place = now, position
            for key in ends.get(position, ()):
                alive.drop(key)
        return TaskMemory(peak, place, alive.bytes)

    def buffers_of(self, task: Cluster) -> list[Buffer]:
        """The buffers that the results of a task need, in the order in which they are made."""
        ends = last_uses(task.steps, task.outputs, self.stored, self._at_hand)
        alive = _Alive(self)
        last: dict[Digest, int] = {}
        for position, step in enumerate(task.steps):
            alive.add(step)
            last.update(dict.fromkeys((key for key in map(alive.drop, ends.get(position, ())) if key), position))
        free: dict[int, list[int]] = {}
        ending: dict[int, list[Buffer]] = {}
        buffers: list[Buffer] = []
        numbers = 0
        for position, step in enumerate(task.steps):
            size = alive.sizes.get(step.key, 0)
            if size:
                if not free.get(size):
                    numbers += 1
                    free[size] = [numbers]
                end = last.get(step.key, len(task.steps))
                buffers.append(Buffer(step, size, position, end, free[size].pop()))
                ending.setdefault(end, []).append(buffers[-1])
            for buffer in ending.get(position, ()):
                free.setdefault(buffer.bytes, []).append(buffer.number)
        return buffers

    def outputs_of(self, task: Cluster) -> list[Buffer]:
        """What a task leaves for others."""
        return [buffer for buffer in self.buffers_of(task) if buffer.last == len(task.steps)]

    def working(self, step: Step) -> int:
        """What computing a step takes for a while; nothing if it is loaded."""
        found = self._working.get(step.key)
        if found is None:
            found = 0 if step.key in self.stored else self._working_memory.of(step)
            self._working[step.key] = found
        return found

    def needed_by(self, step: Step) -> tuple[Step, ...]:
        """The steps whose results are given to a step when it is done: none when it is loaded."""
        return () if step.key in self.stored else step.sources

    def own_bytes(self, step: Step) -> int:
        """The bytes that a step's result adds: none if it is another's as well, unless it is loaded."""
        found = self._sizes.get(step.key)
        if found is None:
            extent = self.extents.of(step)
            shared = extent.same_as is not None and step.key not in self.stored
            found = self._sizes[step.key] = 0 if shared else voxels_of(extent) * extent.voxel
        return found

    def owner(self, step: Step) -> Digest:
        """The step whose bytes a result is."""
        same_as = self.extents.same_as(step)
        return same_as if same_as is not None and step.key not in self.stored else step.key


class _Alive:
    """Values that are alive. A value that is another's as well is counted once, until both are dropped."""

    def __init__(self, liveness: Liveness) -> None:
        self._liveness = liveness
        self._owner: dict[Digest, Digest] = {}
        self.sizes: dict[Digest, int] = {}
        self._counts: dict[Digest, int] = {}
        self.bytes = 0

    def add(self, step: Step) -> None:
        owner = self._liveness.owner(step)
        if owner == step.key:
            self.sizes[owner] = self._liveness.own_bytes(step)
            self.bytes += self.sizes[owner]
        else:
            owner = self._owner.get(owner, owner)
        self._owner[step.key] = owner
        self._counts[owner] = self._counts.get(owner, 0) + 1

    def drop(self, key: Digest) -> Digest | None:
        """Nothing needs the value any more. Returns the step whose bytes are free now, if any are."""
        owner = self._owner.get(key)
        if owner is None:
            return None  # another task's
        self._counts[owner] -= 1
        if self._counts[owner]:
            return None
        self.bytes -= self.sizes.get(owner, 0)
        return owner
