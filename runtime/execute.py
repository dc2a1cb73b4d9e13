"""Running a plan: plan, ask the store, hand what is left to Dask; again, while something had to be known first."""

from __future__ import annotations

import linecache
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

from vlc_runtime.clustering import Cluster, cluster, inputs_of, needed_steps
from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.goals import GoalOptions, PlannedGoal, outcome_of, pending_of, plan_goal, targets_of
from vlc_runtime.node import Node
from vlc_runtime.plan import Effect, Goal, Plan, Print, Save
from vlc_runtime.planning import Length, Planner, leaves_of, place_of
from vlc_runtime.program import compile_program
from vlc_runtime.schedulers import available_cores, check_scheduler, compute, share_cores
from vlc_runtime.session import Session, TaskCall
from vlc_runtime.steps import Items, Known, Label, Step, Value
from vlc_runtime.store import FileDigests, RunRecord, Store
from vlc_runtime.worker import At, Reference, Task

STORED_COSTS = ("heavy", "scalar")


@dataclass(frozen=True, slots=True)
class Options:
    """How to run. `store` None keeps nothing; `workers` None takes the cores this process may use; `summarise` keeps of
    printed images one line of text instead of their voxels; `told` hears of progress. `program` and `parameters` are
    for the record of the run."""

    store: str | None = "results"
    scheduler: str = "threads"
    workers: int | None = None
    partitions: int | None = None
    output: str = ""
    summarise: bool = False
    dry_run: bool = False
    program: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    told: Callable[[Progress], None] | None = None


@dataclass(slots=True)
class Progress:
    """How far a run is, in steps and in loop items."""

    total: int = 0
    stored: int = 0
    done: int = 0
    loop_items: int = 0
    items_done: int = 0
    started: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Outcome:
    """What a run came to. `results` has what is printed by label and what is saved by path; `shown` is in goal order.

    `failures` has (goal, failure). `todo` are the steps that would run (a dry run), or did; `stored` those found."""

    results: dict[str, Any] = field(default_factory=dict)
    shown: list[tuple[Goal, str, Any]] = field(default_factory=list)
    failures: list[tuple[str, Failure]] = field(default_factory=list)
    todo: list[Step] = field(default_factory=list)
    stored: list[Step] = field(default_factory=list)
    waiting: int = 0


def execute(plan: Plan, options: Options) -> Outcome:
    """Compute the goals of a plan. A goal that fails is in `failures`; the others are computed all the same.

    Raises UsageError and StoreError before anything is computed.
    """
    check_scheduler(options.scheduler)
    workers = options.workers or available_cores()
    share_cores(workers)
    if options.store is None:
        return _Run(plan, options, workers, None, None).execute()
    with Store.open(options.store) as store:
        if options.dry_run:
            return _Run(plan, options, workers, store, None).execute()
        record = RunRecord.start(
            store, program=options.program, parameters=options.parameters, versions=installed_versions()
        )
        with record:
            outcome = _Run(plan, options, workers, store, record).execute()
            if outcome.failures:
                record.end("failed")
        return outcome


def installed_versions() -> dict[str, str]:
    """The versions of what computes, for the record of a run."""
    return {name: version(name) for name in ("vlc-runtime", "SimpleITK", "numpy", "dask")}


