"""Files that are not where the program says, and patterns that match none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.run.programs import HEAD, Ended, failed, run_program, write_image


@pytest.mark.parametrize("options", [(), ("--dry-run",), ("--json",), ("--no-store",)])
def test_a_pattern_that_matches_nothing_is_warned_of_once(options: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    text = (
        'files = dir(".", "nothing*.nii.gz", false, true)\nnames = dir(".", "nothing*.nii.gz")\n'
        'all = for f in ["empty", "empty"] do dir(f)\nprint "n" [files, names]\nprint "all" all\n'
    )
    ended = run_program(tmp_path, text, *options)
    assert ended.status == 0, ended.err
    told = [line for line in ended.err.splitlines() if line.startswith("warning: ")]
    assert told == ["warning: no file in . matches nothing*.nii.gz", "warning: no file in empty matches *"]
    if not options:
        assert ended.out == "n=[[], []]\nall=[[], []]\n"


def test_names_without_their_folder_get_a_hint_at_what_dir_can_give(tmp_path: Path) -> None:
    write_image(tmp_path / "data" / "a_flair.nii")
    (tmp_path / "run").mkdir()
    text = (
        f'{HEAD}print "v" for f in dir("../data", "*_flair.nii") do volume(intensity(ReadImage(f)) > 1)\n'
        'print "w" volume(intensity(ReadImage("../gone/b.nii")) > 1)\n'
    )
    ended = run_program(tmp_path / "run", text)
    assert ended.status == 1
    for name, looked in (("a_flair.nii", "run/a_flair.nii"), ("../gone/b.nii", "gone/b.nii")):
        assert (
            f"error: cannot read {name}: No such file or directory\n" in ended.err
            and f"start from the folder of the run: {tmp_path.resolve() / looked} was looked for; if" in ended.err
        )
    assert ended.err.count("if the name is from `dir`, its fourth argument `true` gives full ones") == 2
    full = run_program(tmp_path / "run", text.replace('"*_flair.nii"', '"*_flair.nii", false, true'))
    assert full.out.startswith("v=[")


def test_a_folder_that_is_not_there_is_told_with_where_it_was_looked_for(tmp_path: Path) -> None:
    err = failed(run_program(tmp_path, 'print "n" dir("../no folder")'))
    assert f"hint: relative paths start from the folder of the run: {tmp_path.resolve().parent / 'no folder'}" in err


def test_a_folder_that_cannot_be_listed_is_a_failure_and_independent_goals_go_on(tmp_path: Path) -> None:
    long = "x" * 5000
    text = 'print "good" 1\n'
    for root, pattern in ((".", long), (long, "*"), ("~nobody here/x", "*")):
        text += f'print "{root[:6]}" dir("{root}", "{pattern}", false, true)\n'
    ended = run_program(tmp_path, text)
    assert (ended.status, ended.out) == (1, "good=1.0\n")
    assert "Traceback" not in ended.err
    told = [line for line in ended.err.splitlines() if line.startswith("error: ")]
    assert told == [
        f"error: the directory . cannot be listed: {long}: File name too long",
        f"error: the directory {long} cannot be read: File name too long",
        "error: there is no directory ~nobody here/x: `~nobody here` is nobody's home",
    ]


def test_links_keep_their_names_and_those_that_lead_nowhere_fail_alone(tmp_path: Path) -> None:
    """Where files lie under names of their content, and links to them have the names of the cases."""
    (tmp_path / "links").mkdir()
    for case, content in (("a", "9"), ("b", "0"), ("c", "5")):
        write_image(tmp_path / "content" / f"{content}.nii", seed=ord(case))
        (tmp_path / "links" / f"{case}.nii").symlink_to(f"../content/{content}.nii")
        write_image(tmp_path / "plain" / f"{case}.nii", seed=ord(case))
    text = (
        f'{HEAD}folder = "plain"\nfiles = dir(folder, "*.nii", false, true)\n'
        "high = for file in files do intensity(ReadImage(file)) > 5\n"
        'print "names" dir(folder, "*.nii")\nprint "volumes" for mask in high do volume(mask)\nsave "{}.nii" high\n'
    )

    def run(folder: str) -> tuple[Ended, dict[str, bytes]]:
        ended = run_program(tmp_path, text, "--set", f"folder={folder}", "--output", f"of {folder}")
        return ended, {path.name: path.read_bytes() for path in (tmp_path / f"of {folder}").iterdir()}

    (plain, expected), (links, masks) = run("plain"), run("links")
    assert (plain.status, links.status, links.out) == (0, 0, plain.out)
    assert masks == expected
    assert len(set(masks.values())) == 3, "the cases differ"
    (tmp_path / "links" / "b.nii").unlink()
    (tmp_path / "links" / "b.nii").symlink_to("../content/none.nii")
    ended, masks = run("links")
    assert "links/b.nii: No such file" in failed(ended)
    assert masks == expected  # what b.nii was before is still there


def test_the_home_folder_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    write_image(tmp_path / "data" / "a.nii")
    ended = run_program(tmp_path, 'print "n" dir("~/data", "*.nii")\nprint "m" dir("~/none")\n')
    assert (ended.status, ended.out) == (1, "n=['a.nii']\n")
    assert "hint" not in failed(ended)


@pytest.mark.parametrize("path", ["~/o.json", "~somebody/o.json", "~"])
def test_a_home_folder_is_not_expanded(path: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    image = path.replace(".json", ".nii")
    text = (
        f'{HEAD}w = WriteImage(ReadImage("a.nii"), "{image}")\nprint "v" volume(intensity(ReadImage("{path}")) > 1)\n'
    )
    if path != "~":
        text += f'save "{path}" 1\n'
    ended = run_program(tmp_path, text, "--output", "out")
    assert ended.status == 1
    assert (
        f"error: saving {image} would make a folder called {path.partition('/')[0]}: `~` is not expanded" in ended.err
    )
    assert f"error: cannot read {path}: No such file or directory" in ended.err
    whole = "the whole path" if path == "~somebody/o.json" else os.path.expanduser(path)  # noqa: PTH111
    assert f"hint: `~` is not expanded here: write {whole}" in ended.err
    assert ended.err.count("error: ") == (2 if path == "~" else 3)
    assert not list(tmp_path.rglob("~*"))


def test_a_name_that_begins_with_a_tilde_is_one_like_others(tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'save "~backup.json" 1\nsave "./~/o.json" 1\n')
    assert (ended.status, ended.err) == (0, "saved ~backup.json\nsaved ./~/o.json\n")
