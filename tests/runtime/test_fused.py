"""Operators that are computed together: what they give is what they give one after the other."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.digest import digest
from vlc_runtime.errors import FusedFailure, RuntimeFailure
from vlc_runtime.fused import FusedApply, fused
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.blocks import BLOCK
from vlc_runtime.operator import Operator
from vlc_runtime.pointwise import Pointwise, fusion_of
from vlc_runtime.volume import Geometry, Volume

from vlc.workplan import kinds
from vlc.workplan.operators import namespace

FUSED = [signature for signature in namespace("vox1").values() if signature.fusion]
SPECIAL = np.array([0.0, -0.0, 1.0, -2.5, 1e-9, np.nan, np.inf, -np.inf, 3e38, 1e-44], np.float32)


def kernel(name: str) -> Operator:
    found = getattr(vox1, name.partition(".")[2])
    assert isinstance(found, Operator)
    return found


def numbers(seed: int, shape: tuple[int, ...] = (3, 4, 5)) -> Volume:
    return Volume(np.random.default_rng(seed).choice(SPECIAL, shape), Geometry.of_size(*shape[::-1]))


def bools(seed: int, shape: tuple[int, ...] = (3, 4, 5)) -> Volume:
    return Volume(np.random.default_rng(seed).random(shape) > 0.5, Geometry.of_size(*shape[::-1]))


def same(left: Any, right: Any) -> bool:
    if isinstance(left, Volume):
        return (
            left.array.dtype == right.array.dtype
            and left.array.tobytes() == right.array.tobytes()
            and left.geometry == right.geometry
        )
    return type(left) is type(right) and repr(left) == repr(right)


def fused_of(body: Callable[..., Any], *arguments: Any) -> FusedApply:
    return fused(body, *arguments)


def arguments_of(kinds_wanted: list[kinds.Kind]) -> list[Any]:
    given: list[Any] = []
    for position, kind in enumerate(kinds_wanted):
        if kind.is_image:
            given.append(bools(position) if kind == kinds.BOOL_IMAGE else numbers(position))
        else:
            given.append(0.5 + position)
    return given


def test_what_the_compiler_fuses_is_what_the_runtime_can_fuse() -> None:
    marked = {signature.operator for signature in FUSED}
    able = {
        signature.operator
        for signature in namespace("vox1").values()
        if fusion_of(kernel(signature.operator).function) is not None
    }
    assert marked == able
    for signature in FUSED:
        pointwise = isinstance(fusion_of(kernel(signature.operator).function), Pointwise)
        assert (signature.fusion == "pointwise") == pointwise == signature.result.is_image


@pytest.mark.parametrize("signature", FUSED, ids=lambda signature: signature.name)
def test_each_operator_by_itself(signature: Any) -> None:
    operator = kernel(signature.operator)
    arguments = arguments_of([formal.kind for formal in signature.formals])
    body: Callable[..., Any] = {
        1: lambda a: operator(a),
        2: lambda a, b: operator(a, b),
        3: lambda a, b, c: operator(a, b, c),
    }[len(arguments)]
    assert same(fused_of(body, *arguments).operator.compute(*arguments), operator.compute(*arguments))


def brighter(image: Any, other: Any, mask: Any, number: Any) -> Any:
    scaled = vox1.divide(vox1.mask(vox1.add_vs(image, 1.5), mask), other)
    found = vox1.logical_and(vox1.between(-2.0, 3.0, scaled), vox1.logical_not(mask))
    return vox1.logical_xor(found, vox1.greater(scaled, vox1.sub_sv(number, other)))


def brighter_in_turn(image: Any, other: Any, mask: Any, number: float) -> Any:
    scaled = vox1.divide.compute(vox1.mask.compute(vox1.add_vs.compute(image, 1.5), mask), other)
    found = vox1.logical_and.compute(vox1.between.compute(-2.0, 3.0, scaled), vox1.logical_not.compute(mask))
    return vox1.logical_xor.compute(found, vox1.greater.compute(scaled, vox1.sub_sv.compute(number, other)))


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.lists(st.integers(0, 6), min_size=2, max_size=3), st.floats())
def test_several_operators(seed: int, shape: list[int], number: float) -> None:
    grid = tuple(shape)
    given_images = numbers(seed, grid), numbers(seed + 1, grid), bools(seed + 2, grid)
    together = fused_of(brighter, *given_images, number).operator.compute(*given_images, number)
    assert same(together, brighter_in_turn(*given_images, number))


@pytest.mark.parametrize("voxels", [BLOCK - 1, BLOCK, 40 * BLOCK + 17])
def test_any_number_of_blocks(voxels: int) -> None:
    images = numbers(1, (1, voxels)), numbers(2, (1, voxels)), bools(3, (1, voxels))
    operator = fused_of(brighter, *images, 2.0).operator
    expected = brighter_in_turn(*images, 2.0)
    mean = fused_of(lambda image, mask: vox1.avg(vox1.add_vs(image, 1.0), vox1.logical_not(mask)), *images[::2])
    finite = Volume(np.random.default_rng(4).normal(size=(1, voxels)).astype(np.float32), images[0].geometry)
    one = vox1.avg.compute(vox1.add_vs.compute(finite, 1.0), vox1.logical_not.compute(images[2]))
    assert same(operator.compute(*images, 2.0), expected)
    assert mean.operator.compute(finite, images[2]) == one


def test_images_of_whole_numbers_are_numbers_and_bools() -> None:
    voxels = np.random.default_rng(5).integers(0, 3, (4, 5)).astype(np.int16)
    image = Volume(voxels, Geometry.of_size(5, 4))
    operator = fused_of(lambda a: vox1.mask(vox1.mul_vs(a, 2.0), a), image).operator
    assert operator.compute(image).array.tolist() == (2.0 * voxels).tolist()


def test_the_key_is_that_of_the_operators_one_after_the_other() -> None:
    images = numbers(1), bools(2)
    operator = fused_of(lambda a, b: vox1.volume(vox1.logical_and(vox1.geq_sv(2, a), b)), *images).operator
    image_key, mask_key, number_key = digest("a"), digest("b"), digest("value", 2.0)
    inner = vox1.logical_and.key((vox1.geq_sv.key((number_key, image_key)), mask_key))
    assert operator.key((image_key, mask_key)) == vox1.volume.key((inner,))
    assert (operator.identifier, operator.cost) == ("vox1.volume", "heavy")


def test_a_fused_operator_goes_to_another_process() -> None:
    images = numbers(1), numbers(2), bools(3)
    operator = fused_of(brighter, *images, 1.0).operator
    copy = pickle.loads(pickle.dumps(operator))
    assert same(copy.compute(*images, 1.0), operator.compute(*images, 1.0))
    assert copy.key((b"a", b"b", b"c", b"d")) == operator.key((b"a", b"b", b"c", b"d"))


FAILURES: dict[str, tuple[Callable[..., Any], list[Any], int]] = {
    "another grid": (
        lambda a, b: vox1.volume(vox1.logical_not(vox1.logical_and(vox1.gt_sv(1.0, a), b))),
        [numbers(1), bools(2, (3, 4, 6))],
        1,
    ),
    "bounds": (lambda a: vox1.logical_not(vox1.between(3.0, 1.0, a)), [numbers(1)], 0),
    "numbers for bools": (lambda a: vox1.logical_and(vox1.gt_sv(1.0, a), a), [numbers(1)], 1),
    "no image": (lambda a: vox1.logical_not(vox1.gt_sv(1.0, a)), [7.0], 0),
    "empty region": (
        lambda a, b: vox1.avg(vox1.add_vs(a, 1.0), b),
        [numbers(1), Volume(np.zeros((3, 4, 5), np.bool_), Geometry.of_size(5, 4, 3))],
        1,
    ),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failures_tell_the_operator(case: str) -> None:
    body, arguments, number = FAILURES[case]
    application = fused_of(body, *arguments)
    with pytest.raises(FusedFailure) as found:
        application.operator.compute(*arguments)
    assert found.value.number == number
    inner = application.inner[number].operator
    with pytest.raises(RuntimeFailure) as plain:
        inner.compute(*found.value.operands)
    assert plain.value.message == found.value.message
    again = pickle.loads(pickle.dumps(found.value))
    assert (again.message, again.hint, again.number) == (found.value.message, found.value.hint, number)
