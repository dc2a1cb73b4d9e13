"""What is told of a save, or of a file written otherwise, that fails as a whole or in part."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.programs import HEAD, failed, run_program, vlc_run, write_image

SOME_SAVED = f'{HEAD}files = ["a.nii", "cut.nii", "c.nii"]\nhot = for f in files do intensity(ReadImage(f)) > 2\n'


def _two_good_images_and_one_that_is_cut(folder: Path) -> None:
    for name in ("a", "c"):
        write_image(folder / f"{name}.nii")
    (folder / "cut.nii").write_bytes((folder / "a.nii").read_bytes()[:400])


def test_of_a_sequence_with_a_bad_item_it_is_told_what_was_saved(tmp_path: Path) -> None:
    _two_good_images_and_one_that_is_cut(tmp_path)
    ended = run_program(tmp_path, f'{SOME_SAVED}save "hot/{{}}.nii.gz" hot\n')
    err = failed(ended)
    assert "saved hot/a.nii.gz\nsaved hot/c.nii.gz\n" in err
    assert 'save "hot/{}.nii.gz": 2 of 3 items were saved\n  not saved: hot/cut.nii.gz\n1 goal failed\n' in err
    assert sorted(path.name for path in (tmp_path / "hot").iterdir()) == ["a.nii.gz", "c.nii.gz"]
    again = run_program(tmp_path, f'{SOME_SAVED}save "hot/{{}}.nii.gz" hot\nprint "n" 1')
    assert "unchanged hot/a.nii.gz\nunchanged hot/c.nii.gz\n" in failed(again)
    assert again.err.endswith("1 goal failed; the others were computed\n")


def test_of_a_sequence_with_a_bad_item_json_has_what_was_saved(tmp_path: Path) -> None:
    _two_good_images_and_one_that_is_cut(tmp_path)
    ended = run_program(tmp_path, f'{SOME_SAVED}save "hot/{{}}.nii.gz" hot\n', "--json", "--output", "out")
    assert ended.status == 1
    told = json.loads(ended.out)
    assert told["saved"] == ["out/hot/a.nii.gz", "out/hot/c.nii.gz"]
    assert [failure["goal"] for failure in told["failed"]] == ['save "hot/{}.nii.gz"']
    assert "not saved: out/hot/cut.nii.gz" in ended.err


def test_of_a_sequence_without_a_good_item_nothing_was_saved(tmp_path: Path) -> None:
    text = f'{HEAD}save "hot/{{}}.nii.gz" for f in ["x.nii", "y.nii"] do intensity(ReadImage(f)) > 2\n'
    ended = run_program(tmp_path, text)
    assert ended.status == 1
    assert "0 of 2 items were saved\n  not saved: hot/x.nii.gz, hot/y.nii.gz\n1 goal failed\n" in ended.err


def _line_of(script: str, text: str) -> int:
    return next(number for number, line in enumerate(script.splitlines(), 1) if line.strip().startswith(text))


LONG_NAME = f"taken/{'a_folder_with_a_long_name/' * 4}mask.nii"


@pytest.mark.parametrize(
    ("path", "message", "given"),
    [
        ("taken/mask.nii", "taken/mask.nii cannot be written: a part of the path is a file", "(image 6x5x4 of bools, "),
        (LONG_NAME, f"{LONG_NAME} cannot be written: a part of the path is a file", "(image 6x5x4 of bools, "),
        ("a.nii", "saving a.nii would overwrite a file that this program reads", "\n"),
        ("./other.nii", "another result is saved at ./other.nii too", "\n"),
    ],
)
def test_a_save_that_fails_is_told_with_its_statement(path: str, message: str, given: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    (tmp_path / "taken").write_text("a file, not a folder")
    text = (
        f'{HEAD}image = intensity(ReadImage("a.nii"))\nmask = image > 5\nprint "v" volume(mask)\n'
        f'save "other.nii" image > 6\nsave "{path}" mask\n'
    )
    err = failed(run_program(tmp_path, text))
    script = (tmp_path / "program.py").read_text("utf-8")
    line = _line_of(script, f'Save("{path}", mask)' if path != LONG_NAME else f'"{LONG_NAME}",') - (path == LONG_NAME)
    assert err.count(f"error: {message}") == 1
    assert f"  in save{given}" in err and "goal_operators" not in err
    assert f'  of `Save("{path}", mask)`, line {line} of the script\n' in err


def test_a_table_has_the_lines_of_saves(tmp_path: Path) -> None:
    text = 'save "a.json" 1\nsave "./a.json" 2\nsave "b.json" 1\nsave "./b.json" 2\n'
    first, second = (row.split() for row in run_program(tmp_path, text).err.splitlines()[-3:-1])
    line = _line_of((tmp_path / "program.py").read_text("utf-8"), 'Save("./a.json", 2.0)')
    assert (first[0], second[0]) == (f"program.py:{line}", f"program.py:{line + 2}")
    told = json.loads(run_program(tmp_path, text, "--json").out)["failed"]
    assert [(each["operator"], each["line"]) for each in told] == [("save", line), ("save", line + 2)]


@pytest.mark.parametrize("value", ["images", "images[0:0]", "[]"])
def test_an_empty_sequence_is_not_saved_as_images(value: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    pattern = "none*" if value == "images" else "a*"
    text = (
        f'{HEAD}files = dir(".", "{pattern}.nii")\nimages = for f in files do intensity(ReadImage(f)) > 1\n'
        f'save "em_{{}}.nii.gz" {value}\nsave "em.json" files\n'
    )
    ended = run_program(tmp_path, text, "--quiet")
    err = failed(ended)
    assert "error: em_{}.nii.gz cannot be written: the sequence is empty\n" in err
    assert "the value is no image" not in err and '  of `Save("em_{}.nii.gz", ' in err
    assert (tmp_path / "em.json").exists()


def test_what_is_written_as_an_effect_is_told_like_what_is_saved(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = (
        f'{HEAD}im = ReadImage("a.nii")\nw = WriteImage(im, "w.nii.gz")\n'
        'several = for k in ["x", "y"] do '
        '[WriteImage(im, strings.concat(k, ".nii")), WriteImage(im, strings.concat(k, ".mha"))]\n'
    )
    files = ["w.nii.gz", "x.nii", "x.mha", "y.nii", "y.mha"]
    ended = run_program(tmp_path, text)
    assert (ended.status, ended.err.splitlines()) == (0, [f"saved {file}" for file in files])
    told = json.loads(run_program(tmp_path, text, "--json").out)
    assert told == {"printed": [], "saved": files, "failed": []}
    assert run_program(tmp_path, text, "--quiet").err == ""


def test_of_effects_with_a_bad_item_it_is_told_what_was_written(tmp_path: Path) -> None:
    _two_good_images_and_one_that_is_cut(tmp_path)
    text = (
        f'{HEAD}w = for f in ["a", "cut", "c", "gone"] do '
        'WriteImage(ReadImage(strings.concat(f, ".nii")), strings.concat(f, ".mha"))\n'
        'v = WriteImage(ReadImage("none.nii"), "none.mha")\nu = WriteImage(ReadImage("cut.nii"), "cut.nrrd")\n'
    )
    ended = run_program(tmp_path, text, "--json")
    assert ended.status == 1
    told = json.loads(ended.out)
    assert told["saved"] == ["a.mha", "c.mha"]
    goals = [failure["goal"] for failure in told["failed"]]
    assert goals == ["writing a.mha and 2 more", "writing a.mha and 2 more", "effect", "writing cut.nrrd"]
    assert "writing a.mha and 2 more: 2 of 4 items were saved\n  not saved: cut.mha\n3 goals failed\n" in ended.err


def test_a_run_that_stops_counts_each_goal_once(tmp_path: Path) -> None:
    _two_good_images_and_one_that_is_cut(tmp_path)
    text = (
        f'{HEAD}cut = intensity(ReadImage("cut.nii"))\na = intensity(ReadImage("a.nii"))\n'
        'print "fails" max(cut)\nprint "too" volume(cut > 1)\n'
        'save "{}.nii.gz" for f in ["cut.nii", "a.nii", "c.nii"] do near(intensity(ReadImage(f)) > 2)\n'
        'print "left" for f in ["a.nii", "c.nii"] do volume(near(intensity(ReadImage(f)) > 3))\n'
        'print "waits" for n in range(volume(near(a > 4))) do volume(near(a > n))\n'
    )
    ended = run_program(tmp_path, text, "--fail-fast", "--scheduler", "sync", "--json")
    err, told = failed(ended), json.loads(ended.out)
    stopped = "this was not computed, since the run was stopped"
    goals = {each["goal"] for each in told["failed"] if each["message"] != stopped}
    left = {each["goal"] for each in told["failed"]} - goals
    assert goals == {'print "fails"', 'print "too"', 'save "{}.nii.gz"'} and 'print "waits"' in left
    count = "1 more was" if len(left) == 1 else f"{len(left)} more were"
    others = "; the others were computed" if told["printed"] else ""
    assert err.endswith(f"\n3 goals failed, {count} not computed, since the run was stopped{others}\n")
    assert err.count("since the run was stopped") == 1
    assert len(goals) + len(left) + len(told["printed"]) == 5


@pytest.mark.parametrize(("content", "problem"), [("[]", "the sequence is empty"), ("[1]", "the value is no image")])
def test_what_is_known_to_be_no_image_at_run_time_only(content: str, problem: str, tmp_path: Path) -> None:
    (tmp_path / "v.json").write_text(content)
    err = failed(run_program(tmp_path, 'value = load("v.json")\nprint "v" value\nsave "v.nii.gz" value\n'))
    assert f"error: v.nii.gz cannot be written: {problem}\n  in save(" in err
    assert '  of `Save("v.nii.gz", value)`, line ' in err


def test_vlc_run_tells_the_statement_of_the_program(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = f'{HEAD}mask = intensity(ReadImage("a.nii")) > 5\nprint "v" volume(mask)\nsave "flat.png" mask\n'
    ended = vlc_run(tmp_path, text)
    line = text.count("\n")
    assert ended.status == 1
    assert f'program.imgql:{line}:1:\n    save "flat.png" mask\n    ^^^^^^^^^^^^^^^^^^^^\n' in ended.err


def test_a_shard_has_no_goals_that_fail(tmp_path: Path) -> None:
    _two_good_images_and_one_that_is_cut(tmp_path)
    text = f'{SOME_SAVED}print "volumes" for h in hot do volume(h)\nsave "hot/{{}}.nii.gz" hot\n'
    ended = run_program(tmp_path, text, "--shard", "2/2")
    assert ended.status == 1
    assert "error: cut.nii is truncated" in ended.err and "  so " not in ended.err
    assert "part 2 of 2: " in ended.err
    assert ended.err.endswith("a part of this shard failed\n")
