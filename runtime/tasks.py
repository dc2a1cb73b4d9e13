"""From clusters of steps to the tasks that workers do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vlc_runtime.clustering import Cluster, inputs_of
from vlc_runtime.digest import Digest
from vlc_runtime.node import Node
from vlc_runtime.session import Session, TaskCall
from vlc_runtime.steps import Items, Known, Step, Value
from vlc_runtime.worker import At, Reference, Task


def task_call(
    session: Session,
    each: Cluster,
    stored: set[Digest],
    finished: Mapping[Digest, Any],
    keeps: Callable[[Step], bool],
    shown_line: Callable[[Node], str] | None,
) -> TaskCall:
    """What Dask calls for a cluster. `stored` are loaded, `finished` are at hand; `keeps` says what to store,
    `shown_line` what to call the line of a node, if records want to know."""
    outputs = [step.key for step in each.outputs]
    ends = _last_uses(each, stored, finished)
    tasks = [
        Task(
            step.key,
            step.operator,
            () if step.key in stored else tuple([_reference(operand, finished) for operand in step.inputs]),
            tuple(ends.get(position, ())),
            shown_line(step.node) if shown_line is not None and step.node is not None else "",
            load=step.key in stored,
            keep=step.key not in stored and keeps(step),
        )
        for position, step in enumerate(each.steps)
    ]
    return TaskCall(session, tasks, outputs, as_pairs=each.loop is not None)


def _last_uses(each: Cluster, stored: set[Digest], finished: Mapping[Digest, Any]) -> dict[int, list[Digest]]:
    """By position in the cluster, the values that nothing needs any more after it."""
    outputs = {step.key for step in each.outputs}
    last: dict[Digest, int] = {}
    for position, step in enumerate(each.steps):
        last[step.key] = position
        if step.key not in stored:
            for source in inputs_of(step):
                if source.key not in finished:
                    last[source.key] = position
    ends: dict[int, list[Digest]] = {}
    for key, position in last.items():
        if key not in outputs:
            ends.setdefault(position, []).append(key)
    return ends


def _reference(value: Value, finished: Mapping[Digest, Any]) -> Reference:
    if isinstance(value, Known):
        return At(value.value)
    if isinstance(value, Step):
        return At(finished[value.key]) if value.key in finished else value.key
    assert isinstance(value, Items)
    return tuple(_reference(leaf, finished) for leaf in value.values)
