"""Ranks that are only compared with numbers are not built.

    geq_sv(0.9, percentiles(image, region, 0.5))    rank_geq(0.9, image, region, 0.5)

    ranks = percentiles(image, region, 0.5)         histogram = rank_histogram(image, region)
    core = gt_sv(0.95, ranks)                       core = rank_gt_in(0.95, image, region, 0.5, histogram)
    bright = gt_sv(0.86, ranks)                     bright = rank_gt_in(0.86, image, region, 0.5, histogram)

The operators find the value at which the rank begins, and compare the image with it; several share a histogram.

Law: `rank_geq(c, ...)` is defined as this comparison of the ranks, in float32; so with the others.

The ranks stay when something else needs them, when they are compared very often, since then it is faster to build them,
and when one number after another is compared with them in a loop.

Not done here: `between`, and comparisons with images.
"""

from __future__ import annotations

from vlc.passes.rewriting import Rewriting, count_uses, rewritten, users_of
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
_HISTOGRAM = "vox1.rank_histogram"
_MOST = 6
"""Of whole numbers six thresholds and their histogram take as long as the ranks, of floats seven: measured."""


def rank_thresholds(plan: WorkPlan) -> WorkPlan:
    """The plan with thresholds of ranks where they are cheaper. Linear in nodes."""
    users, uses = users_of(plan), count_uses(plan)
    ranks_of: dict[NodeId, NodeId] = {}
    shared: set[NodeId] = set()
    for identifier, node in plan.nodes.items():
        if isinstance(node, Apply) and node.operator == "vox1.percentiles":
            found = [user for user in users.get(identifier, []) if _is_threshold(plan, user, identifier)]
            if len(found) == uses[identifier] <= _MOST:
                ranks_of.update((user, identifier) for user in found)
                if len(found) > 1:
                    shared.add(identifier)
    if not ranks_of:
        return plan
    new_of: dict[NodeId, NodeId] = {}
    histogram_of: dict[NodeId, NodeId] = {}

    def change(rewriting: Rewriting, old: NodeId, new: NodeId) -> tuple[NodeId, list[str]]:
        ranks = ranks_of.get(old)
        if ranks is None:
            new_of[old] = new
            if old in shared:
                image, region, _ = rewriting.arguments(new)
                histogram_of[old] = rewriting.part(_HISTOGRAM, image, region)
            return new, []
        name = _COMPARISONS[rewriting.operator(new)]
        number, _ = rewriting.arguments(new)
        image, region, k = rewriting.arguments(new_of[ranks])
        given = [number, image, region, k]
        if ranks in shared:
            name = f"{name}_in"
            given.append(histogram_of[ranks])
        new_of[old] = rewriting.make(f"vox1.{name}", *given)
        return new_of[old], [f"a comparison of percentiles is {name}"]

    return rewritten(plan, "rank_thresholds", change)


def _is_threshold(plan: WorkPlan, user: NodeId, ranks: NodeId) -> bool:
    """Whether a node compares ranks with a number that is no item of a loop which the ranks are outside of."""
    node = plan.nodes[user]
    looped = plan.free[user] & ~plan.free[ranks]
    return isinstance(node, Apply) and node.operator in _COMPARISONS and not looped
