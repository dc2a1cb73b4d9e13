"""What a run stores unless it is told otherwise: what takes longer to compute than to load."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.run.programs import computed, run_program, write_image

HEAD = """\
import "vox1"
import "simpleitk"
image = intensity(ReadImage("image.nii"))
body = maxvol(image > 1)
"""


def stored_by(folder: Path, program: str) -> set[str]:
    """The operators of which a run stored something."""
    write_image(folder / "image.nii", size=(12, 11, 10))
    ended = run_program(folder, HEAD + program)
    assert ended.status == 0, ended.err
    with sqlite3.connect(folder / "results" / "index.sqlite") as index:
        return {operator for (operator,) in index.execute("select operator from results")}


def test_thresholds_of_ranks_are_made_again_from_what_was_counted(tmp_path: Path) -> None:
    program = """\
ranks = percentiles(image, body, 0.5)
print "grown" volume(through(ranks >=. 0.9, ranks >=. {least}))
"""
    assert stored_by(tmp_path, program.format(least=0.6)) == {
        "vox1.maxvol",
        "vox1.rank_histogram",
        "vox1.through",
        "vox1.volume",
    }
    assert computed(tmp_path)["vox1.rank_geq_in"] == 2
    stored_by(tmp_path, program.format(least=0.5))
    assert computed(tmp_path)["vox1.rank_geq_in"] == 2
    assert computed(tmp_path)["vox1.rank_histogram"] == computed(tmp_path)["vox1.maxvol"] == 0


@pytest.mark.parametrize(("radius", "stored"), [(3.0, False), (9.0, True)])
def test_what_lies_within_a_small_radius_is_made_again(radius: float, stored: bool, tmp_path: Path) -> None:
    found = stored_by(tmp_path, f'print "near" volume(dt(body) <=. {radius})')
    assert {"vox1.maxvol", "vox1.volume"} <= found
    assert any("distance_leq" in operator for operator in found) is stored
