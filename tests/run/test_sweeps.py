"""Sweeps: what the thresholds of a loop share is computed once, and again for no threshold that is added."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import Ended, computed, run_program, run_script, write_image
from vlc.compiler import compile_source
from vlc.diagnostics import Source

HEAD = """
import "vox1"
import "simpleitk"
image = intensity(ReadImage("a.nii"))
seed = image >= 9
"""
SWEEPS = [
    ("volume(image >= t)", {"vox1.value_counts": 1, "vox1.volume": 0}),
    ("volume(percentiles(image, seed, 0.5) >= (t / 10))", {"vox1.rank_counts": 1, "vox1.percentiles": 0}),
    ("volume(touch(image >= t, seed))", {"vox1.reach_above_within": 1, "vox1.value_counts": 1, "vox1.through": 0}),
    ("volume(touch(image < (9 - (t / 9)), seed))", {"vox1.reach_below_within": 1, "vox1.through": 0}),
    ("volume(dilate(seed, t / 2))", {"vox1.dt": 1, "vox1.value_counts": 1}),
]


def program(body: str, count: int) -> str:
    return f'{HEAD}print "sweep" for t in range(0, {count}) do {body}\n'


@pytest.mark.parametrize(("body", "expected"), SWEEPS)
def test_what_thresholds_share_is_computed_once(tmp_path: Path, body: str, expected: dict[str, int]) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, program(body, 20))
    assert ended.status == 0, ended.err
    counts = computed(tmp_path)
    assert {name: counts[name] for name in expected} == expected


@pytest.mark.parametrize(("body", "expected"), SWEEPS)
def test_thresholds_that_are_added_use_what_is_stored(tmp_path: Path, body: str, expected: dict[str, int]) -> None:
    write_image(tmp_path / "a.nii")
    assert run_program(tmp_path, program(body, 18)).status == 0
    ended = run_program(tmp_path, program(body, 20))
    assert ended.status == 0, ended.err
    counts = computed(tmp_path)
    looked_up = [count for name, count in counts.items() if name.startswith("vox1.volume")]
    assert looked_up == [1]
    assert not any(counts[name] for name in expected)
    assert ended.out.count(",") == 19


def test_a_number_below_the_least_has_what_is_reached_computed_again(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = HEAD + 'print "sweep" for t in range({}, 20) do volume(touch(image >= (t / 2), seed))\n'
    shorter, longer = (run_program(tmp_path, text.format(first)) for first in (4, 2))
    assert computed(tmp_path)["vox1.reach_above_within"] == 1
    plain = run_program(tmp_path, text.format(2), "--no-store")
    assert longer.out == plain.out
    assert longer.out.endswith(shorter.out.removeprefix("sweep=["))
    run_program(tmp_path, text.format(4))
    assert computed(tmp_path)["vox1.reach_above_within"] == 0


def test_of_no_numbers_nothing_is_computed(tmp_path: Path) -> None:
    """The image is not there: as in a loop without items, nobody asks for it."""
    text = HEAD.replace("a.nii", "missing.nii") + "count = 0\n"
    text += 'print "none" for t in range(0, count) do volume(image >= t)\n'
    text += 'print "scaled" for t in range(0, count) do volume(image >= (t / 2))\n'
    ended = run_program(tmp_path, text)
    assert (ended.status, ended.out) == (0, "none=[]\nscaled=[]\n")
    assert run_program(tmp_path, text, "--set", "count=1").status == 1


FROM_A_FILE = 'print "a" for t in load("t.json") do volume(image >= t)\n'


def with_and_without_passes(folder: Path, text: str) -> list[Ended]:
    scripts = []
    for name, options in (("with", {}), ("without", {"passes": ()})):
        scripts.append(folder / f"{name}.py")
        scripts[-1].write_text(compile_source(Source(f"{name}.imgql", text), **options).script, "utf-8")
    return [run_script(script, "--no-store") for script in scripts]


def test_of_no_numbers_in_a_file_nothing_is_computed(tmp_path: Path) -> None:
    (tmp_path / "t.json").write_text("[]")
    for ended in with_and_without_passes(tmp_path, HEAD.replace("a.nii", "missing.nii") + FROM_A_FILE):
        assert (ended.status, ended.out) == (0, "a=[]\n")


def test_of_no_numbers_that_are_left_nothing_is_computed(tmp_path: Path) -> None:
    """A slice without items, and a filter that keeps none."""
    write_image(tmp_path / "a.nii")
    text = (
        HEAD
        + """
