"""Operations on whatever meets: numbers, images, or one of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels import vox1
from vlc_runtime.operator import Operator
from vlc_runtime.volume import Volume

Operation = Callable[[Any, Any], Any]


def mixed(
    scalars: Operation,
    images: Operator,
    image_and_number: Callable[[Volume, Any], Volume],
    number_and_image: Callable[[Any, Volume], Volume],
) -> Operation:
    """The operation that does the right one of the four for the kinds of its operands."""

    def operation(left: Any, right: Any) -> Any:
        if isinstance(left, Volume):
            return images.compute(left, right) if isinstance(right, Volume) else image_and_number(left, right)
        return number_and_image(left, right) if isinstance(right, Volume) else scalars(left, right)

    return operation


def _numeric(operation: Operation) -> Operation:
    """The operation, with a readable error for a number that is none."""

    def checked(left: Any, right: Any) -> Any:
        for operand in (left, right):
            if not isinstance(operand, (Volume, bool, int, float)):
                raise KernelError(f"a {type(operand).__name__} meets an image where a number is wanted")
        return operation(left, right)

    return checked


def _flipped(operator: Operator) -> Operation:
    """The operator that takes its number first, for an image on the left."""
    return _numeric(lambda left, right: operator.compute(right, left))


def _straight(operator: Operator) -> Operation:
    return _numeric(operator.compute)


def arithmetic(name: str, scalars: Operation) -> Operation:
    """add, subtract, multiply or divide, with this meaning on scalars."""
    image_number, number_image = {
        "add": (_straight(vox1.add_vs), _flipped(vox1.add_vs)),
        "subtract": (_straight(vox1.sub_vs), _straight(vox1.sub_sv)),
        "multiply": (_straight(vox1.mul_vs), _flipped(vox1.mul_vs)),
        "divide": (_straight(vox1.div_vs), _straight(vox1.div_sv)),
    }[name]
    images = {"add": vox1.add, "subtract": vox1.subtract, "multiply": vox1.multiply, "divide": vox1.divide}[name]
    return mixed(scalars, images, image_number, number_image)


def comparison(name: str, scalars: Operation) -> Operation:
    """equal, not_equal, less, less_equal, greater or greater_equal, with this meaning on scalars."""
    # `image < number` compares voxels with the number; `number < image` is `image > number`
    images, below, above = {
        "equal": (vox1.equal, vox1.eq_sv, vox1.eq_sv),
        "not_equal": (vox1.not_equal, vox1.neq_sv, vox1.neq_sv),
        "less": (vox1.less, vox1.lt_sv, vox1.gt_sv),
        "less_equal": (vox1.less_equal, vox1.leq_sv, vox1.geq_sv),
        "greater": (vox1.greater, vox1.gt_sv, vox1.lt_sv),
        "greater_equal": (vox1.greater_equal, vox1.geq_sv, vox1.leq_sv),
    }[name]
    return mixed(scalars, images, _flipped(below), _straight(above))


def logic(images: Operator, scalars: Operation) -> Operation:
    """and or or, on two scalars or two images."""

    def refuse(left: Any, right: Any) -> Volume:
        raise KernelError("an image and a scalar meet in a logical operator", "use bconstant to make an image of it")

    return mixed(scalars, images, refuse, refuse)
