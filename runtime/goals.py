"""From the planned values of the goals to the steps that show or save them, and back to what the goals came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from vlc_runtime import goal_operators
from vlc_runtime.digest import Digest
from vlc_runtime.failures import Failure
from vlc_runtime.missing_files import is_in_home
from vlc_runtime.options import PartlySaved
from vlc_runtime.plan import Effect, Goal, Print, Save
from vlc_runtime.planning import Planner
from vlc_runtime.save_places import NOTHING_TO_SAVE, SavePlaces
from vlc_runtime.sequences import is_empty
from vlc_runtime.steps import Failed, Items, Known, Label, Pending, Step, Value, known, leaves_of
from vlc_runtime.stopped import STOPPED

VALUE_FILES = (".json", ".txt")


@dataclass(frozen=True, slots=True)
class PlannedGoal:
    """A goal, the planned value it is about, and the planned value that shows or saves it; `files` has, for each of the
    `leaves_of` the result, where it is saved, as far as that is known."""

    goal: Goal
    name: str
    value: Value
    result: Value
    files: tuple[tuple[str, ...], ...] = ()

    def __str__(self) -> str:
        if isinstance(self.goal, Print):
            return f'print "{self.name}"'
        if isinstance(self.goal, Save):
            return f'save "{self.name}"'
        first, *more = [*self._written(), ""]
        return f"writing {first}{f' and {len(more) - 1} more' * (len(more) > 1)}" if first else "effect"

    def _written(self) -> list[str]:
        return [file for files in self.files for file in files]


def results_of(goals: Iterable[Goal]) -> list[Any]:
    """What has to be planned for the goals, in the order in which `plan_goals` takes it."""
    results: list[Any] = []
    for goal in goals:
        results.extend((goal.path, goal.value) if isinstance(goal, Save) else (goal.value,))
    return results


def plan_goals(
    planner: Planner, goals: Iterable[Goal], values: Iterable[Value], options: GoalOptions
) -> list[PlannedGoal]:
    """The goals with the steps that show or save what `results_of` them was planned to be."""
    remaining = iter(values)
    places = SavePlaces(planner.files, options.store)
    planned = []
    for goal in goals:
        path = next(remaining) if isinstance(goal, Save) else None
        planned.append(_plan_goal(planner, goal, next(remaining), path, places, options))
    return planned


def _plan_goal(
    planner: Planner, goal: Goal, value: Value, path: Value | None, places: SavePlaces, options: GoalOptions
) -> PlannedGoal:
    """Add to a goal's value the steps that show or save it."""
    if isinstance(goal, Print):
        result = _each(planner, value, goal_operators.shown) if options.summarise else value
        return PlannedGoal(goal, goal.label, value, result)
    if isinstance(goal, Effect):
        result = _acted(planner, value, places)
        written = [_written_by(leaf) if isinstance(leaf, Step) else () for leaf in leaves_of(value)]
        return PlannedGoal(goal, "", value, result, tuple(written))
    assert isinstance(goal, Save) and path is not None
    if not isinstance(path, Known):
        blocked = path if isinstance(path, (Failed, Pending)) else Pending((path,) if isinstance(path, Step) else ())
        return PlannedGoal(goal, "", value, blocked)
    name = str(path.value)
    saving = _Saving(planner, goal, options.output, places)
    result = saving.saved(value, name)
    return PlannedGoal(goal, name, value, result, tuple(saving.files))


@dataclass(frozen=True, slots=True)
class GoalOptions:
    """`summarise`: images are printed, not returned. `output`: the folder that relative paths of saves start from.
    `store`: that of the store, over whose files nothing is saved; '' without one."""

    summarise: bool
    output: str
    store: str = ""


def _under(path: str, folder: str) -> str:
    # what is in somebody's home for a shell is in no other folder; it is refused
    return str(Path(folder) / path) if folder and not is_in_home(path) else path


def _each(planner: Planner, value: Value, operator: Any) -> Value:
    """Apply an operator to every value that a nested sequence is made of."""
    if isinstance(value, Items):
        return Items([_each(planner, item, operator) for item in value.values], value.labels)
    return _beside(planner, operator, value, ())


def _acted(planner: Planner, value: Value, places: SavePlaces) -> Value:
    """The steps of an effect, which may write files as saves do."""
    if isinstance(value, Items):
        return Items([_acted(planner, item, places) for item in value.values], value.labels)
    if isinstance(value, Step):
        for path in _written_by(value):
            if (failure := places.refusal(path, value.key, "write it under another name")) is not None:
                return planner.refused(value.operator, value.node, value.items, failure)
    return _beside(planner, goal_operators.acted, value, ())


def _written_by(step: Step) -> tuple[str, ...]:
    """The files that a step is told to write."""
    operands = [step.inputs[position] for position in step.operator.writes if position < len(step.inputs)]
    values = [operand.value for operand in operands if isinstance(operand, Known)]
    paths = [path for value in values for path in (value if isinstance(value, list) else [value])]
    return tuple([path for path in paths if isinstance(path, str)])


