"""How a run is asked for, how far it is, and what it came to."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import PathLike
from types import NoneType
from typing import Any

from vlc_runtime.errors import RuntimeFailure, UsageError
from vlc_runtime.failures import Failure
from vlc_runtime.plan import Goal
from vlc_runtime.retention import Keep
from vlc_runtime.shards import Shard
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.steps import Step
from vlc_runtime.store import Collected


@dataclass(frozen=True, slots=True)
class Options:
    """How to run.

    `store` None keeps nothing; `workers` None takes the cores this process may use, `memory` None a share of the bytes
    there are. `summarise` keeps of printed images one line of text instead of their voxels. `shard` does its part of
    the items of outermost loops and no goal: a run without it gathers them from the store. `keep` says what is stored
    besides the goals' values. `store_limit` is what the results in the store may take when the run
    has ended, in bytes: least recently used ones are removed. `program` and `parameters` are for the record of the run,
    `told` hears of progress. `profile` asks for the time spent by line; `show_line` says what a line of the script is
    called in that and in the record. `whole_process`: the process is there for this run alone.
    """

    store: str | None = "results"
    scheduler: str = "threads"
    workers: int | None = None
    partitions: int | None = None
    memory: int | None = None
    output: str = ""
    summarise: bool = False
    dry_run: bool = False
    fail_fast: bool = False
    keep: Keep = "costly"
    store_limit: int | None = None
    shard: Shard | None = None
    program: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    told: Callable[[Progress], None] | None = None
    profile: bool = False
    show_line: Callable[[SourceLine], str] = str
    whole_process: bool = False


def require_sound_options(options: Options) -> None:
    """Raise UsageError for values that no command line would let through."""
    if not isinstance(options.scheduler, str):
        raise UsageError(f"the scheduler is {options.scheduler!r}, and should be the name of one")
    if not isinstance(options.store, (str, PathLike, NoneType)):
        raise UsageError(f"the store is {options.store!r}, and should be the path of a folder, or None")
    for name in ("workers", "partitions", "memory"):
        value = getattr(options, name)
        if value is not None and (type(value) is not int or value < 1):
            raise UsageError(f"{name} is {value!r}, and should be a whole number from 1 on, or None")


@dataclass(slots=True)
class Progress:
    """How far a run is, in steps and in loop items; while it is planned, how many `files` have been looked at."""

    files: int = 0
    total: int = 0
    stored: int = 0
    done: int = 0
    loop_items: int = 0
    items_done: int = 0
    started: float = field(default_factory=time.monotonic)


@dataclass(frozen=True, slots=True)
class Spent:
    """The time that the steps of one line took, of which there were so many."""

    line: str
    declaration: str
    seconds: float
    steps: int


@dataclass(frozen=True, slots=True)
class ShardDone:
    """What a shard came to: of the results of its loop items so many were `computed`, and others `stored` already."""

    part: int
    parts: int
    computed: int
    stored: int


@dataclass(frozen=True, slots=True)
class PartlySaved:
    """A goal that saves several items, `done` of them, and failed: the files that were written all the same, and those
    that were not, as far as their names are known."""

    goal: str
    items: int
    done: int
    saved: Sequence[str]
    missing: Sequence[str]


@dataclass(slots=True)
class Outcome:
    """What a run came to.

    `results` has what is printed by label and what is saved by path; `shown` is in goal order. `failures` has (goal,
    failure). `partly_saved` has the failed goals that save several files; what they saved is in `shown` too. `todo` are
    the steps that would run (a dry run), or did; `stored` those found; `waiting` counts steps whose results decide what
    else is to be done. `spent` has the time by line, if it was asked for, the most costly first. `problem` is why
    results could not be stored from some moment on, `warning` why none were from the start, `warnings` what else the
    user should look at. `removed` is what a limit of the store took. `shard` is what a part came to, if the run was
    one. `unchanged` are the paths of files that were left as they are, since they have what would have been written.
    """

    results: dict[str, Any] = field(default_factory=dict)
    shown: list[tuple[Goal, str, Any]] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    partly_saved: list[PartlySaved] = field(default_factory=list)
    todo: list[Step] = field(default_factory=list)
    stored: list[Step] = field(default_factory=list)
    waiting: int = 0
    spent: list[Spent] = field(default_factory=list)
    problem: RuntimeFailure | None = None
    warning: str = ""
    warnings: list[str] = field(default_factory=list)
    removed: Collected | None = None
    unchanged: set[str] = field(default_factory=set)
    shard: ShardDone | None = None
