"""The runtime on cohorts of phantoms: what storing costs, what a second worker gains, how memory grows with cases."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import vlc
from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import ROOT, Cost, python
from benchmarks.settings import Settings

PROGRAM = """
import "vox1"
import "simpleitk"

folder = "data"
files = dir(folder, "*_flair.nii.gz", false, true)
flair(file) = intensity(ReadImage(file))
brain(file) = maxvol(flair(file) > 0)
ranks(file) = percentiles(flair(file), brain(file), 0.5)
grow(file) = through(near(ranks(file) >=. 0.95), ranks(file) >=. 0.86)

print "volumes" for file in files do volume(grow(file))
print "inside" for file in files do volume(grow(file) & (dt(brain(file)) <=. 3))
"""
CASES = {"few": 6, "many": 40}
STORING, SECOND_WORKER = 1.15, 1 / 1.8


def measure(settings: Settings) -> list[Figure]:
    """What storing costs and how memory grows, on one cohort; what a second worker gains, on another."""
    return [*_storing_and_memory(settings), *_workers(settings)]


def _storing_and_memory(settings: Settings) -> list[Figure]:
    size = "160x160x112" if settings.rounds > 1 else "32x32x32"
    numbers = count()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "cohort.py"
        script.write_text(vlc.compile(PROGRAM), "utf-8")
        most = str(max(CASES.values()))
        python("-m", "examples.make_phantom", "--cases", most, "--size", size, "--output", folder / "all")
        for which, cases in CASES.items():
            (folder / which).mkdir()
            for path in sorted((folder / "all").glob("*_flair.nii.gz"))[:cases]:
                os.link(path, folder / which / path.name)

        def cold(which: str, workers: int, stores: bool = True) -> Callable[[], Cost]:
            def run() -> Cost:
                store = ["--store", f"results{next(numbers)}"] if stores else ["--no-store"]
                options = ["--set", f"folder={which}", "--workers", str(workers), "--quiet", *store]
                return python(script, *options, folder=folder)

            return run

        storing = {"stored": cold("few", 1), "kept": cold("few", 1, stores=False)}
        found = alternate(storing, 2 * settings.rounds)  # a small difference
        found |= alternate({"few": cold("few", 2), "many": cold("many", 2)}, max(1, settings.rounds // 2 + 1))
    cpu = {name: [cost.cpu for cost in costs] for name, costs in found.items()}
    seconds = {name: [cost.seconds for cost in costs] for name, costs in found.items()}
    peak = {name: [cost.peak for cost in costs] for name, costs in found.items()}
    topic = f"a cohort of heads of {size} voxels, {len(os.sched_getaffinity(0))} cores"
    return [
        figure(
            topic, "6 cases, every result stored, processor", "s", cpu["stored"], "no store", cpu["kept"], most=STORING
        ),
        figure(topic, "6 cases, every result stored, clock", "s", seconds["stored"], "no store", seconds["kept"]),
        figure(topic, "40 cases on 2 workers, peak memory", "MB", peak["many"], "6 cases", peak["few"]),
    ]


def _halves(folder: Path) -> list[str]:
    """Two folders with half of the cases each."""
    flairs = sorted((folder / "data").glob("*_flair.nii.gz"))
    halves = {"first": flairs[: len(flairs) // 2], "second": flairs[len(flairs) // 2 :]}
    for half, cases in halves.items():
        (folder / half).mkdir()
        for flair in cases:
            for path in (flair, flair.with_name(flair.name.replace("flair", "truth"))):
                os.link(path, folder / half / path.name)
    return list(halves)


def _workers(settings: Settings) -> list[Figure]:
    """The segmentation of glioblastoma on eight cases: enough to do for each, so that starting does not decide."""
    size, cases = ("240x240x155", 8) if settings.rounds > 1 else ("32x32x32", 2)
    numbers = count()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        script = folder / "glioblastoma.py"
        script.write_text(vlc.compile((ROOT / "examples" / "glioblastoma_cohort.imgql").read_text("utf-8")), "utf-8")
        python("-m", "examples.make_phantom", "--cases", str(cases), "--size", size, "--output", folder / "data")

        def cold(workers: int, scheduler: str) -> Callable[[], Cost]:
            def run() -> Cost:
                options = ["--workers", str(workers), "--scheduler", scheduler, "--store", f"results{next(numbers)}"]
                return python(script, "--quiet", *options, folder=folder)

            return run

        ways = {"one": cold(1, "threads"), "threads": cold(2, "threads"), "processes": cold(2, "processes")}
        found = alternate(ways, max(1, settings.rounds // 2 + 1))
        halves = _halves(folder)
        rounds = str(3 * settings.rounds)  # what the cores share with other machines changes from second to second
        again = python("-m", "benchmarks.second_worker", script, rounds, *halves, folder=folder)
    if len({cost.output for costs in found.values() for cost in costs}) != 1:
        raise AssertionError("runs with different workers print different results")
    topic = f"glioblastoma, {cases} cases of {size} voxels, {len(os.sched_getaffinity(0))} cores"
    loaded = json.loads(again.output)
    what = "2 workers, threads, once everything is loaded"
    apart = "2 processes of 1 worker and half the cases"
    figures = [
        figure(topic, what, "s", loaded["two"], "1 worker", loaded["one"], most=SECOND_WORKER),
        figure(topic, what, "s", loaded["two"], apart, loaded["beside"]),
    ]
    for way in ("threads", "processes"):
        seconds, one = ([cost.seconds for cost in found[each]] for each in (way, "one"))
        cpu, cpu_one = ([cost.cpu for cost in found[each]] for each in (way, "one"))
        figures.append(figure(topic, f"2 workers, {way}, whole process, clock", "s", seconds, "1 worker", one))
        figures.append(figure(topic, f"2 workers, {way}, whole process, processor", "s", cpu, "1 worker", cpu_one))
    return figures
