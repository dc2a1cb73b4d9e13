"""The options that every script has, and its parameters."""

from __future__ import annotations

import argparse
import inspect
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vlc_runtime.errors import UsageError
from vlc_runtime.option_types import WholeNames, positive, shard, size_option
from vlc_runtime.plan import Plan
from vlc_runtime.retention import KEEP


def parser_of(build: Callable[..., Plan], prog: str) -> WholeNames:
    """The command line of the script that has this build()."""
    parser = WholeNames(
        prog=prog,
        description="Compute the goals of a program compiled by vlc. Results are kept in a folder and found again.",
        epilog=_parameter_help(build),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser)
    return parser


def add_options(parser: argparse._ActionsContainer) -> None:
    """Add the options that every script has."""
    parser.add_argument("--set", action="append", metavar="NAME=VALUE", help="give a parameter another value")
    parser.add_argument("--store", default="results", metavar="DIR", help="the folder of stored results (results)")
    parser.add_argument(
        "--store-limit",
        type=size_option,
        metavar="SIZE",
        help="when the run ends, remove least recently used results until SIZE (500M, 20G) remains",
    )
    parser.add_argument(
        "--keep", choices=KEEP, default="costly", help="what to store: goals alone, costly results too (costly), or all"
    )
    parser.add_argument("--no-store", action="store_true", help="neither use nor keep stored results")
    parser.add_argument(
        "--scheduler",
        default="threads",
        metavar="NAME",
        help="threads, processes, sync, or tcp://host:port of a Dask scheduler (threads)",
    )
    parser.add_argument(
        "--local-cluster",
        type=positive,
        metavar="N",
        help="a Dask cluster of N processes, its dashboard's address shown",
    )
    parser.add_argument("--workers", type=positive, metavar="N", help="computations at a time (the cores allowed)")
    parser.add_argument(
        "--memory", metavar="SIZE", help="keep within SIZE, as in 4GB (80%% of what this machine allows)"
    )
    parser.add_argument("--partitions", type=positive, metavar="N", help="parts into which a loop is cut")
    parser.add_argument(
        "--output", default="", metavar="DIR", help="the folder that relative paths of `save` start from"
    )
    parser.add_argument("--dry-run", action="store_true", help="say what would be computed and what is stored")
    parser.add_argument("--json", action="store_true", help="print the results as one JSON object")
    parser.add_argument("--vl1-log", action="store_true", help="print as VoxLogicA 1 does: [user] label=value")
    parser.add_argument("--fail-fast", action="store_true", help="stop at the first failure")
    parser.add_argument(
        "--shard", type=shard, metavar="I/N", help="compute part I of N of the loops' items, for a run without --shard"
    )
    parser.add_argument("--profile", action="store_true", help="say where the time went, by line and declaration")
    parser.add_argument("--quiet", action="store_true", help="no progress, no word about saved files")


def _parameter_help(build: Callable[..., Plan]) -> str:
    parameters = inspect.signature(build).parameters.values()
    if not parameters:
        return "This program has no parameters."
    width = max(len(parameter.name) for parameter in parameters)
    lines = []
    for parameter in parameters:
        required = parameter.default is inspect.Parameter.empty
        shown = "(must be set)" if required else json.dumps(parameter.default)
        lines.append(f"  {parameter.name:<{width}}  {shown}")
    return "parameters and their values unless --set:\n" + "\n".join(lines)


def parameters_given(build: Callable[..., Plan], assignments: Sequence[str]) -> dict[str, Any]:
    """The parameters given with --set, each of the kind that build() declares. Raises UsageError."""
    declared: Mapping[str, inspect.Parameter] = inspect.signature(build).parameters
    given: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        if not equals:
            raise UsageError(f"--set {assignment}: a value is missing", "write --set NAME=VALUE")
        if name not in declared:
            name = f"{name.removeprefix('$')}_"  # what the program calls so has a name that Python has for itself
        if name not in declared:
            name = assignment.partition("=")[0]
            raise UsageError(f"--set {assignment}: there is no parameter `{name}`", _choices(declared))
        given[name] = _converted(name, text, str(declared[name].annotation))
    missing = [
        name
        for name, parameter in declared.items()
        if parameter.default is inspect.Parameter.empty and name not in given
    ]
    if missing:
        raise UsageError(f"the parameter `{missing[0]}` has no value", f"give it one: --set {missing[0]}=VALUE")
    return given


def defaults_of(build: Callable[..., Plan]) -> dict[str, Any]:
    """The parameters that have a value in the script, and it."""
    parameters = inspect.signature(build).parameters
    return {name: each.default for name, each in parameters.items() if each.default is not inspect.Parameter.empty}


def _choices(declared: Mapping[str, Any]) -> str:
    return f"the parameters are {', '.join(declared)}" if declared else "this program has no parameters"


def _converted(name: str, text: str, annotation: str) -> bool | float | str:
    kind = annotation.removeprefix("<class '").removesuffix("'>")
    if kind == "str":
        return text
    if kind == "bool":
        if text.lower() in ("true", "false"):
            return text.lower() == "true"
        raise UsageError(f"--set {name}={text}: `{text}` is no bool", "write true or false")
    return _number(name, text)


def _number(name: str, text: str) -> float:
    """The number that a text is for people too: Python's digits of other scripts, and `_` among them, are none."""
    try:
        number = float(text) if text.isascii() and "_" not in text else None
    except ValueError:
        number = None
    if number is None:
        raise UsageError(f"--set {name}={text}: `{text}` is no number")
    if math.isinf(number) and not text.strip("+- ").lower().startswith("inf"):
        raise UsageError(f"--set {name}={text}: this is more than a double can hold", "write inf for infinity")
    return number
