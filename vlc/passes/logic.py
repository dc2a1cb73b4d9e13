"""The rules of `simplify`: each a law of regions or comparisons, tried on one application at a time."""

from __future__ import annotations

import operator as python
import struct
from collections.abc import Callable
from typing import Any

from vlc.passes.rewriting import Replaced, Rewriting
from vlc.workplan import kinds
from vlc.workplan.nodes import NodeId

NOT, AND, OR, XOR = "vox1.logical_not", "vox1.logical_and", "vox1.logical_or", "vox1.logical_xor"
TRUE, FALSE, CHOSEN = "vox1.tt", "vox1.ff", "vox1.bconstant"
NEAR, INTERIOR = "vox1.near", "vox1.interior"
LOGIC = frozenset({NOT, AND, OR, XOR})
COMPARED: dict[str, Callable[[Any, Any], bool]] = {
    "vox1.eq_sv": python.eq,
    "vox1.neq_sv": python.ne,
    "vox1.leq_sv": python.le,
    "vox1.lt_sv": python.lt,
    "vox1.geq_sv": python.ge,
    "vox1.gt_sv": python.gt,
}
"""The comparisons of an image with a number: what voxel and number have to fulfil, in this order."""
_DUAL = {AND: OR, OR: AND}
_WORDS = {AND: "and", OR: "or"}
_LEAST = frozenset({"vox1.geq_sv", "vox1.gt_sv"})
_MOST = frozenset({"vox1.leq_sv", "vox1.lt_sv"})


