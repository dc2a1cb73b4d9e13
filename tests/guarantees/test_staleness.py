"""What is served is what would be computed now: a change recomputes what depends on it, and nothing else."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cohorts import (
    FUNCTIONS,
    Cohort,
    assert_sound,
    compile_into,
    kept_operators_of_last_run,
    make_cohort,
    operators_of_last_run,
    voxels,
)

PROGRAM = (
    FUNCTIONS
    + """
print "volumes" for file in files do volume(largest(file))
print "grown" for file in files do volume(grown(file))
"""
)
OF_ONE_ITEM = [
    "vox1.dt",
    "vox1.maxvol",
    "vox1.percentiles",
    "vox1.through",
    "vox1.volume",
    "vox1.volume",
]


@pytest.fixture
def cohort(tmp_path: Path) -> Cohort:
    made = make_cohort(tmp_path / "cohort", PROGRAM, cases=3)
    made.results()
    assert [each for each in kept_operators_of_last_run(made.store) if "vox1" in each] == sorted(OF_ONE_ITEM * 3)
    return made


def write_image(path: Path, case: int) -> None:
    import SimpleITK as sitk

    sitk.WriteImage(sitk.GetImageFromArray(voxels(case)), str(path))


def test_a_changed_file_recomputes_what_depends_on_it(cohort: Cohort) -> None:
    before = cohort.results()
    write_image(cohort.folder / "images" / "case1.nii.gz", 99)
    after = cohort.results()
    assert [each for each in kept_operators_of_last_run(cohort.store) if "vox1" in each] == OF_ONE_ITEM
    assert after == cohort.results("--no-store")
    for old, new in zip(before["printed"], after["printed"], strict=True):
        assert [a == b for a, b in zip(old["value"], new["value"], strict=True)] == [True, False, True]


def test_a_file_of_the_same_name_size_and_time_is_another(tmp_path: Path) -> None:
    program = FUNCTIONS.replace("*.nii.gz", "*.nii") + 'print "volumes" for file in files do volume(largest(file))'
    cohort = make_cohort(tmp_path / "cohort", program, cases=0)
    path = cohort.folder / "images" / "case.nii"
    write_image(path, 1)
    # so old that the digest of the file is kept by its state
    status = path.stat()
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns - 10**13))
    before = cohort.results()
    status = path.stat()
    replacement = cohort.folder / "replacement.nii"
    write_image(replacement, 2)
    assert replacement.stat().st_size == status.st_size
    os.utime(replacement, ns=(status.st_atime_ns, status.st_mtime_ns))
    replacement.replace(path)
    after = cohort.results()
    assert "vox1.maxvol" in operators_of_last_run(cohort.store)
    assert after == cohort.results("--no-store") != before


META = "ObjectType = Image\nNDims = 3\nDimSize = 5 4 3\nElementType = MET_UCHAR\nElementDataFile {}\n"
NRRD = "NRRD0004\ntype: uint8\ndimension: 3\nsizes: 5 4 3\nencoding: raw\n{}\n"


@pytest.mark.parametrize(
    ("read", "header"),
    [
        ('"a.mha"', META.format("= vox.raw")),
        ('"a.mhd"', META.format(": vox.raw")),
        ('"m.foo", 3, "MetaImageIO"', META.format("= vox.raw")),
        ('"b.nrrd"', NRRD.format("data file: vox.raw")),
        ('"b.nrrd"', NRRD.format("datafile: vox.raw")),
        ('"x.hdr.gz"', ""),
    ],
)
def test_changed_voxels_beside_a_header_recompute_what_depends_on_them(tmp_path: Path, read: str, header: str) -> None:
    program = f'import "vox1"\nimport "simpleitk"\nprint "largest" max(intensity(ReadImage({read})))\n'
    cohort = make_cohort(tmp_path / "cohort", program, cases=0)
    if header:
        voxels = cohort.folder / "vox.raw"
        (cohort.folder / read.split('"')[1]).write_text(header)
    else:
        import SimpleITK as sitk

        voxels = cohort.folder / "x.img.gz"
        sitk.WriteImage(sitk.Image([5, 4, 3], sitk.sitkUInt8), str(cohort.folder / "x.hdr"))
        (cohort.folder / "x.hdr.gz").write_bytes(gzip.compress((cohort.folder / "x.hdr").read_bytes()))
        (cohort.folder / "x.hdr").unlink()
        (cohort.folder / "x.img").unlink()
    for largest in (7, 9):
        content = bytes([largest]) * 60
        voxels.write_bytes(content if header else gzip.compress(content))
        assert cohort.results()["printed"][0]["value"] == largest
    cohort.results()
    assert operators_of_last_run(cohort.store) == []


@pytest.mark.parametrize(("small", "capital"), [("e.mhd", "f.MHD"), ("e.nii", "f.Nii"), ("e.nii.gz", "f.Nii.gz")])
def test_endings_of_another_case_are_read_with_a_store_as_without(tmp_path: Path, small: str, capital: str) -> None:
    """ITK's readers go by the case, so a result of one name must not hide that another cannot be read."""
    program = 'import "vox1"\nimport "simpleitk"\nname = "{}"\nprint "largest" max(intensity(ReadImage(name)))\n'
    cohort = make_cohort(tmp_path / "cohort", program.format(small), cases=0)
    write_image(cohort.folder / small, 1)
    (cohort.folder / capital).write_bytes((cohort.folder / small).read_bytes())
    before = cohort.results()
    for options in (["--set", f"name={capital}"], ["--set", f"name={capital}", "--no-store"]):
        if capital == "f.MHD":
            assert cohort.results(*options)["printed"] == before["printed"]
        else:
            assert f"{capital} cannot be read: its ending" in cohort.run(*options).complaint()


