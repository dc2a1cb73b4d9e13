"""A small cohort of images, programs over it, and whole runs of their scripts in processes of their own."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from vlc_runtime.store import Store, collect_garbage, verify
from vlc_runtime.store.runs import Run, lines_of, list_runs

from vlc.compiler import compile_source
from vlc.diagnostics import Source

CASES = 6
SIDE = 30
"""So large that images of numbers are files in the store, and masks are in its index."""

FUNCTIONS = """
import "vox1"
import "simpleitk"

files = dir("images", "*.nii.gz", false, true)
level = 0.2

image(file) = intensity(ReadImage(file))
largest(file) = maxvol(image(file) >= level)
deep(file) = dt(largest(file)) <=. 2
bright(file) = percentiles(image(file), largest(file), 0.5) >=. 0.7
grown(file) = through(bright(file), deep(file))
"""

PROGRAM = (
    FUNCTIONS
    + """
print "volumes" for file in files do volume(largest(file))
print "grown" for file in files do volume(grown(file))
print "sweep" for k in range(1, 4) do for file in files do volume(maxvol(image(file) >=. (k / 4)))
print "total" fold + (for file in files do volume(deep(file)))
save "output/edges.nii.gz" for file in files do near(grown(file))
"""
)


@dataclass(frozen=True)
class Cohort:
    """A folder with `images/` and a script."""

    folder: Path
    script: Path

    @property
    def store(self) -> Path:
        return self.folder / "results"

    def start(self, *options: object) -> subprocess.Popen[str]:
        """Start the script in a process group of its own, which the caller can kill whole."""
        command = [sys.executable, str(self.script), "--json", "--quiet", *map(str, options)]
        return subprocess.Popen(
            command,
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # where the tests are a job in the background, interrupts are ignored, and would be by the script too
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def run(self, *options: object) -> Ended:
        """Run the script to its end."""
        return ended(self.start(*options))

    def results(self, *options: object) -> dict[str, Any]:
        """What the script prints and the digests of the files it saves, when it ends well."""
        end = self.run(*options)
        assert end.status == 0, end.errors
        return end.results(self.folder)


@dataclass(frozen=True)
class Ended:
    """How a run ended. Nothing that a user does makes a traceback."""

    status: int
    output: str
    errors: str

    def results(self, folder: Path) -> dict[str, Any]:
        shown: dict[str, Any] = json.loads(self.output)
        assert shown["failed"] == []
        shown["saved"] = {
            path: hashlib.sha256((folder / path).read_bytes()).hexdigest() for path in sorted(shown["saved"])
        }
        return shown

    def complaint(self) -> str:
        """What a run says that ended with status 1, in words."""
        assert self.status == 1, (self.status, self.errors)
        assert "Traceback" not in self.errors, self.errors
        assert "error: " in self.errors, self.errors
        return self.errors


def ended(process: subprocess.Popen[str]) -> Ended:
    output, errors = process.communicate()
    return Ended(process.returncode, output, errors)


def make_cohort(folder: Path, program: str = PROGRAM, cases: int = CASES) -> Cohort:
    """Write images and compile the program. The same images every time."""
    import SimpleITK as sitk

    (folder / "images").mkdir(parents=True)
    for case in range(cases):
        sitk.WriteImage(sitk.GetImageFromArray(voxels(case)), str(folder / "images" / f"case{case}.nii.gz"))
    return compile_into(folder, program)


def compile_into(folder: Path, program: str, name: str = "cohort") -> Cohort:
    """Another program over the images of a folder."""
    script = folder / f"{name}.py"
    # without passes: what is computed and stored is what the program says, whatever the optimiser learns
    script.write_text(compile_source(Source(f"{name}.imgql", program), passes=()).script, encoding="utf-8")
    return Cohort(folder, script)


def voxels(case: int, side: int = SIDE) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Noise, smoothed once along each axis: neither empty nor full at any threshold of the programs."""
    noise = np.random.default_rng(case).normal(size=(side,) * 3).astype(np.float32)
    for axis in range(3):
        noise = noise + np.roll(noise, 1, axis)
    return noise.astype(np.float32)


