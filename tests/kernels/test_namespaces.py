"""A namespace is a module or a package under `kernels`; its operators survive a process border."""

import pickle

import numpy as np
import pytest
from vlc_runtime.kernels import vox1
from vlc_runtime.operator import Operator, namespace_of
from vlc_runtime.volume import Geometry, Volume


@pytest.mark.parametrize(
    ("module", "namespace"),
    [
        ("vlc_runtime.kernels.scalar", "scalar"),
        ("vlc_runtime.kernels.vox1", "vox1"),
        ("vlc_runtime.kernels.vox1.distance", "vox1"),
        ("hospital.radiomics", "radiomics"),
        ("radiomics", "radiomics"),
    ],
)
def test_namespace_of_module(module: str, namespace: str) -> None:
    assert namespace_of(module) == namespace


@pytest.mark.parametrize("name", vox1.__all__)
def test_operators_are_named_by_their_namespace(name: str) -> None:
    operator = getattr(vox1, name)
    assert isinstance(operator, Operator)
    assert operator.identifier == f"vox1.{name}"
    assert pickle.loads(pickle.dumps(operator)) is operator


def test_distance_of_a_row() -> None:
    row = Volume(np.array([[1, 1, 1, 1, 0, 0]], dtype=np.uint8), Geometry.of_size(6, 1))
    assert vox1.dt.compute(row).array.tolist() == [[-3, -2, -1, 0, 1, 2]]
