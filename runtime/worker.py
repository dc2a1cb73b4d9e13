"""Doing the steps of one task: in order, each value dropped after its last use, results kept in the store."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeAlias

from vlc_runtime.crew import Crew, crew_of_thread
from vlc_runtime.describe import in_brief
from vlc_runtime.digest import Digest
from vlc_runtime.errors import FusedFailure, RuntimeFailure
from vlc_runtime.failures import Failure
from vlc_runtime.operator import Operator
from vlc_runtime.steps_ahead import Early, StepsAhead
from vlc_runtime.stopped import STOPPED
from vlc_runtime.store.files import FileIdentity

Reference: TypeAlias = "Digest | At | tuple[Reference, ...]"
"""What a task's step is given: the result under a key, a value at hand, or a sequence of such."""


@dataclass(slots=True)
class At:
    """A value at hand. (Not frozen, as Task is not.)"""

    value: Any


@dataclass(slots=True)
class Task:
    """A step as a worker sees it. `load`: the store has the result. `keep`: the store shall have it. `source` is where
    the script built it. `files` are those that the operator reads, as they were when the key was made. `ahead` are the
    bytes that it takes to do it before its turn, None where it waits for that. (Not frozen, for speed: there is one for
    each step.)"""

    key: Digest
    operator: Operator
    inputs: tuple[Reference, ...]
    last_uses: Sequence[Digest]
    source: str = ""
    load: bool = False
    keep: bool = False
    files: tuple[FileIdentity, ...] = ()
    ahead: int | None = None


@dataclass(frozen=True, slots=True)
class Kept:
    """What travels between processes in place of a large result: the store has it under this key."""

    key: Digest


class Results(Protocol):
    """Where a worker finds and keeps results, and tells what it does: a session of a run."""

    @property
    def stopping(self) -> bool: ...

    def load(self, key: Digest) -> Any: ...

    def keep(self, task: Task, value: Any, seconds: float) -> None: ...

    def done(self, task: Task, value: Any, seconds: float) -> None: ...


def run_tasks(
    session: Results, tasks: Sequence[Task], outputs: Sequence[Digest], *given: Mapping[Digest, Any]
) -> dict[Digest, Any]:
    """Do the tasks and return the values of `outputs`. A failure is a value: it never stops what does not need it."""
    values: dict[Digest, Any] = {}
    for results in given:
        values.update(results)
    crew = crew_of_thread()
    early = _early_of(tasks) if crew is not None else []
    if crew is not None:
        crew.begin()
    if crew is not None and len(early) > 1:
        _run_with_others(session, tasks, values, crew, early)
    else:
        if crew is not None:
            crew.advance(1.0)  # others have nothing to wait for
        for task in tasks:
            values[task.key] = _stopped(task, values) if session.stopping else _run(session, task, values)
            for key in task.last_uses:
                del values[key]
    return {key: values[key] for key in outputs}


def _early_of(tasks: Sequence[Task]) -> list[Early]:
    """The steps that others may do before their turn."""
    return [
        Early(place, tuple(keys_in(task.inputs)), task.ahead)
        for place, task in enumerate(tasks)
        if task.ahead is not None
    ]


def _run_with_others(
    session: Results, tasks: Sequence[Task], values: dict[Digest, Any], crew: Crew, early: Sequence[Early]
) -> None:
    """Do the tasks, while those of the crew who have nothing to do take some of the `early` ones before their turn."""

    def do(place: int) -> tuple[Any, float]:
        task, started = tasks[place], time.perf_counter()
        value = _stopped(task, values) if session.stopping else _result(session, task, values)
        values[task.key] = value
        return value, time.perf_counter() - started

    with StepsAhead(crew, early, values, do) as ahead:
        for place, task in enumerate(tasks):
            crew.advance(place / len(tasks))
            found = ahead.turn(place)
            if found is not None:
                _settle(session, task, *found)
            else:
                values[task.key] = _stopped(task, values) if session.stopping else _run(session, task, values)
            for key in task.last_uses:
                del values[key]


def _stopped(task: Task, values: Mapping[Digest, Any]) -> Failure:
    """Why a task is not done in a run that is stopped: what it needs has failed, or else it was not tried."""
    for key in keys_in(task.inputs):
        if isinstance(found := values.get(key), Failure):
            return found
    return STOPPED


def keys_in(references: tuple[Reference, ...]) -> Iterator[Digest]:
    """The keys of results that a task is given, those within sequences too."""
    pending: list[Reference] = list(references)
    while pending:
        reference = pending.pop()
        if isinstance(reference, bytes):
            yield reference
        elif isinstance(reference, tuple):
            pending.extend(reference)


def _run(session: Results, task: Task, values: dict[Digest, Any]) -> Any:
    started = time.perf_counter()
    value = _result(session, task, values)
    _settle(session, task, value, time.perf_counter() - started)
    return value


def _settle(session: Results, task: Task, value: Any, seconds: float) -> None:
    """Keep the result of a step, and tell of it: not where it was not done, since what it is given has failed."""
    if type(value) is Failure:
        if value.step != task.key:
            return
    elif task.keep:
        session.keep(task, value, seconds)
    session.done(task, value, seconds)


def _result(session: Results, task: Task, values: dict[Digest, Any]) -> Any:
    """What a step comes to; the failure of what it is given, if that has failed."""
    if task.load:
        return _load(session, task.key)
    arguments = []
    for reference in task.inputs:
        argument = values[reference] if type(reference) is bytes else _value_of(session, reference, values)
        if type(argument) is Kept:
            argument = _value_of(session, argument.key, values)
        if type(argument) is Failure:
            return argument
        arguments.append(argument)
    return compute(task.operator, arguments, task.key, task.files)


def _load(session: Results, key: Digest) -> Any:
    value = session.load(key)
    return replace(value, step=key) if isinstance(value, Failure) else value


def _value_of(session: Results, reference: Reference, values: dict[Digest, Any]) -> Any:
    if isinstance(reference, bytes):
        if isinstance(values[reference], Kept):
            values[reference] = _load(session, reference)
        return values[reference]
    if isinstance(reference, At):
        return reference.value
    items = []
    for each in reference:
        item = _value_of(session, each, values)
        if isinstance(item, Failure):
            return item
        items.append(item)
    return items


def compute(operator: Operator, arguments: list[Any], key: Digest, files: tuple[FileIdentity, ...] = ()) -> Any:
    """The operator's result, or a Failure that says what it was given. `files` are verified when they were read."""
    try:
        try:
            return operator.compute(*arguments)
        finally:
            for file in files:
                file.verify()
    except FusedFailure as problem:
        given = tuple(map(in_brief, problem.operands))
        return Failure(problem.message, problem.hint, arguments=given, step=key, inner=problem.number)
    except RuntimeFailure as problem:
        return Failure(problem.message, problem.hint, arguments=tuple(map(in_brief, arguments)), step=key)
    except MemoryError:
        hint = "use fewer workers"
        return Failure("there is not enough memory for this", hint, arguments=tuple(map(in_brief, arguments)), step=key)
    except Exception as problem:
        trace = "".join(traceback.format_exception(problem)[-3:]).rstrip()
        message = f"{type(problem).__name__}: {problem}"
        return Failure(message, arguments=tuple(map(in_brief, arguments)), trace=trace, step=key)
