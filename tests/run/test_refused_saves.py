"""What is not saved, since it would be saved over an input or another result, or under a name that is none."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.run.programs import GOOD, HEAD, failed, run_program, write_image


@pytest.mark.parametrize("name", ["a.nii", "./a.nii", "sub/../a.nii", "link/a.nii", "alias.nii"])
def test_a_file_that_is_read_is_not_saved_over(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / "a.nii")
    before = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to(tmp_path)
    (tmp_path / "alias.nii").symlink_to("a.nii")
    read = "alias.nii" if name == "alias.nii" else "a.nii"
    text = f'{HEAD}image = intensity(ReadImage("{read}"))\nsave "{name}" near(image > 5)\nprint "good" max(image)\n'
    ended = run_program(tmp_path, text)
    assert f"saving {name} would overwrite a file that this program reads" in failed(ended)
    assert ended.out.startswith("good=")
    assert (tmp_path / "a.nii").read_bytes() == before
    assert run_program(tmp_path, text, "--output", "out").status == 0
    assert (tmp_path / "a.nii").read_bytes() == before


@pytest.mark.parametrize("raw", ["z.raw", "z.zraw"])
def test_voxels_that_are_read_are_not_saved_over(tmp_path: Path, raw: str) -> None:
    """Saving z.mhd also writes z.raw, or z.zraw, from which y.mhd says that its voxels come."""
    write_image(tmp_path / "y.mhd")
    (tmp_path / "y.raw").rename(tmp_path / raw)
    header = (tmp_path / "y.mhd").read_text().replace("y.raw", raw)
    (tmp_path / "y.mhd").write_text(header)
    before = (tmp_path / raw).read_bytes()
    err = failed(run_program(tmp_path, 'import "simpleitk"\nsave "z.mhd" (ReadImage("y.mhd") + 1)\n'))
    assert "saving z.mhd would overwrite a file that this program reads" in err
    assert (tmp_path / raw).read_bytes() == before
    assert not (tmp_path / "z.mhd").exists()


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("y.mha", 'ReadImage("y.mha")'),
        ("y.foo", 'ReadImage("y.foo", 3, "MetaImageIO")'),
        ("y.nrrd", 'ReadImage("y.nrrd")'),
    ],
)
def test_voxels_that_a_header_of_any_name_reads_are_not_saved_over(tmp_path: Path, name: str, read: str) -> None:
    voxels = bytes(range(60))
    (tmp_path / "z.raw").write_bytes(voxels)
    meta = "ObjectType = Image\nNDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\nElementDataFile = z.raw\n"
    nrrd = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 5 4 3\nencoding: raw\ndata file: z.raw\n"
    (tmp_path / name).write_text(nrrd if name.endswith(".nrrd") else meta)
    program = f'{HEAD}save "z.mhd" ({read} + 1)\nprint "good" max(intensity({read}))\n'
    ended = run_program(tmp_path, program)
    assert "saving z.mhd would overwrite a file that this program reads" in failed(ended)
    assert ended.out == "good=59.0\n"
    assert (tmp_path / "z.raw").read_bytes() == voxels
    assert not (tmp_path / "z.mhd").exists()


@pytest.mark.parametrize(
    "goal",
    [
        'save "images/{}.nii" for file in files do near(intensity(ReadImage(file)) > 5)',
        "written = for file in files do WriteImage(near(intensity(ReadImage(file)) > 5), file)",
    ],
)
def test_items_are_not_saved_over_what_they_were_made_of(tmp_path: Path, goal: str) -> None:
    for name in ("a", "b"):
        write_image(tmp_path / "images" / f"{name}.nii", seed=ord(name))
    before = {path.name: path.read_bytes() for path in (tmp_path / "images").iterdir()}
    ended = run_program(tmp_path, f'{HEAD}files = dir("images", "*.nii", false, true)\n{goal}\n')
    assert ended.status == 1 and ended.err.count("error: saving ") == 2
    assert {path.name: path.read_bytes() for path in (tmp_path / "images").iterdir()} == before


def test_effects_do_not_write_over_what_is_read_either(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    before = (tmp_path / "a.nii").read_bytes()
    text = (
        f'{HEAD}image = ReadImage("a.nii")\n'
        'lost = WriteImage(near(intensity(image) > 5), "./a.nii")\n'
        'kept = WriteImage(image, "b.nii")\n'
        'other = WriteImage(near(intensity(image) > 5), "b.nii")\n'
        'again = WriteImage(image, "b.nii")\n'
    )
    ended = run_program(tmp_path, f"{text}{GOOD}")
    assert ended.status == 1 and "Traceback" not in ended.err
    assert "error: saving ./a.nii would overwrite a file that this program reads" in ended.err
    assert "of `lost = WriteImage(" in ended.err
    assert ended.err.count("error: another result is saved at b.nii too") == 1
    assert "of `other = WriteImage(" in ended.err
    assert ended.out.startswith("good=")
    assert (tmp_path / "a.nii").read_bytes() == before
    assert (tmp_path / "b.nii").read_bytes() == before


@pytest.mark.parametrize("name", ["STORE.json", "store.JSON", "objects/a.nii", "runs/a.json", "link/claims/a.nii"])
def test_nothing_is_saved_over_the_store(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / "a.nii")
    assert run_program(tmp_path, f"{HEAD}{GOOD}").status == 0
    (tmp_path / "results" / "link").symlink_to(".")
    image = 'intensity(ReadImage("a.nii")) > 5'
    ended = run_program(tmp_path, f'{HEAD}save "results/{name}" {image if name.endswith("nii") else 1}\n{GOOD}')
    assert f"error: saving results/{name} would write among the files of the store" in failed(ended)
    assert ended.out.startswith("good=")
    assert not (tmp_path / "results" / name).is_file() or name == "STORE.json"
    assert run_program(tmp_path, f'{HEAD}save "results/mine.json" 1\n{GOOD}').status == 0
    assert run_program(tmp_path, 'save "results/runs/a.json" 1', "--no-store").status == 0


def test_two_results_are_not_saved_in_one_place(tmp_path: Path) -> None:
    text = 'save "a.json" 1 + 1\nsave "./a.json" 2 + 3\nsave "b.json" 1\nsave "b.json" 1\n'
    ended = run_program(tmp_path, text)
    assert "another result is saved at ./a.json too" in failed(ended)
    assert 'so save "./a.json" failed' in ended.err
    assert json.loads((tmp_path / "a.json").read_text()) == 2
    assert json.loads((tmp_path / "b.json").read_text()) == 1


@pytest.mark.skipif(sys.platform == "darwin", reason="its file systems have no such names")
def test_images_are_not_written_under_names_that_are_not_text(tmp_path: Path) -> None:
    """SimpleITK ends the process when it is given such a name; what it does not write may have one."""
    write_image(tmp_path / "a.nii")
    program = (
        f'{HEAD}name = "x.nii.gz"\nimage = ReadImage("a.nii")\nsave "i.nii.gz" image\nsave "i.json" 1\n'
        f"w = WriteImage(image, name)\n{GOOD}"
    )
    ended = run_program(tmp_path, program, "--quiet", "--output", os.fsdecode(b"o\xff"))
    assert r"error: o\udcff/i.nii.gz cannot be written: its name is not UTF-8" in failed(ended)
    assert ended.out.startswith("good=")
    assert [path.name for path in (tmp_path / "o\udcff").iterdir()] == ["i.json"]
    ended = run_program(tmp_path, program, "--quiet", "--set", os.fsdecode(b"name=d/o\xff.nii.gz"))
    assert r"error: d/o\udcff.nii.gz cannot be written: its name is not UTF-8" in failed(ended)
    assert (tmp_path / "i.nii.gz").exists() and not (tmp_path / "d").exists()
