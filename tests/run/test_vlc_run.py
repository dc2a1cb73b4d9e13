"""`vlc run`: its own options, and those that it hands to the script."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.run.programs import Ended, run_command, run_program, vlc_run
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


def test_quiet_tells_no_warnings(tmp_path: Path) -> None:
    for options in (["--quiet"], ["--quiet", "--json-errors"]):
        assert vlc_run(tmp_path, PROGRAM, *options) == Ended(0, "k=2.0\n", "")


def test_a_failure_is_placed_in_the_program_alone(tmp_path: Path) -> None:
    program = 'zero = 0\nprint "r" 1 / zero\n'
    ended = vlc_run(tmp_path, program, "--quiet")
    assert '  of `print "r" 1 / zero`\nprogram.imgql:2:11:\n' in ended.err
    assert "of the script" not in ended.err
    (failed,) = json.loads(vlc_run(tmp_path, program, "--json").out)["failed"]
    assert failed["source"] == "program.imgql:2"
    script = run_program(tmp_path, program, "--json")
    (failed,) = json.loads(script.out)["failed"]
    assert failed["source"] == f"program.py:{failed['line']}"
    assert f"line {failed['line']} of the script" in script.err


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


@pytest.mark.parametrize(
    "words",
    [
        ["--set", "k=3", "program.imgql"],
        ["program.imgql", "--set", "k=3"],
        ["--workers", "1", "--set=k=3", "program.imgql", "--no-store"],
        ["--quiet", "program.imgql", "--set", "k=3", "--store", "results"],
        ["--set", "k=1", "program.imgql", "--set", "k=3", "--shard", "1/1", "--shard", "2/2", "--dry-run"],
    ],
)
def test_options_of_the_script_stand_on_either_side_of_the_program(tmp_path: Path, words: list[str]) -> None:
    (tmp_path / "program.imgql").write_text(PROGRAM, "utf-8")
    ended = run_command([sys.executable, "-m", "vlc", "run", *words], tmp_path)
    assert ended.status == 0, ended.err
    assert ended.out == ("0 to compute, 0 stored\n" if "--dry-run" in words else "k=3.0\n")


def test_values_that_look_like_options_reach_the_script(tmp_path: Path) -> None:
    ended = vlc_run(tmp_path, 'name = "a"\nprint "name" name\n', "--set=name=--b = c", "--quiet")
    assert (ended.status, ended.out) == (0, "name=--b = c\n")
    ended = vlc_run(tmp_path, 'name = "a"\nprint "name" name\n', "--set", "")
    assert ended.status == 2
    assert "a value is missing" in ended.err


@pytest.mark.parametrize("option", [["--workers", "0"], ["--keep", "some"], ["--shard", "3"], ["--set"], ["--nothing"]])
def test_wrong_options_of_the_script_are_wrong_use(tmp_path: Path, option: list[str]) -> None:
    ended = vlc_run(tmp_path, PROGRAM, *option)
    assert (ended.status, ended.out) == (2, "")
    assert option[0] in ended.err


def test_help_has_the_options_of_the_script(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "--help"]) == 0
    general = capsys.readouterr().out
    of_program = vlc_run(tmp_path, PROGRAM, "--help").out
    for words in ("--set NAME=VALUE", "--shard I/N", "--keep {goals,costly,all}", "--quiet"):
        assert words in general
        assert words in of_program
    assert "k  2.0" in of_program


@pytest.mark.parametrize(
    ("words", "message", "hint"),
    [
        (["rnu", "x"], "there is no command `rnu`", "did you mean `run`?"),
        (["Compile", "x"], "there is no command `Compile`", "did you mean `compile`?"),
        (["zzz"], "there is no command `zzz`", "the commands are compile, run, check,"),
        (["a b.imgql"], "a b.imgql stands where a command", "`vlc run 'a b.imgql'`, or `vlc compile 'a b.imgql' -o"),
        (
            ["prog.imgql", "--quiet"],
            "prog.imgql stands",
            "`vlc run prog.imgql`, or `vlc compile prog.imgql -o prog.py`",
        ),
    ],
)
def test_a_word_that_is_no_command(
    capsys: pytest.CaptureFixture[str], words: list[str], message: str, hint: str
) -> None:
    assert main(words) == 2
    err = capsys.readouterr().err
    assert f"error: {message}" in err
    assert hint in err
