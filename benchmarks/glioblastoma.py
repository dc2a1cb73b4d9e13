"""The glioblastoma segmentation of TACAS 2019, whole processes: the compiled script against a SimpleITK script.

    python -m benchmarks.glioblastoma [--rounds N] [--images DIR]

Each process imports, reads, computes, prints and writes. The ways take turns; ratios are those of each round, and their
median counts. All ways must print the same scores and write the same voxels.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PLAIN = PROJECT / "benchmarks" / "glioblastoma_simpleitk.py"
PROGRAM = PROJECT / "examples" / "glioblastoma.imgql"
CASE = "case01"
_WITHOUT_NUMBA = (
    "import runpy, sys; sys.modules['numba'] = None; sys.argv = sys.argv[1:]; "
    "runpy.run_path(sys.argv[0], run_name='__main__')"
)


@dataclass(frozen=True)
class Way:
    """A way to compute the case: its command, what to do before each run, the file it writes, the ratio to reach."""

    name: str
    command: Sequence[str]
    prepare: Callable[[], None]
    written: Path
    target: float = 0.0


@dataclass(frozen=True)
class Run:
    """What a process took and came to: seconds, megabytes at its peak, and the text it printed."""

    seconds: float
    megabytes: float
    printed: str


def run(way: Way) -> Run:
    """Run a process to its end. Raises RuntimeError when it fails."""
    way.prepare()
    # an installed package has its bytecode, so let a checkout have it too
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    started = time.perf_counter()
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(way.command, stdout=output, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        printed = output.read()
    if process.returncode:
        raise RuntimeError(f"{way.name} failed")
    per_megabyte = 1024 if sys.platform != "darwin" else 1 << 20
    return Run(seconds, usage.ru_maxrss / per_megabyte, printed)


def ways(images: Path, workplace: Path) -> list[Way]:
    """Plain SimpleITK first, then the compiled script in several settings."""
    from vlc.compiler import compile_file

    script = workplace / "glioblastoma.py"
    script.write_text(compile_file(PROGRAM).script, "utf-8")
    flair, truth = (str(images / f"{CASE}_{kind}.nii.gz") for kind in ("flair", "truth"))
    plain = workplace / "plain.nii.gz"

    def ours(name: str, *options: str, numba: bool = True, keep: bool = False, target: float = 0.0) -> Way:
        folder = workplace / name.replace(" ", "_")
        store = folder / "store"
        start = [sys.executable] if numba else [sys.executable, "-c", _WITHOUT_NUMBA]
        settings = [f"--set=INPUTDIR={images}", f"--set=NAME={CASE}", f"--set=OUTPUTDIR={folder}", "--quiet"]
        storing = options or (f"--store={store}",)
        prepare = (lambda: None) if keep or options else (lambda: shutil.rmtree(store, ignore_errors=True))
        return Way(name, [*start, str(script), *settings, *storing], prepare, folder / f"{CASE}_gtv.nii.gz", target)

    return [
        Way("SimpleITK script", [sys.executable, str(PLAIN), flair, truth, str(plain)], lambda: None, plain),
        ours("without numba", "--no-store", numba=False, target=4.0),
        ours("with numba", "--no-store", target=6.0),
        ours("without numba, storing", numba=False),
        ours("with numba, storing"),
        ours("from the store", keep=True),
    ]


def check(results: Sequence[tuple[Way, Run]]) -> None:
    """Raise AssertionError unless all ways printed the same and wrote the same voxels."""
    import numpy as np
    import SimpleITK as sitk

    first_way, first = results[0]
    voxels = sitk.GetArrayFromImage(sitk.ReadImage(str(first_way.written)))
    for way, result in results[1:]:
        assert result.printed == first.printed, f"{way.name} prints\n{result.printed}and not\n{first.printed}"
        assert np.array_equal(sitk.GetArrayFromImage(sitk.ReadImage(str(way.written))), voxels), way.name


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="The glioblastoma case against a SimpleITK script, whole processes.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each way runs after a first time (5)")
    parser.add_argument("--images", type=Path, help="a folder with case01_flair.nii.gz and case01_truth.nii.gz")
    parser.add_argument("--size", default="240x240x155", help="the size of the phantom, if no images are given")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="vlc-benchmark-") as folder:
        images = options.images or Path(folder)
        if options.images is None:
            phantom = PROJECT / "examples" / "make_phantom.py"
            command = [sys.executable, str(phantom), "--size", options.size, "--output", folder]
            subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
        report(ways(images.absolute(), Path(folder)), options.rounds)
    return 0


def report(measured: Sequence[Way], rounds: int) -> None:
    """Run all ways in turn and print a table. The first round is not counted: numba compiles and caches in it."""
    check([(way, run(way)) for way in measured])
    runs = [[run(way) for way in measured] for _ in range(rounds)]
    print(f"{'way':<24}{'seconds':>9}{'MB':>7}{'ratio':>7}{'wanted':>8}")
    for number, way in enumerate(measured):
        own = [each[number] for each in runs]
        ratio = statistics.median(each[0].seconds / each[number].seconds for each in runs)
        seconds = statistics.median(each.seconds for each in own)
        megabytes = max(each.megabytes for each in own)
        wanted = f"{way.target:8.1f}" if way.target else ""
        print(f"{way.name:<24}{seconds:9.2f}{megabytes:7.0f}{ratio:7.2f}{wanted}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
