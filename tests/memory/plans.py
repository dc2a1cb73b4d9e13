"""Plans of programs on real images, forecast and then computed step by step."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import SimpleITK as sitk
from vlc_runtime.clustering import Cluster
from vlc_runtime.failures import Failure
from vlc_runtime.forecast import Forecast, forecast
from vlc_runtime.image_files import read_header
from vlc_runtime.plan import Plan
from vlc_runtime.source_lines import SourceLines
from vlc_runtime.steps import Items, Known, Step, Value
from vlc_runtime.worker import compute

from tests.vl1.programs import plan_of

SIZE = (40, 30, 20)


def head(path: Path, size: tuple[int, ...] = SIZE, seed: int = 0, pixel: type = np.int16) -> Path:
    """A ball of whole numbers in nothing, so that regions of it have a boundary."""
    shape = size[::-1]
    places = np.meshgrid(*(np.linspace(-1, 1, extent) for extent in shape), indexing="ij")
    inside = sum(place**2 for place in places) < 0.7
    voxels = np.where(inside, np.random.default_rng(seed).integers(50, 300, shape), 0).astype(pixel)
    path.parent.mkdir(parents=True, exist_ok=True)
    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(path))
    return path


def forecast_of(plan: Plan, workers: int = 1) -> Forecast:
    return forecast(plan, read_header, SourceLines(), workers, None)


def forecast_program(text: str, workers: int = 1) -> Forecast:
    """What a program of vl2 is predicted to take."""
    return forecast_of(plan_of(text, "vl2"), workers)


def computed(order: list[Cluster]) -> Iterator[tuple[Step, Any]]:
    """Every step with its result, which stays alive."""
    values: dict[bytes, Any] = {}
    for task in order:
        for step in task.steps:
            result = compute(step.operator, [_value(operand, values) for operand in step.inputs], step.key)
            assert not isinstance(result, Failure), result
            values[step.key] = result
            yield step, result


def _value(operand: Value, values: dict[bytes, Any]) -> Any:
    if isinstance(operand, Known):
        return operand.value
    if isinstance(operand, Items):
        return [_value(item, values) for item in operand.values]
    assert isinstance(operand, Step)
    return values[operand.key]
