"""`vlc run`: its own options, and those that it hands to the script."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.programs import Ended, vlc_run
from vlc.cli import main

PROGRAM = 'k = 2\nunused = 3\nprint "k" k\n'
WARNING = "`unused` is never used"


def test_results_as_json_are_all_of_standard_output(tmp_path: Path) -> None:
    ended = vlc_run(tmp_path, PROGRAM, "--json")
    assert ended.status == 0
    assert json.loads(ended.out)["printed"] == [{"label": "k", "value": 2.0}]
    assert WARNING in ended.err


def test_warnings_as_json_are_not_among_the_results(tmp_path: Path) -> None:
    ended = vlc_run(tmp_path, PROGRAM, "--json-errors")
    assert (ended.status, ended.out) == (0, "k=2.0\n")
    assert [each["message"] for each in json.loads(ended.err)] == [WARNING]
    both = vlc_run(tmp_path, PROGRAM, "--json-errors", "--json")
    assert json.loads(both.out)["failed"] == []
    assert len(json.loads(both.err)) == 1
    assert vlc_run(tmp_path, 'print "one" 1', "--json-errors") == Ended(0, "one=1.0\n", "")


def test_errors_as_json_go_where_those_of_check_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = vlc_run(tmp_path, 'print "k" k', "--json-errors")
    assert (ended.status, ended.err) == (1, "")
    (error,) = json.loads(ended.out)
    assert (error["line"], error["severity"]) == (1, "error")
    assert main(["check", str(tmp_path / "program.imgql"), "--json"]) == 1
    (checked,) = json.loads(capsys.readouterr().out)
    assert checked["message"] == error["message"]


@pytest.mark.parametrize("option", ["--json-e", "--jso", "--dry", "--no-opt", "--works"])
def test_no_option_is_abbreviated(tmp_path: Path, option: str) -> None:
    ended = vlc_run(tmp_path, PROGRAM, option)
    assert (ended.status, ended.out) == (2, "")
    assert f"unrecognized arguments: {option}" in ended.err


@pytest.mark.parametrize(
    "command",
    [
        ["compile", "--dial", "vl2", "program.imgql"],
        ["memory", "--work", "1", "program.imgql"],
        ["fmt", "--chec", "program.imgql"],
        ["doctor", "--stor", "results"],
        ["--vers"],
    ],
)
def test_nor_in_another_command(command: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(command)
    assert ended.value.code == 2


def test_nor_of_the_store(tmp_path: Path) -> None:
    assert main(["store", "--stor", str(tmp_path), "ls"]) == 2
    assert main(["store", "gc", "--dry", "--store", str(tmp_path)]) == 2
