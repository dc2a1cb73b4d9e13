"""What results are predicted to take is what they take."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from vlc_runtime.steps import Step
from vlc_runtime.volume import Volume

from tests.memory.plans import SIZE, computed, forecast_of, forecast_program, head
from tests.vl1.programs import plan_of

START = """
import "vox1"
import "simpleitk"
raw = ReadImage("{folder}/head.nii.gz")
flair = intensity(raw)
bright = flair > 200
"""
EXPRESSIONS = [
    "flair + 1",
    "flair * flair",
    "2 / flair",
    "abs(flair)",
    "mask(flair, bright)",
    "x + flair",
    "!bright",
    "bright & (flair < 250)",
    "near(bright)",
    "interior(bright)",
    "through(bright, flair > 100)",
    "lcc(bright)",
    "maxvol(bright)",
    "dt(bright)",
    "dt(bright) <=. 2",
    "percentiles(flair, bright, 0.5)",
    "percentiles(flair, bright, 0.5) >. 0.5",
    "gradient(flair)",
    "otsu(flair, bright, 50)",
    "crossCorrelation(1, flair, flair, bright, min(flair), max(flair), 10)",
    "rgb(flair, flair, flair)",
    "red(rgb(flair, flair, flair))",
    "extract(flair, [10, 12, 0], [0, 0, 3])",
    "DiscreteGaussian(raw)",
    "SignedMaurerDistanceMap(bright)",
    "SignedMaurerDistanceMap(BinaryThreshold(raw, 100, 200))",
    "ConnectedComponent(BinaryThreshold(raw, 100, 200))",
    "GradientMagnitude(raw)",
    "MorphologicalWatershed(raw, 20)",
    "RegionalMaxima(raw)",
    "LaplacianRecursiveGaussian(raw)",
    "RecursiveGaussian(raw)",
    "CurvatureFlow(raw)",
    "Normalize(flair)",
    "BoundedReciprocal(bright)",
    "AntiAliasBinary(bright)",
    'Cast(raw, "sitkFloat64")',
    'Cast(raw, "sitkUInt8")',
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("images")
    head(folder / "head.nii.gz")
    return folder


def taken(value: object) -> int:
    return value.nbytes if isinstance(value, Volume) else 0


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_every_result_takes_what_was_predicted(folder: Path, expression: str) -> None:
    schedule = forecast_program(f'{START.format(folder=folder)}print "r" {expression}\n').schedule
    assert schedule.liveness is not None
    extents = schedule.liveness.extents
    sizes: dict[bytes, int] = {}
    for step, value in computed(schedule.order):
        same_as = extents.of(step).same_as
        sizes[step.key] = sizes[same_as] if same_as is not None else extents.bytes_of(step)
        assert sizes[step.key] == taken(value), step.operator


@pytest.mark.parametrize("pixel", [np.uint8, np.int16, np.float32, np.float64])
@pytest.mark.parametrize("dialect", ["vl1", "vl2"])
def test_files_of_any_type_in_both_dialects(tmp_path: Path, pixel: type, dialect: str) -> None:
    path = head(tmp_path / "image.nii", pixel=pixel)
    vl1 = f'load i = "{path}"\nprint "r" volume(intensity(i) >. 100)\n'
    vl2 = f'import "vox1"\nimport "simpleitk"\nprint "r" volume(intensity(ReadImage("{path}")) >. 100)\n'
    schedule = forecast_of(plan_of(vl1 if dialect == "vl1" else vl2, dialect)).schedule
    assert schedule.liveness is not None
    for step, value in computed(schedule.order):
        extent = schedule.liveness.extents.of(step)
        assert extent.is_image == isinstance(value, Volume)
        if isinstance(value, Volume):
            assert (extent.pixel_type, extent.geometry) == (value.array.dtype.name, value.geometry)


def test_a_slice_stored_as_a_volume_loses_its_axis(tmp_path: Path) -> None:
    path = head(tmp_path / "slice.nii", (30, 20, 1))
    schedule = forecast_of(plan_of(f'load i = "{path}"\nprint "r" volume(intensity(i) >. 100)\n')).schedule
    assert schedule.liveness is not None
    sizes = {schedule.liveness.extents.of(step).geometry for task in schedule.order for step in task.steps}
    assert {geometry.size for geometry in sizes if geometry is not None} == {(30, 20)}


def test_colours_count_their_components() -> None:
    image = Path(__file__).parents[1] / "vectors" / "c.png"
    schedule = forecast_of(plan_of(f'load i = "{image}"\nprint "r" volume(red(i) >. 100)\n')).schedule
    assert schedule.liveness is not None
    for step, value in computed(schedule.order):
        assert schedule.liveness.extents.bytes_of(step) == taken(value)


def test_what_is_not_known_is_as_large_as_the_largest_known(tmp_path: Path) -> None:
    large, small = head(tmp_path / "large.nii"), head(tmp_path / "small.nii", (8, 8, 8))
    text = f"""import "simpleitk"
    import "vox1"
    print "r" max(intensity(Resample(ReadImage("{small}"), ReadImage("{large}"))))
    print "s" max(intensity(ReadImage("{tmp_path}/missing.nii")))
    """
    schedule = forecast_program(text).schedule
    assert schedule.liveness is not None
    extents = schedule.liveness.extents
    found: dict[str, list[Step]] = {}
    for task in schedule.order:
        for step in task.steps:
            found.setdefault(step.operator.identifier, []).append(step)
    (resampled,) = found["simpleitk.Resample"]
    geometry = extents.of(resampled).geometry
    assert geometry is not None and geometry.size == SIZE
    sizes = sorted(extents.bytes_of(step) for step in found["simpleitk.ReadImage"])
    assert sizes == [8**3 * 2, 40 * 30 * 20 * 2, 40 * 30 * 20 * 4]


def test_scalars_take_nothing_and_are_not_looked_at() -> None:
    assert forecast_program('print "r" for i in range(5) do i * 2').schedule.memory is None
