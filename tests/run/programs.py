"""Running programs as a user does: compiled to a script, run in a process, with a store whose run records are read."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import SimpleITK as sitk

from vlc.compiler import compile_source
from vlc.diagnostics import Source

HEAD = 'import "vox1"\nimport "simpleitk"\n'
GOOD = 'print "good" volume(near(intensity(ReadImage("a.nii")) > 5))\n'
"""A goal to be computed whatever becomes of the others."""


@dataclass(frozen=True)
class Ended:
    """What a process came to."""

    status: int
    out: str
    err: str


def write_image(path: Path, seed: int = 0, size: tuple[int, int, int] = (6, 5, 4)) -> None:
    """An image of whole numbers 0..9."""
    path.parent.mkdir(parents=True, exist_ok=True)
    voxels = np.random.default_rng(seed).integers(0, 10, size[::-1]).astype(np.float32)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(path))


def script_of(folder: Path, text: str, name: str = "program") -> Path:
    """The script of a program, in a file of the folder."""
    path = folder / f"{name}.py"
    path.write_text(compile_source(Source(f"{name}.imgql", text)).script, "utf-8")
    return path


def run_script(script: Path, *options: str, columns: str = "120") -> Ended:
    """Run a script in its folder, on a terminal so wide ('' says nothing of it)."""
    return run_command([sys.executable, str(script), *options], script.parent, columns)


def run_program(folder: Path, text: str, *options: str) -> Ended:
    """Compile a program and run it in the folder, with the store there."""
    return run_script(script_of(folder, text), *options)


def vlc_run(folder: Path, text: str, *options: str) -> Ended:
    """`vlc run` of a program in the folder."""
    (folder / "program.imgql").write_text(text, "utf-8")
    return run_command([sys.executable, "-m", "vlc", "run", "program.imgql", *options], folder)


def run_command(command: list[str], folder: Path, columns: str = "120") -> Ended:
    environment = {**os.environ, "COLUMNS": columns}
    ended = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def computed(folder: Path, run: int = -1) -> Counter[str]:
    """How many times each operator was computed in a run (the last) of the store in the folder."""
    return _outcomes(folder, run, "computed")


def _outcomes(folder: Path, run: int, wanted: str) -> Counter[str]:
    records = sorted((folder / "results" / "runs").glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    lines = map(json.loads, records[run].read_text("ascii").splitlines())
    return Counter(line["operator"] for line in lines if line.get("event") == "node" and line["outcome"] == wanted)


def failed(ended: Ended, status: int = 1) -> str:
    """Standard error of a run that failed as it should: told once, without a traceback."""
    assert ended.status == status, ended.err
    assert "Traceback" not in ended.err
    assert len(re.findall(r"^error: ", ended.err, re.MULTILINE)) == 1
    return ended.err
