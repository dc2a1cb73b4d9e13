"""What compiling and running take, each measured beside what it is measured against.

    python -m benchmarks [--only start_up,sweep] [--quick] [--json FILE]

Without --json each topic's figures are written to benchmarks/results/TOPIC.json. The kernels have a benchmark of their
own: python -m benchmarks.kernels.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, replace
from importlib.metadata import version
from multiprocessing import get_context
from pathlib import Path

from benchmarks import cohort, declarations, execution, memory, pass_times, reruns, scalar_nodes, start_up, sweep
from benchmarks.figures import Figure, table
from benchmarks.settings import FULL, QUICK, Settings

TOPICS: dict[str, Callable[[Settings], list[Figure]]] = {
    "start_up": start_up.measure,
    "declarations": declarations.measure,
    "passes": pass_times.measure,
    "scalar_nodes": scalar_nodes.measure,
    "sweep": sweep.measure,
    "cohort": cohort.measure,
    "reruns": reruns.measure,
    "execution": execution.measure,
    "memory": memory.measure,
}
RESULTS = Path(__file__).parent / "results"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the JSON. Returns 1 when a limit is missed, 2 for a topic that does not exist."""
    options = _options(arguments)
    names = options.only.split(",") if options.only else list(TOPICS)
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        print(f"no such topic: {', '.join(unknown)}; there are {', '.join(TOPICS)}", file=sys.stderr)
        return 2
    settings = QUICK if options.quick else FULL
    measured: dict[str, list[Figure]] = {}
    for name in names:
        print(f"measuring {name}", file=sys.stderr, flush=True)
        measured[name] = _measured(name, settings)
        if options.json is None:
            RESULTS.mkdir(exist_ok=True)
            _write(RESULTS / f"{name}.json", measured[name], settings)
    figures = [each for found in measured.values() for each in found]
    print(table(figures))
    if options.json is not None:
        _write(options.json, figures, settings)
    return 1 if any(each.verdict.endswith("MISSED") for each in figures) else 0


def _measured(name: str, settings: Settings) -> list[Figure]:
    """A topic's figures, measured by a process of its own: what it had in memory counts in the peaks of those that it
    starts (see `spend`), and is no matter of other topics."""
    with ProcessPoolExecutor(1, get_context("spawn")) as process:
        figures = process.submit(TOPICS[name], settings).result()
    if settings == QUICK:  # what is promised of real sizes says nothing of small ones
        return [replace(figure, limit=0.0, most=0.0) for figure in figures]
    return figures


def _write(path: Path, figures: Sequence[Figure], settings: Settings) -> None:
    recorded = {"machine": _machine(), "settings": asdict(settings), "figures": [asdict(each) for each in figures]}
    path.write_text(json.dumps(recorded, indent=1) + "\n", "utf-8")


def _machine() -> dict[str, object]:
    """What the figures depend on. No host name: results are passed around."""
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": {name: version(name) for name in ("vlc-runtime", "SimpleITK", "numpy", "dask", "lark")},
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", default="", metavar="NAMES", help=f"some of {', '.join(TOPICS)}, with commas between")
    parser.add_argument(
        "--quick", action="store_true", help="one round of small sizes, to see that all works; no limits"
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures of all topics")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
