"""The command line of the compiler: arguments and exit codes; no logic."""

from __future__ import annotations

import argparse
import gc
import sys
from collections.abc import Collection, Sequence
from typing import Any, NoReturn

from vlc_runtime.errors import FileError
from vlc_runtime.interrupts import leave
from vlc_runtime.option_types import WholeNames, positive
from vlc_runtime.script_options import add_options
from vlc_runtime.standard_streams import open_standard_streams, reaching_output
from vlc_runtime.working_folder import NO_WORKING_FOLDER, working_folder_is_gone

from vlc import __version__

_DESCRIPTION = """\
vlc compiles VoxLogicA programs (.imgql: spatial logic over 2D and 3D medical images) into readable Python scripts.
A script needs only the package vlc-runtime: review it, keep it in git, carry it to a cluster."""

_EXAMPLES = """\
examples:
  vlc compile tumour.imgql -o tumour.py     write the script; `python tumour.py --help` shows its options
  vlc run tumour.imgql --set hi_thr=0.9     compile and run at once; errors point into the program
  vlc check tumour.imgql tumour.py          tell whether the script is what the program compiles to
  vlc primitives vox1                       list the operators of a namespace
  vlc primitives near                       show an operator: kinds, documentation, what it asks of its arguments"""


def program() -> NoReturn:
    """What the commands `vlc` and `vlcc` are: main() in a process of its own, which ends right after.

    Compiling makes many objects and no cycles of them: looking for cycles takes a sixth of the time. (A run lasts
    longer, and looks.)
    """
    if sys.argv[1:2] != ["run"]:
        gc.disable()
    leave(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit status: 0, 1 when the program or a run is wrong, 2 for wrong use, 130 after Ctrl-C."""
    open_standard_streams()
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == ["store"]:  # its options are its own
        from vlc_runtime.store.command_line import main as store_main

        return store_main(given[1:], program="vlc store")
    parser, names = _parser()
    if given and given[0] not in names and not given[0].startswith("-"):
        from vlc.commands import no_such_command

        return no_such_command(given[0], names)
    options = parser.parse_args(given)
    if options.command == "run" and options.program is None:
        if not options.help:
            parser.error("run: the following arguments are required: PROGRAM")
        options.run_parser.print_help()
        return 0
    from vlc import commands

    try:
        with reaching_output():
            return commands.dispatch(options)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return 0  # who reads our output has seen enough
    except FileNotFoundError as gone:
        if not working_folder_is_gone(gone):
            raise
        message, hint = NO_WORKING_FOLDER
        print(f"error: {message}\nhint: {hint}", file=sys.stderr)
        return 2
    except FileError as problem:
        print(f"error: {problem.message}", file=sys.stderr)
        return 1


def _parser() -> tuple[WholeNames, Collection[str]]:
    """The command line, and the names of the commands."""
    parser = WholeNames(
        prog="vlc",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"vlc {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    compile_ = _program(commands, "compile", "compile a program to a Python script")
    compile_.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help="where to write the script (-, standard output); only a script is replaced",
    )
    _goals(compile_)
    run = _program(commands, "run", "compile a program and run it", help_=False)
    run.set_defaults(run_parser=run, handed_on=[])
    run.add_argument("-h", "--help", action="store_true", help="show the help of the script, with its parameters")
    _goals(run)
    _hand_on_options_of_scripts(run)
    check = _program(commands, "check", "tell what is wrong with a program, or whether a script is stale")
    check.add_argument("script", nargs="?", metavar="SCRIPT", help="a script that the program was compiled to")
    _goals(check)
    plan = _program(
        commands, "plan", "show what a program computes, as a graph in which equal expressions are one node"
    )
    plan.add_argument("--format", choices=("text", "dot", "json"), default="text", help="how to write it (text)")
    plan.add_argument("--after", metavar="PASS", help="show the plan after this optimising pass (the last)")
    plan.add_argument(
        "--explain", action="store_true", help="tell instead which pass replaced what, on which line, and what it saves"
    )
    _goals(plan)
    memory = _program(commands, "memory", "predict the peak of a run's memory, and tell what is alive then")
    memory.add_argument("--image", metavar="FILE", help="take every image that is read to be as this one")
    memory.add_argument("--shape", metavar="SIZE", help="take every image that is read to be of this size: 240x240x155")
    memory.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="give a parameter a value")
    memory.add_argument("--workers", type=positive, metavar="N", help="computations at a time (the cores allowed)")
    memory.add_argument("--partitions", type=positive, metavar="N", help="parts into which a loop is cut")
    _goals(memory)
    format_ = commands.add_parser("fmt", help="write programs in their canonical layout")
    format_.add_argument("programs", nargs="+", metavar="PROGRAM")
    format_.add_argument("--check", action="store_true", help="change nothing; exit with 1 if a layout would change")
    commands.add_parser(
        "store", help="look after stored results: ls, show, verify, gc, runs, export, import", add_help=False
    )
    doctor = commands.add_parser("doctor", help="say what a run would find on this machine")
    doctor.add_argument("--store", default="results", metavar="DIR", help="the folder of stored results (results)")
    primitives = commands.add_parser("primitives", help="list the operators, with kinds and one line of text each")
    primitives.add_argument(
        "name", nargs="?", metavar="NAME", help="list one namespace (all), or show one operator with all of its text"
    )
    return parser, commands.choices.keys()


def _program(commands: argparse._SubParsersAction[WholeNames], name: str, text: str, help_: bool = True) -> WholeNames:
    parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.", add_help=help_)
    parser.add_argument("program", metavar="PROGRAM", nargs=None if help_ else "?", help="the .imgql file")
    parser.add_argument("--dialect", choices=("vl1", "vl2"), help="VoxLogicA 1 or 2 (found out from the text)")
    parser.add_argument(
        "--json-errors" if name == "run" else "--json",
        dest="json",
        action="store_true",
        help="write errors as JSON, for editors"
        + (": to standard output; warnings of a program that runs, to standard error" if name == "run" else ""),
    )
    return parser


def _goals(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--print", action="append", default=[], metavar="NAME", dest="extra_goals", help="print a declaration too"
    )
    parser.add_argument("--no-optimise", action="store_true", help="leave the plan as it was written")


class _HandOn(argparse.Action):
    """Keeps an option as it was written, for the script."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        namespace.handed_on.append(option_string if self.nargs == 0 else f"{option_string}={values}")


def _hand_on_options_of_scripts(parser: argparse.ArgumentParser) -> None:
    """Take the options of scripts, on either side of the program; the script judges their values."""
    of_scripts = WholeNames(add_help=False)
    add_options(of_scripts)
    group = parser.add_argument_group("options of the script")
    for option in of_scripts._actions:
        group.add_argument(
            *option.option_strings,
            action=_HandOn,
            nargs=option.nargs,
            metavar=option.metavar,
            choices=option.choices,
            help=option.help,
            default=argparse.SUPPRESS,
        )


if __name__ == "__main__":
    sys.exit(program())
