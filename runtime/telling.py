"""What a run tells of each step that is done: to the progress line, to its record, and to its profile."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from vlc_runtime.available_memory import high_water
from vlc_runtime.digest import Digest
from vlc_runtime.errors import StoreError
from vlc_runtime.failures import Failure
from vlc_runtime.node import Node
from vlc_runtime.options import Progress, Spent
from vlc_runtime.source_lines import NOWHERE, SourceLine
from vlc_runtime.steps import Step
from vlc_runtime.store import RunRecord
from vlc_runtime.worker import Task


def note(record: RunRecord, task: Task, value: Any, seconds: float) -> None:
    """Write down that a step is done; of one on images also the most that the process has taken by then."""
    of_images = task.operator.cost in ("voxelwise", "heavy")
    failed = isinstance(value, Failure)
    record.node(
        task.key,
        operator=task.operator.identifier,
        source=task.source,
        outcome="failed" if failed else "stored" if task.load else "computed",
        seconds=seconds,
        size=getattr(value, "nbytes", 0),
        peak=high_water() if of_images else 0,
        message=value.message if failed else "",
    )


class Telling:
    """Hears of every step. Thread-safe."""

    def __init__(
        self, record: RunRecord | None, told: Callable[[Progress], None] | None, profile: bool = False
    ) -> None:
        """`profile`: what was spent on each line will be asked for."""
        self.progress = Progress()
        self._record = record
        self._told = told
        self._profile = profile
        self._last_of_item: set[Digest] = set()
        self._seconds: list[tuple[Digest, float]] = []
        self._lock = threading.Lock()

    def begin(self, steps: Sequence[Step], stored: int) -> None:
        """These steps are to be done or loaded next, so many of them loaded."""
        ends = {step.label.at(0): step.key for step in steps if step.label is not None}
        self._last_of_item = set(ends.values())
        self.progress.total = self.progress.done + self.progress.stored + len(steps)
        self.progress.stored += stored
        self.progress.loop_items = self.progress.items_done + len(ends)
        self._tell()

    def checked(self, files: int) -> None:
        """The content of so many files is known, while the run is planned."""
        self.progress.files = files
        self._tell()

    def inputs(self, files: Mapping[str, Digest]) -> None:
        """The run depends on the content of these files."""
        if self._record is not None:
            for path, content in files.items():
                self._record.input(path, content)

    def foreseen(self, operator: str, source: str, message: str, key: Digest = b"") -> None:
        """What is applied there fails, as was found without doing it: while planning, when it has no key, or from the
        headers of files."""
        if self._record is None:
            return
        try:
            self._record.node(key, operator=operator, source=source, outcome="failed", seconds=0.0, message=message)
        except StoreError:
            self._record = None

    def done_elsewhere(self, steps: Iterable[Step], stored: Collection[Digest]) -> None:
        """A task with these steps is done in another process; those whose results are `stored` were loaded."""
        with self._lock:
            for step in steps:
                self.progress.done += step.key not in stored
                self.progress.items_done += step.key in self._last_of_item
        self._tell()

    def spent_elsewhere(self, seconds: Iterable[tuple[Digest, float]]) -> None:
        """So many seconds were spent on steps with these keys in other processes."""
        self._seconds.extend(seconds)

    def __call__(self, task: Task, value: Any, seconds: float) -> None:
        if self._record is not None:
            self._note(self._record, task, value, seconds)
        with self._lock:
            if not task.load:
                self.progress.done += 1
            if task.key in self._last_of_item:
                self.progress.items_done += 1
            if self._profile:
                self._seconds.append((task.key, seconds))
        if self._told is not None:
            self._told(self.progress)

    def _note(self, record: RunRecord, task: Task, value: Any, seconds: float) -> None:
        try:
            note(record, task, value, seconds)
        except StoreError:
            self._record = None  # the disk is full: the run goes on, and its end is told as a failure

    def spent(
        self,
        steps: Mapping[Digest, Step],
        line_of: Callable[[Node], SourceLine],
        show_line: Callable[[SourceLine], str],
    ) -> list[Spent]:
        """The time spent on each line, the most costly first, for a profile."""
        by_node: dict[Node | None, tuple[float, int]] = {}
        for key, seconds in self._seconds:
            node = steps[key].node if key in steps else None
            spent, count = by_node.get(node, (0.0, 0))
            by_node[node] = (spent + seconds, count + 1)
        by_line: dict[tuple[str, str], tuple[float, int]] = {}
        for node, (spent, count) in by_node.items():
            line = line_of(node) if node is not None else NOWHERE
            name = (show_line(line), line.declaration)
            before = by_line.get(name, (0.0, 0))
            by_line[name] = (before[0] + spent, before[1] + count)
        found = [Spent(*name, seconds, steps) for name, (seconds, steps) in by_line.items()]
        return sorted(found, key=lambda each: -each.seconds)

    def _tell(self) -> None:
        if self._told is not None:
            self._told(self.progress)
