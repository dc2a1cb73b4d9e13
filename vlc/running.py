"""`vlc run`: the script of a program, run at once, with errors that point into the program."""

from __future__ import annotations

import linecache
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from vlc_runtime.command_line import run_command
from vlc_runtime.failure_report import Program
from vlc_runtime.failures import Failure
from vlc_runtime.plan import Plan
from vlc_runtime.source_lines import SourceLine

from vlc.compiler import Compiled
from vlc.diagnostics import Span, excerpt


def run_compiled(compiled: Compiled, program: str, arguments: Sequence[str]) -> int:
    """Run a script with these options of its command line; its exit status."""
    build = build_of(compiled, program)
    return run_command(build, arguments, prog=f"vlc run {program}", program=program_of(compiled))


def build_of(compiled: Compiled, program: str) -> Callable[..., Plan]:
    """The function of the script that builds its plan."""
    name = f"<script of {program}>"
    linecache.cache[name] = (len(compiled.script), None, compiled.script.splitlines(keepends=True), name)
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(compiled.script, name, "exec"), namespace)
    build: Callable[..., Plan] = namespace["build"]
    return build


def program_of(compiled: Compiled) -> Program:
    """What is known of the program for messages about its script."""

    def excerpt_of(failure: Failure) -> str:
        """The expression of the program that a failure is about, under carets; where it is the body of a function, also
        from where that was called."""
        origin = compiled.places.get((failure.place.function, failure.place.target))
        if origin is None or origin.span is None:
            return ""
        command = compiled.plan.paragraphs[origin.paragraph].span
        called = "" if command is None or command.contains(origin.span) else f"called from {_line_of(command)}\n"
        return excerpt(origin.span) + called

    @cache
    def show_line(line: SourceLine) -> str:
        """The line of the program; that of the script where nothing in the program stands for it."""
        span = span_of(compiled, line.function, line.target)
        return _line_of(span) if span is not None else str(line)

    return Program(excerpt_of, show_line)


def _line_of(span: Span) -> str:
    return f"{span.source.name}:{span.source.position(span.start)[0]}"


def span_of(compiled: Compiled, function: str, target: str) -> Span | None:
    """Where in the program the value was written that a function of the script gives this name."""
    origin = compiled.places.get((function, target))
    return origin.span if origin is not None else None
