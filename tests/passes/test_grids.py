"""What passes hold of grids: an operator of vox1 gives an image on the very grid of one of the images it is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from vlc_runtime.kernels import vox1
from vlc_runtime.volume import Geometry, Volume

from vlc.compiler import plan_source
from vlc.diagnostics import Source
from vlc.passes import PASSES, run_passes
from vlc.passes.rewriting import OWN_GRID
from vlc.workplan import kinds
from vlc.workplan.operators import Signature, namespace
from vlc.workplan.plan import check

OPERATORS = [
    signature
    for signature in namespace("vox1").values()
    if signature.result.is_image and signature.operator not in OWN_GRID
]


def image(kind: kinds.Kind, position: int) -> Volume:
    """An image whose origin tells its position, within the tolerance in which grids agree."""
    plain = Geometry.of_size(5, 4)
    grid = Geometry(plain.size, plain.spacing, (position * 1e-8, 0.0), plain.direction)
    voxels = np.arange(20, dtype=np.float32).reshape(4, 5)
    if kind == kinds.BOOL_IMAGE:
        return Volume(voxels % 3 == 0, grid)
    if kind == kinds.COLOUR_IMAGE:
        return Volume(np.stack([voxels] * 3, axis=-1), grid, 3)
    return Volume(voxels, grid)


def arguments_of(signature: Signature) -> list[Any]:
    given: list[Any] = []
    for position, formal in enumerate(signature.formals):
        if formal.kind.is_image:
            given.append(image(formal.kind, position))
        elif formal.kind == kinds.RANK_HISTOGRAM:
            given.append(vox1.rank_histogram.compute(*given[1:3]))
        else:
            given.append(True if formal.kind == kinds.BOOL else float(position + 1))
    return [*given, image(kinds.NUMBER_IMAGE, 9)] if signature.like else given


@pytest.mark.parametrize("signature", OPERATORS, ids=lambda signature: signature.operator)
def test_results_lie_on_a_grid_that_was_given(signature: Signature) -> None:
    given = arguments_of(signature)
    kernel = getattr(vox1, signature.operator.partition(".")[2])
    result = kernel.compute(*given)
    assert result.geometry in [each.geometry for each in given if isinstance(each, Volume)]


def test_long_chains() -> None:
    lines = ['import "vox1"', 'a0 = intensity(vox1.load("a.nii")) > 1']
    lines += [f"a{number + 1} = xor(not(not(near(a{number}))), a0)" for number in range(12_000)]
    plan, _ = plan_source(Source("program.imgql", "\n".join([*lines, 'print "last" volume(a12000)'])))
    after = run_passes(plan, PASSES)
    check(after)
    assert len(after.nodes) < 25_000 < len(plan.nodes)
