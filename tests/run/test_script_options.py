"""The options that every script has."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.run.programs import run_program, vlc_run, write_image

PARAMETERS = 'number = 2\ntext = "a"\nflag = true\nprint "n" number * 2\nprint "t" text\nprint "f" flag'


def test_parameters_of_every_kind(tmp_path: Path) -> None:
    ended = run_program(tmp_path, PARAMETERS, "--set", "number=0.5", "--set", "text=b=c", "--set", "flag=false")
    assert (ended.status, ended.out) == (0, "n=1.0\nt=b=c\nf=False\n")


@pytest.mark.parametrize("wrong", ["number=x", "flag=2", "nothing=1", "number"])
def test_wrong_parameters_are_told(wrong: str, tmp_path: Path) -> None:
    ended = run_program(tmp_path, PARAMETERS, "--set", wrong)
    assert ended.status == 2
    assert ended.err.startswith(f"error: --set {wrong}")
    assert "Traceback" not in ended.err


def test_parameters_whose_names_are_taken_by_python_are_set_by_their_own(tmp_path: Path) -> None:
    text = 'class = 2\nlist = "a"\nprint "c" class\nprint "l" list\nprint "d" $dir'
    ended = run_program(tmp_path, text, "--set", "class=3", "--set", "list_=b", "--set", "$dir=here")
    assert (ended.status, ended.out) == (0, "c=3.0\nl=b\nd=here\n"), ended.err


def test_help_lists_the_parameters(tmp_path: Path) -> None:
    ended = run_program(tmp_path, PARAMETERS, "--help")
    assert ended.status == 0
    for line in ("  number  2.0", '  text    "a"', "  flag    true"):
        assert line in ended.out


def test_json_has_values_and_facts_of_images(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = 'import "simpleitk"\nprint "i" ReadImage("a.nii")\nprint "l" [1, 2]\nsave "x.json" [1]'
    ended = run_program(tmp_path, program, "--json")
    assert ended.status == 0, ended.err
    content = json.loads(ended.out)
    image, numbers = content["printed"]
    assert image["value"]["size"] == [6, 5, 4]
    assert numbers == {"label": "l", "value": [1.0, 2.0]}
    assert content["saved"] == ["x.json"]
    assert content["failed"] == []


def test_a_dry_run_computes_and_writes_nothing(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = 'import "simpleitk"\nprint "i" MinimumMaximum(ReadImage("a.nii"))\nsave "x.nii" ReadImage("a.nii")'
    before = run_program(tmp_path, program, "--dry-run")
    assert before.out.startswith("2 to compute, 0 stored")
    assert not (tmp_path / "x.nii").exists()
    assert run_program(tmp_path, program).status == 0
    after = run_program(tmp_path, program, "--dry-run")
    assert after.out.startswith("0 to compute, 1 stored, 1 file unchanged\n")
    (tmp_path / "x.nii").unlink()
    without = run_program(tmp_path, program, "--dry-run")
    assert without.out.startswith("0 to compute, 2 stored\n")


def test_saves_go_under_the_output_folder_and_nothing_is_kept_without_a_store(tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'save "deep/x.txt" 3', "--output", "out", "--no-store")
    assert ended.status == 0, ended.err
    assert (tmp_path / "out" / "deep" / "x.txt").read_text() == "3.0\n"
    assert "saved out/deep/x.txt" in ended.err
    assert not (tmp_path / "results").exists()


def test_quiet_says_nothing_but_results(tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'print "x" 1\nsave "x.txt" 3', "--quiet")
    assert (ended.out, ended.err) == ("x=1.0\n", "")


def test_the_profile_names_declarations(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = 'import "simpleitk"\nrange_of_it = MinimumMaximum(ReadImage("a.nii"))\nprint "i" range_of_it'
    ended = run_program(tmp_path, program, "--profile")
    assert 'range_of_it = MinimumMaximum(ReadImage("a.nii"))' in ended.err
    assert "  program.py:" in ended.err


def test_the_profile_and_the_record_of_vlc_run_name_lines_of_the_program(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = """import "simpleitk"

extent =
  MinimumMaximum(
    ReadImage("a.nii"))
