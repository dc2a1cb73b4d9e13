"""The benchmark of kernels compares results before it measures, and tells what it measured."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.kernels", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_small_run_measures_everything(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    result = run("--rounds", "1", "--size", "40x44x30", "--json", str(figures))
    assert result.returncode in (0, 1), result.stderr  # 1: ratios are those of large images only
    measured = json.loads(figures.read_text())["measurements"]
    assert {"near", "through", "volume", "add"} <= {entry["name"] for entry in measured}
    assert {entry["subject"] for entry in measured} == {"phantom", "lesion", "sparse", "thick", "noisy", "maze"}
    assert all(entry["kernel_ms"] > 0 and entry["reference_ms"] > 0 and entry["ratio"] > 0 for entry in measured)
    for entry in measured:
        assert entry["name"] in result.stdout


def test_an_unknown_kernel_is_refused() -> None:
    result = run("--only", "nearer")
    assert result.returncode == 2
    assert "nearer" in result.stderr
