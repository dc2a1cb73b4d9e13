"""What each command of the command line does."""

from __future__ import annotations

import argparse
import difflib
import os
import shlex
import sys
from collections.abc import Callable, Collection, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from vlc_runtime.errors import RuntimeFailure

from vlc.compiler import Compiled, compile_file
from vlc.diagnostics import CompileError, Diagnostic, render, to_json
from vlc.passes import PASSES, Pass
from vlc.syntax.files import SUFFIX
from vlc.written_files import Irreplaceable, refuse_to_replace, write_text

OK, WRONG, WRONG_USE = 0, 1, 2


def dispatch(options: argparse.Namespace) -> int:
    """Do the command; diagnostics go to standard error, and the status tells."""
    try:
        return _COMMANDS[options.command](options)
    except CompileError as problem:
        _report(problem.diagnostics, as_json=getattr(options, "json", False))
        if isinstance(problem, Irreplaceable):
            return WRONG_USE
    except RuntimeFailure as problem:
        _report([Diagnostic(problem.message, hint=problem.hint)], as_json=False)
    return WRONG


def no_such_command(word: str, commands: Collection[str]) -> int:
    """Say what may have been meant by a word in the place of a command; the status for wrong use."""
    if word.endswith(SUFFIX) or Path(word).is_file():
        shown = shlex.quote(word)
        hint = f"write `vlc run {shown}`, or `vlc compile {shown} -o {shlex.quote(f'{Path(word).stem}.py')}`"
        _report([Diagnostic(f"{word} stands where a command should", hint=hint)], as_json=False)
        return WRONG_USE
    near = get_close_matches(word.lower(), commands, n=1)
    hint = (
        f"did you mean `{near[0]}`?" if near else f"the commands are {', '.join(commands)}; `vlc --help` explains them"
    )
    _report([Diagnostic(f"there is no command `{word}`", hint=hint)], as_json=False)
    return WRONG_USE


def _report(diagnostics: Sequence[Diagnostic], *, as_json: bool, to: TextIO | None = None) -> None:
    """Tell of a program; `to` is where JSON goes, standard output unless results go there."""
    if as_json:
        (to or sys.stdout).write(to_json(diagnostics))
    elif diagnostics:
        colour = sys.stderr.isatty() and "NO_COLOR" not in os.environ
        sys.stderr.write(render(diagnostics, color=colour))


def _compiled(options: argparse.Namespace) -> Compiled:
    passes: tuple[Pass, ...] = () if options.no_optimise else PASSES
    return compile_file(options.program, dialect=options.dialect, passes=passes, extra_goals=options.extra_goals)


def _compile(options: argparse.Namespace) -> int:
    compiled = _compiled(options)
    if options.output in (None, "-"):
        sys.stdout.write(compiled.script)
    else:
        path = Path(options.output)
        refuse_to_replace(path, compiled.files)
        write_text(path, compiled.script)
    if compiled.warnings or options.json:
        _report(compiled.warnings, as_json=options.json and options.output not in (None, "-"))
    return OK


def _run(options: argparse.Namespace) -> int:
    from vlc.running import run_compiled

    compiled = _compiled(options)
    if compiled.warnings and "--quiet" not in options.handed_on:
        _report(compiled.warnings, as_json=options.json, to=sys.stderr)
    arguments = [*options.handed_on, "--help"] if options.help else options.handed_on
    return run_compiled(compiled, options.program, arguments)


def _check(options: argparse.Namespace) -> int:
    compiled = _compiled(options)
    stale = _stale(options, compiled) if options.script is not None else None
    if options.json:
        _report([*compiled.warnings, *([stale[0]] if stale else [])], as_json=True)
        return WRONG if stale else OK
    _report(compiled.warnings, as_json=False)
    if stale is None:
        return OK
    diagnostic, difference = stale
    sys.stdout.writelines(difference)
    sys.stdout.flush()  # before what standard error has to say
    _report([diagnostic], as_json=False)
    return WRONG