print "i" extent
"""
    ended = vlc_run(tmp_path, program, "--profile")
    assert ended.status == 0, ended.err
    rows = [line.split(maxsplit=4) for line in ended.err.splitlines()[1:]]
    assert sorted(row[3] for row in rows) == ["program.imgql:4", "program.imgql:5"]
    recorded = [json.loads(line) for path in tmp_path.glob("results/runs/*.jsonl") for line in path.open()]
    assert {line["source"] for line in recorded if line["event"] == "node"} == {"program.imgql:4", "program.imgql:5"}


def test_braces_in_the_output_folder_are_part_of_its_name(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    program = 'import "simpleitk"\nsave "{}.nii" for i in range(2) do ReadImage("a.nii")'
    ended = run_program(tmp_path, program, "--output", "h/{}", "--no-store")
    assert ended.status == 0, ended.err
    assert sorted(path.name for path in (tmp_path / "h" / "{}").iterdir()) == ["0.nii", "1.nii"]


def test_items_of_sequences_are_saved_under_their_names_level_by_level(tmp_path: Path) -> None:
    for name in ("a.b.nii", "c.nii"):
        write_image(tmp_path / name)
    lines = [
        'import "simpleitk"',
        'image = ReadImage("c.nii")',
        "pairs = for i in range(2) do for j in range(2) do image",
    ]
    lines += ['save "m.nii.gz" pairs', 'save "n/{}.nii" pairs', 'save "{}/{}_{}.nii" pairs', 'save "one_{}.nii" image']
    lines += ['save "f/{}.nii" for f in ["a.b.nii", "c.nii"] do ReadImage(f)']
    lines += ['save "g/{}.nii" for f in ["c.nii", "c.nii"] do ReadImage(f)', 'save "{}.txt" [1, 2]']
    ended = run_program(tmp_path, "\n".join(lines), "--no-store", "--output", "out")
    assert ended.status == 0, ended.err
    both = ["0_0", "0_1", "1_0", "1_1"]
    expected = [f"m_{name}.nii.gz" for name in both] + [f"n/{name}.nii" for name in both]
    expected += ["0/0_{}.nii", "0/1_{}.nii", "1/0_{}.nii", "1/1_{}.nii", "one_{}.nii", "{}.txt"]
    expected += ["f/a.nii", "f/c.nii", "g/c_0.nii", "g/c_1.nii"]
    found = [str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*") if path.is_file()]
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize("scheduler", ["local-cluster:0", "local-cluster:", "local-cluster:-1", "local-cluster:x"])
def test_a_cluster_of_no_processes_is_refused(tmp_path: Path, scheduler: str) -> None:
    ended = run_program(tmp_path, PARAMETERS, "--scheduler", scheduler)
    assert ended.status == 2
    assert ended.err.startswith(f"error: there is no scheduler `{scheduler}`")


def test_what_is_no_file_is_no_input(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.nii")
    (tmp_path / "folder.nii").mkdir()
    for name, what in (("pipe.nii", "a pipe"), ("folder.nii", "a directory"), ("/dev/zero", "a device")):
        ended = run_program(tmp_path, f'import "simpleitk"\nprint "x" MinimumMaximum(ReadImage("{name}"))')
        assert ended.status == 1
        assert f"cannot read {name}: it is" in ended.err
        assert what in ended.err
        assert "Traceback" not in ended.err


def test_sequences_nested_deeper_than_python_can_follow_are_told(tmp_path: Path) -> None:
    ended = run_program(tmp_path, f'print "deep" {"[" * 3000}1{"]" * 3000}')
    assert (ended.status, ended.out) == (1, "")
    assert ended.err.startswith("error: sequences are nested deeper here than Python can follow\n")


def test_a_dry_run_takes_a_folder_that_a_run_would_make_a_store(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    dry = run_program(tmp_path, PARAMETERS, "--dry-run", "--store", "empty")
    assert dry.status == 0, dry.err
    assert list((tmp_path / "empty").iterdir()) == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").touch()
    for options in ([], ["--dry-run"]):
        ended = run_program(tmp_path, PARAMETERS, "--store", "other", *options)
        assert ended.status == 1
        assert "other is not a store: it holds 'mine.txt' but no STORE.json" in ended.err


def test_a_store_whose_path_is_too_long_for_sqlite_is_told(tmp_path: Path) -> None:
    folder = tmp_path.joinpath(*["d" * 99] * 5)
    ended = run_program(tmp_path, PARAMETERS, "--store", str(folder))
    assert ended.status == 1
    assert "the path of its folder is longer than 450 bytes, which SQLite may not take" in ended.err