lost = intensity(ReadImage("missing.nii"))
some = [volume(image > 1), volume(image > 2)]
print "slice" for t in some[0:0] do volume(lost >= t)
print "filter" for t in (filter u in some do u < 0) do volume(lost >= t)
print "inside" [for t in some[1:1] do volume(lost >= t), [1]]
"""
    )
    for ended in with_and_without_passes(tmp_path, text):
        assert (ended.status, ended.out) == (0, "slice=[]\nfilter=[]\ninside=[[], [1.0]]\n"), ended.err


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('[3, {"b": 1}]', "error: {'b': 1} stands where a number is wanted"),
        ("[[1], [2]]", "error: [1] stands where a number is wanted"),
        ('[2, "1"]', "error: '1' stands where a number is wanted"),
        ('{"b": [1]}', "error: {'b': [1]} stands where a sequence is wanted"),
        ("7", "error: 7 stands where a sequence is wanted"),
        ('"7"', "error: '7' stands where a sequence is wanted"),
        ("[3, null]", "error: t.json holds a null, which is no value of the language\n  in default.load('t.json')"),
    ],
)
def test_what_a_file_has_in_place_of_numbers_is_told(tmp_path: Path, content: str, said: str) -> None:
    write_image(tmp_path / "a.nii")
    (tmp_path / "t.json").write_text(content)
    for ended in with_and_without_passes(tmp_path, HEAD + FROM_A_FILE):
        assert (ended.status, ended.out) == (1, "")
        assert ended.err.startswith(said), ended.err


def test_of_numbers_from_a_file_the_one_at_fault_is_named(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    (tmp_path / "t.json").write_text('[3, 2, "1"]')
    found, _ = with_and_without_passes(tmp_path, HEAD + FROM_A_FILE)
    assert "hint: it is item 2 of the sequence" in found.err


def test_sweeps_of_images_in_a_loop_are_a_look_up_each(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = 'print "all" for s in range(1, 4) do for t in range(0, 50) do volume((image * s) >= (t / 2))\n'
    ended = run_program(tmp_path, HEAD + text)
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.volumes_geq"] == computed(tmp_path)["vox1.value_counts"] == 3
    plain = tmp_path / "plain.py"
    plain.write_text(compile_source(Source("plain.imgql", HEAD + text), passes=()).script, "utf-8")
    assert run_script(plain, "--no-store").out == ended.out


def test_a_number_that_fails_fails_alone(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = HEAD + 'for_t = for t in range(0, 12) do volume(touch(image >= (1 / t), seed))\nprint "one" for_t[3]\n'
    ended = run_program(tmp_path, text + 'print "all" for_t\n')
    assert ended.status == 1
    assert ended.out.startswith("one=")
    assert "division by zero" in ended.err


def test_masks_at_several_radii_share_one_map(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, HEAD + 'print "widths" for r in range(1, 12) do max(lcc(dilate(seed, r / 4)))\n')
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.dt"] == 1


def test_masks_reached_at_several_thresholds_share_one_reconstruction(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    ended = run_program(tmp_path, HEAD + 'print "parts" for t in range(0, 12) do max(lcc(touch(image > t, seed)))\n')
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.reach_above_within"] == 1
    assert computed(tmp_path)["vox1.through"] == 0


def test_the_greatest_of_a_loop_is_found_by_its_numbers(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = """
masks = for t in range(0, 9) do dt(near(image > t))
deepest = argmax(for each in masks do volume(each < 1))
print "deepest" deepest
print "its least" min(masks[deepest])
"""
    ended = run_program(tmp_path, HEAD + text)
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.dt"] == 9
    assert computed(tmp_path)["vox1.minimum"] == 1


def test_a_fold_over_a_loop_is_done_item_by_item(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = 'print "sum" fold + (for t in (for s in range(0, 30) do s / 3) do volume(image >= t))\n'
    ended = run_program(tmp_path, HEAD + text)
    assert ended.status == 0, ended.err
    assert computed(tmp_path)["vox1.volume_geq"] == 30
    assert computed(tmp_path)["vox1.value_counts"] == 1
