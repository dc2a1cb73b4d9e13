"""The benchmark of whole commands measures what it says, checks results, and writes its figures down."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.figures import alternate, figure, table
from benchmarks.processes import python

ROOT = Path(__file__).parent.parent.parent


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)


def test_a_quick_run_measures_each_topic(tmp_path: Path) -> None:
    figures = tmp_path / "figures.json"
    result = run("--quick", "--only", "start_up,declarations,passes,scalar_nodes,sweep", "--json", str(figures))
    assert result.returncode in (0, 1), result.stderr  # 1: a limit is missed, as on a busy machine
    recorded = json.loads(figures.read_text("utf-8"))
    measured = recorded["figures"]
    (passes,) = {each["topic"] for each in measured if each["topic"].startswith("passes on a plan of ")}
    topics = {"start-up", "1000 declarations", passes, "a plan of 1000 scalars", "sweep of 4 thresholds"}
    assert {each["topic"] for each in measured} == topics
    assert all(each["measured"] > 0 and each["reference"] > 0 and each["ratio"] > 0 for each in measured)
    assert recorded["machine"]["cores"] >= 1
    for each in measured:
        assert each["name"] in result.stdout


def test_a_topic_that_does_not_exist_is_refused() -> None:
    result = run("--only", "start_up,speed")
    assert result.returncode == 2
    assert "no such topic: speed" in result.stderr


def test_ratios_are_those_of_rounds_not_of_medians() -> None:
    made = figure("t", "n", "s", [1.0, 40.0, 3.0], "other", [2.0, 10.0, 1.0], limit=2.5)
    assert (made.measured, made.reference, made.ratio) == (3.0, 2.0, 3.0)
    assert made.verdict == "limit 2.5 s: MISSED"
    assert "MISSED" in table([made])
    assert figure("t", "n", "s", [2.5], "other", [1.0], limit=2.5).verdict == "limit 2.5 s: kept"


def test_ways_take_turns_and_the_first_round_is_not_counted() -> None:
    calls: list[str] = []

    def way(name: str) -> int:
        calls.append(name)
        return len(calls)

    results = alternate({"a": lambda: way("a"), "b": lambda: way("b")}, 2)
    assert calls == ["a", "b"] * 3
    assert results == {"a": [3, 5], "b": [4, 6]}


def test_the_cost_of_a_process_is_its_own() -> None:
    # Linux counts what the measuring process has in memory, and this one has much
    script = (
        "from dataclasses import asdict\nimport json\nfrom benchmarks.processes import python\n"
        "small, large = python('-c', 'print(1)'), python('-c', 'b = bytes(1) * 300_000_000; print(1)')\n"
        "print(json.dumps([asdict(small), asdict(large)]))"
    )
    command = [sys.executable, "-c", script]
    measured = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    small, large = json.loads(measured.stdout)
    assert small["output"] == large["output"] == "1\n"
    assert large["peak"] > 300 > small["peak"] > 0
    assert small["seconds"] > 0 and small["cpu"] > 0


def test_a_process_that_fails_is_no_measurement(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 3: alas"):
        python("-c", "import sys; print('alas', file=sys.stderr); sys.exit(3)", folder=tmp_path)
