"""Standard output and error that are closed, or on a disk that is full: what is computed is there all the same."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.programs import script_of, vlc_run, write_image

TEXT = 'import "simpleitk"\nprint "m" MinimumMaximum(ReadImage("a.nii"))\nsave "x.txt" 3\n'
RESULTS = "m=[0.0, 9.0]\n"
FULL = "error: standard output cannot be written: No space left on device\n"

needs_full_disk = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")


def shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, check=False)


def prepared(folder: Path, text: str = TEXT) -> str:
    """The command that runs a program of the folder."""
    write_image(folder / "a.nii")
    return shlex.join([sys.executable, str(script_of(folder, text))])


@pytest.mark.parametrize("closed", ["2>&-", "<&- 2>&-"])
@pytest.mark.parametrize("options", ["", "--quiet", "--scheduler processes --workers 2"])
def test_results_are_printed_when_standard_error_is_closed(closed: str, options: str, tmp_path: Path) -> None:
    ended = shell(tmp_path, f"{prepared(tmp_path)} {options} {closed}")
    assert (ended.returncode, ended.stdout) == (0, RESULTS)
    assert (tmp_path / "x.txt").read_text() == "3.0\n"


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("options", ["", "--quiet", "--dry-run"])
def test_results_are_computed_when_standard_output_is_closed(closed: str, options: str, tmp_path: Path) -> None:
    command = prepared(tmp_path)
    ended = shell(tmp_path, f"{command} {options} {closed}")
    assert (ended.returncode, ended.stdout) == (0, ""), ended.stderr
    assert "Traceback" not in ended.stderr
    if options != "--dry-run":
        assert (tmp_path / "x.txt").read_text() == "3.0\n"
        again = shell(tmp_path, f"{command} --dry-run")
        assert again.stdout.startswith("0 to compute, 1 stored")


def test_a_failure_is_a_status_when_nothing_can_be_said(tmp_path: Path) -> None:
    command = prepared(tmp_path, f'{TEXT}print "bad" dir("none")\n')
    ended = shell(tmp_path, f"{command} 2>&-")
    assert (ended.returncode, ended.stdout) == (1, RESULTS)


def test_vlc_runs_and_looks_after_a_store_when_standard_error_is_closed(tmp_path: Path) -> None:
    prepared(tmp_path)
    (tmp_path / "program.imgql").write_text(f"{TEXT}unused = 1\n", "utf-8")
    vlc = f"{sys.executable} -m vlc"
    for command in ("run program.imgql", "store ls", "plan program.imgql", "check program.imgql"):
        ended = shell(tmp_path, f"{vlc} {command} 2>&-")
        assert ended.returncode == 0, command
        assert ended.stdout or command.startswith("check")


@needs_full_disk
@pytest.mark.parametrize("options", ["", "--scheduler processes --workers 2", "--local-cluster 1"])
def test_results_are_printed_when_standard_error_takes_nothing(options: str, tmp_path: Path) -> None:
    command = prepared(tmp_path)
    ended = shell(tmp_path, f"{command} {options} 2>/dev/full")
    assert (ended.returncode, ended.stdout) == (0, RESULTS)
    assert (tmp_path / "x.txt").read_text() == "3.0\n"
    failing = prepared(tmp_path, f'{TEXT}print "bad" dir("none")\n')
    ended = shell(tmp_path, f"{failing} {options} --store other 2>/dev/full")
    assert (ended.returncode, ended.stdout) == (1, RESULTS)


def test_results_are_printed_when_the_reader_of_standard_error_is_gone(tmp_path: Path) -> None:
    command = prepared(tmp_path)
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(command, shell=True, cwd=tmp_path, stdout=subprocess.PIPE, stderr=writer, check=False)
    os.close(writer)
    assert (ended.returncode, ended.stdout) == (0, RESULTS.encode())
    assert (tmp_path / "x.txt").read_text() == "3.0\n"


@pytest.mark.parametrize("options", ["", "--json", "--dry-run"])
def test_a_reader_of_results_that_has_seen_enough_is_no_error(options: str, tmp_path: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    for text, status in ((TEXT, 0), (f'{TEXT}print "bad" dir("none")\n', 1)):
        command = f"{prepared(tmp_path, text)} --quiet {options}"
        ended = subprocess.run(command, shell=True, cwd=tmp_path, stdout=writer, stderr=subprocess.PIPE, check=False)
        assert ended.returncode == status
        assert (ended.stderr == b"") == (status == 0)
    os.close(writer)


@needs_full_disk
@pytest.mark.parametrize("options", ["", "--json", "--dry-run"])
def test_a_script_says_that_its_results_could_not_be_written(options: str, tmp_path: Path) -> None:
    command = prepared(tmp_path)
    ended = shell(tmp_path, f"{command} --quiet {options} >/dev/full")
    assert (ended.returncode, ended.stderr) == (1, FULL)
    if options != "--dry-run":
        assert (tmp_path / "x.txt").exists()
        assert shell(tmp_path, f"{command} --dry-run").stdout.startswith("0 to compute, 1 stored")


@needs_full_disk
def test_what_failed_is_told_beside_what_could_not_be_written(tmp_path: Path) -> None:
    many = "".join(f'print "{"x" * 100}{number}" {number}\n' for number in range(1000))
    ended = shell(tmp_path, f"{prepared(tmp_path, f'{many}print 1 dir(3)' and many)} >/dev/full")
    assert (ended.returncode, ended.stderr) == (1, FULL)
    failing = shell(tmp_path, f"{prepared(tmp_path, many + TEXT.replace('a.nii', 'none.nii'))} >/dev/full")
    assert failing.returncode == 1
    assert "error: cannot read none.nii" in failing.stderr
    assert failing.stderr.endswith(FULL)


@needs_full_disk
@pytest.mark.parametrize(
    "command",
    ["run program.imgql --quiet", "plan program.imgql", "compile program.imgql", "primitives", "doctor", "store ls"],
)
def test_vlc_says_that_its_output_could_not_be_written(command: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    assert vlc_run(tmp_path, TEXT).status == 0
    ended = shell(tmp_path, f"{sys.executable} -m vlc {command} >/dev/full")
    assert (ended.returncode, ended.stderr) == (1, FULL)


def test_no_result_gets_the_number_of_a_closed_stream(tmp_path: Path) -> None:
    """A library may write to standard error whatever Python has for it."""
    code = (
        "from vlc_runtime.standard_streams import open_standard_streams; open_standard_streams(); import os; "
        "file = open('x', 'w'); os.write(2, b'warning'); os.write(1, b'warning'); raise SystemExit(file.fileno() < 3)"
    )
    ended = shell(tmp_path, f"{sys.executable} -c {shlex.quote(code)} <&- >&- 2>&-")
    assert ended.returncode == 0
    assert (tmp_path / "x").stat().st_size == 0
