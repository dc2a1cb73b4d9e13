"""Chains of `near` as one dilation by a box, and chains of `interior` as one erosion.

    near(near(near(region)))    near_box(region, 3)
    near(border(image))         near_border(1, image)

Law: the box of radius m + n is the sum of those of radius m and n. Outside the image counts false for `near` and true
for `interior`, so chains do not see the border either. The border is faces of the image, and what is near a face is as
many planes of voxels.

Not done here: a link that something else needs stays, since the rest of the chain is cheaper from there (but not than
from the border). `near` of `interior` (an opening) is not one box.
"""

from __future__ import annotations

from vlc.passes.rewriting import Substitute, count_uses, substitute
from vlc.workplan.nodes import Apply, NodeId, children
from vlc.workplan.plan import WorkPlan

_NEAR, _BORDER = "vox1.near", "vox1.border"
_BOX = {"vox1.near": "vox1.near_box", "vox1.interior": "vox1.interior_box"}


def near_chains(plan: WorkPlan) -> WorkPlan:
    """The plan with each chain at the node where it ends. Linear in nodes."""
    uses = count_uses(plan)
    chains: dict[NodeId, tuple[str, NodeId, int]] = {}
    substitutes: dict[NodeId, Substitute] = {}
    for identifier, node in plan.nodes.items():
        if not isinstance(node, Apply) or node.operator not in _BOX:
            continue
        (below,) = node.arguments
        operator, start, steps = chains.get(below, ("", below, 0))
        if operator != node.operator or (uses[below] > 1 and not _is_border(plan, start)):
            start, steps = below, 0
        chains[identifier] = (node.operator, start, steps + 1)
        if steps and uses[below] == 1:
            substitutes.pop(below, None)
        found = _substitute(plan, node.operator, start, steps + 1)
        if found is not None:
            substitutes[identifier] = found
    return substitute(plan, "near_chains", substitutes)


def _substitute(plan: WorkPlan, operator: str, start: NodeId, steps: int) -> Substitute | None:
    """What stands for a chain; None for a single step from a region, which stays."""
    if operator == _NEAR and _is_border(plan, start):
        law = "near(border) = near_border(1), and so on"
        return Substitute("vox1.near_border", (steps, *children(plan.nodes[start])), law)
    if steps == 1:
        return None
    name = operator.partition(".")[2]
    law = f"{name}({name}(a)) = {name}_box(a, 2), and so on"
    return Substitute(_BOX[operator], (start, steps), law)


def _is_border(plan: WorkPlan, identifier: NodeId) -> bool:
    node = plan.nodes[identifier]
    return isinstance(node, Apply) and node.operator == _BORDER