def logic(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """Laws of `not`, `and`, `or` and `xor`."""
    if operator == NOT:
        return _negation(plan, arguments[0])
    left, right = arguments
    if operator == XOR:
        return _difference(plan, left, right)
    return (
        _constants(plan, operator, left, right)
        or _same(plan, operator, left, right)
        or _absorption(plan, operator, left, right)
        or _thresholds(plan, operator, left, right)
        or _de_morgan(plan, operator, left, right)
    )


def _negation(plan: Rewriting, inner: NodeId) -> Replaced | None:
    operator = plan.operator(inner)
    if operator == NOT and _is_region(plan, plan.arguments(inner)[0]):
        return Replaced(plan.arguments(inner)[0], "not(not(a)) = a")
    if operator in (TRUE, FALSE):
        opposite = FALSE if operator == TRUE else TRUE
        return Replaced(plan.make(opposite, *plan.arguments(inner)), "not(tt) = ff")
    if operator in (NEAR, INTERIOR) and plan.used_once(inner):
        below = plan.arguments(inner)[0]
        if plan.operator(below) == NOT:
            dual = INTERIOR if operator == NEAR else NEAR
            law = "not(near(not(a))) = interior(a)" if operator == NEAR else "not(interior(not(a))) = near(a)"
            return Replaced(plan.make(dual, *plan.arguments(below)), law)
    return None


def _constants(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    """The constant that changes nothing, and the one that decides."""
    for constant, other in ((left, right), (right, left)):
        kind = plan.operator(constant)
        if kind not in (TRUE, FALSE) or plan.grid(constant) != plan.grid(other):
            continue
        if (kind == FALSE) == (operator == AND):
            if plan.risks.covered(other, constant):
                return Replaced(constant, "and(a, ff) = ff" if operator == AND else "or(a, tt) = tt")
        elif _is_region(plan, other) and plan.risks.covered(constant, other):
            return Replaced(other, "and(a, tt) = a" if operator == AND else "or(a, ff) = a")
    return None


def _same(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    if left == right and _is_region(plan, left):
        return Replaced(left, f"{_WORDS[operator]}(a, a) = a")
    for negated, other in ((left, right), (right, left)):
        if plan.operator(negated) == NOT and plan.arguments(negated) == (other,) and _is_region(plan, other):
            if operator == AND:
                return Replaced(plan.make(FALSE, other), "and(a, not(a)) = ff")
            return Replaced(plan.make(TRUE, other), "or(a, not(a)) = tt")
    return None


def _absorption(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    """and(a, or(a, b)) = a, and(a, and(a, b)) = and(a, b), and their duals."""
    for whole, part in ((left, right), (right, left)):
        if plan.grid(whole) != plan.grid(part):
            continue
        within = plan.operator(part)
        absorbed = within == _DUAL[operator] and whole in plan.arguments(part) and _is_region(plan, whole)
        if absorbed and plan.risks.covered(part, whole):
            return Replaced(whole, f"{_WORDS[operator]}(a, {_WORDS[_DUAL[operator]]}(a, b)) = a")
        if within == operator and whole in plan.arguments(part):
            return Replaced(part, f"{_WORDS[operator]}(a, {_WORDS[operator]}(a, b)) = {_WORDS[operator]}(a, b)")
    return None


def _thresholds(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    """Two bounds on the same side of one image: the narrower or the wider one."""
    below = plan.operator(left)
    if below != plan.operator(right) or below not in _LEAST | _MOST:
        return None
    (first, image), (second, other) = plan.arguments(left), plan.arguments(right)
    if image != other:
        return None
    one, two = plan.literal(first), plan.literal(second)
    if not is_number(one) or not is_number(two):
        return None
    greater = (operator == AND) == (below in _LEAST)
    chosen = left if (one >= two) == greater else right  # type: ignore[operator]
    return Replaced(chosen, f"{_WORDS[operator]} of two bounds on one side is one of them")


def is_number(value: object) -> bool:
    """A number that all others compare with, and that float32 can hold: rounding keeps their order."""
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) < 2.0**127


def _de_morgan(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    if plan.operator(left) == plan.operator(right) == NOT and plan.used_once(left) and plan.used_once(right):
        inner = plan.simplified(_DUAL[operator], *plan.arguments(left), *plan.arguments(right))
        dual, word = _WORDS[_DUAL[operator]], _WORDS[operator]
        return Replaced(plan.make(NOT, inner), f"{word}(not(a), not(b)) = not({dual}(a, b))")
    return None


def _difference(plan: Rewriting, left: NodeId, right: NodeId) -> Replaced | None:
    if left == right and _is_region(plan, left):
        return Replaced(plan.make(FALSE, left), "xor(a, a) = ff")
    if plan.operator(left) == plan.operator(right) == NOT:
        inner = (*plan.arguments(left), *plan.arguments(right))
        return Replaced(plan.make(XOR, *inner), "xor(not(a), not(b)) = xor(a, b)")
    for constant, other in ((left, right), (right, left)):
        if plan.grid(constant) != plan.grid(other) or not plan.risks.covered(constant, other):
            continue
        if plan.operator(constant) == FALSE and _is_region(plan, other):
            return Replaced(other, "xor(a, ff) = a")
        if plan.operator(constant) == TRUE:
            return Replaced(plan.make(NOT, other), "xor(a, tt) = not(a)")
    return None


def compared_bools(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """A region compared with a number, as 1 and 0: it is the region, its complement, or everywhere the same."""
    number, image = arguments
    value = plan.literal(number)
    if not _is_region(plan, image) or not is_number(value):
        return None
    bound = single(float(value))  # type: ignore[arg-type]
    inside, outside = COMPARED[operator](1.0, bound), COMPARED[operator](0.0, bound)
    law = "a comparison of a region, as 1 and 0, with a number"
    if inside and outside:
        return Replaced(plan.make(TRUE, image), f"{law} is tt")
    if not inside and not outside:
        return Replaced(plan.make(FALSE, image), f"{law} is ff")
    return Replaced(image, f"{law} is the region") if inside else Replaced(plan.make(NOT, image), f"{law} is not(a)")


def single(value: float) -> float:
    """The number as it meets voxels: rounded to float32."""
    rounded: float = struct.unpack("<f", struct.pack("<f", value))[0]
    return rounded


def neighbourhoods(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """Everything and nothing have no neighbours."""
    if operator in (NEAR, INTERIOR) and plan.operator(arguments[0]) in (TRUE, FALSE):
        return Replaced(arguments[0], "near(ff) = interior(ff) = ff, near(tt) = interior(tt) = tt")
    if operator == CHOSEN and isinstance(value := plan.literal(arguments[0]), bool):
        return Replaced(plan.make(TRUE if value else FALSE, arguments[1]), "bconstant(true) = tt")
    return None


def _is_region(plan: Rewriting, identifier: NodeId) -> bool:
    """An image of bools already: one of SimpleITK's integer images would change its kind."""
    return plan.kind(identifier) == kinds.BOOL_IMAGE
