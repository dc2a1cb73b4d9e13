"""--store-limit: at the end of a run the store is made as small as was asked, and no living run loses anything."""

from __future__ import annotations

from pathlib import Path

from cohorts import FUNCTIONS, assert_sound, last_record, make_cohort, nodes, stored_keys
from vlc_runtime.store import RunRecord, Store

PROGRAM = FUNCTIONS + 'print "volumes" for file in files do volume(largest(file))\n'


def bytes_stored(folder: Path) -> int:
    with Store.open(folder) as store:
        rows = store.access.operate(lambda: store.access.index(lambda index: index.all_rows()))
    return sum(row.stored for row in rows)


def test_the_least_recently_used_results_go(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", PROGRAM, cases=3)
    expected = cohort.results()
    older = stored_keys(cohort.store)
    limit = bytes_stored(cohort.store)
    end = cohort.run("--set", "level=0.3", "--store-limit", limit)
    assert end.status == 0, end.errors
    assert bytes_stored(cohort.store) <= limit
    mine = {key for key, _ in nodes(last_record(cohort.store), "computed")}
    left = stored_keys(cohort.store)
    assert older - left, "nothing went"
    assert left - older
    assert left - older <= mine
    assert cohort.results("--store-limit", "1G") == expected
    assert_sound(cohort.store)


def test_what_a_living_run_needs_stays(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", PROGRAM, cases=2)
    cohort.results()
    needed = sorted(stored_keys(cohort.store))[:3]
    with Store.open(cohort.store) as store, RunRecord.start(store, parameters={}, versions={}):
        store.get_many([bytes.fromhex(key) for key in needed])
        end = cohort.run("--set", "level=0.3", "--store-limit", "0")
        assert end.status == 0, end.errors
        assert stored_keys(cohort.store) == set(needed)
    assert cohort.run("--store-limit", "0").status == 0
    assert stored_keys(cohort.store) == set()


def test_a_limit_that_is_no_size_is_told(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", PROGRAM, cases=1)
    end = cohort.run("--store-limit", "much")
    assert end.status == 2
    assert "`much` is no size" in end.errors
