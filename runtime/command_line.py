"""The command line that every script has."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from vlc_runtime.available_memory import memory_of
from vlc_runtime.collector import paused
from vlc_runtime.errors import FileError, RuntimeFailure, UsageError
from vlc_runtime.failure_report import SCRIPT_ALONE, Program, print_failures
from vlc_runtime.interrupts import INTERRUPTED, interrupted_once, leave
from vlc_runtime.plan import Plan, Print
from vlc_runtime.script_options import defaults_of, parameters_given, parser_of
from vlc_runtime.sizes import size_text
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.standard_streams import open_standard_streams, reaching_output
from vlc_runtime.working_folder import NO_WORKING_FOLDER, working_folder_is_gone

if TYPE_CHECKING:
    from vlc_runtime.failures import Failure
    from vlc_runtime.options import Outcome, ShardDone, Spent
    from vlc_runtime.store import Collected


FAILED, WRONG_USE = 1, 2


def command_line(build: Callable[..., Plan]) -> None:
    """Run a script as a command: parse the options, compute, print, and exit with a status that tells."""
    leave(run_command(build, sys.argv[1:], prog=os.path.basename(sys.argv[0])))  # noqa: PTH119


def run_command(
    build: Callable[..., Plan], arguments: Sequence[str], *, prog: str, program: Program = SCRIPT_ALONE
) -> int:
    """The exit status of a script's command line: 0, 1 when a goal failed, 2 for wrong use, 130 after Ctrl-C."""
    open_standard_streams()
    options = parser_of(build, prog).parse_args(arguments)
    try:
        given = parameters_given(build, options.set or ())
        options.prog = prog
        options.parameters = {**defaults_of(build), **given}
        with interrupted_once():
            with paused():
                plan = build(**given)
            return _execute(plan, options, program)
    except UsageError as problem:
        _complain(problem)
        return WRONG_USE
    except RuntimeFailure as problem:
        _complain(problem)
        return FAILED
    except KeyboardInterrupt:
        keeps = not options.no_store and not options.dry_run
        kept = f"; what was computed is in {options.store}: run again to go on from there" if keeps else ""
        print(f"\ninterrupted{kept}", file=sys.stderr)
        return INTERRUPTED
    except RecursionError:  # of sequences, which Python writes and compares one within another
        _complain(RuntimeFailure("sequences are nested deeper here than Python can follow", "some hundred deep it can"))
        return FAILED
    except FileNotFoundError as problem:
        if not working_folder_is_gone(problem):
            raise
        _complain(UsageError(*NO_WORKING_FOLDER))
        return WRONG_USE


def _complain(problem: RuntimeFailure) -> None:
    print(f"error: {problem.message}", file=sys.stderr)
    if problem.hint:
        print(f"hint: {problem.hint}", file=sys.stderr)


def _execute(plan: Plan, options: argparse.Namespace, program: Program) -> int:
    from vlc_runtime.execute import execute
    from vlc_runtime.options import Options
    from vlc_runtime.progress import ProgressLine

    line = ProgressLine()
    try:
        outcome = execute(
            plan,
            Options(
                store=None if options.no_store else options.store,
                scheduler=f"local-cluster:{options.local_cluster}" if options.local_cluster else options.scheduler,
                workers=options.workers,
                partitions=options.partitions,
                keep=options.keep,
                memory=memory_of(options.memory) if options.memory is not None else None,
                output=options.output,
                summarise=True,
                dry_run=options.dry_run,
                fail_fast=options.fail_fast,
                store_limit=options.store_limit,
                shard=options.shard,
                told=None if options.quiet else line,
                program=options.prog,
                parameters=options.parameters,
                profile=options.profile,
                whole_process=True,
                show_line=program.show_line,
            ),
        )
    finally:
        line.clear()
    unprinted: RuntimeFailure | None = None
    try:
        with reaching_output():
            if options.dry_run:
                _print_dry_run(outcome, options.json)
            elif options.json:
                _print_json(outcome, options.prog, program)
            else:
                _print_results(outcome, options)
    except BrokenPipeError:
        pass  # who reads our output has seen enough
    except FileError as problem:  # what else there is to say is said all the same
        unprinted = problem
    _tell(outcome, options, program)
    problems = [each for each in (outcome.problem, unprinted) if each is not None]
    for each in problems:
        _complain(each)
    return FAILED if outcome.failures or problems else 0


def _tell(outcome: Outcome, options: argparse.Namespace, program: Program) -> None:
    """Tell standard error what there is to know besides the results."""
    if outcome.shard is not None and not options.quiet:
        _print_shard(outcome.shard)
    if options.profile and not options.dry_run:
        _print_profile(outcome.spent)
    if outcome.removed is not None and outcome.removed.results and not options.quiet:
        _print_removed(outcome.removed)
    if outcome.warning:
        print(f"warning: {outcome.warning}", file=sys.stderr)
    tell_failures(outcome, options.prog, program)


