"""Batch arrays: the shards compute the items of loops between them, and the run that gathers computes none again."""

from __future__ import annotations

from pathlib import Path

import pytest
from cohorts import (
    assert_sound,
    computed,
    kept_operators_of_last_run,
    kill_group,
    make_cohort,
    stored_keys,
    wait_a_moment,
)
from vlc_runtime.store.runs import lines_of

from tests.run.programs import Ended, run_script, script_of, write_image

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


def test_a_shard_says_what_it_did(tmp_path: Path) -> None:
    lines = ['import "vox1"', 'import "simpleitk"', 'image = intensity(ReadImage("a.nii"))']
    lines += ['print "all" for i in range(7) do max(dt(image > i))']
    write_image(tmp_path / "a.nii")
    script = script_of(tmp_path, "\n".join(lines))
    gather = "a run without --shard gathers them\n"
    first = run_script(script, "--shard", "1/3")
    assert first == Ended(0, "", f"part 1 of 3: 3 results computed, 0 stored already; {gather}")
    again = run_script(script, "--shard", "1/3")
    assert again.err == f"part 1 of 3: 0 results computed, 3 stored already; {gather}"
    other = run_script(script, "--shard", "1/2")
    assert other.err == f"part 1 of 2: 2 results computed, 2 stored already; {gather}"
    assert run_script(script, "--shard", "3/3", "--quiet") == Ended(0, "", "")
    assert run_script(script).out.startswith("all=[")


def test_a_shard_counts_no_failures_among_its_results(tmp_path: Path) -> None:
    program = 'import "test"\nprint "all" for i in range(4) do fibonacci(2 - i)'
    ended = run_script(script_of(tmp_path, program), "--shard", "2/2")
    assert ended.status == 1
    assert "part 2 of 2: 1 result computed, 0 stored already; " in ended.err
    assert "a part of this shard failed" in ended.err


def files_of_runs(store: Path) -> list[list[str]]:
    """The names of the files that each run depends on, the oldest run first."""
    records = [lines_of(path) for path in sorted(store.glob("runs/*.jsonl"))]
    return [sorted(Path(line["path"]).name for line in lines if line.get("event") == "input") for lines in records]


def test_a_shard_reads_no_files_of_others(tmp_path: Path) -> None:
    for case in "abcdefg":
        write_image(tmp_path / "data" / f"{case}.nii", seed=ord(case))
    script = script_of(
        tmp_path,
        'import "vox1"\nimport "simpleitk"\nfiles = dir("data", "*", false, true)\n'
        "images = for file in files do intensity(ReadImage(file))\n"
        "masks = for image in images do near(image > 5)\n"
        'save "out/{}.nii" masks\nprint "volumes" for mask in masks do volume(mask)\n'
        'print "sum" fold + (for image in images do max(dt(image > 7)))\n',
    )
    expected = run_script(script, "--no-store", "--output", "plain")
    for shard in range(1, SHARDS + 1):
        assert run_script(script, "--shard", f"{shard}/{SHARDS}").status == 0
    assert files_of_runs(tmp_path / "results") == [
        ["a.nii", "d.nii", "g.nii"],
        ["b.nii", "e.nii"],
        ["c.nii", "f.nii"],
    ]
    assert run_script(script).out == expected.out
    assert [each for each in kept_operators_of_last_run(tmp_path / "results") if "vox1" in each] == []
    for case in "abcdefg":
        name = f"{case}.nii"
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "plain" / "out" / name).read_bytes()


@pytest.mark.parametrize(
    "loop",
    [
        "best = images[argmax(maxima)]\nfound = for image in images do volume(image > (max(best) / 2))",
        "good = filter image in images do max(image) > 3\nfound = for image in good do volume(image > 5)",
        "found = for image in images[1:6] do volume(image > 5)",
        "found = for most in maxima + maxima do max(dt(images[0] > (most - 12)))",
        "total = fold + maxima\nfound = for image in images do max(dt(image > 5)) + total",
    ],
)
def test_where_items_of_others_are_needed_a_shard_plans_them(tmp_path: Path, loop: str) -> None:
    for case in "abcdefg":
        write_image(tmp_path / "data" / f"{case}.nii", seed=ord(case))
    script = script_of(
        tmp_path,
        'import "vox1"\nimport "simpleitk"\nfiles = dir("data", "*", false, true)\n'
        "images = for file in files do intensity(ReadImage(file))\nmaxima = for image in images do max(image)\n"
        f'{loop}\nprint "found" found\n',
    )
    expected = run_script(script, "--no-store").out
    for shard in (3, 1, 2):
        ended = run_script(script, "--shard", f"{shard}/3")
        assert ended.status == 0, ended.err
    assert run_script(script).out == expected
    left = [each for each in kept_operators_of_last_run(tmp_path / "results") if "vox1" in each]
    assert left == [], "the shards did the items of the loop"


def test_the_shard_that_has_an_item_tells_that_its_file_cannot_be_opened(tmp_path: Path) -> None:
    """As a link that leads nowhere, which planning finds: a batch array is judged by the status of its jobs."""
    for case in "abcd":
        write_image(tmp_path / "data" / f"{case}.nii", seed=ord(case))
    (tmp_path / "data" / "c.nii").unlink()
    (tmp_path / "data" / "c.nii").symlink_to("none.nii")
    text = (
        'import "vox1"\nimport "simpleitk"\nfiles = dir("data", "*", false, true)\n'
        'print "volumes" for file in files do volume(intensity(ReadImage(file)) > 5)\n'
        'print "sum" fold + (for file in files do max(near(intensity(ReadImage(file)) > 5) * 1))\n'
    )
    script = script_of(tmp_path, text)
    ended = [run_script(script, "--shard", f"{shard}/4") for shard in (1, 2, 3, 4)]
    assert [each.status for each in ended] == [0, 0, 1, 0]
    assert "data/c.nii: No such file" in ended[2].err
    assert "for file = " in ended[2].err and "a part of this shard failed" in ended[2].err
    assert run_script(script).status == 1
    *shards, whole = assert_sound(tmp_path / "results")
    assert [run.failed for run in shards] == [0, 0, whole.failed, 0]


def test_every_shard_tells_that_there_are_no_items(tmp_path: Path) -> None:
    text = 'import "test"\nfiles = dir("none", "*")\nprint "n" for file in files do fibonacci(3)\n'
    script = script_of(tmp_path, text)
    for shard in ("1/2", "2/2"):
        ended = run_script(script, "--shard", shard)
        assert ended.status == 1
        assert "there is no directory none" in ended.err


def test_a_shard_needs_a_store(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", cases=1)
    end = cohort.run("--shard", "1/2", "--no-store")
    assert end.status == 2
    assert "a shard leaves its results in the store" in end.errors
