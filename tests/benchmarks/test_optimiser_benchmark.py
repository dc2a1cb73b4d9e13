"""The benchmark of the passes compares results before it measures, and tells what it measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.optimiser import PROGRAMS, SHARED

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.optimiser", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_small_run_measures_everything(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    result = run("--rounds", "1", "--size", "40x44x30", "--json", str(figures))
    assert result.returncode == 0, result.stderr
    measured = json.loads(figures.read_text())["programs"]
    assert set(measured) == set(PROGRAMS)
    for name, found in measured.items():
        assert name in result.stdout
        assert found["plain"] > 0 and found["passes"] > 0 and found["ratio"] > 0
        assert ("apart" in found) == (name in SHARED)
        assert found.get("shared", 1) > 0 and found.get("apart", 1) > 0


def test_an_unknown_program_is_refused() -> None:
    result = run("--only", "smoother")
    assert result.returncode == 2
    assert "smoother" in result.stderr
