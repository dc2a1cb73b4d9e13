"""The glioblastoma case once more, when all is stored, against a program that computes nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import vlc
from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import ROOT, Cost, python
from benchmarks.settings import Settings

NOTHING = """
import "vox1"
import "simpleitk"

print "one" 1
"""
CASE = "case01"
MOST = 1.5


def measure(settings: Settings) -> list[Figure]:
    """Whole processes. The rerun prints its scores from the store, and writes again the image that it saves."""
    size = "240x240x155" if settings.rounds > 1 else "32x32x32"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        program = (ROOT / "examples" / "glioblastoma.imgql").read_text("utf-8")
        (folder / "case.py").write_text(vlc.compile(program), "utf-8")
        (folder / "nothing.py").write_text(vlc.compile(NOTHING), "utf-8")
        python("-m", "examples.make_phantom", "--cases", "1", "--size", size, "--output", folder / "data")

        def case(*more: str) -> Cost:
            settings_of_case = ("--set=INPUTDIR=data", f"--set=NAME={CASE}", "--set=OUTPUTDIR=output")
            return python("case.py", *settings_of_case, "--quiet", *more, folder=folder)

        first = case()
        ways = {
            "rerun": case,
            "shown": lambda: case("--dry-run"),
            "nothing": lambda: python("nothing.py", "--quiet", folder=folder),
        }
        costs = alternate(ways, settings.rounds)
        if {cost.output for cost in costs["rerun"]} != {first.output}:
            raise AssertionError("a rerun prints something else")
    topic, against = f"glioblastoma case of {size} voxels, everything stored", "a run of no kernel"
    seconds = {way: [cost.seconds for cost in found] for way, found in costs.items()}
    cpu = {way: [cost.cpu for cost in found] for way, found in costs.items()}
    return [
        figure(topic, "rerun, clock", "s", seconds["rerun"], against, seconds["nothing"], most=MOST),
        figure(topic, "rerun, processor", "s", cpu["rerun"], against, cpu["nothing"]),
        figure(topic, "--dry-run, processor", "s", cpu["shown"], against, cpu["nothing"]),
    ]
