"""The whole flow: text, syntax tree, WorkPlan, passes, script."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from vlc_runtime.collector import paused

from vlc.diagnostics import Diagnostic, Source
from vlc.emit.module import Places, script_of
from vlc.emit.render import render
from vlc.emit.verify import verify
from vlc.passes import PASSES, Pass, run_passes
from vlc.syntax.imports import link, read_source
from vlc.workplan.plan import WorkPlan
from vlc.workplan.program import reduce_program


@dataclass(frozen=True)
class Compiled:
    """A script, the plan it builds, where in the program each of its values comes from, and the program's files."""

    script: str
    plan: WorkPlan
    places: Places
    warnings: Sequence[Diagnostic]
    files: Sequence[Path]


def compile_source(
    source: Source,
    *,
    dialect: str | None = None,
    passes: Sequence[Pass] = PASSES,
    extra_goals: Sequence[str] = (),
) -> Compiled:
    """Compile a program. Raises CompileError with all that is wrong in the first stage that finds anything.

    The same program gives the same bytes on every machine.
    """
    with paused():
        linked = link(source, dialect=dialect)
        plan, warnings = reduce_program(linked, extra_goals)
        plan = run_passes(plan, passes)
        script, places = script_of(plan)
        text = render(script)
        verify(text)
    return Compiled(text, plan, places, warnings, [Path(file.source.name) for file in linked.files])


def plan_source(
    source: Source, *, dialect: str | None = None, extra_goals: Sequence[str] = ()
) -> tuple[WorkPlan, Sequence[Diagnostic]]:
    """The WorkPlan of a program before any pass, and warnings. Raises CompileError."""
    return reduce_program(link(source, dialect=dialect), extra_goals)


def compile_file(
    path: str | Path,
    *,
    dialect: str | None = None,
    passes: Sequence[Pass] = PASSES,
    extra_goals: Sequence[str] = (),
) -> Compiled:
    """Compile the program in a file. Raises CompileError, also when the file cannot be read."""
    return compile_source(read_source(Path(path)), dialect=dialect, passes=passes, extra_goals=extra_goals)
