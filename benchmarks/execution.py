"""Ways to execute a plan, each a prototype, on plans that differ in kind: see docs/execution.md for what follows."""

from __future__ import annotations

from benchmarks.execution_ways import WAYS
from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import Cost, python
from benchmarks.settings import Settings

WORKERS = 2


def measure(settings: Settings) -> list[Figure]:
    """Processor time (the clock's is noise on a shared machine) and memory of each way against one session a plan."""
    figures: list[Figure] = []
    plans = [("scalars", count) for count in settings.counts]
    plans += [("glioblastoma", 40 if settings.rounds > 1 else 2), ("sweep", 400 if settings.rounds > 1 else 4)]
    for name, count in plans:
        figures.extend(_plan(name, count, settings.rounds))
    return figures


def _plan(name: str, count: int, rounds: int) -> list[Figure]:
    def run(way: str) -> Cost:
        return python("-m", "benchmarks.execution_ways", way, name, str(count), str(WORKERS))

    costs = alternate({way: lambda way=way: run(way) for way in WAYS}, rounds)  # type: ignore[misc]
    read = {way: [[float(word) for word in cost.output.split()] for cost in found] for way, found in costs.items()}
    if len({words[3] for found in read.values() for words in found}) != 1:
        raise AssertionError(f"the ways differ in what they compute of {name} {count}")
    topic, reference = f"ways to execute {name} {count}, {WORKERS} threads", "one session"
    seconds, cpu, memory = (
        {way: [max(words[column], least) for words in found] for way, found in read.items()}
        for column, least in ((0, 1e-6), (1, 1e-6), (2, 0.1))
    )
    figures = []
    for way in WAYS:
        figures.append(figure(topic, f"{way}, processor", "s", cpu[way], reference, cpu["session"]))
        figures.append(figure(topic, f"{way}, clock", "s", seconds[way], reference, seconds["session"]))
        figures.append(figure(topic, f"{way}, memory added", "MB", memory[way], reference, memory["session"]))
    return figures
