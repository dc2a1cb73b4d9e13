"""Namespaces of one's own: what a package registers is compiled against, run, stored, computed again when changed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vlc_runtime.own_results import converted
from vlc_runtime.volume import Geometry, Volume

from tests.run.programs import Ended, run_command, write_image

MODULE = """
from __future__ import annotations
import numpy as np
from vlc_runtime.volume import BoolImage, NumberImage

def brighter(image: NumberImage, factor: float) -> NumberImage:
    \"\"\"The image times a factor.\"\"\"
    return image.like(image.array * np.float32(factor))

def total_inside(image: NumberImage, mask: BoolImage) -> float:
    return image.array[mask.array].sum()

def counts(image: NumberImage, bins: int) -> list[int]:
    return list(np.histogram(image.array, bins)[0])

def bare(image: NumberImage) -> NumberImage:
    return image.array

def failing(image: NumberImage) -> float:
    raise ValueError("no such lesion")

def _helper(anything):
    return anything
"""
PROGRAM = """
import "vox1"
import "simpleitk"
import "lesions"
lesions = intensity(ReadImage("image.nii.gz"))
print "total" total_inside(brighter(lesions, 2), lesions > 4)
print "counts" counts(lesions, 3)
print "each" for k in [1, 2] do lesions.total_inside(lesions.brighter(lesions, k), lesions > 4)
"""


class Machine:
    """A folder with programs, and a package on the path for imports."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch) -> None:
        self.folder = folder
        self.packages = folder / "packages"
        write_image(folder / "image.nii.gz")
        patch.setenv("PYTHONPATH", str(self.packages))
        self.install()

    def install(self, module: str = MODULE, version: str = "1.0", package: str = "our_package") -> None:
        home = self.packages / package
        home.mkdir(parents=True, exist_ok=True)
        (home / "__init__.py").write_text("")
        (home / "lesions.py").write_text(module)
        facts = self.packages / f"{package}.dist-info"
        facts.mkdir(exist_ok=True)
        (facts / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
        (facts / "entry_points.txt").write_text(f"[vlc.namespaces]\nlesions = {package}.lesions\n")

    def vlc(self, *arguments: str, program: str = PROGRAM) -> Ended:
        (self.folder / "program.imgql").write_text(program, "utf-8")
        return run_command([sys.executable, "-m", "vlc", *arguments], self.folder)

    def script(self, *options: str) -> Ended:
        return run_command([sys.executable, "script.py", *options], self.folder)

    def left_to_do(self) -> str:
        """How much a run would compute, and what of the namespace."""
        lines = self.script("--dry-run").out.splitlines()
        return "; ".join([lines[0], *(line.strip() for line in lines if "compute" in line and "lesions" in line)])


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def expected(machine: Machine) -> str:
    import SimpleITK as sitk

    voxels = sitk.GetArrayFromImage(sitk.ReadImage(str(machine.folder / "image.nii.gz")))
    total = float(voxels[voxels > 4].sum())
    counts = [int(count) for count in np.histogram(voxels, 3)[0]]
    return f"total={2 * total}\ncounts={counts}\neach=[{total}, {2 * total}]\n"


def test_a_program_with_it_runs_wherever_the_package_is(machine: Machine) -> None:
    """A value of the same name in the program does not hide it."""
    assert machine.vlc("compile", "program.imgql", "-o", "script.py").status == 0
    assert "namespaces.lesions.brighter(lesions, 2.0)" in (machine.folder / "script.py").read_text()
    for scheduler in ("threads", "processes", "sync"):
        ended = machine.script("--scheduler", scheduler, "--store", scheduler, "--quiet")
        assert (ended.status, ended.out) == (0, expected(machine)), ended.err
    assert machine.script("--store", "threads", "--dry-run").out.splitlines()[0].startswith("0 to compute")


def test_its_version_and_text_are_part_of_the_keys(machine: Machine) -> None:
    machine.vlc("compile", "program.imgql", "-o", "script.py")
    assert machine.script("--quiet").status == 0
    assert machine.left_to_do().startswith("0 to compute")
    machine.install(version="1.1")
    assert not machine.left_to_do().startswith("0 to compute")
    machine.install()
    assert machine.left_to_do().startswith("0 to compute")
    machine.install(MODULE.replace(".sum()", ".sum() + 1"))
    assert not machine.left_to_do().startswith("0 to compute")


def test_what_fails_in_it_is_a_failure_like_others(machine: Machine) -> None:
    text = 'import "vox1"\nimport "simpleitk"\nimport "lesions"\nimage = intensity(ReadImage("image.nii.gz"))\n'
    text += 'print "bare" max(bare(image))\nprint "failing" failing(image)\nprint "right" max(brighter(image, 2))\n'
    ended = machine.vlc("run", "program.imgql", "--quiet", program=text)
    assert (ended.status, ended.out) == (1, "right=18.0\n")
    assert "`lesions.bare` gave an array of float32, which has no grid: `image.like(array)` makes an image" in ended.err
    assert "ValueError: no such lesion" in ended.err


def test_where_the_package_is_missing_the_script_says_so(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.vlc("compile", "program.imgql", "-o", "script.py")
    monkeypatch.delenv("PYTHONPATH")
    ended = machine.script()
    assert ended.status == 2
    assert ended.err.splitlines()[0] == "error: the namespace `lesions` is not installed here"
    assert "Traceback" not in ended.err


def test_a_version_without_a_function_is_told(machine: Machine) -> None:
    machine.vlc("compile", "program.imgql", "-o", "script.py")
    machine.install(MODULE.replace("def counts", "def other"))
    ended = machine.script()
    assert ended.status == 2
    assert "the namespace `lesions` of our_package has no function `counts`" in ended.err


UNUSABLE = {
    "no text": ("import numpy\n", "annotations that are no text"),
    "syntax": ("from __future__ import annotations\ndef (", "cannot be used: invalid syntax"),
    "kind": (
        "from __future__ import annotations\ndef f(a: np.ndarray) -> float: ...\n",
        "`f` has an annotation 'np.ndarray' of no kind",
    ),
    "keyword": (
        "from __future__ import annotations\ndef f(a: float, *, b: float) -> float: ...\n",
        "`f` has arguments that are not plain ones",
    ),
    "none": ("from __future__ import annotations\ndef f() -> float: ...\n", "`f` has no parameters"),
}


@pytest.mark.parametrize("case", UNUSABLE)
def test_a_module_that_cannot_be_used_is_an_error_at_the_import(machine: Machine, case: str) -> None:
    module, message = UNUSABLE[case]
    machine.install(module)
    ended = machine.vlc("check", "program.imgql")
    assert ended.status == 1
    assert message in ended.err and "program.imgql:4:8" in ended.err and "Traceback" not in ended.err


@pytest.mark.parametrize("name", ["class", "_hidden", "größe", "two words", "vox1"])
def test_names_that_scripts_could_not_use_are_no_namespaces(machine: Machine, name: str) -> None:
    """One that is bundled stays what it is."""
    (machine.packages / "our_package.dist-info" / "entry_points.txt").write_text(
        f"[vlc.namespaces]\n{name} = our_package.lesions\n", "utf-8"
    )
    ended = machine.vlc("check", "program.imgql", program=f'import "{name}"\nprint "a" brighter(3, 2)\n')
    assert ("there is no namespace" in ended.err) == (name != "vox1")
    assert "`brighter` is not defined" in ended.err and "Traceback" not in ended.err


def test_two_packages_with_one_namespace_are_an_error(machine: Machine) -> None:
    machine.install(package="their_package")
    ended = machine.vlc("check", "program.imgql")
    assert "the namespace `lesions` is registered by our_package and their_package" in ended.err


def test_programs_are_checked_against_its_signatures(machine: Machine) -> None:
    text = 'import "lesions"\nprint "a" brighter(3, 2)\nprint "b" lesions.brigther(3, 2)\nprint "c" _helper(3)\n'
    err = machine.vlc("check", "program.imgql", program=text).err
    assert "`brighter` wants an image of numbers as argument 1, and this is a number" in err
    assert "did you mean `brighter`?" in err
    assert "`_helper` is not defined" in err
    text = 'print "a" lesions.counts(3, 2)\n'
    assert 'add `import "lesions"` above' in machine.vlc("check", "program.imgql", program=text).err


def test_it_is_listed(machine: Machine) -> None:
    assert "  brighter(image: image of numbers, factor: number) -> image of numbers" in machine.vlc("primitives").out
    assert "The image times a factor." in machine.vlc("primitives", "lesions.brighter").out
    assert "namespace lesions, of the package our_package" in machine.vlc("doctor").out


IMAGE = Volume(np.zeros((2, 3), np.float64), Geometry.of_size(3, 2))


@pytest.mark.parametrize(
    ("value", "annotation", "result"),
    [
        (np.float32(0.5), "float", 0.5),
        (3, "float", 3),
        (np.bool_(True), "bool", True),
        ((np.int64(1), 2), "list[int]", [1, 2]),
        ("a", "str", "a"),
        ([["a"]], "list[list[str]]", [["a"]]),
    ],
)
def test_results_are_values_of_the_language(value: Any, annotation: str, result: Any) -> None:
    found = converted(value, annotation)
    assert found == result and type(found) is type(result)


def test_images_get_the_voxels_of_their_kind() -> None:
    assert converted(IMAGE, "NumberImage").array.dtype == np.float32
    assert converted(Volume(np.ones((2, 3), np.uint8), IMAGE.geometry), "BoolImage").array.dtype == np.bool_
    assert converted(IMAGE, "AnyImage") is IMAGE


@pytest.mark.parametrize(
    ("make", "annotation", "message"),
    [
        (lambda: None, "float", "gave nothing"),
        (lambda: True, "float", "gave a bool"),
        (lambda: 1, "bool", "gave a int"),
        (lambda: "a", "list[str]", "gave a str"),
        (lambda: 0.5, "NumberImage", "gave a float"),
        (lambda: IMAGE, "BoolImage", "gave an image of another kind"),
    ],
)
def test_other_results_are_refused(make: Callable[[], Any], annotation: str, message: str) -> None:
    with pytest.raises(TypeError, match=message):
        converted(make(), annotation)
