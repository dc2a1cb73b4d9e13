"""Batch arrays: the shards compute the items of loops between them, and the run that gathers computes none again."""

from __future__ import annotations

from pathlib import Path

from cohorts import (
    assert_sound,
    computed,
    kept_operators_of_last_run,
    kill_group,
    make_cohort,
    stored_keys,
    wait_a_moment,
)

SHARDS = 3


def test_shards_share_the_items_and_a_last_run_gathers(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort")
    expected = cohort.results("--no-store")
    for shard in range(1, SHARDS + 1):
        end = cohort.run("--shard", f"{shard}/{SHARDS}")
        assert end.status == 0, end.errors
    stored = stored_keys(cohort.store)
    by_run = [stored & set(keys) for keys in computed(cohort.store).values()]
    assert len(by_run) == SHARDS
    assert sum(map(len, by_run)) == len(stored)
    assert max(map(len, by_run)) <= 1.5 * min(map(len, by_run))
    assert cohort.results() == expected
    assert [each for each in kept_operators_of_last_run(cohort.store) if "vox1" in each] == []
    assert {run.status for run in assert_sound(cohort.store)} == {"done"}


def test_a_shard_that_is_killed_is_run_again(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort")
    expected = cohort.results("--no-store")
    for shard in range(1, SHARDS + 1):
        process = cohort.start("--shard", f"{shard}/{SHARDS}")
        before = len(stored_of(cohort.store))
        while len(stored_of(cohort.store)) <= before + shard and wait_a_moment(process, 0.01):
            pass
        kill_group(process)
    stored = stored_keys(cohort.store)
    for shard in range(SHARDS, 0, -1):
        assert cohort.run("--shard", f"{shard}/{SHARDS}").status == 0
    reruns = list(computed(cohort.store).values())[-SHARDS:]
    assert not stored & {key for keys in reruns for key in keys}
    stored = stored_keys(cohort.store)
    assert cohort.results() == expected
    assert [each for each in kept_operators_of_last_run(cohort.store) if "vox1" in each] == []
    assert_sound(cohort.store)


def stored_of(store: Path) -> set[str]:
    return stored_keys(store) if (store / "STORE.json").exists() else set()


def test_a_shard_needs_a_store(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=1)
    end = cohort.run("--shard", "1/2", "--no-store")
    assert end.status == 2
    assert "a shard leaves its results in the store" in end.errors
