"""Memory: what was predicted against what was taken, whether `--memory` is held, and what more cases add."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import vlc
from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import ROOT, Cost, python
from benchmarks.settings import Settings

WIDE = """
import "vox1"
import "simpleitk"

folder = "data"
file = dir(folder, "*_flair.nii.gz", false, true)[0]
flair = intensity(ReadImage(file))
brain = maxvol(flair > 0)

ranks = percentiles(flair, brain, 0.5)

// each of these needs images of its own: as many at a time as are allowed
print "means" for level in range(1, 13) do avg(abs(ranks * level - flair) / (flair + level), flair > level)
"""
WITH_NUMBA = """
import runpy, sys
sys.argv = sys.argv[1:]
if sys.argv.pop(0) == "hidden":
    sys.modules["numba"] = None
else:
    import numba
runpy.run_path(sys.argv[0], run_name="__main__")
"""
HELD = 1.1
"""What a run may take against its allowance, on any machine."""


@dataclass(frozen=True)
class Program:
    name: str
    text: str
    assignments: tuple[str, ...]


def measure(settings: Settings) -> list[Figure]:
    """Peaks of processes, resident. Nothing is stored, so that every run computes everything."""
    full = settings.rounds > 1
    size, small = ("240x240x155", "160x160x112") if full else ("40x40x40", "32x32x32")
    cases, few, many = (20, 6, 40) if full else (3, 2, 4)
    rounds = max(1, settings.rounds // 2)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        python("-m", "examples.make_phantom", "--cases", "1", "--size", size, "--output", folder / "one")
        python("-m", "examples.make_phantom", "--cases", str(many), "--size", small, "--output", folder / "many")
        for which, length in (("few", few), ("cohort", cases)):
            (folder / which).mkdir()
            for path in sorted((folder / "many").iterdir())[: 2 * length]:
                os.link(path, folder / which / path.name)
        glioblastoma = (ROOT / "examples" / "glioblastoma.imgql").read_text("utf-8")
        cohort = (ROOT / "examples" / "glioblastoma_cohort.imgql").read_text("utf-8")
        one = ("INPUTDIR=one", "NAME=case01", "OUTPUTDIR=output")
        programs = [
            Program(f"glioblastoma of {size}", glioblastoma, one),
            Program(f"glioblastoma of {cases} cases of {small}", cohort, ("folder=cohort",)),
            Program(f"12 independent chains of {size}", WIDE, ("folder=one",)),
        ]
        figures = [each for program in programs for each in _predictions(folder, program, rounds)]
        return [*figures, *_growth(folder, cohort, small, few, many, rounds)]


def _predictions(folder: Path, program: Program, rounds: int) -> list[Figure]:
    script, source = folder / "program.py", folder / "program.imgql"
    source.write_text(program.text, "utf-8")
    script.write_text(vlc.compile(program.text), "utf-8")
    predicted = {workers: _predicted(folder, source, program.assignments, workers) for workers in (1, 2)}
    allowed = 1.15 * predicted[1]
    taken = alternate(
        {
            "1": _runs(folder, script, program.assignments, "--workers", "1"),
            "2": _runs(folder, script, program.assignments, "--workers", "2"),
            "held": _runs(folder, script, program.assignments, "--workers", "4", "--memory", f"{allowed:.0f}MB"),
        },
        rounds,
    )
    peak = {name: [cost.peak for cost in costs] for name, costs in taken.items()}
    topic = f"memory: {program.name}"
    return [
        figure(topic, "1 worker", "MB", peak["1"], "predicted", [predicted[1]] * rounds),
        figure(topic, "2 workers", "MB", peak["2"], "predicted at most", [predicted[2]] * rounds),
        figure(topic, "4 workers, --memory", "MB", peak["held"], "allowed", [allowed] * rounds, HELD * allowed),
    ]


def _predicted(folder: Path, source: Path, assignments: Sequence[str], workers: int) -> float:
    """Megabytes, as `vlc memory` tells them."""
    said = python("-m", "vlc", "memory", source, *_set(assignments), "--workers", str(workers), folder=folder).output
    number, unit = re.findall(r"([\d.]+) ([MG])B", said.splitlines()[0])[-1]
    return float(number) * (1000 if unit == "G" else 1)


def _growth(folder: Path, cohort: str, size: str, few: int, many: int, rounds: int) -> list[Figure]:
    """Where numba is installed, longer cohorts load it in the middle: so it is hidden, or there from the start."""
    script, starter = folder / "cohort.py", folder / "with_numba.py"
    script.write_text(vlc.compile(cohort), "utf-8")
    starter.write_text(WITH_NUMBA, "utf-8")
    ways: dict[str, Callable[[], Cost]] = {}
    for which in ("few", "many"):
        for numba in ("hidden", "loaded"):
            options = ("--workers", "2")
            ways[which + numba] = _runs(folder, starter, (f"folder={which}",), *options, first=(numba, script))
    peak = {name: [cost.peak for cost in costs] for name, costs in alternate(ways, rounds).items()}
    topic, against = f"memory: a cohort of heads of {size} on 2 workers", f"{few} cases"
    return [
        figure(topic, f"{many} cases, numba {numba}", "MB", peak["many" + numba], against, peak["few" + numba])
        for numba in ("hidden", "loaded")
    ]


def _runs(
    folder: Path, script: Path, assignments: Sequence[str], *options: str, first: Sequence[str | Path] = ()
) -> Callable[[], Cost]:
    outputs = count()

    def run() -> Cost:
        output = folder / f"output{next(outputs)}"
        more = ("--no-store", "--quiet", "--output", output)
        return python(script, *first, *_set(assignments), *options, *more, folder=folder)

    return run


def _set(assignments: Sequence[str]) -> list[str]:
    return [word for assignment in assignments for word in ("--set", assignment)]
