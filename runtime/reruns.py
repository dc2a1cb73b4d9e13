"""What a task has left to do when it is run again: a worker of a cluster died, and took with it what it had in memory.

What its tasks stored outlives it. A task that is run again loads that, and computes only what it needs besides.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from vlc_runtime.digest import Digest
from vlc_runtime.worker import Task, keys_in


def left_to_do(tasks: Sequence[Task], outputs: Collection[Digest], stored: Collection[Digest]) -> Sequence[Task]:
    """The tasks to do for `outputs`, for effects, and for what is to be kept, when the store has the results `stored`.

    `tasks` stand each after its inputs, and so does the answer. Linear in their number.
    """
    if not stored:
        return tasks
    wanted = set(outputs)
    left: list[Task] = []
    for task in reversed(tasks):
        is_stored = task.key in stored
        if task.key in wanted or task.operator.effect or (task.keep and not is_stored):
            left.append(replace(task, inputs=(), load=True, keep=False) if is_stored else task)
            wanted.update(keys_in(left[-1].inputs))
    return _with_last_uses(left, outputs)


def _with_last_uses(backwards: Sequence[Task], outputs: Collection[Digest]) -> list[Task]:
    """The tasks, given from the last to the first, in order; each value is dropped after its last use."""
    later = set(outputs)
    tasks = []
    for task in backwards:
        ends = [key for key in dict.fromkeys((task.key, *keys_in(task.inputs))) if key not in later]
        later.update(ends)
        tasks.append(replace(task, last_uses=tuple(ends)))
    tasks.reverse()
    return tasks
