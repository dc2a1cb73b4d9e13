"""Chains of `near` as one dilation by a box, and chains of `interior` as one erosion.

    near(near(near(region)))    near_box(region, 3)

Law: the box of radius m + n is the sum of those of radius m and n. Outside the image counts false for `near` and true
for `interior`, so chains do not see the border either.

Not done here: a link that something else needs stays, since the rest of the chain is cheaper from there. `near` of
`interior` (an opening) is not one box.
"""

from __future__ import annotations

from vlc.passes.rewriting import Substitute, count_uses, substitute
from vlc.workplan.nodes import Apply, NodeId
from vlc.workplan.plan import WorkPlan

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
        if operator != node.operator or uses[below] > 1:
            start, steps = below, 0
        chains[identifier] = (node.operator, start, steps + 1)
        if steps:
            substitutes.pop(below, None)
            name = node.operator.partition(".")[2]
            law = f"{name}({name}(a)) = {name}_box(a, 2), and so on"
            substitutes[identifier] = Substitute(_BOX[node.operator], (start, steps + 1), law)
    return substitute(plan, "near_chains", substitutes)
