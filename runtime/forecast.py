"""What running a plan would take in memory, without running it: of the files that it reads only headers count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vlc_runtime.clustering import cluster, needed_steps
from vlc_runtime.digest import Digest, digest
from vlc_runtime.failures import Failure
from vlc_runtime.foreseen import foreseen_failures
from vlc_runtime.goals import GoalOptions, pending_of, plan_goals, results_of, targets_of
from vlc_runtime.grids import Grids
from vlc_runtime.headers import Headers, failures_by_headers
from vlc_runtime.image_files import Header
from vlc_runtime.node import Node
from vlc_runtime.places import placed
from vlc_runtime.plan import Plan
from vlc_runtime.planning import Planner
from vlc_runtime.program import compile_program
from vlc_runtime.schedule import Schedule, partitions_for, scheduled
from vlc_runtime.source_lines import SourceLine


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run of which nothing is stored. `waiting` counts the steps whose results decide what else is to be done, and
    which is not in here; nor is what cannot succeed, of which `failures` tells by goal."""

    schedule: Schedule
    waiting: int
    failures: list[tuple[str, Failure]]


def _by_name(path: str) -> Digest:
    """Stands for the digest of a file's content, which does not matter here."""
    return digest("file named", path)


def forecast(
    plan: Plan,
    read: Callable[[str], Header],
    lines: Callable[[Node], SourceLine],
    workers: int,
    partitions: int | None,
    file_digest: Callable[[str], Digest] | None = None,
) -> Forecast:
    """Plan a run as `execute` does, for images that are what `read` says of their files.

    With a `file_digest`, what needs a file fails where that or `read` raises a FileError. Otherwise files need not be
    there, and what `read` cannot tell is guessed.
    """
    program = compile_program(results_of(plan.goals))
    headers = Headers(read)
    grids = Grids(headers)
    learned: dict[Digest, Failure] = {}
    while True:
        planner = Planner(file_digest or _by_name, learned, lines)
        goals = plan_goals(planner, plan.goals, planner.run(program, []), GoalOptions(summarise=True, output=""))
        waiting = list(dict.fromkeys(step for goal in goals for step in pending_of(goal)))
        targets = {step for goal in goals for step in targets_of(goal)} | set(waiting)
        failures = failures_by_headers(
            needed_steps(targets, set()), headers if file_digest is not None else None, grids
        )
        failures = {key: placed(failure, planner.steps, lines) for key, failure in failures.items()}
        lost = {step.key: failures[step.key] for step in waiting if step.key in failures}
        if not lost:
            break
        learned.update(lost)
    targets = {step for step in targets if step.key not in failures}
    steps = needed_steps(targets, set())
    tasks = cluster(steps, targets, set(), planner.shared, partitions or partitions_for(workers))
    wanted = {task for task in tasks if any(step in targets for step in task.outputs)}
    told = list(dict.fromkeys(foreseen_failures(goals, failures, lambda failure, _: failure)))
    return Forecast(scheduled(tasks, wanted, (), (), grids), len(waiting), told)
