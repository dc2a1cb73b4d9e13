"""From clusters of steps to the tasks that workers do."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from vlc_runtime.clustering import Cluster
from vlc_runtime.digest import Digest
from vlc_runtime.goal_operators import saved
from vlc_runtime.image_formats import files_of
from vlc_runtime.liveness import Liveness, last_uses
from vlc_runtime.node import Node
from vlc_runtime.session import Session, TaskCall
from vlc_runtime.steps import Items, Known, Step, Value
from vlc_runtime.store import FileIdentity
from vlc_runtime.worker import At, Reference, Task

WORTH_HANDING_OVER = 1 << 20
"""Bytes that a step goes through in the time that it takes another worker to begin with it, some tenth of a ms."""


def task_call(
    session: Session,
    each: Cluster,
    stored: set[Digest],
    finished: Mapping[Digest, Any],
    keeps: Callable[[Step], bool],
    digested: Callable[[str], FileIdentity | None],
    shown_line: Callable[[Node], str] | None,
    folder: str = "",
    liveness: Liveness | None = None,
) -> TaskCall:
    """What Dask calls for a cluster. `stored` are loaded, `finished` are at hand; `keeps` says what to store,
    `digested` what is known of a file that is read, `shown_line` what to call the line of a node, if records want to
    know. Relative paths of files start from `folder`, for workers that are elsewhere. By `liveness`, where there are
    images, steps on them may be done before their turn."""
    outputs = [step.key for step in each.outputs]
    ends = last_uses(each.steps, each.outputs, stored, finished)
    tasks = []
    for position, step in enumerate(each.steps):
        loaded = step.key in stored
        tasks.append(
            Task(
                step.key,
                step.operator,
                () if loaded else _references(step, finished, folder),
                ends.get(position, ()),
                shown_line(step.node) if shown_line is not None and step.node is not None else "",
                loaded,
                not loaded and keeps(step),
                _files_of(step, digested) if step.operator.reads else (),
                _bytes_ahead(step, liveness) if liveness is not None else None,
            )
        )
    return TaskCall(session, tasks, outputs, as_pairs=each.loop is not None)


def _bytes_ahead(step: Step, liveness: Liveness) -> int | None:
    """What doing a step before its turn takes until then; None where handing it over is not worth it, or its effect
    has its place among others."""
    if step.operator.effect and step.operator is not saved:
        return None
    taken = liveness.own_bytes(step) + liveness.working(step)
    given = sum(liveness.own_bytes(source) for source in liveness.needed_by(step))
    return taken if max(taken, given) >= WORTH_HANDING_OVER else None


def _references(step: Step, finished: Mapping[Digest, Any], folder: str) -> tuple[Reference, ...]:
    references = [
        operand.key if isinstance(operand, Step) and operand.key not in finished else _reference(operand, finished)
        for operand in step.inputs
    ]
    if folder:
        for position in (*step.operator.reads, *step.operator.writes):
            operand = step.inputs[position] if position < len(references) else None
            if isinstance(operand, Known):
                references[position] = At(_under(folder, operand.value))
    return tuple(references)


def _under(folder: str, path: Any) -> Any:
    """A path, or a list of paths, as seen from anywhere."""
    if isinstance(path, list):
        return [_under(folder, each) for each in path]
    return os.path.join(folder, path) if isinstance(path, str) else path  # noqa: PTH118 - it stays a string


def _files_of(step: Step, digested: Callable[[str], FileIdentity | None]) -> tuple[FileIdentity, ...]:
    """The files that a step reads."""
    paths = [step.inputs[position] for position in step.operator.reads if position < len(step.inputs)]
    values = [path.value for path in paths if isinstance(path, Known)]
    names = [name for value in values for name in (value if isinstance(value, list) else [value])]
    found = [digested(str(part)) for name in names for part in files_of(str(name))]
    return tuple(identity for identity in found if identity is not None)


def _reference(value: Value, finished: Mapping[Digest, Any]) -> Reference:
    if isinstance(value, Known):
        return At(value.value)
    if isinstance(value, Step):
        return At(finished[value.key]) if value.key in finished else value.key
    assert isinstance(value, Items)
    return tuple(_reference(leaf, finished) for leaf in value.values)
