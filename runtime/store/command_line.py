"""The commands that look after a store: ls, show, verify, gc, runs, export, import."""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from vlc_runtime.errors import RuntimeFailure, StoreError, UsageError
from vlc_runtime.interrupts import INTERRUPTED
from vlc_runtime.option_types import WholeNames, size_option
from vlc_runtime.sizes import size_text
from vlc_runtime.standard_streams import open_standard_streams, reaching_output
from vlc_runtime.store.archive import export_results, import_results
from vlc_runtime.store.garbage import collect_garbage
from vlc_runtime.store.rows import Row
from vlc_runtime.store.runs import Run, list_runs
from vlc_runtime.store.store import Missing, Store
from vlc_runtime.store.verification import verify
from vlc_runtime.volume import Volume
from vlc_runtime.working_folder import NO_WORKING_FOLDER, working_folder_is_gone

WRONG_USE = 2

_DESCRIPTION = """\
Look after a store: the folder in which scripts keep results, so that each is computed once.

A result is found by its key: a digest of the operator, its version and its arguments (of files: their content). So
nothing in a store is ever out of date, and everything in it can be removed: it is computed again when it is wanted.
"""

_EPILOG = """\
examples:
  ls                              what is stored, oldest first
  show 3fa9                       the result whose key starts with 3fa9
  verify                          read everything; set aside what is damaged
  gc --max-size 20G               remove least recently used results until 20 GB remain
  gc --keep-runs 10 --dry-run     what would go, if only the last ten runs counted
  runs                            which runs there were, and how they ended
  export results.tar              everything in one file, for another machine:
  --store elsewhere import results.tar
"""


def main(arguments: Sequence[str] | None = None, program: str = "python -m vlc_runtime.store") -> int:
    """Run one command. 0: done; 1: something is wrong (and is told); 2: the command line is wrong; 130: interrupted."""
    open_standard_streams()
    try:
        options = parser(program).parse_args(arguments)
    except SystemExit as exit_:
        return exit_.code if isinstance(exit_.code, int) else WRONG_USE
    try:
        with reaching_output():
            status = _run(options)
    except BrokenPipeError:
        return 0  # who reads our output has seen enough
    except FileNotFoundError as problem:
        if not working_folder_is_gone(problem):
            raise
        return _complain(UsageError(*NO_WORKING_FOLDER))
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    except RuntimeFailure as failure:
        return _complain(failure)
    return status


def _complain(failure: RuntimeFailure) -> int:
    """Tell of a failure; the exit status that it has."""
    print(f"error: {failure.message}", file=sys.stderr)
    if failure.hint:
        print(f"hint: {failure.hint}", file=sys.stderr)
    return WRONG_USE if isinstance(failure, UsageError) else 1


def parser(program: str) -> argparse.ArgumentParser:
    """The command line."""
    style = argparse.RawDescriptionHelpFormatter
    top = WholeNames(prog=program, description=_DESCRIPTION, epilog=_EPILOG, formatter_class=style)
    top.add_argument("--store", metavar="DIR", default="results", help="the folder of the store (default: results)")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("ls", help="list the results")
    show = commands.add_parser("show", help="show one result")
    show.add_argument("key", metavar="KEY", help="the key, or how it starts")
    commands.add_parser("verify", help="read everything and check it")
    collect = commands.add_parser("gc", help="remove what is not needed")
    collect.add_argument(
        "--max-size",
        metavar="SIZE",
        type=size_option,
        help="remove least recently used results until SIZE (500M, 20G) remains",
    )
    collect.add_argument(
        "--keep-runs",
        metavar="N",
        type=_count,
        help="remove results that the last N runs did not use, and older records",
    )
    collect.add_argument("--dry-run", action="store_true", help="tell what would be removed, and remove nothing")
    commands.add_parser("runs", help="list the runs")
    export = commands.add_parser("export", help="write the results to one file, which may be an older export")
    export.add_argument("file", metavar="FILE", type=Path)
    import_ = commands.add_parser("import", help="add the results of an exported file")
    import_.add_argument("file", metavar="FILE", type=Path)
    for command in commands.choices.values():  # people write it on either side of the command
        command.add_argument("--store", metavar="DIR", default=argparse.SUPPRESS, help=argparse.SUPPRESS)
    return top


def _run(options: argparse.Namespace) -> int:
    writes = options.command in ("verify", "gc", "export", "import")
    folder = Path(options.store)
    if options.command != "import" and not os.path.exists(folder / "STORE.json"):  # noqa: PTH110 - it may be unreadable
        # looking after a store does not make one
        Store.open(folder, read_only=True).close()
    with Store.open(folder, read_only=not writes) as store:
        if store.warning:
            print(f"warning: {store.warning}", file=sys.stderr)
        match options.command:
            case "ls":
                return _list(store)
            case "show":
                return _show(store, options.key)
            case "verify":
                return _verify(store)
            case "gc":
                return _collect(store, options)
            case "runs":
                return _runs(store)
            case "export":
                moved = export_results(store, options.file)
                print(f"exported {_counted(moved.results, 'result')} and {_counted(moved.objects, 'object')}")
                if moved.left_out:
                    print(f"left out {_counted(moved.left_out, 'result')}: damaged, or gone")
                return 1 if moved.left_out else 0
        moved = import_results(store, options.file)
        print(f"imported {_counted(moved.results, 'new result')}; the file holds {_counted(moved.objects, 'object')}")
        return 0


