"""A run in several rounds: what one round finished is at hand in the next, and is no task of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from vlc_runtime.clustering import cluster
from vlc_runtime.digest import digest
from vlc_runtime.kernels import vox1
from vlc_runtime.steps import Step

from tests.run.programs import run_program, write_image


def test_steps_whose_inputs_are_finished_are_clustered() -> None:
    finished = Step(digest("finished"), vox1.dt, (), None, None, (), 0)
    step = Step(digest("step"), vox1.volume, (finished,), None, None, (), 1)
    last = Step(digest("last"), vox1.volume, (step, finished), None, None, (), 2)
    (only,) = cluster([step, last], {last}, set(), set(), 4)
    assert only.steps == [step, last]
    assert only.outputs == [last]
    assert only.inputs == []


@pytest.mark.parametrize("store", ["--no-store", "--store=results"])
def test_a_scalar_of_an_earlier_round_meets_images(tmp_path: Path, store: str) -> None:
    """The lengths of the loops have to be computed first, and the mean is computed with them."""
    write_image(tmp_path / "a.nii")
    text = """
import "vox1"
import "simpleitk"
a = intensity(ReadImage("a.nii"))
mean = avg(a, a > 0)
print "mean" mean
print "masks" for i in range(0, volume(a > 8)) do volume(a > (mean + i))
print "images" for i in range(0, volume(a > 8)) do volume((a - mean) > i)
"""
    ended = run_program(tmp_path, text, store)
    assert ended.status == 0, ended.err
    assert ended.out.startswith("mean=")
    masks, images = ended.out.splitlines()[1:]
    assert masks.removeprefix("masks=") == images.removeprefix("images=") != "[]"