def _stale(options: argparse.Namespace, compiled: Compiled) -> tuple[Diagnostic, Iterator[str]] | None:
    """What is said of a script that is not what the program compiles to, and the lines that differ."""
    path = Path(options.script)
    try:
        written = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else "it is not UTF-8 text"
        raise CompileError(Diagnostic(f"{path} cannot be read: {reason}")) from None
    if written == compiled.script:
        return None
    difference = difflib.unified_diff(
        written.splitlines(keepends=True),
        compiled.script.splitlines(keepends=True),
        str(path),
        f"{options.program}, compiled",
    )
    message = f"{path} is stale: it is not what {options.program} compiles to"
    hint = f"compile it again: vlc compile {options.program} -o {path}"
    return Diagnostic(message, hint=hint), difference


def _plan(options: argparse.Namespace) -> int:
    from vlc.emit import plan_text
    from vlc.passes import passes_until

    try:
        passes = () if options.no_optimise else passes_until(options.after)
    except KeyError as problem:
        raise CompileError(Diagnostic(f"--after {options.after}: {problem.args[0]}")) from None
    if options.explain:
        return _explain(options, passes)
    compiled = compile_file(options.program, dialect=options.dialect, passes=passes, extra_goals=options.extra_goals)
    writers = {"text": plan_text.to_text, "dot": plan_text.to_dot, "json": plan_text.to_json}
    sys.stdout.write(writers[options.format](compiled.plan))
    _report(compiled.warnings, as_json=False)
    return OK


def _explain(options: argparse.Namespace, passes: Sequence[Pass]) -> int:
    from vlc.compiler import plan_source
    from vlc.emit.explanation import explain
    from vlc.syntax.imports import read_source

    source = read_source(Path(options.program))
    plan, warnings = plan_source(source, dialect=options.dialect, extra_goals=options.extra_goals)
    sys.stdout.write(explain(plan, passes))
    _report(warnings, as_json=False)
    return OK


def _memory(options: argparse.Namespace) -> int:
    from vlc_runtime.command_line import tell_failures

    from vlc.memory import report
    from vlc.running import program_of

    compiled = _compiled(options)
    _report(compiled.warnings, as_json=options.json)
    text, outcome = report(
        compiled,
        options.program,
        image=options.image,
        shape=options.shape,
        assignments=options.set,
        workers=options.workers,
        partitions=options.partitions,
    )
    sys.stdout.write(text)
    sys.stdout.flush()  # before what standard error has to say
    tell_failures(outcome, options.program, program_of(compiled))
    return WRONG if outcome.failures else OK


def _format(options: argparse.Namespace) -> int:
    from vlc.syntax.formatter import format_source
    from vlc.syntax.imports import read_source

    changed = 0
    for name in options.programs:
        source = read_source(Path(name))
        text = format_source(source)
        if text == source.text:
            continue
        changed += 1
        if options.check:
            print(f"{name} would change", file=sys.stderr)
        else:
            write_text(Path(name), text)
    return WRONG if options.check and changed else OK


def _primitives(options: argparse.Namespace) -> int:
    from vlc.workplan.description import description
    from vlc.workplan.listing import listing
    from vlc.workplan.operators import NAMESPACES
    from vlc.workplan.own_namespaces import own_namespaces

    places = (*NAMESPACES, *own_namespaces())
    if options.name is not None and options.name not in places:
        sys.stdout.write(description(options.name))
        return OK
    for name in [options.name] if options.name is not None else places:
        sys.stdout.write(listing(name))
    return OK


def _doctor(options: argparse.Namespace) -> int:
    from vlc.doctor import machine, store

    sys.stdout.write(machine())
    sys.stdout.flush()  # before what standard error may say
    sys.stdout.write(store(options.store))
    return OK


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "compile": _compile,
    "run": _run,
    "check": _check,
    "plan": _plan,
    "memory": _memory,
    "fmt": _format,
    "primitives": _primitives,
    "doctor": _doctor,
}
