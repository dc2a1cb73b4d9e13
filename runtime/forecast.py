"""What running a plan would take in memory, without running it: of the files that it reads only headers count."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vlc_runtime.clustering import cluster, needed_steps
from vlc_runtime.digest import Digest, digest
from vlc_runtime.failures import Failure
from vlc_runtime.goals import GoalOptions, pending_of, plan_goals, results_of, targets_of
from vlc_runtime.grids import Grids
from vlc_runtime.image_files import Header
from vlc_runtime.node import Node
from vlc_runtime.plan import Plan
from vlc_runtime.planning import Planner
from vlc_runtime.program import compile_program
from vlc_runtime.schedule import Schedule, partitions_for, scheduled
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.steps import Failed, leaves_of


@dataclass(frozen=True, slots=True)
class Forecast:
    """A run of which nothing is stored. `waiting` counts the steps whose results decide what else is to be done, and
    which is not in here; `failures` are known before anything is computed."""

    schedule: Schedule
    waiting: int
    failures: list[Failure]


def forecast(
    plan: Plan, read: Callable[[str], Header], lines: Callable[[Node], SourceLine], workers: int, partitions: int | None
) -> Forecast:
    """Plan a run as `execute` does, for images that are what `read` says of their files."""
    planner = Planner(_by_name, {}, lines)
    values = planner.run(compile_program(results_of(plan.goals)), [])
    goals = plan_goals(planner, plan.goals, values, GoalOptions(summarise=True, output=""))
    waiting = list(dict.fromkeys(step for goal in goals for step in pending_of(goal)))
    targets = {step for goal in goals for step in targets_of(goal)} | set(waiting)
    steps = needed_steps(targets, set())
    tasks = cluster(steps, targets, set(), planner.shared, partitions or partitions_for(workers))
    wanted = {task for task in tasks if any(step in targets for step in task.outputs)}
    failures = [leaf.failure for goal in goals for leaf in leaves_of(goal.result) if isinstance(leaf, Failed)]
    return Forecast(scheduled(tasks, wanted, (), (), Grids(read)), len(waiting), list(dict.fromkeys(failures)))


def _by_name(path: str) -> Digest:
    """Stands for the digest of a file's content, which does not matter here."""
    return digest("file named", path)