# --- what the store and its records say


def stored_keys(folder: Path) -> set[str]:
    """The keys of everything that is stored, also after a kill in the middle of a write."""
    with Store.open(folder) as store:
        return {row.key.hex() for row in store.access.operate(lambda: store.access.index(lambda i: i.all_rows()))}


def computed(folder: Path) -> dict[str, list[str]]:
    """The keys that each run computed, by its name, the oldest run first."""
    return {path.stem: [key for key, _ in nodes(path, "computed")] for path in sorted(folder.glob("runs/*.jsonl"))}


def nodes(record: Path, outcome: str) -> list[tuple[str, str]]:
    """(key, operator) of the nodes in a record that came to this outcome."""
    return [
        (line["key"], line["operator"])
        for line in lines_of(record)
        if line.get("event") == "node" and line["outcome"] == outcome
    ]


def last_record(folder: Path) -> Path:
    """The record of the run that started last."""
    with Store.open(folder) as store:
        latest = max(list_runs(store), key=lambda run: run.started)
    return folder / "runs" / f"{latest.id}.jsonl"


def operators_of_last_run(folder: Path) -> list[str]:
    """The operators that the last run computed, but for those of goals, sorted."""
    found = nodes(last_record(folder), "computed")
    return sorted(operator for _, operator in found if not operator.startswith("goal_operators."))


def kept_operators_of_last_run(folder: Path) -> list[str]:
    """The same, of what is stored: what is cheaper to compute than to load is left out."""
    stored = stored_keys(folder)
    return sorted(operator for key, operator in nodes(last_record(folder), "computed") if key in stored)


def assert_sound(folder: Path) -> list[Run]:
    """The store is whole, nobody holds anything, and nothing is left over. Returns its runs, the oldest first."""
    with Store.open(folder) as store:
        found = verify(store)
        assert found.damaged == []
        keys = {bytes.fromhex(key) for key in stored_keys(folder)}
        keys |= {bytes.fromhex(key) for keys_of_run in computed(folder).values() for key in keys_of_run}
        with store.claim(keys) as claim:
            assert claim.held == frozenset()
        collect_garbage(store)
        assert list(store.layout.temporary.iterdir()) == []
        assert {bytes.fromhex(key) for key in stored_keys(folder)} <= keys
        runs = sorted(list_runs(store), key=lambda run: run.started)
        assert all(run.status != "running" for run in runs)
        return runs


# --- ending processes


def kill_group(process: subprocess.Popen[str]) -> None:
    """End a run and its workers at once."""
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def wait_a_moment(process: subprocess.Popen[str], seconds: float) -> bool:
    """Let a run go on for so long; whether it goes on still."""
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return True
    return False


def wait_until_running(process: subprocess.Popen[str], folder: Path, known: int) -> bool:
    """Wait until the store has more than `known` records of runs; whether the run goes on."""
    while len(list(folder.glob("runs/*.jsonl"))) <= known:
        if not wait_a_moment(process, 0.002):
            return False
    return process.poll() is None


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """The worker processes of a run."""
    return [child for child in _children(process.pid) if "spawn_main" in _command_of(child)]


def _children(pid: int) -> Iterator[int]:
    try:
        for thread in Path(f"/proc/{pid}/task").iterdir():
            yield from map(int, (thread / "children").read_text("ascii").split())
    except (FileNotFoundError, ProcessLookupError):
        return


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def moments(seed: int, rounds: int) -> Iterator[float]:
    """Parts of a run after which to strike, spread evenly but for chance: every stretch of a run is met."""
    generator = random.Random(seed)
    order = list(range(rounds))
    generator.shuffle(order)
    for place in order:
        yield (place + generator.random()) / rounds
