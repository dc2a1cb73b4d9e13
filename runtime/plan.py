"""A plan: the goals that a script's build() describes."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from vlc_runtime.node import Statement


@dataclass(frozen=True, slots=True)
class Print:
    """Print a value under a label."""

    label: str
    value: Any


@dataclass(frozen=True, slots=True)
class Save:
    """Save a value in a file; the format goes by the path's extension. A sequence of images saves one file an item.

    `statement` is where this is written, for messages.
    """

    path: Any
    value: Any
    statement: Statement = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        frame = sys._getframe(2)  # past the __init__ that dataclass makes
        object.__setattr__(self, "statement", Statement(frame.f_code, frame.f_lasti))


@dataclass(frozen=True, slots=True)
class Effect:
    """Compute a value for what computing it does, such as writing a file."""

    value: Any


Goal: TypeAlias = Print | Save | Effect


class Plan:
    """Goals in the order of the program. Nothing is computed before `run`."""

    def __init__(self, *goals: Goal) -> None:
        self.goals = goals

    def run(
        self,
        store: str | None = "results",
        scheduler: str = "threads",
        *,
        workers: int | None = None,
        partitions: int | None = None,
        memory: int | None = None,
        output: str = "",
    ) -> dict[str, Any]:
        """Compute every goal; {label: value} of what is printed, and {path: path} of what is saved.

        `store` is the folder in which results are kept and found again (None keeps nothing). `scheduler` is threads,
        processes, sync, or the tcp://host:port of a Dask scheduler. `memory` are the bytes to keep within (None: 80% of
        what there is); NotEnoughMemory when that cannot be. Raises RunFailed when some goals could not be computed: the
        others were, and are in its `results`.
        """
        from vlc_runtime.execute import execute
        from vlc_runtime.failures import RunFailed
        from vlc_runtime.options import Options

        outcome = execute(
            self,
            Options(
                store=store, scheduler=scheduler, workers=workers, partitions=partitions, memory=memory, output=output
            ),
        )
        if outcome.failures:
            raise RunFailed(outcome.failures, outcome.results)
        return outcome.results
