"""What a whole command costs: time, processor time and memory of a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Cost:
    """Of one process, from its start to its end. `seconds` by the clock, `cpu` on all cores, `peak` resident in MB."""

    seconds: float
    cpu: float
    peak: float
    output: str


def python(*arguments: str | Path, folder: Path = ROOT) -> Cost:
    """Run this Python with arguments, in a folder. Raises RuntimeError, with what it said, when it fails."""
    return spend([sys.executable, *map(str, arguments)], folder)


def spend(command: Sequence[str], folder: Path) -> Cost:
    """Run a command to its end. Raises RuntimeError, with what it said, when it fails.

    Linux counts the most that the parent ever held in a child's peak: so the measuring process has nothing large.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed package is compiled once, not in each run
        start = time.perf_counter()
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=folder, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            said = err.read().decode(errors="replace").strip()
            raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}")
        unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KB elsewhere
        peak = usage.ru_maxrss * unit / 1e6
        return Cost(seconds, usage.ru_utime + usage.ru_stime, peak, out.read().decode())