def test_a_touched_or_renamed_file_recomputes_nothing(cohort: Cohort) -> None:
    before = cohort.results()
    for path in (cohort.folder / "images").iterdir():
        os.utime(path, (1, 1))
        path.replace(path.with_name(f"renamed_{path.name}"))
    assert cohort.results() == before
    assert operators_of_last_run(cohort.store) == []


def test_a_parameter_recomputes_what_depends_on_it(cohort: Cohort) -> None:
    after = cohort.results("--set", "level=0.3")
    assert [each for each in kept_operators_of_last_run(cohort.store) if "vox1" in each] == sorted(OF_ONE_ITEM * 3)
    assert after == cohort.results("--no-store", "--set", "level=0.3")
    cohort.results("--set", "level=0.2")
    assert operators_of_last_run(cohort.store) == []


WITH_OTHER_VERSION = """
import runpy, sys
from vlc_runtime.kernels import vox1
vox1.dt.version = 1000
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_a_version_of_a_kernel_recomputes_what_depends_on_it(cohort: Cohort) -> None:
    command = [sys.executable, "-c", WITH_OTHER_VERSION, cohort.script, "--json", "--quiet"]
    subprocess.run(command, cwd=cohort.folder, check=True, capture_output=True)
    dependents = sorted(["vox1.dt", "vox1.through", "vox1.volume"] * 3)
    assert [each for each in kept_operators_of_last_run(cohort.store) if "vox1" in each] == dependents
    cohort.results()
    assert operators_of_last_run(cohort.store) == []


def test_names_comments_and_order_recompute_nothing(cohort: Cohort) -> None:
    before = cohort.results()
    lines = PROGRAM.replace("largest", "biggest").replace("level", "threshold").replace("(file)", "(path)").splitlines()
    lines = ["// another comment", *(line.replace("file in", "path in") for line in lines)]
    lines[-2:] = reversed(lines[-2:])
    renamed = compile_into(cohort.folder, "\n".join(lines), "renamed")
    after = renamed.results()
    assert sorted(map(str, after["printed"])) == sorted(map(str, before["printed"]))
    assert operators_of_last_run(cohort.store) == []
    assert {run.status for run in assert_sound(cohort.store)} == {"done"}
