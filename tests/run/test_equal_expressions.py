"""Equal expressions are one computation: counted in the records of the runs."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.run.programs import computed, run_program, run_script, script_of, write_image

HEAD = 'import "vox1"\nimport "simpleitk"\nimage = intensity(ReadImage("a.nii"))\n'

ONCE = {
    "in two functions": 'f(a) = volume(near(a > 5))\ng(b) = volume(near(b > 5)) + 1\nprint "1" f(image)\n'
    'print "2" g(image)',
    "in two loops": 'print "1" for i in range(3) do volume(near(image > 5)) + i\n'
    'print "2" for j in range(2) do volume(near(image > 5)) * j',
    "inside and outside a loop": 'print "1" volume(near(image > 5))\n'
    'print "2" for i in range(3) do volume(near(image > 5)) + i',
    "in two items of a loop": 'print "1" for i in [5, 5, 5] do volume(near(image > i))',
    "in a loop and under a folded number": 'print "1" for i in [5] do volume(near(image > i))\n'
    'print "2" volume(near(image > (2 + 3)))',
    "written and counted": 'print "1" volume(near(image > 5))\n'
    'print "2" for i in range(5, 6) do volume(near(image > i))',
    "in a fold and in a loop": 'print "1" fold + (for i in [5] do volume(near(image > i)))\n'
    'print "2" for k in [5] do volume(near(image > k))',
}


@pytest.mark.parametrize("case", ONCE)
def test_equal_expressions_are_computed_once(case: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, HEAD + ONCE[case])
    assert ended.status == 0, ended.err
    counts = computed(tmp_path)
    assert counts["vox1.near"] == 1
    assert counts["vox1.volume"] == 1
    assert counts["simpleitk.ReadImage"] == 1


def test_two_programs_on_one_store_compute_once(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    first = script_of(tmp_path, f'{HEAD}print "1" volume(near(image > 5))', "first")
    second = script_of(
        tmp_path, f'{HEAD}f(m) = volume(near(m))\nprint "2" for k in [4, 5, 6] do f(image > k)', "second"
    )
    assert run_script(first).status == 0
    assert computed(tmp_path)["vox1.near"] == 1
    assert run_script(second).status == 0
    assert computed(tmp_path)["vox1.volume"] == 2, "thresholds 4 and 6: 5 was there"
    again = run_script(second)
    assert not {name for name in computed(tmp_path) if not name.startswith("goal")}
    assert again.out.startswith("2=[")


def test_a_changed_file_recomputes_what_depends_on_it_and_nothing_else(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii", 1)
    write_image(tmp_path / "b.nii", 2)
    text = (
        'import "vox1"\nimport "simpleitk"\n'
        'print "v" for file in ["a.nii", "b.nii"] do volume(near(intensity(ReadImage(file)) > 8))'
    )
    first = run_program(tmp_path, text)
    assert computed(tmp_path)["vox1.near"] == 2
    write_image(tmp_path / "b.nii", 3)
    second = run_program(tmp_path, text)
    assert computed(tmp_path)["vox1.near"] == 1
    assert first.out.split(",")[0] == second.out.split(",")[0]


def test_the_name_of_a_file_does_not_count(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii", 1)
    write_image(tmp_path / "copy.nii", 1)
    text = (
        'import "vox1"\nimport "simpleitk"\n'
        'print "v" for file in ["a.nii", "copy.nii"] do volume(near(intensity(ReadImage(file)) > 8))'
    )
    assert run_program(tmp_path, text).status == 0
    assert computed(tmp_path)["vox1.near"] == 1


def test_a_parameter_set_to_the_same_value_computes_nothing(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    script = script_of(tmp_path, f'{HEAD}level = 5\nprint "v" volume(near(image > level))')
    first = run_script(script)
    assert run_script(script, "--set", "level=5.0").out == first.out
    assert computed(tmp_path)["vox1.near"] == 0
    assert run_script(script, "--set", "level=7").out != first.out
    assert computed(tmp_path)["vox1.near"] == 1


KEPT = {"goals": {"vox1.volume"}, "costly": {"vox1.volume", "vox1.dt"}, "all": {"vox1.volume", "vox1.dt", "vox1.gt_sv"}}


@pytest.mark.parametrize("keep", KEPT)
def test_what_is_kept_can_be_chosen(keep: str, tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, f'{HEAD}far = dt(image > 5)\nprint "v" volume(far * far > 2)', "--keep", keep)
    assert ended.status == 0, ended.err
    with sqlite3.connect(tmp_path / "results" / "index.sqlite") as index:
        stored = {operator for (operator,) in index.execute("select operator from results")}
    assert stored & KEPT["all"] == KEPT[keep]
    again = run_program(tmp_path, f'{HEAD}far = dt(image > 5)\nprint "m" max(far)', "--keep", "goals")
    assert again.status == 0
    assert computed(tmp_path)["vox1.dt"] == (keep == "goals"), "what another run kept is used"
