"""Images on different grids that meet: found from the headers of their files, before anything is computed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk
from vlc_runtime.failures import Failure, RunFailed
from vlc_runtime.volume import Geometry

from tests.vl1.programs import plan_of

SIZE, SPACING, ORIGIN, DIRECTION = (6, 5, 4), (1.0, 1.0, 2.0), (3.0, -4.0, 5.5), (0.0, -1.0, 0, 1.0, 0, 0, 0, 0, 1.0)
IMPORTS = 'import "vox1"\nimport "simpleitk"\n'


def write(path: Path, **changes: Any) -> Path:
    """A file with an image of one value; `changes` to its value, size, spacing, origin or direction."""
    image = sitk.GetImageFromArray(np.full(changes.get("size", SIZE)[::-1], changes.get("value", 1), np.uint8))
    image.SetSpacing(changes.get("spacing", SPACING))
    image.SetOrigin(changes.get("origin", ORIGIN))
    image.SetDirection(changes.get("direction", DIRECTION))
    sitk.WriteImage(image, str(path))
    return path


def outcome(text: str, dialect: str = "vl2") -> tuple[dict[str, Any], dict[str, Failure]]:
    """(the results, the failures by goal) of a program."""
    plan = plan_of(text, dialect)
    try:
        return plan.run(store=None, scheduler="sync"), {}
    except RunFailed as problem:
        return problem.results, dict(problem.failures)


def spoil(path: Path) -> Path:
    """Cut off the end of a compressed file: its header can still be read, computing anything from it fails."""
    path.write_bytes(path.read_bytes()[:-9])
    return path


CHANGES = {
    "size": ({"size": (6, 5, 3)}, "size 6 x 5 x 4 against 6 x 5 x 3"),
    "same count": ({"size": (5, 6, 4)}, "size 6 x 5 x 4 against 5 x 6 x 4"),
    "spacing": ({"spacing": (1.0, 1.001, 2.0)}, "spacing 1 x 1 x 2 mm against 1 x 1.001 x 2 mm"),
    "origin": ({"origin": (3.0, -4.0, 5.51)}, "origin (3, -4, 5.5) mm against (3, -4, 5.51) mm"),
    "a little": ({"origin": (3.00002, -4.0, 5.5)}, "origin (3, -4, 5.5) mm against (3.00002, -4, 5.5) mm"),
    "direction": ({"direction": (1.0, 0, 0, 0, 1.0, 0, 0, 0, 1.0)}, "direction (0, -1, 0, 1, 0, 0, 0, 0, 1) against"),
}


def test_a_mismatch_has_the_digits_that_tell_it() -> None:
    grid = Geometry((4, 4), (1.0, 1.0), (10.0, 30.0), (1.0, 0.0, 0.0, 1.0))
    moved = replace(grid, origin=(10.0, 30.0000019))
    assert grid.difference(moved) == "origin (10, 30) mm against (10, 30.0000019) mm"
    large = replace(grid, origin=(10.0, 3e6)), replace(grid, origin=(10.0, 3e6 + 0.000002))
    assert large[0].difference(large[1]) == "origin (10, 3000000) mm against (10, 3000000.000002) mm"


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("dialect", ["vl1", "vl2"])
def test_a_mismatch_names_both_files_and_both_grids(tmp_path: Path, change: str, dialect: str) -> None:
    changes, message = CHANGES[change]
    left, right = write(tmp_path / "left.nii"), write(tmp_path / "right.nii", **changes)
    if dialect == "vl1":
        text = (
            f'load a = "{left}"\nload b = "{right}"\nprint "fine" max(intensity(a))\n'
            f'print "r" volume(near(intensity(a) >. 0) & (intensity(b) >. 0))'
        )
    else:
        text = (
            f'{IMPORTS}a = ReadImage("{left}")\nb = ReadImage("{right}")\nprint "fine" max(a)\n'
            f'print "r" volume(near(a > 0) & (b > 0))'
        )
    results, failures = outcome(text, dialect)
    assert results == {"fine": 1.0}
    (failure,) = failures.values()
    assert message in failure.message
    assert f"one is {left} (6 x 5 x 4 voxels, spacing 1 x 1 x 2 mm, origin (3, -4, 5.5) mm)" in failure.message
    assert f"the other is {right} (" in failure.message
    assert failure.hint
    assert failure.place.operator == "vox1.logical_and"
    assert failure.place.line is not None


def test_headers_are_compared_before_any_voxel_is_read(tmp_path: Path) -> None:
    """Reading the voxels of these files fails: the message is that of the headers, so nothing was read."""
    left, right = spoil(write(tmp_path / "left.nii.gz")), spoil(write(tmp_path / "right.nii.gz", size=(6, 5, 3)))
    text = (
        f'{IMPORTS}a = ReadImage("{left}")\nb = ReadImage("{right}")\n'
        f'save "{tmp_path}/out.nii" percentiles(Median(a) + b, tt, 0.5)'
    )
    _, failures = outcome(text)
    (failure,) = failures.values()
    assert "on different grids" in failure.message
    assert not (tmp_path / "out.nii").exists()


def test_what_depends_on_a_mismatch_is_not_computed(tmp_path: Path) -> None:
    """The effect would be done before the mismatch if kernels ran until they meet it."""
    left, right = write(tmp_path / "left.nii"), write(tmp_path / "right.nii", spacing=(1, 1, 1))
    spoiled = spoil(write(tmp_path / "spoiled.nii.gz"))
    text = (
        f'{IMPORTS}a = ReadImage("{left}")\nb = ReadImage("{right}")\nc = ReadImage("{spoiled}")\n'
        'print "r" volume(c > 0) + volume((a > 0) & (b > 0))'
    )
    _, failures = outcome(text)
    (failure,) = failures.values()
    assert "on different grids" in failure.message


def test_within_the_tolerance_grids_are_equal(tmp_path: Path) -> None:
    left, right = write(tmp_path / "left.mha"), write(tmp_path / "right.mha", spacing=(1.0, 1.0 + 5e-7, 2.0))
    text = f'{IMPORTS}print "r" volume((ReadImage("{left}") > 0) & (ReadImage("{right}") > 0))'
    assert outcome(text) == ({"r": 120.0}, {})


def test_one_bad_file_of_a_loop_fails_alone_and_is_named(tmp_path: Path) -> None:
    for number in range(4):
        write(tmp_path / f"case{number}_flair.nii", value=number + 1)
        write(tmp_path / f"case{number}_truth.nii", value=number + 9, size=(6, 6, 4) if number == 2 else SIZE)
    text = (
        f'{IMPORTS}import "strings"\n'
        "overlap(case) = volume(\n"
        f'  (ReadImage(concat("{tmp_path}/", case, "_flair.nii")) > 0) &\n'
        f'  (ReadImage(concat("{tmp_path}/", case, "_truth.nii")) > 0))\n'
        'print "fine" for patient in ["case0", "case1", "case3"] do overlap(patient)\n'
        'print "all" for patient in ["case0", "case1", "case2", "case3"] do overlap(patient)\n'
    )
    results, failures = outcome(text)
    assert results == {"fine": [120.0, 120.0, 120.0]}
    (failure,) = failures.values()
    assert "case2_flair.nii" in failure.message
    assert "case2_truth.nii" in failure.message
    assert failure.place.items == ("patient = 'case2'",)


def test_a_single_slice_meets_a_plane_once_it_is_loaded(tmp_path: Path) -> None:
    """VoxLogicA 1's load drops axes of one voxel, so these two lie on one grid; for ReadImage they do not."""
    slice_ = write(tmp_path / "slice.mha", size=(6, 5, 1), origin=(0, 0, 0), direction=np.eye(3).ravel())
    plane = tmp_path / "plane.mha"
    sitk.WriteImage(sitk.GetImageFromArray(np.ones((5, 6), np.uint8)), str(plane))
    loads = f'load a = "{slice_}"\nload b = "{plane}"\nprint "r" volume((intensity(a) + intensity(b)) =. 2)'
    assert outcome(loads, "vl1") == ({"r": 30.0}, {})
    reads = f'{IMPORTS}print "r" max(ReadImage("{slice_}") + ReadImage("{plane}"))'
    _, failures = outcome(reads)
    assert "6 x 5 x 1 against 6 x 5" in next(iter(failures.values())).message


