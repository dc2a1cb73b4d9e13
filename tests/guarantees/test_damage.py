"""Damage to the store, and disks and folders that refuse: never a wrong result, never a traceback, and what was stored
before is intact."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cohorts import FUNCTIONS, Cohort, Ended, assert_sound, ended, make_cohort, operators_of_last_run, stored_keys
from vlc_runtime.store import Store, list_runs

PROGRAM = (
    FUNCTIONS
    + """
print "volumes" for file in files do volume(largest(file))
print "grown" for file in files do volume(grown(file))
"""
)


@pytest.fixture(scope="module")
def cohort(tmp_path_factory: pytest.TempPathFactory) -> Cohort:
    made = make_cohort(tmp_path_factory.mktemp("damage"), PROGRAM, cases=2)
    made.results()
    return made


@pytest.fixture(scope="module")
def expected(cohort: Cohort) -> dict[str, object]:
    return cohort.results("--no-store")


def flipped(data: bytes) -> bytes:
    """One byte in every 97 is another, the first among them."""
    changed = bytearray(data)
    for position in range(0, len(changed), 97):
        changed[position] ^= 0x5A
    return bytes(changed)


def one_flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def emptied(data: bytes) -> bytes:
    return b""


@pytest.mark.parametrize("change", [flipped, one_flipped, cut, emptied])
@pytest.mark.parametrize("what", ["objects/*/*", "index.sqlite", "runs/*"])
def test_a_damaged_store_serves_no_wrong_result(
    cohort: Cohort, expected: dict[str, object], tmp_path: Path, what: str, change: Callable[[bytes], bytes]
) -> None:
    store = tmp_path / "results"
    shutil.copytree(cohort.store, store)
    damaged = sorted(store.glob(what))
    assert damaged
    for path in damaged:
        path.write_bytes(change(path.read_bytes()))
    end = cohort.run("--store", store)
    assert end.status == 0, end.errors
    assert end.errors == ""
    assert end.results(cohort.folder) == expected


LOADS_IMAGES = PROGRAM.replace("0.7", "ratio").replace("level = 0.2", "level = 0.2\nratio = 0.7")


def test_damaged_images_that_are_needed_are_computed_again(tmp_path: Path) -> None:
    cohort = make_cohort(tmp_path / "cohort", LOADS_IMAGES, cases=2)
    cohort.results()
    for path in cohort.store.glob("objects/*/*"):
        if path.suffix == "":
            path.write_bytes(flipped(path.read_bytes()))
    after = cohort.results("--set", "ratio=0.8")
    assert "vox1.percentiles" in operators_of_last_run(cohort.store)
    assert after == cohort.results("--no-store", "--set", "ratio=0.8")
    assert {run.status for run in assert_sound(cohort.store)} == {"done"}


def test_a_description_that_is_damaged_is_refused_and_kept(cohort: Cohort, tmp_path: Path) -> None:
    store = tmp_path / "results"
    shutil.copytree(cohort.store, store)
    (store / "STORE.json").write_text("{")
    assert "STORE.json is damaged" in cohort.run("--store", store).complaint()
    assert (store / "STORE.json").read_text() == "{"


# --- disks and folders that refuse


def assert_told_and_intact(cohort: Cohort, end: Ended, store: Path, word: str) -> None:
    assert word in end.complaint()
    stored = stored_keys(store)
    assert assert_sound(store)
    assert stored_keys(store) == stored


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 160 kB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    options = ["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", str(disk)]
    if os.geteuid() != 0 or subprocess.run(options, capture_output=True, check=False).returncode != 0:
        pytest.skip("a file system of a small size can be made by root only")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
def test_a_full_disk_is_told(
    cohort: Cohort, expected: dict[str, object], small_disk: Path, tmp_path: Path, scheduler: str
) -> None:
    store = small_disk / "results"
    end = cohort.run("--store", store, "--scheduler", scheduler, "--workers", 2)
    assert_told_and_intact(cohort, end, store, "the disk is full")
    with Store.open(store, read_only=True) as opened:
        assert [run.status for run in list_runs(opened)] == ["failed"]
    shutil.copytree(store, tmp_path / "moved")
    assert cohort.results("--store", tmp_path / "moved") == expected


def test_a_limit_on_the_size_of_files_is_told(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    store = tmp_path / "results"
    process = subprocess.run(
        [sys.executable, str(cohort.script), "--json", "--quiet", "--store", str(store)],
        cwd=cohort.folder,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)),
    )
    assert_told_and_intact(cohort, Ended(process.returncode, process.stdout, process.stderr), store, str(store))
    assert cohort.results("--store", store) == expected


def test_a_store_that_can_only_be_read_is_used(cohort: Cohort, expected: dict[str, object], tmp_path: Path) -> None:
    store = tmp_path / "results"
    shutil.copytree(cohort.store, store)
    options = ["mount", "-o", "bind,ro", str(store), str(store)]
    if os.geteuid() != 0:
        for path in (store, *store.rglob("*")):
            path.chmod(0o555 if path.is_dir() else 0o444)
    elif (
        subprocess.run(["mount", "--bind", str(store), str(store)], capture_output=True, check=False).returncode != 0
        or subprocess.run(["mount", "-o", "remount,bind,ro", str(store)], capture_output=True, check=False).returncode
    ):
        pytest.skip(f"{' '.join(options)} is not allowed here")
    try:
        before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
        end = cohort.run("--store", store)
        assert end.status == 0, end.errors
        assert end.results(cohort.folder) == expected
        assert "cannot be written" in end.errors
        other = cohort.run("--store", store, "--set", "level=0.3", "--scheduler", "processes", "--workers", 1)
        assert other.status == 0, other.errors
        assert {path: path.stat().st_mtime_ns for path in store.rglob("*")} == before
    finally:
        if os.geteuid() == 0:
            subprocess.run(["umount", "-l", str(store)], check=True)
        else:
            for path in (store, *store.rglob("*")):
                path.chmod(0o755)


def test_a_store_where_no_folder_can_be_made_is_told(cohort: Cohort, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    end = cohort.run("--store", tmp_path / "file")
    assert "it is not a folder" in end.complaint()
    end = cohort.run("--store", tmp_path / "file" / "results")
    assert str(tmp_path / "file") in end.complaint()
    end = cohort.run("--store", "/proc/results")
    assert "/proc/results" in end.complaint()


@pytest.mark.parametrize("scheduler", ["threads", "processes"])
@pytest.mark.parametrize("how", ["moved", "removed", "emptied"])
def test_a_store_that_goes_during_a_run_is_told_and_not_begun_anew(how: str, scheduler: str, tmp_path: Path) -> None:
    program = 'import "test"\nn = 1000\nprint "waste" for i in range(n) do timewaste(150, i)\n'
    cohort = make_cohort(tmp_path / "cohort", program, cases=0)
    process = cohort.start("--scheduler", scheduler, "--workers", 1, "--partitions", 1000)
    while process.poll() is None and not (cohort.store.exists() and len(stored_keys(cohort.store)) > 3):
        time.sleep(0.02)
    assert process.poll() is None
    match how:
        case "moved":
            cohort.store.rename(tmp_path / "moved")
        case "removed":
            shutil.rmtree(cohort.store, ignore_errors=True)  # the run may add something while it is removed
        case _:
            for path in cohort.store.iterdir():
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    assert f"the store {cohort.store} is gone" in ended(process).complaint()
    if how == "moved":
        assert not cohort.store.exists()
        assert_sound(tmp_path / "moved")
    assert cohort.run("--set", "n=5").status == 0
    assert_sound(cohort.store)


def test_an_input_that_is_removed_is_told(tmp_path: Path) -> None:
    program = (
        FUNCTIONS
        + 'print "volume" volume(largest("images/case1.nii.gz"))\nprint "other" volume(deep("images/case0.nii.gz"))'
    )
    cohort = make_cohort(tmp_path / "cohort", program, cases=2)
    cohort.results()
    (cohort.folder / "images" / "case1.nii.gz").unlink()
    end = cohort.run()
    assert "images/case1.nii.gz" in end.complaint()
    assert '"other"' in end.output
    assert {run.status for run in assert_sound(cohort.store)} == {"done", "failed"}
