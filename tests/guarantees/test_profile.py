"""--profile: where the time went, by line and declaration; its sum is what the record says."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from cohorts import FUNCTIONS, last_record, make_cohort
from vlc_runtime.store.runs import lines_of

PROGRAM = FUNCTIONS + 'print "volumes" for file in files do volume(largest(file))\n'


@pytest.mark.parametrize("scheduler", ["threads", "sync", "processes"])
def test_the_profile_has_every_step(tmp_path: Path, scheduler: str) -> None:
    cohort = make_cohort(tmp_path / "cohort", PROGRAM, cases=2)
    end = cohort.run("--profile", "--scheduler", scheduler)
    assert end.status == 0
    header, *lines = end.errors.splitlines()
    assert header.split() == ["seconds", "%", "steps", "line", "declaration"]
    rows = [line.split(maxsplit=4) for line in lines]
    recorded = [line for line in lines_of(last_record(cohort.store)) if line.get("event") == "node"]
    assert sum(int(row[2]) for row in rows) == len(recorded)
    total = sum(line["seconds"] for line in recorded)
    assert math.isclose(sum(float(row[0]) for row in rows), total, abs_tol=0.001 * len(rows))
    assert any(row[4].startswith('print "volumes"') for row in rows)
    written = cohort.script.read_text("utf-8").splitlines()
    for row in rows:
        name, _, number = row[3].partition(":")
        assert name == cohort.script.name
        # the comment above the line has the text of the declaration
        above = [line for line in written[: int(number)] if line.strip().startswith("#")]
        assert any(line.strip() == f"# {row[4]}" for line in above)
    assert {line["source"] for line in recorded} == {row[3] for row in rows}
    assert [float(row[0]) for row in rows] == sorted((float(row[0]) for row in rows), reverse=True)
