"""`python -m vlc_runtime.store` looks after a store."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest
from store_processes import image, key
from vlc_runtime.store import MISSING, Put, RunRecord, Store
from vlc_runtime.store.command_line import main


@pytest.fixture
def results(tmp_path: Path) -> Path:
    with (
        Store.open(tmp_path / "results") as store,
        RunRecord.start(store, program="sweep.py", parameters={}, versions={}) as record,
    ):
        store.put_many(Put(key(i), i / 2, "vox1.volume", "1", 0.5) for i in range(10))
        store.put(key("image"), image(1), operator="vox1.near", version="3", seconds=1.5)
        record.node(key("image"), operator="vox1.near", source="a = near(b)", outcome="computed", seconds=1.5)
    return tmp_path / "results"


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "vlc_runtime.store", "--store", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_it_runs_as_a_module_and_without_simpleitk(results: Path) -> None:
    done = run(results, "ls")
    assert (done.returncode, done.stderr) == (0, "")
    assert "vox1.volume" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("11 results, 1 object, ")
    check = "import sys, vlc_runtime.store.command_line; print({'SimpleITK', 'dask'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_help_teaches(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"], "vlc store") == 0
    text = capsys.readouterr().out
    assert text.startswith("usage: vlc store")
    for word in ("ls", "show", "verify", "gc", "runs", "export", "import", "--max-size 20G"):
        assert word in text


def test_show(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--store", str(results), "show", key(3).hex()[:12]]) == 0
    shown = capsys.readouterr().out
    assert "vox1.volume, version 1" in shown
    assert "value        1.5" in shown
    assert main(["--store", str(results), "show", key("image").hex()]) == 0
    assert "30 x 30 x 30 voxels" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["show", "zz"], "'zz' is not the start of a key"),
        (["show", "0" * 64], "no result has a key"),
        (["export", "/nowhere/at/all.tar"], "cannot export to /nowhere/at/all.tar"),
        (["import", "/nowhere/at/all.tar"], "cannot import /nowhere/at/all.tar"),
    ],
)
def test_what_goes_wrong_is_told(
    results: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], message: str
) -> None:
    assert main(["--store", str(results), *arguments]) == 1
    assert f"error: {message}" in capsys.readouterr().err


def test_a_prefix_of_several_keys_is_told(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Store.open(results) as store:
        store.put_many(Put(b"\xab" + bytes([i]) * 31, i, "o", "1", 0.0) for i in range(2))
    assert main(["--store", str(results), "show", "ab"]) == 1
    assert "results have keys that start with ab" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["ls", "verify", "gc", "runs"])
def test_no_store_is_made_by_looking_at_one(tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str) -> None:
    assert main(["--store", str(tmp_path / "none"), command]) == 1
    assert "there is no store in" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "arguments",
    [[], ["dance"], ["gc", "--max-size", "much"], ["gc", "--max-size", "-1"], ["gc", "--keep-runs", "-1"], ["show"]],
)
def test_wrong_command_lines(results: Path, capsys: pytest.CaptureFixture[str], arguments: list[str]) -> None:
    assert main(["--store", str(results), *arguments]) == 2
    assert "usage:" in capsys.readouterr().err


def test_runs(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--store", str(results), "runs"]) == 0
    header, line = capsys.readouterr().out.splitlines()
    assert header.split()[1] == "status"
    assert line.split()[1] == "done"
    assert line.split()[-4:] == ["1", "0", "0", "sweep.py"]


def test_verify(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--store", str(results), "verify"]) == 0
    assert "11 results and 1 object read" in capsys.readouterr().out
    (path,) = (path for path in results.glob("objects/*/*") if path.suffix == "")
    path.write_bytes(path.read_bytes()[:1000])
    assert main(["--store", str(results), "verify"]) == 1
    assert "1 damaged" in capsys.readouterr().out
    assert main(["--store", str(results), "verify"]) == 0


def test_gc(results: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--store", str(results), "gc", "--max-size", "1K", "--dry-run"]) == 0
    assert capsys.readouterr().out.startswith("would remove ")
    assert main(["--store", str(results), "gc", "--max-size", "1K"]) == 0
    assert capsys.readouterr().out.startswith("removed ")
    with Store.open(results) as store:
        assert store.load(key("image")) is MISSING
        assert store.load(key(3)) == 1.5
    assert main(["--store", str(results), "gc", "--keep-runs", "0"]) == 0
    with Store.open(results) as store:
        assert store.load(key(3)) is MISSING


def test_export_and_import(results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--store", str(results), "export", str(tmp_path / "all.tar")]) == 0
    assert capsys.readouterr().out == "exported 11 results and 1 object\n"
    assert main(["--store", str(tmp_path / "new"), "import", str(tmp_path / "all.tar")]) == 0
    assert capsys.readouterr().out == "imported 11 new results; the file holds 1 object\n"
    with Store.open(tmp_path / "new") as store:
        assert store.load(key(3)) == 1.5


def test_an_export_of_a_damaged_store_says_what_is_left_out(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (path,) = (path for path in results.glob("objects/*/*") if path.suffix == "")
    path.write_bytes(path.read_bytes()[:1000])
    assert main(["--store", str(results), "export", str(tmp_path / "all.tar")]) == 1
    assert capsys.readouterr().out == "exported 10 results and 0 objects\nleft out 1 result: damaged, or gone\n"
    assert main(["--store", str(tmp_path / "new"), "import", str(tmp_path / "all.tar")]) == 0
    assert main(["--store", str(results), "verify"]) == 0


def test_an_export_replaces_an_older_one_and_nothing_else(
    results: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "all.tar").touch()
    for _ in range(2):  # over an empty file, and over an export
        assert main(["--store", str(results), "export", str(tmp_path / "all.tar")]) == 0
    with tarfile.open(tmp_path / "other.tar", "w") as tar:
        tar.add(tmp_path / "all.tar", "all.tar")
    (tmp_path / "scan.nii").write_bytes(b"voxels" * 200)
    (tmp_path / "link").symlink_to("scan.nii")
    os.mkfifo(tmp_path / "pipe")
    capsys.readouterr()
    before = sorted(tmp_path.iterdir())
    for name in ("other.tar", "scan.nii", "link", "pipe"):
        assert main(["--store", str(results), "export", str(tmp_path / name)]) == 2
        err = capsys.readouterr().err
        assert f"error: cannot export to {tmp_path / name}: it exists and is not an export of a store\n" in err
        assert "hint: choose another name, or remove the file" in err
    assert sorted(tmp_path.iterdir()) == before
    assert (tmp_path / "scan.nii").read_bytes() == b"voxels" * 200
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "pipe").is_fifo()


def test_a_reader_that_has_seen_enough_is_no_error(results: Path) -> None:
    with Store.open(results) as store:
        store.put_many(Put(key(("many", i)), i, "vox1.volume", "1", 0.5) for i in range(3000))
    command = [sys.executable, "-m", "vlc_runtime.store", "--store", str(results), "ls"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == ""
        assert process.wait() == 0


@pytest.mark.skipif(sys.platform == "darwin", reason="file systems there take names that are text alone")
def test_a_store_in_a_folder_whose_name_is_no_text(results: Path, tmp_path: Path) -> None:
    strict = {**os.environ, "PYTHONIOENCODING": "utf-8:strict"}
    name = os.fsencode(tmp_path / "st") + b"\xff?#%20"

    def vlc(*arguments: str | bytes) -> str:
        command = [sys.executable, "-m", "vlc", *arguments]
        ended = subprocess.run(command, capture_output=True, env=strict, cwd=tmp_path, check=False)
        assert (ended.returncode, ended.stderr) == (0, b""), arguments
        return ended.stdout.decode()

    (tmp_path / "p.imgql").write_text('import "test"\nprint "w" timewaste(3, 1)\n')
    assert vlc("run", "p.imgql", "--store", name).startswith("w=")
    assert vlc("run", "p.imgql", "--store", name, "--dry-run").startswith("0 to compute, 1 stored")
    assert vlc("store", "--store", str(results), "export", "all.tar") == "exported 11 results and 1 object\n"
    assert vlc("store", "--store", name, "import", "all.tar").startswith("imported 11 new results")
    assert "12 results and 1 object read" in vlc("store", "--store", name, "verify")
    assert "st\\udcff?#%20: " in vlc("doctor", "--store", name)
    (index,) = tmp_path.glob("st*/index.sqlite")
    assert os.fsencode(index.parent) == name