def test_an_image_on_a_new_grid_is_left_to_its_kernel(tmp_path: Path) -> None:
    left, right = write(tmp_path / "left.nii"), write(tmp_path / "right.nii", size=(12, 5, 4))
    text = (
        f'{IMPORTS}a = ReadImage("{left}")\nb = ReadImage("{right}")\n'
        'print "resampled" volume(Resample(b, a) + a == 2)\n'
        'print "cut" volume((extract(b, [6, 5, 4], [0, 0, 0]) > 0) & (a > 0))\n'
        'print "bad cut" volume((extract(b, [5, 5, 4], [0, 0, 0]) > 0) & (a > 0))\n'
    )
    results, failures = outcome(text)
    assert results == {"resampled": 120.0, "cut": 120.0}
    assert list(failures) == ['print "bad cut"']


def test_a_file_that_cannot_be_read_is_not_a_mismatch(tmp_path: Path) -> None:
    left = write(tmp_path / "left.nii")
    (tmp_path / "right.nii").write_bytes(b"not an image at all" * 30)
    text = f'{IMPORTS}print "r" max(ReadImage("{left}") + ReadImage("{tmp_path}/right.nii"))'
    _, failures = outcome(text)
    assert "right.nii is not a NIfTI image" in next(iter(failures.values())).message


def test_a_long_chain_is_followed_without_recursion(tmp_path: Path) -> None:
    left, right = write(tmp_path / "left.nii"), write(tmp_path / "right.nii", size=(6, 5, 3))
    chain = "\n".join(f"a{number + 1} = near(a{number})" for number in range(3000))
    text = f'{IMPORTS}a0 = ReadImage("{left}") > 0\n{chain}\nprint "r" volume(a3000 & (ReadImage("{right}") > 0))\n'
    _, failures = outcome(text)
    assert "on different grids" in next(iter(failures.values())).message
