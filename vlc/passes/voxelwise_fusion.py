"""Voxelwise operators that follow each other are computed in one pass over memory.

    logical_and(geq_sv(2, image), logical_not(mask))    fused(voxelwise_x, image, mask)

where the script's function `voxelwise_x` has the three operators. What passes between them stays in the processor's
cache, a block of voxels at a time. A reduction to a number (`volume`, `max`, `min`, `avg`) may be the last of them:
then no image is made at all.

Law: each voxel of a pointwise operator's result depends on the voxels at the same place alone, and a reduction is
defined by what it makes of each block.

Which operators make a group is in `fusion_groups`. Groups that spare few images are left as they are, since the script
reads better without a function for them.

Not done here: groups of several results, operators of colour, and operators on grids alone (`x`, `border`).
"""

from __future__ import annotations

from vlc.passes.fusion_groups import fusion_groups
from vlc.passes.rewriting import Fusion, fuse
from vlc.workplan.kinds import voxel_bytes
from vlc.workplan.nodes import Apply, NodeId
from vlc.workplan.plan import WorkPlan

LEAST_SAVED = 4
"""Bytes a voxel that are worth a function of their own in the script: an image of numbers, or four masks."""


def voxelwise_fusion(plan: WorkPlan) -> WorkPlan:
    """The plan with each group of operators as one node. Linear in nodes."""
    groups = fusion_groups(plan)
    fusions = {group[-1]: _fusion(plan, group) for group in groups if _saved(plan, group) >= LEAST_SAVED}
    return fuse(plan, "voxelwise_fusion", fusions)


def _saved(plan: WorkPlan, group: list[NodeId]) -> int:
    """The bytes a voxel of the images that a group, of which the last is the result, does not make."""
    return sum(voxel_bytes(plan.kinds[each]) for each in group[:-1])


def _fusion(plan: WorkPlan, group: list[NodeId]) -> Fusion:
    """The group, each node after those that it uses, with operands by number."""
    inside = set(group)
    applications = [(each, plan.nodes[each]) for each in group]
    arguments = [
        argument
        for _, node in applications
        if isinstance(node, Apply)
        for argument in node.arguments
        if argument not in inside
    ]
    numbers = {each: number for number, each in enumerate((*dict.fromkeys(arguments), *group))}
    steps = tuple(
        (node.operator, tuple(numbers[argument] for argument in node.arguments))
        for _, node in applications
        if isinstance(node, Apply)
    )
    law = f"{len(group)} voxelwise operators are one pass over memory"
    return Fusion(tuple(dict.fromkeys(arguments)), steps, tuple(plan.origins[each] for each in group), law)