def _beside(planner: Planner, operator: Any, value: Value, more: tuple[Value, ...]) -> Value:
    """Apply an operator where the value is computed: with the same loop item."""
    if isinstance(value, (Failed, Pending)):
        return value
    if operator is goal_operators.shown and isinstance(value, Step) and value.operator.gives_scalar:
        return value  # a scalar is shown as it is
    return planner.apply_beside(operator, (value, *more), value)


@dataclass(slots=True)
class _Saving:
    """The steps of a goal that saves; `files` is told where each goes."""

    planner: Planner
    goal: Save
    folder: str
    places: SavePlaces
    files: list[tuple[str, ...]] = field(default_factory=list)

    def saved(self, value: Value, path: str) -> Value:
        """The steps that save a value, or each item of a sequence."""
        of_items = not path.lower().endswith(VALUE_FILES)
        if isinstance(value, Items) and value.values and of_items:
            names = _names(value.labels, len(value.values))
            items = zip(value.values, (_file_of_item(path, name) for name in names), strict=True)
            return Items([self.saved(item, file) for item, file in items], value.labels)
        file = _under(path, self.folder)
        self.files.append((file,))
        if isinstance(value, (Failed, Pending)):
            return value
        if of_items and is_empty(value):
            problem = f"{file} cannot be written: the sequence is empty"
            return self._refused(value, Failure(problem, NOTHING_TO_SAVE))
        if (failure := self.places.refusal(file, value.key)) is not None:
            return self._refused(value, failure)
        return _beside(self.planner, goal_operators.saved, value, (known(file),))

    def _refused(self, value: Value, failure: Failure) -> Failed:
        items = value.items if isinstance(value, Step) else ()
        return self.planner.refused(goal_operators.saved, self.goal.statement, items, failure)


def _names(labels: list[Label] | None, count: int) -> list[str]:
    """A name for each item: that of the file it came from, with its number unless it is the only one of that name."""
    plain = [label.name for label in labels] if labels else [""] * count
    seen = Counter(plain)
    return [
        name if name and seen[name] == 1 else (f"{name}_{number}" if name else str(number))
        for number, name in enumerate(plain)
    ]


def _file_of_item(path: str, name: str) -> str:
    if "{}" in path:
        return path.replace("{}", name, 1)
    folder, slash, file = path.rpartition("/")
    stem, dot, suffix = file.partition(".")
    return f"{folder}{slash}{stem}_{name}{dot}{suffix}"


def targets_of(planned: PlannedGoal) -> list[Step]:
    """The steps to do for a goal."""
    return [leaf for leaf in leaves_of(planned.result) if isinstance(leaf, Step)]


def pending_of(planned: PlannedGoal) -> list[Step]:
    """The steps to do before a goal can be planned to its end."""
    return [step for leaf in leaves_of(planned.result) if isinstance(leaf, Pending) for step in leaf.needs]


def path_of(save: Step) -> str:
    """The file that a step saves a value in."""
    path = save.inputs[1]
    assert isinstance(path, Known)
    return str(path.value)


def partly_saved(planned: PlannedGoal, finished: Mapping[Digest, Any]) -> PartlySaved | None:
    """Of a goal that saves several files and failed, which are saved and which are not; None for other goals."""
    if len(planned.files) < 2:
        return None
    items = list(zip(leaves_of(planned.result), planned.files, strict=True))
    done = [files for leaf, files in items if not _fails(leaf, finished)]
    missing = [file for leaf, files in items if _fails(leaf, finished) for file in files]
    return PartlySaved(str(planned), len(items), len(done), [file for files in done for file in files], missing)


def _fails(value: Value, finished: Mapping[Digest, Any]) -> bool:
    failures: list[Failure] = []
    outcome_of(value, finished, failures.append)
    return bool(failures)


def outcome_of(value: Value, finished: Mapping[Digest, Any], fail: Callable[[Failure], None]) -> Any:
    """What a planned value came to: what is saved as its path, what acts as the paths of what it wrote. Each failure in
    it is told to `fail`, and stands as None. At the end of a run nothing is missing but what a stopped run left."""
    if isinstance(value, Items):
        return [outcome_of(item, finished, fail) for item in value.values]
    result: Any
    if isinstance(value, Known):
        result = value.value
    elif isinstance(value, Failed):
        result = value.failure
    elif isinstance(value, Step):
        result = finished.get(value.key, STOPPED)
        if value.operator is goal_operators.saved and not isinstance(result, Failure):
            result = path_of(value)
        if value.operator is goal_operators.acted and not isinstance(result, Failure):
            result = [file for source in value.sources for file in _written_by(source)]
    else:
        result = STOPPED
    if isinstance(result, Failure):
        fail(result)
        return None
    return result
