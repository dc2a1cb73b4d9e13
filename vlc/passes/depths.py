"""Distances to what is not a region are depths in it.

    distance_geq(5, logical_not(a))                 depth_geq(5, a)
    logical_not(distance_leq(2, logical_not(a)))    depth_gt(2, a)

That is how `erode`, `imopen` and `smoothen` are declared. A depth is looked for in the box around the region, where the
distance to its complement would be in the whole image; and the complement is not made.

Law: `depth_geq(r, a)` is defined as this distance; so with the others. One of two opposite comparisons holds, unless
the radius is no number.

Not done here: signed distances, whose boundary is one of voxels of the region.
"""

from __future__ import annotations

from vlc.passes.rewriting import Substitute, count_uses, substitute
from vlc.workplan import kinds
from vlc.workplan.nodes import Apply, Literal, NodeId
from vlc.workplan.plan import WorkPlan

_NOT = "vox1.logical_not"
_DISTANCE, _DEPTH = "vox1.distance_", "vox1.depth_"
_OPPOSITE = {"leq": "gt", "lt": "geq", "geq": "lt", "gt": "leq"}


def depths(plan: WorkPlan) -> WorkPlan:
    """The plan with depths in regions in place of distances to complements. Linear in nodes."""
    uses = count_uses(plan)
    substitutes: dict[NodeId, Substitute] = {}
    for identifier, node in plan.nodes.items():
        if not isinstance(node, Apply):
            continue
        if node.operator == _NOT:
            (compared,) = node.arguments
            below = plan.nodes[compared]
            found = _depth(plan, below) if isinstance(below, Apply) and uses[compared] == 1 else None
            if found is not None and _is_number(plan, found.arguments[0]):
                comparison = found.operator.removeprefix(_DEPTH)
                opposite = f"{_DEPTH}{_OPPOSITE[comparison]}"
                law = f"not(depth_{comparison}(r, a)) = depth_{_OPPOSITE[comparison]}(r, a)"
                substitutes[identifier] = Substitute(opposite, found.arguments, law)
        elif node.operator.startswith(_DISTANCE):
            found = _depth(plan, node)
            if found is not None:
                substitutes[identifier] = found
    return substitute(plan, "depths", substitutes)


def _depth(plan: WorkPlan, node: Apply) -> Substitute | None:
    """The depth that a node is, or that stands for it."""
    if node.operator.startswith(_DEPTH):
        return Substitute(node.operator, node.arguments, "")
    if not node.operator.startswith(_DISTANCE):
        return None
    radius, region = node.arguments
    complement = plan.nodes[region]
    if not isinstance(complement, Apply) or complement.operator != _NOT:
        return None
    (inside,) = complement.arguments
    if plan.kinds[inside] != kinds.BOOL_IMAGE:
        return None
    comparison = node.operator.removeprefix(_DISTANCE)
    law = f"distance_{comparison}(r, not(a)) = depth_{comparison}(r, a)"
    return Substitute(f"{_DEPTH}{comparison}", (radius, inside), law)


def _is_number(plan: WorkPlan, radius: NodeId | float | str) -> bool:
    """Whether a radius is known, and is not NaN."""
    node = plan.nodes[radius] if isinstance(radius, bytes) else None
    return isinstance(node, Literal) and isinstance(node.value, (int, float)) and node.value == node.value
