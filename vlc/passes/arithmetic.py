"""The rules of `simplify` on images of numbers: laws that hold for every float32, NaN, infinities and -0 among them.

Arithmetic quietens signalling NaN, which files may hold. So a law that drops an operation wants an image that comes
from arithmetic itself. The sum with a product by -1 is a difference: IEEE 754 defines the one by the other.
"""

from __future__ import annotations

from vlc.passes.logic import AND, COMPARED, NOT, OR, TRUE, is_number, single
from vlc.passes.rewriting import Replaced, Rewriting
from vlc.workplan import kinds
from vlc.workplan.nodes import NodeId

MASK, ABSOLUTE, DISTANCES = "vox1.mask", "vox1.absolute", "vox1.dt"
ADD, SUBTRACT, TIMES, OVER = "vox1.add", "vox1.subtract", "vox1.mul_vs", "vox1.div_vs"
PLUS, MINUS, FROM = "vox1.add_vs", "vox1.sub_vs", "vox1.sub_sv"
_QUIET = frozenset({ADD, SUBTRACT, "vox1.multiply", TIMES, OVER, PLUS, MINUS, FROM, DISTANCES, "vox1.percentiles"})
"""Operators whose result holds no signalling NaN."""
_MIRRORED = {
    "vox1.eq_sv": "vox1.eq_sv",
    "vox1.neq_sv": "vox1.neq_sv",
    "vox1.leq_sv": "vox1.geq_sv",
    "vox1.lt_sv": "vox1.gt_sv",
    "vox1.geq_sv": "vox1.leq_sv",
    "vox1.gt_sv": "vox1.lt_sv",
}
_OPPOSITE = {
    "vox1.eq_sv": "vox1.neq_sv",
    "vox1.neq_sv": "vox1.eq_sv",
    "vox1.leq_sv": "vox1.gt_sv",
    "vox1.lt_sv": "vox1.geq_sv",
    "vox1.geq_sv": "vox1.lt_sv",
    "vox1.gt_sv": "vox1.leq_sv",
}


def arithmetic(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """Laws of operators that give images of numbers."""
    if operator in (TIMES, OVER, PLUS, MINUS):
        return _with_number(plan, operator, arguments[0], plan.literal(arguments[1]))
    if operator in (ADD, SUBTRACT):
        return _sum(plan, operator, *arguments)
    if operator == ABSOLUTE:
        return _magnitude(plan, arguments[0])
    return _masked(plan, *arguments) if operator == MASK else None


def _with_number(plan: Rewriting, operator: str, image: NodeId, number: object) -> Replaced | None:
    if operator in (TIMES, OVER) and number == 1 and _is_quiet(plan, image):
        return Replaced(image, "image * 1 = image / 1 = image, which comes from arithmetic")
    if operator == TIMES and number == -1 and _is_negated(plan, image) and plan.used_once(image):
        return Replaced(plan.make(TIMES, plan.arguments(image)[0], plan.constant(1.0)), "-(-image) = image * 1")
    if operator in (PLUS, MINUS) and _is_zero(number, negative=operator == PLUS) and _is_quiet(plan, image):
        return Replaced(image, "image - 0 = image + (-0) = image, which comes from arithmetic")
    if (
        operator == PLUS
        and isinstance(number, (int, float))
        and is_number(number)
        and _is_negated(plan, image)
        and plan.used_once(image)
    ):
        return Replaced(plan.make(FROM, plan.constant(number), plan.arguments(image)[0]), "(-image) + n = n - image")
    return None


def _sum(plan: Rewriting, operator: str, left: NodeId, right: NodeId) -> Replaced | None:
    if not _is_negated(plan, right) or not plan.used_once(right):
        return None
    law = "a + (-b) = a - b" if operator == ADD else "a - (-b) = a + b"
    return Replaced(plan.make(SUBTRACT if operator == ADD else ADD, left, plan.arguments(right)[0]), law)


def _magnitude(plan: Rewriting, image: NodeId) -> Replaced | None:
    if plan.operator(image) == ABSOLUTE:
        return Replaced(image, "abs(abs(image)) = abs(image)")
    if _is_negated(plan, image) and plan.used_once(image) and _is_quiet(plan, plan.arguments(image)[0]):
        return Replaced(plan.make(ABSOLUTE, plan.arguments(image)[0]), "abs(-image) = abs(image)")
    return None


def _masked(plan: Rewriting, image: NodeId, region: NodeId) -> Replaced | None:
    everywhere = plan.operator(region) == TRUE and plan.grid(region) == plan.grid(image)
    if everywhere and plan.kind(image) == kinds.NUMBER_IMAGE and plan.risks.covered(region, image):
        return Replaced(image, "mask(image, tt) = image")
    if plan.operator(image) == MASK:
        inner, first = plan.arguments(image)
        if first == region:
            return Replaced(image, "mask(mask(image, a), a) = mask(image, a)")
        if plan.used_once(image) and plan.grid(image) == plan.grid(region):
            both = plan.simplified(AND, first, region)
            return Replaced(plan.make(MASK, inner, both), "mask(mask(image, a), b) = mask(image, and(a, b))")
    return None


def compared(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """A comparison with a number of what is negated or masked: the image itself is compared."""
    number, image = arguments
    value = plan.literal(number)
    if not is_number(value) or not plan.used_once(image):
        return None
    assert isinstance(value, (int, float))
    if _is_negated(plan, image):
        mirrored = plan.make(_MIRRORED[operator], plan.constant(-value), plan.arguments(image)[0])
        return Replaced(mirrored, "-image >= n is image <= -n, and so on")
    if plan.operator(image) == MASK:
        inner, region = plan.arguments(image)
        one_grid = plan.grid(inner) == plan.grid(region) and plan.kind(region) == kinds.BOOL_IMAGE
        if one_grid and plan.operator(inner) != DISTANCES:  # whose positive part has operators of its own
            within = plan.part(operator, number, inner)
            if COMPARED[operator](0.0, single(value)):
                outside = plan.part(NOT, region)
                return Replaced(plan.make(OR, within, outside), "a comparison of mask(image, a) that holds outside a")
            return Replaced(plan.make(AND, within, region), "a comparison of mask(image, a) that fails outside a")
    return None


def not_compared(plan: Rewriting, image: NodeId) -> Replaced | None:
    """The complement of a comparison of distances, which are never NaN."""
    operator = plan.operator(image)
    if operator not in _OPPOSITE or not plan.used_once(image):
        return None
    number, compared_with = plan.arguments(image)
    if is_number(plan.literal(number)) and _is_ordered(plan, compared_with):
        return Replaced(plan.make(_OPPOSITE[operator], number, compared_with), "not(distance <= n) = distance > n")
    return None


def _is_quiet(plan: Rewriting, image: NodeId) -> bool:
    return plan.operator(image) in _QUIET


def _is_negated(plan: Rewriting, image: NodeId) -> bool:
    return plan.operator(image) == TIMES and plan.literal(plan.arguments(image)[1]) == -1


def _is_zero(number: object, *, negative: bool) -> bool:
    return is_number(number) and number == 0 and str(float(number)) == ("-0.0" if negative else "0.0")


def _is_ordered(plan: Rewriting, image: NodeId) -> bool:
    """Distances, or their positive part."""
    if plan.operator(image) == MASK:
        image = plan.arguments(image)[0]
    return plan.operator(image) == DISTANCES
