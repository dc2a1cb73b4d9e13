"""Operators that are computed together give the same bytes compiled and not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from vlc_runtime.fused import fused
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import block_program
from vlc_runtime.pointwise import Pointwise, fusion_of
from vlc_runtime.volume import Geometry, Volume

from vlc.workplan.kinds import BOOL_IMAGE
from vlc.workplan.operators import Signature, namespace

pytestmark = pytest.mark.skipif(find_spec("numba") is None, reason="nothing is compiled without numba")
POINTWISE = [signature for signature in namespace("vox1").values() if signature.fusion == "pointwise"]
NEGATIVE_NAN = np.uint32(0xFFC00000).view(np.float32)
OTHER_NAN = np.uint32(0x7FC12345).view(np.float32)
SPECIAL = [0.0, -0.0, 1.0, -2.5, 1e-9, 1.3e-8, np.nan, NEGATIVE_NAN, OTHER_NAN, np.inf, -np.inf, 3e38, 1e-44]


@pytest.fixture(autouse=True)
def compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_program, "LEAST_COMPILED", 0)


def image(seed: int, kind: Any = None, voxels: int = 3000) -> Volume:
    random = np.random.default_rng(seed)
    if kind == BOOL_IMAGE:
        return Volume(random.random((1, voxels)) > 0.5, Geometry.of_size(voxels, 1))
    return Volume(random.choice(np.array(SPECIAL, np.float32), (1, voxels)), Geometry.of_size(voxels, 1))


def both(monkeypatch: pytest.MonkeyPatch, body: Callable[..., Any], *arguments: Any) -> list[Any]:
    """The result compiled, and by numpy."""
    operator = fused(body, *arguments).operator
    results = [operator.compute(*arguments)]
    with monkeypatch.context() as plain:
        plain.setattr(block_program, "LEAST_COMPILED", 1 << 62)
        results.append(operator.compute(*arguments))
    return [_bytes(each) for each in results]


def _bytes(result: Any) -> Any:
    """The bytes of an image; which of two NaN an operation gives is the processor's choice."""
    if not isinstance(result, Volume):
        return repr(result)
    if result.array.dtype == np.bool_:
        return result.array.tobytes()
    return np.where(np.isnan(result.array), np.float32(np.nan), result.array).tobytes()


@pytest.mark.parametrize("signature", POINTWISE, ids=lambda signature: signature.name)
def test_each_operator(signature: Signature, monkeypatch: pytest.MonkeyPatch) -> None:
    operator = getattr(vox1, signature.operator.partition(".")[2])
    assert isinstance(fusion_of(operator.function), Pointwise)
    given = [
        image(place, formal.kind) if formal.kind.is_image else 1.5 + place
        for place, formal in enumerate(signature.formals)
    ]
    bodies: dict[int, Callable[..., Any]] = {
        1: lambda a: operator(a),
        2: lambda a, b: operator(a, b),
        3: lambda a, b, c: operator(a, b, c),
    }
    compiled, plain = both(monkeypatch, bodies[len(given)], *given)
    assert compiled == plain


def long(a: Any, b: Any, mask: Any, number: Any) -> Any:
    ratio = vox1.divide(vox1.mask(vox1.subtract(a, b), mask), vox1.add(b, vox1.sub_sv(number, a)))
    inside = vox1.logical_and(vox1.between(-2.0, 3.0, ratio), vox1.logical_not(mask))
    return vox1.mask(vox1.multiply(ratio, b), vox1.logical_xor(inside, vox1.logical_or(vox1.gt_sv(number, a), mask)))


@pytest.mark.parametrize("voxels", [1, 1000, 20 * (1 << 16) + 5])
def test_several_operators(voxels: int, monkeypatch: pytest.MonkeyPatch) -> None:
    given = image(1, None, voxels), image(2, None, voxels), image(3, BOOL_IMAGE, voxels), 0.5
    compiled, plain = both(monkeypatch, long, *given)
    assert compiled == plain


def test_reductions(monkeypatch: pytest.MonkeyPatch) -> None:
    voxels = 3 * (1 << 16) + 7
    finite = Volume(np.random.default_rng(5).normal(size=(1, voxels)).astype(np.float32), Geometry.of_size(voxels, 1))
    mask = image(3, BOOL_IMAGE, voxels)
    bodies: list[Callable[..., Any]] = [
        lambda a, b: vox1.volume(vox1.logical_and(vox1.gt_sv(0.5, a), b)),
        lambda a, b: vox1.maximum(vox1.mask(vox1.mul_vs(a, 3.0), b)),
        lambda a, b: vox1.avg(vox1.add_vs(a, 1.0), vox1.logical_not(b)),
        lambda a, b: vox1.avg(vox1.add_vs(a, 1.0), b),
    ]
    for body in bodies:
        compiled, plain = both(monkeypatch, body, finite, mask)
        assert compiled == plain


def test_whole_numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    for dtype in (np.int16, np.uint8, np.float64):
        voxels = np.random.default_rng(6).integers(0, 3, (1, 500)).astype(dtype)
        whole = Volume(voxels, Geometry.of_size(500, 1))
        compiled, plain = both(monkeypatch, lambda a: vox1.mul_vs(vox1.add_vs(a, 0.1), 2.0), whole)
        assert compiled == plain


SCRIPT = """
import numba
import numpy as np
from vlc_runtime.fused import fused
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms import block_program
from vlc_runtime.kernels.fast import block_program as compiled
from vlc_runtime.volume import Geometry, Volume
block_program.LEAST_COMPILED = 0
image = Volume(np.arange(9, dtype=np.float32).reshape(3, 3), Geometry.of_size(3, 3))
print(fused(lambda a: vox1.volume(vox1.gt_sv(5.0, vox1.add_vs(a, 1.0))), image).operator.compute(image))
loop = compiled._loop.cache_info()
print(loop.currsize, compiled._cache_folder().exists())
"""


def run(**environment: str) -> str:
    command = [sys.executable, "-c", SCRIPT]
    return subprocess.run(command, env={**os.environ, **environment}, capture_output=True, text=True, check=True).stdout


def test_machine_code_is_kept_for_other_processes(tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("the cache folder is the system's")
    first = run(XDG_CACHE_HOME=str(tmp_path))
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "vlc_runtime").rglob("*.nbc")}
    assert kept
    assert run(XDG_CACHE_HOME=str(tmp_path)) == first == "4.0\n1 True\n"
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "vlc_runtime").rglob("*.nbc")} == kept


def test_without_a_place_numpy_computes(tmp_path: Path) -> None:
    if sys.platform == "darwin":
        pytest.skip("the cache folder is the system's")
    (tmp_path / "file").write_text("no folder")
    assert run(XDG_CACHE_HOME=str(tmp_path / "file")) == "4.0\n1 False\n"