def _print_removed(removed: Collected) -> None:
    left = f"{size_text(removed.remaining)} of results remain"
    print(f"removed {removed.results} results from the store, {size_text(removed.freed)}: {left}", file=sys.stderr)


def _print_shard(done: ShardDone) -> None:
    results = f"{done.computed} result{'s' * (done.computed != 1)} computed, {done.stored} stored already"
    print(f"part {done.part} of {done.parts}: {results}; a run without --shard gathers them", file=sys.stderr)


def _print_results(outcome: Any, options: argparse.Namespace) -> None:
    from vlc_runtime.describe import describe

    for goal, name, value in outcome.shown:
        if isinstance(goal, Print):
            text = vl1_text(value) if options.vl1_log else describe(value)
            print(f"{'[user] ' if options.vl1_log else ''}{name}={text}")
        elif value is not None and not options.quiet:
            for path in _flat(value):
                print(f"{'unchanged' if path in outcome.unchanged else 'saved'} {path}", file=sys.stderr)


def vl1_text(value: Any) -> str:
    """A value as VoxLogicA 1 logs it: strings quoted, bools in lower case, at most 10 significant digits."""
    from vlc_runtime.describe import describe

    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        number = float(value)
        if number in (float("inf"), float("-inf")):
            return "infinity" if number > 0 else "-infinity"
        text = f"{number:.10g}"
        return text if any(mark in text for mark in ".en") else f"{text}.0"
    return f'"{value}"' if isinstance(value, str) else describe(value)


def _flat(value: Any) -> list[Any]:
    return [leaf for item in value for leaf in _flat(item)] if isinstance(value, list) else [value]


def tell_failures(outcome: Outcome, script: str, program: Program) -> None:
    """Tell standard error what failed. Where the program's own line is shown, that of the script is not told."""
    outcome.failures = [
        (goal, failure.at(replace(failure.place, tells_line=not program.excerpt(failure))))
        for goal, failure in outcome.failures
    ]
    print_failures(outcome, script, program)


def _print_json(outcome: Outcome, script: str, program: Program) -> None:
    from vlc_runtime.describe import to_jsonable

    printed = [
        {"label": name, "value": to_jsonable(value)} for goal, name, value in outcome.shown if isinstance(goal, Print)
    ]
    saved = [path for goal, _, value in outcome.shown if not isinstance(goal, Print) for path in _flat(value) if path]
    failed = [
        {
            "goal": goal,
            "message": failure.message,
            "hint": failure.hint,
            "operator": failure.place.operator,
            "arguments": list(failure.arguments),
            "declaration": failure.place.declaration,
            "line": failure.place.line,
            "source": _source_of(failure, script, program),
            "items": list(failure.place.items),
        }
        for goal, failure in outcome.failures
    ]
    print(json.dumps({"printed": printed, "saved": saved, "failed": failed}, indent=1))


def _source_of(failure: Failure, script: str, program: Program) -> str:
    """The file and line that a failure is about: of the program where it is known, else of the script."""
    place = failure.place
    return program.show_line(SourceLine(script, place.function, place.line, place.target)) if place.line else ""


def _print_dry_run(outcome: Any, as_json: bool) -> None:
    todo = Counter(step.operator.identifier for step in outcome.todo if not step.operator.identifier.startswith("goal"))
    stored = Counter(step.operator.identifier for step in outcome.stored)
    if as_json:
        found = {"compute": dict(sorted(todo.items())), "stored": dict(sorted(stored.items()))}
        print(json.dumps({**found, "unchanged": sorted(outcome.unchanged)}, indent=1))
        return
    count = len(outcome.unchanged)
    unchanged = f", {count} file{'s' * (count != 1)} unchanged" if count else ""
    print(f"{sum(todo.values())} to compute, {sum(stored.values())} stored{unchanged}")
    for name, count in sorted(todo.items()):
        print(f"  compute {count} x {name}")
    for name, count in sorted(stored.items()):
        print(f"  stored  {count} x {name}")
    if outcome.waiting:
        print(f"  and what depends on {outcome.waiting} of these, which is not known before they are computed")


def _print_profile(spent: Sequence[Spent]) -> None:
    total = sum(each.seconds for each in spent) or 1.0
    width = max((len(each.line) for each in spent), default=0)
    print(f"seconds      %   steps  {'line':{width}}  declaration", file=sys.stderr)
    for each in spent:
        figures = f"{each.seconds:7.3f} {each.seconds / total:6.1%} {each.steps:7}"
        print(f"{figures}  {each.line:{width}}  {each.declaration or 'goals'}", file=sys.stderr)
