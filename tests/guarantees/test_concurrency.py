"""Many processes at once on one fresh store, with the same and with overlapping programs: each result is computed by
one of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from cohorts import FUNCTIONS, assert_sound, compile_into, computed, ended, make_cohort, stored_keys

OTHER = (
    FUNCTIONS
    + """
print "deep" for file in files do volume(deep(file))
print "grown" for file in files do volume(grown(file))
print "brightest" for file in files do max(image(file))
"""
)


@pytest.mark.parametrize("options", [(), ("--scheduler", "processes", "--workers", 1)], ids=["threads", "processes"])
def test_each_result_is_computed_once_in_total(tmp_path: Path, options: tuple[object, ...]) -> None:
    # the processes that compute in processes of their own are fewer: there are twice as many of them
    copies = 4 if not options else 2
    cohort = make_cohort(tmp_path / "cohort")
    other = compile_into(cohort.folder, OTHER, "other")
    expected = [each.results("--no-store") for each in (cohort, other)]
    runs = [each.start("--store", tmp_path / "results", *options) for _ in range(copies) for each in (cohort, other)]
    ends = [ended(run) for run in runs]
    for number, end in enumerate(ends):
        assert end.status == 0, end.errors
        assert end.errors == ""
        assert end.results(cohort.folder) == expected[number % 2]
    stored = stored_keys(tmp_path / "results")
    times = Counter(key for keys in computed(tmp_path / "results").values() for key in keys if key in stored)
    assert set(times) == stored
    assert set(times.values()) == {1}
    assert {run.status for run in assert_sound(tmp_path / "results")} == {"done"}
