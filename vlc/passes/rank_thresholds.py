"""Ranks that are only compared with numbers are not built.

    geq_sv(0.9, percentiles(image, region, 0.5))    rank_geq(0.9, image, region, 0.5)

The operator finds the value at which the rank begins, and compares the image with it.

Law: `rank_geq(c, ...)` is defined as this comparison of the ranks, in float32; so with the others.

The ranks stay when something else needs them, when they are compared more than twice, since all comparisons share
them, and when one number after another is compared with them in a loop.

Not done here: `between`, and comparisons with images.
"""

from __future__ import annotations

from vlc.passes.rewriting import Substitute, count_uses, substitute, users_of
from vlc.workplan.nodes import Apply, NodeId
from vlc.workplan.plan import WorkPlan

_COMPARISONS = {
    "vox1.eq_sv": "rank_eq",
    "vox1.neq_sv": "rank_neq",
    "vox1.leq_sv": "rank_leq",
    "vox1.lt_sv": "rank_lt",
    "vox1.geq_sv": "rank_geq",
    "vox1.gt_sv": "rank_gt",
}
_MOST = 2
"""Ranks cost three times as much as a threshold of them: measured."""


def rank_thresholds(plan: WorkPlan) -> WorkPlan:
    """The plan with thresholds of ranks where they are cheaper. Linear in nodes."""
    users, uses = users_of(plan), count_uses(plan)
    substitutes: dict[NodeId, Substitute] = {}
    for identifier, node in plan.nodes.items():
        if isinstance(node, Apply) and node.operator == "vox1.percentiles":
            found = _thresholds_of(plan, identifier, node, users.get(identifier, []))
            if len(found) == uses[identifier] <= _MOST:
                substitutes.update(found)
    return substitute(plan, "rank_thresholds", substitutes)


def _thresholds_of(plan: WorkPlan, ranks: NodeId, node: Apply, users: list[NodeId]) -> dict[NodeId, Substitute]:
    found: dict[NodeId, Substitute] = {}
    for user in users:
        comparison = plan.nodes[user]
        looped = plan.free[user] & ~plan.free[ranks]
        if isinstance(comparison, Apply) and comparison.operator in _COMPARISONS and not looped:
            name = _COMPARISONS[comparison.operator]
            arguments = (comparison.arguments[0], *node.arguments)
            found[user] = Substitute(f"vox1.{name}", arguments, f"a comparison of percentiles is {name}")
    return found
