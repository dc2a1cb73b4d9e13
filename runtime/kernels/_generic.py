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