class _Run:
    def __init__(
        self, plan: Plan, options: Options, workers: int, store: Store | None, record: RunRecord | None
    ) -> None:
        self._plan = plan
        self._options = options
        self._store = store
        self._workers = workers
        self._record = record
        self._progress = Progress()
        self._session = Session(store, record.id if record is not None else "", self._told)
        self._files: Store | FileDigests = store or FileDigests()
        self._finished: dict[Digest, Any] = {}
        self._known: dict[Digest, Any] = {}
        self._steps: dict[Digest, Step] = {}
        self._last_of_item: dict[Digest, Label] = {}
        self._counting = threading.Lock()

    def execute(self) -> Outcome:
        results: list[Any] = []
        for goal in self._plan.goals:
            results.extend((goal.path, goal.value) if isinstance(goal, Save) else (goal.value,))
        program = compile_program(results)
        damaged_before = -1
        while True:
            planner = Planner(self._files.file_digest, self._known, declaration_of)
            goals = self._planned(planner, planner.run(program, []))
            waiting = dict.fromkeys(step for goal in goals for step in pending_of(goal))
            todo, stored = self._prune(planner, goals, list(waiting))
            self._steps.update((step.key, step) for step in todo)
            if self._options.dry_run:
                return Outcome(todo=todo, stored=stored, waiting=len(waiting))
            damaged = self._compute(planner, goals, list(waiting), [*todo, *stored], {step.key for step in stored})
            if damaged and damaged != damaged_before:
                damaged_before = damaged
                continue
            if not waiting:
                return self._outcome(goals)

    # --- planning

    def _planned(self, planner: Planner, values: list[Value]) -> list[PlannedGoal]:
        remaining = iter(values)
        goal_options = GoalOptions(self._options.summarise, self._options.output)
        planned = []
        for goal in self._plan.goals:
            path = next(remaining) if isinstance(goal, Save) else None
            planned.append(plan_goal(planner, goal, next(remaining), path, goal_options))
        return planned

    def _prune(self, planner: Planner, goals: list[PlannedGoal], waiting: list[Step]) -> tuple[list[Step], list[Step]]:
        """The steps to do, each after its inputs, and those to load."""
        wanted = [step for goal in goals for step in targets_of(goal)] + waiting
        wanted = [step for step in dict.fromkeys(wanted) if step.key not in self._finished]
        available = set(self._finished)
        found: set[Digest] = set()
        if self._store is not None:
            kept = self._kept(goals, waiting)
            askable = [step.key for step in planner.steps.values() if self._is_kept(step, kept)]
            found = set(self._store.get_many(askable)) - available
        steps = needed_steps(wanted, available | found)
        return (
            [step for step in steps if step.key not in found and step.key not in available],
            [step for step in steps if step.key in found and step.key not in available],
        )

    def _kept(self, goals: list[PlannedGoal], waiting: list[Step]) -> set[Digest]:
        """Goals are always worth storing, whatever they cost, and so is what a later run has to know first."""
        values = {leaf.key for goal in goals for leaf in leaves_of(goal.value) if isinstance(leaf, Step)}
        return values | {step.key for step in waiting}

    def _is_kept(self, step: Step, kept: set[Digest]) -> bool:
        return not step.operator.effect and (step.operator.cost in STORED_COSTS or step.key in kept)

    # --- computing

    def _compute(
        self,
        planner: Planner,
        goals: list[PlannedGoal],
        waiting: list[Step],
        steps: list[Step],
        stored: set[Digest],
    ) -> int:
        """Do the steps; how many stored results turned out to be damaged."""
        steps.sort(key=lambda step: step.position)
        targets = {step for goal in goals for step in targets_of(goal)} | set(waiting)
        goal_steps = {step for step in steps if step in targets}
        partitions = self._options.partitions or max(32, 8 * self._workers)
        clusters = cluster(steps, goal_steps, stored, planner.shared, partitions)
        kept = self._kept(goals, waiting)
        calls = {each: self._call(each, stored, kept) for each in clusters}
        ends = {step.label: step.key for step in steps if step.label is not None}
        self._last_of_item = {key: label for label, key in ends.items()}
        self._progress.loop_items = len(ends)
        self._progress.items_done = 0
        self._progress.total = len(steps)
        self._progress.stored = len(stored)
        self._tell()
        wanted = [each for each in clusters if any(step in goal_steps for step in each.outputs)]
        damaged = 0
        if self._record is not None:
            for path, content in planner.files.items():
                self._record.input(path, content)
        for results in self._run_calls(calls, wanted):
            for key, value in dict(results).items():
                if isinstance(value, Failure) and value.damaged:
                    damaged += 1
                else:
                    self._finished[key] = value
        for step in waiting:
            if step.key in self._finished:
                self._known[step.key] = _knowledge(self._finished[step.key])
        return damaged

    def _run_calls(self, calls: Mapping[Cluster, TaskCall], wanted: list[Cluster]) -> list[Any]:
        if not wanted:
            return []
        try:
            return compute(calls, wanted, self._options.scheduler, self._workers)
        except KeyboardInterrupt:
            self._session.stop()  # tasks that are running stop after the step they are at, and keep what they have
            raise

    def _call(self, each: Cluster, stored: set[Digest], kept: set[Digest]) -> TaskCall:
        outputs = [step.key for step in each.outputs]
        own = {step.key for step in each.steps}
        last: dict[Digest, int] = {}
        for position, step in enumerate(each.steps):
            last[step.key] = position
            if step.key not in stored:
                for source in inputs_of(step):
                    last[source.key] = position
        ends: dict[int, list[Digest]] = {}
        for key, position in last.items():
            if key not in outputs and (key in own or key not in self._finished):
                ends.setdefault(position, []).append(key)
        tasks = [
            Task(
                step.key,
                step.operator,
                () if step.key in stored else tuple(self._reference(operand) for operand in step.inputs),
                tuple(ends.get(position, ())),
                load=step.key in stored,
                keep=step.key not in stored and self._store is not None and self._is_kept(step, kept),
            )
            for position, step in enumerate(each.steps)
        ]
        return TaskCall(self._session, tasks, outputs, as_pairs=each.loop is not None)

    def _reference(self, value: Value) -> Reference:
        if isinstance(value, Known):
            return At(value.value)
        if isinstance(value, Step):
            return At(self._finished[value.key]) if value.key in self._finished else value.key
        assert isinstance(value, Items)
        return tuple(self._reference(leaf) for leaf in value.values)

    # --- telling

    def _told(self, task: Task, value: Any, seconds: float) -> None:
        if self._record is not None:
            self._note(self._record, task, value, seconds)
        with self._counting:
            if not task.load:
                self._progress.done += 1
            label = self._last_of_item.get(task.key)
            if label is not None:
                self._progress.items_done += 1
        self._tell()

    def _note(self, record: RunRecord, task: Task, value: Any, seconds: float) -> None:
        step = self._steps.get(task.key)
        failed = isinstance(value, Failure)
        record.node(
            task.key,
            operator=task.operator.identifier,
            source=step.node.source if step is not None and step.node is not None else "",
            outcome="failed" if failed else "stored" if task.load else "computed",
            seconds=seconds,
            size=getattr(value, "nbytes", 0),
            message=value.message if failed else "",
        )

    def _tell(self) -> None:
        if self._options.told is not None:
            self._options.told(self._progress)

    def _outcome(self, goals: list[PlannedGoal]) -> Outcome:
        outcome = Outcome()
        for planned in goals:
            failures: list[Failure] = []
            value = outcome_of(planned.result, self._finished, failures.append)
            name = _goal_name(planned)
            outcome.failures.extend((name, self._placed(failure)) for failure in failures)
            if failures:
                continue
            outcome.shown.append((planned.goal, planned.name, value))
            if not isinstance(planned.goal, Effect):
                outcome.results[planned.name] = value
        return outcome

    def _placed(self, failure: Failure) -> Failure:
        """The failure with the line, declaration and loop items of its step."""
        step = self._steps.get(failure.step) if failure.step is not None else None
        if step is None or failure.place.operator:
            return failure
        return failure.at(place_of(step.operator, step.node, step.items, declaration_of))


def _goal_name(planned: PlannedGoal) -> str:
    if isinstance(planned.goal, Print):
        return f'print "{planned.name}"'
    return f'save "{planned.name}"' if isinstance(planned.goal, Save) else "effect"


def _knowledge(value: Any) -> Any:
    """What planning may know of a result: scalars and sequences of them; of other sequences, the length."""
    if isinstance(value, list) and not _is_plain(value):
        return Length(len(value))
    return value


def _is_plain(values: Iterable[Any]) -> bool:
    return all(
        _is_plain(value) if isinstance(value, list) else isinstance(value, (bool, int, float, str)) for value in values
    )


def declaration_of(node: Node) -> str:
    """The declaration that a node comes from: the comment above its line in the script."""
    if node.code is None:
        return ""
    start = node.line or 0
    first: str = ""
    for number in range(start, node.code.co_firstlineno, -1):
        line = linecache.getline(node.code.co_filename, number).strip()
        if line.startswith("#"):
            first = line.removeprefix("#").strip()
        elif first:
            break
    return first
