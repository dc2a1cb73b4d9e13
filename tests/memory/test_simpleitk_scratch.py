"""What SimpleITK's filters take inside is in the forecast, and a run that is allowed just that keeps within it."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from vlc_runtime.clustering import Cluster
from vlc_runtime.kernels import simpleitk as namespace
from vlc_runtime.kernels import simpleitk_scratch
from vlc_runtime.kernels.simpleitk_scratch import PADDED_TO_BOTH, SCRATCH
from vlc_runtime.kernels.simpleitk_table import functions
from vlc_runtime.steps import Step

from tests.memory.plans import SIZE, forecast_program, head
from tests.run.programs import run_script, script_of

BEGINNING = """
import "vox1"
import "simpleitk"
flair = intensity(ReadImage("{path}"))
"""
VOXELS = int(np.prod(SIZE))
TABLE = Path(simpleitk_scratch.__file__)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return head(tmp_path_factory.mktemp("images") / "head.nii", pixel=np.float32)


def working(image: Path, expression: str, operator: str) -> int:
    """The bytes that the step of one operator of a program is predicted to take for a while."""
    schedule = forecast_program(f'{BEGINNING.format(path=image)}print "r" max(intensity({expression}))\n').schedule
    assert schedule.liveness is not None
    (step,) = [step for step in all_steps(schedule.order) if step.operator.identifier == f"simpleitk.{operator}"]
    return schedule.liveness.working(step)


def all_steps(order: list[Cluster]) -> list[Step]:
    return [step for task in order for step in task.steps]


def test_the_table_names_functions_that_take_and_give_images_or_numbers_of_them() -> None:
    assert functions().keys() >= SCRATCH.keys() >= PADDED_TO_BOTH
    for name, taken in SCRATCH.items():
        assert taken > 0
        assert getattr(namespace, name).scratch == taken
        kinds = {parameter.kind for form in functions()[name].forms for parameter in form.parameters}
        assert kinds & {"image", "sequence[image]"}, name


def test_every_name_stands_once() -> None:
    text = TABLE.read_text("utf-8")
    measured = text[text.index("_MEASURED = {") : text.index("PADDED_TO_BOTH")]
    for name in SCRATCH:
        assert len(re.findall(rf"\b{name}\b", measured)) == 1, name


def test_reading_the_table_imports_nothing() -> None:
    tree = ast.parse(TABLE.read_text("utf-8"))
    imported = [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert [ast.unparse(node) for node in imported] == ["from __future__ import annotations"]


@pytest.mark.parametrize(
    ("expression", "operator"),
    [
        ("HConvex(flair, 10)", "HConvex"),
        ("CannyEdgeDetection(flair, 5, 10, [1, 1, 1])", "CannyEdgeDetection"),
        ("GrayscaleFillhole(flair)", "GrayscaleFillhole"),
    ],
)
def test_a_filter_of_the_table_takes_more_than_another(image: Path, expression: str, operator: str) -> None:
    copy = working(image, "Abs(flair)", "Abs")
    assert copy == 4 * VOXELS
    assert working(image, expression, operator) == copy + SCRATCH[operator] * VOXELS


def test_convolutions_compute_on_a_grid_as_long_as_both_images(image: Path) -> None:
    taken = SCRATCH["FFTConvolution"]
    with_itself = working(image, "FFTConvolution(flair, flair)", "FFTConvolution")
    assert with_itself == 4 * VOXELS + taken * 8 * VOXELS
    kernel = "extract(flair, [5, 5, 5], [9, 9, 9])"
    with_small = working(image, f"FFTConvolution(flair, {kernel})", "FFTConvolution")
    padded = int(np.prod([extent + 5 for extent in SIZE]))
    assert with_small == 4 * (VOXELS + 125) + taken * padded


def test_a_function_that_needs_an_image_of_its_own_has_a_copy(image: Path) -> None:
    """Of an image of SimpleITK as well, which others take as it is."""
    assert working(image, "Crop(Abs(flair), [1, 1, 1])", "Crop") == 4 * VOXELS
    assert working(image, "Sqrt(Abs(flair))", "Sqrt") == 0


@pytest.mark.parametrize(
    ("size", "expression"),
    [
        ((110, 110, 80), "FFTConvolution(flair, flair)"),
        ((180, 180, 160), "SignedDanielssonDistanceMap(flair > 200)"),
    ],
)
def test_a_real_process_keeps_within_what_it_is_just_allowed(
    tmp_path: Path, size: tuple[int, int, int], expression: str
) -> None:
    head(tmp_path / "head.nii", size, pixel=np.float32)
    text = f'{BEGINNING.format(path="head.nii")}print "r" max(intensity({expression}))\n'
    script = script_of(tmp_path, text)
    refused = run_script(script, "--no-store", "--memory", "10MB")
    named = re.search(r"--memory (\d+)MB", refused.err)
    assert named is not None, refused.err
    allowed = int(named.group(1))
    assert run_script(script, "--no-store", "--memory", f"{allowed - 1}MB").status == 1
    status, peak = peak_of(script, "--no-store", "--quiet", "--memory", f"{allowed}MB")
    assert status == 0
    assert peak <= 1.1 * allowed


def peak_of(script: Path, *options: str) -> tuple[int, float]:
    """How a run of a script ends, and the megabytes that were resident at most. Started by a small process: what the
    parent ever had counts in its children's most."""
    watched = [sys.executable, "-c", WATCH, sys.executable, str(script), *options]
    ended = subprocess.run(watched, cwd=script.parent, capture_output=True, text=True, check=True)
    status, peak = map(int, ended.stdout.split())
    return status, peak * (1 if sys.platform == "darwin" else 1024) / 1e6


WATCH = """
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)
os._exit(0)
"""
