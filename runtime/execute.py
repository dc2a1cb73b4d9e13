"""Running a plan, in rounds: plan, ask the store, hand what is left to Dask, or do it where it is one task.

One round does, unless something has to be known first (the length of a sequence), another process is computing what is
needed, or a stored result turned out to be damaged: then there is another.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from importlib.metadata import version
from operator import attrgetter
from pathlib import Path
from typing import Any

from vlc_runtime.allocation import keep_freed_memory
from vlc_runtime.clustering import Cluster, cluster, needed_steps
from vlc_runtime.collector import paused, resumed
from vlc_runtime.cores import available_cores, share_cores
from vlc_runtime.digest import Digest
from vlc_runtime.digests_ahead import DigestsAhead
from vlc_runtime.errors import StoreError, UsageError
from vlc_runtime.failures import Failure
from vlc_runtime.foreseen import foreseen_failures
from vlc_runtime.goal_operators import saved
from vlc_runtime.goals import (
    GoalOptions,
    PlannedGoal,
    outcome_of,
    partly_saved,
    path_of,
    plan_goals,
    results_of,
)
from vlc_runtime.grids import READERS, Grids
from vlc_runtime.headers import Headers, failures_by_headers
from vlc_runtime.image_files import read_header
from vlc_runtime.kernels import fast
from vlc_runtime.node import Node
from vlc_runtime.options import Options, Outcome, ShardDone, require_sound_options
from vlc_runtime.places import placed
from vlc_runtime.plan import Effect, Goal, Plan
from vlc_runtime.planning import Length, Planner
from vlc_runtime.program import Program, compile_program
from vlc_runtime.rounds import Round, claimable, possible_without
from vlc_runtime.schedule import partitions_for, scheduled, within_memory
from vlc_runtime.schedulers import (
    check_scheduler,
    compute,
    is_elsewhere,
    reach_scheduler,
    workers_of_local_cluster,
)
from vlc_runtime.session import Session
from vlc_runtime.shards import Shard
from vlc_runtime.source_lines import SourceLine, SourceLines
from vlc_runtime.steps import Step, Value
from vlc_runtime.stopped import STOPPED
from vlc_runtime.store import Claim, FileDigests, FileStates, RunRecord, Store, collect_garbage
from vlc_runtime.store.access import foreseen
from vlc_runtime.store.runs import lines_of
from vlc_runtime.tasks import task_call
from vlc_runtime.telling import Telling
from vlc_runtime.unchanged_saves import unchanged_saves
from vlc_runtime.worker import Kept


def execute(plan: Plan, options: Options) -> Outcome:
    """Compute the goals of a plan. A goal that fails is in `failures`; the others are computed all the same.

    Raises UsageError and StoreError before anything is computed.
    """
    require_sound_options(options)
    check_scheduler(options.scheduler)
    if getattr(multiprocessing.current_process(), "_inheriting", False):  # it would wait for the run that began it
        raise UsageError(
            "a run is begun by a process that only imports the program, to work for the run that began it",
            'begin a run under `if __name__ == "__main__":`',
        )
    if options.shard is not None and options.store is None:
        raise UsageError("a shard leaves its results in the store, and there is none")
    if not options.dry_run:
        reach_scheduler(options.scheduler)
    cores = available_cores()
    workers = options.workers or cores
    share_cores(workers_of_local_cluster(options.scheduler) or workers, cores)
    keep_freed_memory()
    if options.store is None or (options.dry_run and foreseen(Path(options.store))[0] is None):
        return _Run(plan, options, workers, None, None).execute()
    with Store.open(options.store, read_only=options.dry_run) as store:
        if options.dry_run:
            return _Run(plan, options, workers, store, None).execute()
        if options.shard is not None and store.read_only:
            raise StoreError(f"a shard leaves its results in the store, and that cannot be written: {store.warning}")
        record = RunRecord.start(
            store, program=options.program, parameters=options.parameters, versions=installed_versions()
        )
        with record:
            outcome = _Run(plan, options, workers, store, record).execute()
            try:
                record.end("failed" if outcome.failures or outcome.problem else "done")
                if options.store_limit is not None and not store.read_only:
                    outcome.removed = collect_garbage(store, max_size=options.store_limit)
            except StoreError as problem:
                outcome.problem = problem
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
        self._lines = SourceLines()
        self._record = record
        self._telling = Telling(record, options.told, options.profile)
        self._session = Session(
            store,
            record.id if record is not None else "",
            self._telling,
            fail_fast=options.fail_fast,
        )
        if record is not None:
            self._session.flush_record = record.flush
        self._files: Store | FileDigests = store or _without_store(options.scheduler)
        self._finished: dict[Digest, Any] = {}
        self._known: dict[Digest, Any] = {}
        self._computed: set[Digest] = set()
        self._damaged: set[Digest] = set()
        self._unchanged: set[str] = set()
        self._warnings: dict[str, None] = {}
        self._headers = Headers(read_header)
        self._grids = Grids(self._headers)
        self._steps: dict[Digest, Step] = {}
        self._collects = False

    def execute(self) -> Outcome:
        with paused() as self._collects:
            return self._execute()

    def _execute(self) -> Outcome:
        program = compile_program(results_of(self._plan.goals))
        goal_options = GoalOptions(self._options.summarise, self._options.output, self._options.store or "")
        while True:
            digests = DigestsAhead(self._files.file_digest, self._workers, self._telling.checked)
            with digests:
                planner, values = self._planned(program, digests)
                goals = plan_goals(planner, self._plan.goals, values, goal_options)
                keep = self._options.keep if self._store is not None else None
                now = Round(planner, goals, self._options.shard, keep)
                self._prune(now, now.targets)
                self._warnings.update(planner.warnings)
                self._steps.update([(step.key, step) for step in (*now.todo, *now.stored)])
            if self._store is not None:
                self._store.keep_file_digests()
            self._fail_by_headers(now)
            if self._options.dry_run:
                if self._learn(now):
                    continue
                outcome = Outcome(todo=now.todo, stored=now.stored, waiting=len(now.waiting), unchanged=self._unchanged)
                outcome.warnings.extend(self._warnings)
                outcome.failures.extend(foreseen_failures(now.goals, self._finished, self._placed))
                return outcome
            damaged_before = len(self._damaged)
            held = self._compute_claimed(now)
            if held is not None:
                held.wait_for_all()
            elif len(self._damaged) == damaged_before and (not now.waiting or self._session.stopping):
                return self._outcome(now)

    # --- planning

    def _planned(self, program: Program, digests: DigestsAhead) -> tuple[Planner, list[Value]]:
        """What the goals were planned to be. For a shard without the items of others, unless they are needed."""
        shard = self._options.shard
        planner = Planner(digests, self._known, self._lines, digests.upcoming, shard)
        values = planner.run(program, [])
        if planner.of_shard.need_others:
            planner = Planner(digests, self._known, self._lines, digests.upcoming, shard, leaves_out=False)
            values = planner.run(program, [])
        return planner, values

    def _prune(self, now: Round, targets: list[Step]) -> None:
        """Find what has to be done for the targets, each step after its inputs, and what can be loaded instead."""
        found: set[Digest] = set()
        if self._store is not None:
            askable = [step.key for step in now.planner.steps.values() if now.asks_for(step)]
            entries = self._store.get_many(askable)
            saves = {step.key: path_of(step) for step in targets if step.operator is saved}
            unchanged = unchanged_saves(self._store, saves, entries)
            self._finished.update(unchanged)
            self._unchanged.update(saves[key] for key in unchanged)
            found = entries.keys() - self._finished.keys() - self._damaged - saves.keys()
        wanted = [step for step in targets if step.key not in self._finished]
        steps = needed_steps(wanted, self._finished.keys() | found)
        steps = [step for step in steps if step.key not in self._finished]
        now.todo = [step for step in steps if step.key not in found]
        now.stored = [step for step in steps if step.key in found]

    def _fail_by_headers(self, now: Round) -> None:
        """Fail what cannot succeed, as the headers of files tell, before anything is computed for it. In a dry run they
        are all looked at; else those of files that meet, since what reads the others tells in its time."""
        headers = self._headers if self._options.dry_run else None
        readers = sum(step.operator.identifier in READERS for step in now.planner.steps.values())
        if readers < 2 and (headers is None or not readers):
            return  # no two files can meet
        failures = failures_by_headers(now.todo, headers, self._grids)
        if failures:
            self._tell_foreseen(failures)
            self._finished.update(failures)
            self._prune(now, now.targets)
            if self._options.fail_fast:
                self._session.stop()

    def _tell_foreseen(self, failures: Mapping[Digest, Failure]) -> None:
        """Tell the record of the steps that fail, not of those that need one of them."""
        for key, failure in failures.items():
            if failure.step == key:
                step = self._steps[key]
                source = self._shown_line(step.node) if step.node is not None else ""
                self._telling.foreseen(step.operator.identifier, source, failure.message, key)

    # --- computing

    def _compute_claimed(self, now: Round) -> Claim | None:
        """Compute what no other process is computing; the claim on what others hold, if anything needs that."""
        if self._store is None or self._store.read_only:
            self._compute(now, now.targets)
            return None
        claim = self._store.claim(claimable(now))
        try:
            if not claim.held:
                # another process may have stored some of it between our question and our claim
                self._prune(now, now.targets)
                self._compute(now, now.targets)
                return None
            possible = possible_without(now, claim.held)
            claim.release({step.key for step in now.todo} - {step.key for step in possible})
            targets = [step for step in possible if step in set(now.targets) or now.keeps(step)]
            self._prune(now, targets)
            self._compute(now, targets)
        finally:
            claim.release()
        return claim

    def _compute(self, now: Round, targets: list[Step]) -> None:
        stored = {step.key for step in now.stored}
        steps = sorted([*now.todo, *now.stored], key=attrgetter("position"))
        wanted_steps = set(targets)
        goal_steps = {step for step in steps if step in wanted_steps}
        partitions = self._options.partitions or partitions_for(self._workers)
        shown_line = self._shown_line if self._store is not None else None
        folder = str(Path.cwd()) if is_elsewhere(self._options.scheduler) else ""
        clusters = cluster(steps, goal_steps, stored, now.planner.shared, partitions)
        wanted = [each for each in clusters if any(step in goal_steps for step in each.outputs)]
        schedule = scheduled(clusters, set(wanted), stored, self._finished.keys(), self._grids)
        calls = {
            each: task_call(
                self._session,
                each,
                stored,
                self._finished,
                now.keeps,
                self._files.digested,
                shown_line,
                folder,
                schedule.liveness,
            )
            for each in schedule.order
        }
        allowed = within_memory(
            schedule, self._options.scheduler, self._workers, self._options.memory, self._declaration
        )
        if schedule.memory is not None and schedule.memory.compiles and allowed.scheduler in ("threads", "sync"):
            fast.load()

        def done(cluster: Cluster) -> None:
            self._telling.done_elsewhere(cluster.steps, stored)

        self._telling.begin(steps, len(stored))
        self._telling.inputs(now.planner.files)
        try:
            with resumed(self._collects and schedule.memory is not None, self._options.whole_process):
                computed = compute(calls, wanted, *allowed, done) if wanted else []
        except KeyboardInterrupt:
            self._session.stop()  # tasks that are running stop after the step they are at
            self._session.flush()
            raise
        # of what is in the store alone, only what goals or planning need is loaded here
        needed = {step.key for step in (now.waiting if self._options.shard is not None else now.targets)}
        for results in map(dict, computed):
            self._computed.update(
                key for key, value in results.items() if key not in stored and not isinstance(value, Failure)
            )
            self._finish(results, needed)
        self._learn(now)

    def _learn(self, now: Round) -> bool:
        """Note what planning waits for, where it is there; whether any is."""
        there = [step.key for step in now.waiting if step.key in self._finished]
        for key in there:
            value = self._finished[key]
            self._known[key] = self._placed(value) if isinstance(value, Failure) else _knowledge(value)
        return bool(there)

    def _declaration(self, node: Node) -> str:
        return self._lines(node).declaration

    def _finish(self, results: dict[Digest, Any], needed: set[Digest]) -> None:
        for key, value in results.items():
            if isinstance(value, Kept):
                if key not in needed:
                    continue
                loaded = self._session.load(key)
                value = replace(loaded, step=key) if isinstance(loaded, Failure) else loaded
            if isinstance(value, Failure) and value.damaged and value.step is not None:
                self._damaged.add(value.step)
            else:
                self._finished[key] = value

    # --- telling

    def _shown_line(self, node: Node) -> str:
        return self._options.show_line(self._lines(node))

    def _outcome(self, now: Round) -> Outcome:
        outcome = Outcome(problem=self._session.problem, warnings=list(self._warnings), unchanged=self._unchanged)
        if self._options.profile:
            self._telling.spent_elsewhere(self._spent_elsewhere())
            outcome.spent = self._telling.spent(self._steps, self._lines, self._options.show_line)
        if self._store is not None:
            outcome.warning = self._store.warning
        if self._options.shard is not None:
            refused = now.planner.of_shard.failures
            self._tell_refused(refused)
            failed = [value for value in self._finished.values() if isinstance(value, Failure)]
            outcome.failures.extend(("", self._placed(failure)) for failure in [*refused, *failed])
            outcome.shard = self._shard_done(now, self._options.shard)
            return outcome
        for planned in now.goals:
            failures: list[Failure] = []
            value = outcome_of(planned.result, self._finished, failures.append)
            outcome.failures.extend((str(planned), self._placed(failure, planned.goal)) for failure in failures)
            if failures:
                self._tell_what_was_saved(planned, outcome)
                continue
            outcome.shown.append((planned.goal, planned.name, value))
            if not isinstance(planned.goal, Effect):
                outcome.results[planned.name] = value
        self._tell_refused(failure for _, failure in outcome.failures)
        return outcome

    def _tell_refused(self, failures: Iterable[Failure]) -> None:
        """Tell the record what planning itself refused, each thing once: it is no step, and nobody else tells of it."""
        for failure in dict.fromkeys(failures):
            if failure.step is None and failure.message != STOPPED.message:
                place = failure.place
                line = SourceLine(self._options.program, place.function, place.line, place.target, place.declaration)
                source = self._options.show_line(line) if place.line is not None else ""
                self._telling.foreseen(place.operator, source, failure.message)

    def _tell_what_was_saved(self, planned: PlannedGoal, outcome: Outcome) -> None:
        """A goal that failed may have saved other items than those that failed."""
        found = partly_saved(planned, self._finished)
        if found is not None:
            outcome.partly_saved.append(found)
            outcome.shown.append((planned.goal, planned.name, list(found.saved)))

    def _spent_elsewhere(self) -> Iterator[tuple[Digest, float]]:
        """What workers in other processes wrote down."""
        if self._record is None or self._store is None or self._options.scheduler in ("threads", "sync"):
            return
        self._record.flush()
        for line in lines_of(self._store.layout.record(self._record.id)):
            if line.get("event") == "node":
                yield bytes.fromhex(line["key"]), float(line["seconds"])

    def _shard_done(self, now: Round, shard: Shard) -> ShardDone:
        """What other runs computed meanwhile counts as stored."""
        wanted = {step.key for step in now.planner.of_shard.steps}
        failed = {key for key in wanted if isinstance(self._finished.get(key), Failure)}
        computed = wanted & self._computed - failed
        return ShardDone(*shard, len(computed), len(wanted - computed - failed))

    def _placed(self, failure: Failure, goal: Goal | None = None) -> Failure:
        """The failure with the line, declaration and loop items of its step, which may be the saving of a goal."""
        return placed(failure, self._steps, self._lines, goal)


def _without_store(scheduler: str) -> FileDigests:
    return FileDigests() if is_elsewhere(scheduler) else FileStates()


def _knowledge(value: Any) -> Any:
    """What planning may know of a result: scalars and sequences of them; of other sequences, the length."""
    if isinstance(value, list) and not _is_plain(value):
        return Length(len(value))
    return value


def _is_plain(values: Iterable[Any]) -> bool:
    return all(
        _is_plain(value) if isinstance(value, list) else isinstance(value, (bool, int, float, str)) for value in values
    )
