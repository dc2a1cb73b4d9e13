"""What the runtime takes for a scalar node, against a Dask task."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import Cost, python
from benchmarks.settings import Settings

MICROSECONDS, MEGABYTES = 20.0, 400.0


def measure(settings: Settings) -> list[Figure]:
    """Microseconds of processor time a node to build, plan and run, and the peak memory of the process."""
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"

        def run(way: str, *more: str) -> Cost:
            return python("-m", "benchmarks.scalar_plans", way, str(settings.nodes), *more)

        def stored() -> Cost:
            shutil.rmtree(store, ignore_errors=True)
            return run("task", str(store))

        costs = alternate(
            {
                "immediate": lambda: run("immediate"),
                "task": lambda: run("task"),
                "stored": stored,
                "found": lambda: run("task", str(store)),
                "dask": lambda: run("dask"),
            },
            settings.rounds,
        )
    each = {way: [1e6 * float(cost.output) / settings.nodes for cost in found] for way, found in costs.items()}
    peaks = {way: [cost.peak for cost in found] for way, found in costs.items()}
    topic, against, unit = f"a plan of {settings.nodes} scalars", "a Dask task a node", "us a node"
    return [
        figure(topic, "arithmetic", unit, each["immediate"], against, each["dask"], MICROSECONDS),
        figure(topic, "kernels", unit, each["task"], against, each["dask"], MICROSECONDS),
        figure(topic, "kernels, every result stored", unit, each["stored"], against, each["dask"]),
        figure(topic, "kernels, the goal found in the store", unit, each["found"], against, each["dask"]),
        figure(topic, "arithmetic, peak memory", "MB", peaks["immediate"], against, peaks["dask"], MEGABYTES),
        figure(topic, "kernels, peak memory", "MB", peaks["task"], against, peaks["dask"], MEGABYTES),
    ]