def _list(store: Store) -> int:
    rows = sorted((row for row in _rows(store) if row.is_sound), key=lambda row: (row.at, row.key))
    print(f"{'key':16}  {'kind':12}  {'size':>8}  {'on disk':>8}  {'seconds':>9}  {'stored':19}  operator")
    for row in rows:
        print(
            f"{row.key.hex()[:16]}  {row.kind:12}  {size_text(row.size):>8}  {size_text(row.stored):>8}  "
            f"{row.seconds:9.3f}  {_time(row.at)}  {row.operator}"
        )
    objects = {row.digest: row.stored for row in rows if row.inline is None}
    total = sum(objects.values()) + sum(row.stored for row in rows if row.inline is not None)
    print(f"{_counted(len(rows), 'result')}, {_counted(len(objects), 'object')}, {size_text(total)}")
    return 0


def _show(store: Store, prefix: str) -> int:
    if not re.fullmatch("[0-9a-fA-F]{1,64}", prefix):
        raise StoreError(f"{prefix!r} is not the start of a key", "`ls` lists the keys")
    found = [row for row in _rows(store) if row.is_sound and row.key.hex().startswith(prefix.lower())]
    if not found:
        raise StoreError(f"no result has a key that starts with {prefix}", "`ls` lists the keys")
    if len(found) > 1:
        raise StoreError(f"{len(found)} results have keys that start with {prefix}", "write more of the key")
    row = found[0]
    value = store.load(row.key)
    for word, text in (
        ("key", row.key.hex()),
        ("operator", f"{row.operator}, version {row.version}"),
        ("kind", row.kind),
        ("size", f"{size_text(row.size)}, {size_text(row.stored)} on disk"),
        ("computed in", f"{row.seconds:.3f} s"),
        ("stored", _time(row.at) + (f" by run {row.run}" if row.run else "")),
        ("object", row.digest.hex() if row.inline is None else "(in the index)"),
        ("value", _described(value)),
    ):
        print(f"{word:12} {text}")
    return 1 if isinstance(value, Missing) else 0


def _described(value: object) -> str:
    if isinstance(value, Missing):
        return "damaged or gone: it is computed again when it is wanted"
    if isinstance(value, Volume):
        colours = f", {value.components} components" if value.components > 1 else ""
        return f"{value.geometry}, {value.array.dtype}{colours}"
    text = repr(value)
    return text if len(text) <= 500 else text[:500] + "..."


def _verify(store: Store) -> int:
    found = verify(store)
    for sentence in found.damaged:
        print(sentence)
    print(
        f"{_counted(found.results, 'result')} and {_counted(found.objects, 'object')} read, {size_text(found.size)}: "
        + (f"{len(found.damaged)} damaged" if found.damaged else "all are what was stored")
    )
    return 1 if found.damaged else 0


def _collect(store: Store, options: argparse.Namespace) -> int:
    if store.read_only:
        raise StoreError(f"nothing can be removed from the store {store.folder}: it can only be read")
    gone = collect_garbage(store, max_size=options.max_size, keep_runs=options.keep_runs, dry_run=options.dry_run)
    print(
        f"{'would remove' if options.dry_run else 'removed'} {_counted(gone.results, 'result')}, "
        f"{_counted(gone.objects, 'object')}, {_counted(gone.runs, 'record')} of runs and "
        f"{_counted(gone.left_over, 'left-over file')}: {size_text(gone.freed)}; "
        f"{size_text(gone.remaining)} of results remain"
    )
    if options.max_size is not None and gone.remaining > options.max_size:
        print("the rest may be needed by a run that is running", file=sys.stderr)
    return 0


def _runs(store: Store) -> int:
    print(
        f"{'run':31}  {'status':11}  {'started':19}  {'seconds':>8}  {'peak':>8}  computed    stored  failed  program"
    )
    for run in list_runs(store):
        counts = f"{run.computed:8}  {run.stored:8}  {run.failed:6}"
        spent = f"{_duration(run):>8}  {size_text(run.peak) if run.peak else '':>8}"
        print(f"{run.id:31}  {run.status:11}  {_time(run.started)}  {spent}  {counts}  {run.program}")
    return 0


def _duration(run: Run) -> str:
    return "" if run.ended is None else f"{run.ended - run.started:.1f}"


def _rows(store: Store) -> list[Row]:
    return store.access.operate(lambda: store.access.index(lambda index: index.all_rows()))


def _time(seconds: float) -> str:
    try:
        return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(seconds))
    except (ValueError, OverflowError, OSError):
        return f"{seconds:19}"


def _counted(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,9}", text):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs")
    return int(text)
