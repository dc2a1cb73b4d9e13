"""The runtime on cohorts of phantoms: what storing costs, what a second worker gains, how memory grows with cases."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from itertools import count
from pathlib import Path

import vlc
from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import Cost, python
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
CASES = {"few": 6, "workers": 8, "many": 40}


def measure(settings: Settings) -> list[Figure]:
    """Processor time and peak memory; the clock only where it is the question, for a second worker."""
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

        found = alternate(
            {
                "stored": cold("few", 1),
                "kept": cold("few", 1, stores=False),
                "one": cold("workers", 1),
                "two": cold("workers", 2),
                "few": cold("few", 2),
                "many": cold("many", 2),
            },
            max(1, settings.rounds // 2 + 1),
        )
    cpu = {name: [cost.cpu for cost in costs] for name, costs in found.items()}
    seconds = {name: [cost.seconds for cost in costs] for name, costs in found.items()}
    peak = {name: [cost.peak for cost in costs] for name, costs in found.items()}
    topic = f"a cohort of heads of {size} voxels, {len(os.sched_getaffinity(0))} cores"
    return [
        figure(topic, "6 cases, every result stored, processor", "s", cpu["stored"], "no store", cpu["kept"]),
        figure(topic, "6 cases, every result stored, clock", "s", seconds["stored"], "no store", seconds["kept"]),
        figure(topic, "8 cases on 2 workers, clock", "s", seconds["two"], "1 worker", seconds["one"]),
        figure(topic, "8 cases on 2 workers, processor", "s", cpu["two"], "1 worker", cpu["one"]),
        figure(topic, "40 cases on 2 workers, peak memory", "MB", peak["many"], "6 cases", peak["few"]),
    ]
