"""`vlc run`: the script of a program, run at once, with errors that point into the program."""

from __future__ import annotations

import linecache
from collections.abc import Sequence
from typing import Any

from vlc_runtime.command_line import run_command
from vlc_runtime.failures import Failure

from vlc.compiler import Compiled
from vlc.diagnostics import Span, excerpt


def run_compiled(compiled: Compiled, program: str, arguments: Sequence[str]) -> int:
    """Run a script with these options of its command line; its exit status."""
    name = f"<script of {program}>"
    linecache.cache[name] = (len(compiled.script), None, compiled.script.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(compiled.script, name, "exec"), namespace)
    return run_command(
        namespace["build"], arguments, prog=f"vlc run {program}", locate=lambda failure: _locate(compiled, failure)
    )


def _locate(compiled: Compiled, failure: Failure) -> str:
    """The expression of the program that a failure is about, under carets."""
    span = span_of(compiled, failure)
    return excerpt(span) if span is not None else ""


def span_of(compiled: Compiled, failure: Failure) -> Span | None:
    """Where in the program the step that failed was written."""
    node = compiled.places.get((failure.place.function, failure.place.target))
    origin = compiled.plan.origins.get(node) if node is not None else None
    return origin.span if origin is not None else None
