"""A failed item stops nothing else, unless that is wanted. Failures are recorded, and never served."""

from __future__ import annotations

import json
from pathlib import Path

from cohorts import FUNCTIONS, assert_sound, last_record, make_cohort, operators_of_last_run
from vlc_runtime.store.runs import lines_of

PROGRAM = FUNCTIONS + 'print "volumes" for file in files do volume(largest(file))\n'


def test_fail_fast_stops_and_a_rerun_goes_on(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", PROGRAM, cases=4)
    broken = cohort.folder / "images" / "case0.nii.gz"
    whole = broken.read_bytes()
    broken.write_bytes(b"this is no image")
    fast = cohort.run("--fail-fast", "--scheduler", "sync")
    assert fast.status == 1
    assert "Traceback" not in fast.errors
    assert "case0.nii.gz" in fast.errors.split("\n")[0]
    assert "since the run was stopped" not in fast.errors.split("\n")[0]
    outcomes = [line["outcome"] for line in lines_of(last_record(cohort.store)) if line.get("event") == "node"]
    assert outcomes.index("failed") == len(outcomes) - 1

    for _ in range(2):
        slow = cohort.run()
        assert slow.status == 1
        (failure,) = json.loads(slow.output)["failed"]
        (item,) = failure["items"]
        assert "images/case0.nii.gz" in item
    assert "vox1.maxvol" not in operators_of_last_run(cohort.store)

    broken.write_bytes(whole)
    assert cohort.results() == cohort.results("--no-store")
    assert operators_of_last_run(cohort.store).count("vox1.maxvol") == 1  # that of the item which is mended
    assert [run.status for run in assert_sound(cohort.store)] == ["failed", "failed", "failed", "done"]
