"""The threshold sweep of the examples on a real head, against a hand-written loop that gives the same results."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import ROOT, Cost, python
from benchmarks.settings import Settings

PROGRAM = ROOT / "examples" / "threshold_sweep.imgql"
HEAD = ROOT / "examples" / "data" / "mni152_t1_1mm.nii.gz"
WRITTEN_RANGE = "range(120, 200)"

SAME_VOXELS = """
import sys
import numpy as np
import SimpleITK as sitk
left, right = (sitk.GetArrayFromImage(sitk.ReadImage(path)) for path in sys.argv[1:])
sys.exit(0 if np.array_equal(left, right) else "the saved images differ")
"""


def measure(settings: Settings) -> list[Figure]:
    """Whole processes: nothing stored yet, everything stored, and without a store."""
    first, last = settings.thresholds
    text = PROGRAM.read_text("utf-8")
    if WRITTEN_RANGE not in text:
        raise AssertionError(f"{PROGRAM.name} no longer sweeps {WRITTEN_RANGE}")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sweep.imgql").write_text(text.replace(WRITTEN_RANGE, f"range({first}, {last})"), "utf-8")
        python("-m", "vlc", "compile", "sweep.imgql", "-o", "sweep.py", folder=folder)
        (folder / "by_hand").mkdir()

        def script(*more: str) -> Cost:
            return python("sweep.py", "--quiet", "--set", f"head_path={HEAD}", *more, folder=folder)

        def cold() -> Cost:
            shutil.rmtree(folder / "results", ignore_errors=True)
            return script()

        def by_hand() -> Cost:
            return python(
                "-m", "benchmarks.sweep_by_hand", HEAD, str(first), str(last), "by_hand/core.nii.gz", folder=folder
            )

        ways = {
            "by hand": by_hand,
            "cold": cold,
            "warm": script,
            "no store": lambda: script("--no-store"),
            "imports": lambda: python("-c", "import SimpleITK, dask, numpy", folder=folder),
        }
        costs = alternate(ways, settings.rounds)
        results = {cost.output for way in ("by hand", "cold", "warm", "no store") for cost in costs[way]}
        if len(results) != 1:
            raise AssertionError("the script and the loop by hand differ:\n" + "".join(sorted(results)))
        python("-c", SAME_VOXELS, "output/core.nii.gz", "by_hand/core.nii.gz", folder=folder)
    seconds = {way: [cost.seconds for cost in measured] for way, measured in costs.items()}
    peaks = {way: [cost.peak for cost in measured] for way, measured in costs.items()}
    topic, against = f"sweep of {last - first} thresholds", "SimpleITK by hand"
    return [
        figure(topic, "nothing stored yet", "s", seconds["cold"], against, seconds["by hand"]),
        figure(topic, "without a store", "s", seconds["no store"], against, seconds["by hand"]),
        figure(topic, "everything stored", "s", seconds["warm"], against, seconds["by hand"]),
        figure(topic, "everything stored", "s", seconds["warm"], "import SimpleITK, dask, numpy", seconds["imports"]),
        figure(topic, "nothing stored yet, peak memory", "MB", peaks["cold"], against, peaks["by hand"]),
    ]
