"""The rule of `simplify` on masks under masks: what the outer one hides, the inner one need not."""

from __future__ import annotations

from vlc.passes.logic import AND, LOGIC
from vlc.passes.rewriting import Replaced, Rewriting
from vlc.workplan.kinds import BOOL_IMAGE, NUMBER_IMAGE
from vlc.workplan.nodes import NodeId

MASK = "vox1.mask"
_ARITHMETIC = "absolute add add_vs divide div_sv div_vs mul_vs multiply sub_sv sub_vs subtract"
_COMPARISONS = "eq_sv equal geq_sv greater greater_equal gt_sv leq_sv less less_equal lt_sv mask neq_sv not_equal"
VOXEL_BY_VOXEL = LOGIC | {f"vox1.{name}" for name in f"{_ARITHMETIC} {_COMPARISONS}".split()}
"""Operators whose result at a voxel depends on that voxel alone, and that have a value for all images on one grid."""
_DEEPEST = 8
"""Operators between two masks: so many are looked through, so that the pass stays linear whatever stands in masks."""


def masks_under_masks(plan: Rewriting, operator: str, arguments: tuple[NodeId, ...]) -> Replaced | None:
    """mask(f(mask(a, b)), b) = mask(f(a), b) where f goes voxel by voxel, and so for `and`.

    Only what nothing else needs is left out: otherwise f is computed twice, or one image more is held.
    """
    for place, region in _regions(operator, arguments):
        seen = arguments[place]
        within = _inside(plan, seen, region, _DEEPEST)
        if within != seen:
            changed = (*arguments[:place], within, *arguments[place + 1 :])
            word = "mask" if operator == MASK else "and"
            return Replaced(plan.make(operator, *changed), f"{word}(f({word}(a, b)), b) = {word}(f(a), b)")
    return None


def _regions(operator: str, arguments: tuple[NodeId, ...]) -> tuple[tuple[int, NodeId], ...]:
    """The places of arguments that are seen within a region alone, with that region."""
    if operator == MASK:
        return ((0, arguments[1]),)
    return ((0, arguments[1]), (1, arguments[0])) if operator == AND else ()


def _inside(plan: Rewriting, identifier: NodeId, region: NodeId, deepest: int) -> NodeId:
    """An image that is the same within the region, of operands without masks of that region."""
    if deepest == 0 or plan.operator(identifier) not in VOXEL_BY_VOXEL or not plan.used_once(identifier):
        return identifier
    operands = plan.arguments(identifier)
    # what is under a mask of this region was looked at when that mask was
    bare = tuple(_bare(plan, each, region) or _inside(plan, each, region, deepest - 1) for each in operands)
    return identifier if bare == operands else plan.simplified(plan.operator(identifier), *bare)


def _bare(plan: Rewriting, identifier: NodeId, region: NodeId) -> NodeId | None:
    """What a mask of this region hides a part of; None for what is none, or is needed as it is."""
    kind = {MASK: NUMBER_IMAGE, AND: BOOL_IMAGE}.get(plan.operator(identifier))
    if kind is None or not plan.used_once(identifier):
        return None
    for place, within in _regions(plan.operator(identifier), plan.arguments(identifier)):
        image = plan.arguments(identifier)[place]
        if within == region and plan.kind(image) == kind and plan.grid(image) == plan.grid(region):
            return image
    return None
