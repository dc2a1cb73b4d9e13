"""Thresholds of one image, one after another in a loop: what they share is computed once, outside the loop.

    volume(geq_sv(t, image))                        volume_geq(t, value_counts(image))
    volume(and(geq_sv(t, image), region))           volume_geq(t, value_counts_within(image, region))
    volume(geq_sv(t, percentiles(image, a, k)))     volume_geq(t, rank_counts(image, a, k))
    volume(between(t, u, image))                    volume_between(t, u, value_counts(image))
    through(seeds, geq_sv(t, image))                geq_sv(t, reach_above(seeds, image))
    through(seeds, and(geq_sv(t, image), region))   geq_sv(t, reach_above_within(seeds, image, region))

for a number `t` from a loop that image, region and seeds do not depend on. So `volume(touch(image >= t, seed))` is a
look-up too. The counts are a node like any other: a sweep that gains a number finds them in the store.

Where the numbers are known to be there (a range or a list, and arithmetic that cannot fail), the region is narrowed to
where the image is at least the least of them: what lies below need not be looked at. A number that is less than those
before makes another region; any other finds the reach in the store.

Law: the voxels that compare so with a number are those of the values that do; and the components of {image >= t} with
a seed are {reconstruction >= t}, within any region that holds {image >= t}. Of `or` the volume is a sum over disjoint
parts, of `not` a difference: whole numbers, exact in double.

What is shared costs some ten thresholds, so short loops stay as they are.

Not done here: seeds that spread through `between`; regions on other grids than the first one; seeds that change in the
loop, and thresholds of images that do.
"""

from __future__ import annotations

from dataclasses import dataclass

from vlc.passes.numbers_of_loops import extreme_of
from vlc.passes.repetition import loops_around, repeated_depths
from vlc.passes.rewriting import Replaced, Rewriting, rewritten, simplified
from vlc.workplan.nodes import NodeId
from vlc.workplan.plan import WorkPlan

FEWEST = 8
"""A loop over fewer items than this stays as it is."""
_MOST_STEPS = 16
"""Logical operators between a volume and its threshold: more are not looked through, which keeps the pass linear."""
_NOT, _AND, _OR = "vox1.logical_not", "vox1.logical_and", "vox1.logical_or"
_VOLUMES = frozenset({"vox1.volume", "vox1.vol"})
_THROUGH, _RANKS = "vox1.through", "vox1.percentiles"
_COMPARISONS = ("eq", "neq", "leq", "lt", "geq", "gt")
_VOLUME_OF = {f"vox1.{name}_sv": f"vox1.volume_{name}" for name in _COMPARISONS} | {
    "vox1.between": "vox1.volume_between"
}
_REACH = {
    "vox1.geq_sv": "vox1.reach_above",
    "vox1.gt_sv": "vox1.reach_above",
    "vox1.leq_sv": "vox1.reach_below",
    "vox1.lt_sv": "vox1.reach_below",
}
_EXTREME = {"vox1.reach_above": ("scalar.least", "vox1.geq_sv"), "vox1.reach_below": ("scalar.greatest", "vox1.leq_sv")}
"""Which of the numbers is the outermost, and how to compare with it."""


@dataclass(frozen=True, slots=True)
class _Step:
    """A step from a volume to its threshold: it `narrows` to another region, as `and` does, or takes it whole.

    `negated`: an odd number of `not` stands before it, so it is the complement of the other region that counts.
    """

    narrows: bool
    other: NodeId
    negated: bool


def sweeps(plan: WorkPlan) -> WorkPlan:
    """The plan with the thresholds of loops read from what all of them share. Linear in nodes."""
    repeated = repeated_depths(plan, FEWEST)
    if not repeated:
        return plan
    loops = loops_around(plan)

    def change(rewriting: Rewriting, old: NodeId, new: NodeId) -> tuple[NodeId, list[str]]:
        depths = repeated.get(old, 0)
        if not depths:
            return new, []
        around = loops.get(old, {})
        return simplified(rewriting, new, lambda plan, each, _: _replaced(plan, each, depths, around))

    return rewritten(plan, "sweeps", change)


def _replaced(plan: Rewriting, identifier: NodeId, depths: int, loops: dict[int, NodeId]) -> Replaced | None:
    if plan.operator(identifier) == _THROUGH:
        return _reached(plan, identifier, depths, loops)
    if plan.operator(identifier) in _VOLUMES:
        (region,) = plan.arguments(identifier)
        varying = plan.free(region) & depths
        while varying:
            depth = 1 << (varying.bit_length() - 1)
            found = _counted(plan, region, depth)
            if found is not None:
                return found
            varying ^= depth
    return None


def _reached(plan: Rewriting, identifier: NodeId, depths: int, loops: dict[int, NodeId]) -> Replaced | None:
    """Seeds that spread through a threshold, within regions that it is narrowed to."""
    seeds, mask = plan.arguments(identifier)
    parts = _conjuncts(plan, mask)
    found = [(part, plan.arguments(part)) for part in parts if plan.operator(part) in _REACH]
    for threshold, (number, image) in found:
        varying = plan.free(number) & depths & ~plan.free(image) & ~plan.free(seeds)
        others = [part for part in parts if part != threshold]
        if not varying or any(plan.free(part) & varying or plan.grid(part) != plan.grid(image) for part in others):
            continue
        comparison = plan.operator(threshold)
        reach = _REACH[comparison]
        extreme, compare = _EXTREME[reach]
        bound = extreme_of(plan, extreme, number, loops)
        if bound is not None:
            others.append(plan.part(compare, bound, image))
        law = f"through(seeds, a threshold of image) is that threshold of {reach.partition('.')[2]}(seeds, image)"
        if not others:
            return Replaced(plan.make(comparison, number, plan.part(reach, seeds, image)), law)
        region = others[0]
        for other in others[1:]:
            region = plan.part(_AND, region, other)
        within = plan.part(f"{reach}_within", seeds, image, region)
        return Replaced(plan.make(comparison, number, within), law)
    return None


def _conjuncts(plan: Rewriting, mask: NodeId) -> list[NodeId]:
    """The regions of which a region is what they have in common; those of its last steps where there are many."""
    parts = [mask]
    for _ in range(_MOST_STEPS):
        whole = next((part for part in parts if plan.operator(part) == _AND), None)
        if whole is None:
            break
        place = parts.index(whole)
        parts[place : place + 1] = plan.arguments(whole)
    return list(dict.fromkeys(parts))


def _counted(plan: Rewriting, region: NodeId, depth: int) -> Replaced | None:
    """The volume of a threshold whose number alone changes at a depth, within or beside regions that do not."""
    steps: list[_Step] = []
    negated = False
    for _ in range(_MOST_STEPS):
        operator = plan.operator(region)
        if operator not in (_NOT, _AND, _OR):
            break
        parts = plan.arguments(region)
        varying = [part for part in parts if plan.free(part) & depth]
        if len(varying) != 1:
            return None
        (region,) = varying
        if operator == _NOT:
            negated = not negated
        else:
            other = parts[0] if parts[1] == region else parts[1]
            steps.append(_Step((operator == _AND) != negated, other, negated))
    operator = plan.operator(region)
    if operator not in _VOLUME_OF:
        return None
    *numbers, image = plan.arguments(region)
    others = {plan.grid(step.other) for step in steps}
    if not any(plan.free(number) & depth for number in numbers) or plan.free(image) & depth or len(others) > 1:
        return None
    within, beside = _parts(plan, steps)
    counts = _counts(plan, image, within)
    summary = plan.operator(counts).partition(".")[2]
    made: tuple[str, tuple[NodeId, ...]] = (_VOLUME_OF[operator], (*numbers, counts))
    if negated:
        made = ("scalar.subtract", (plan.part("vox1.volume_all", counts), plan.part(made[0], *made[1])))
    for each in beside:
        made = ("scalar.add", (plan.part("vox1.volume", each), plan.part(made[0], *made[1])))
    return Replaced(plan.make(made[0], *made[1]), f"the volume of a threshold is read from {summary}")


def _parts(plan: Rewriting, steps: list[_Step]) -> tuple[NodeId | None, list[NodeId]]:
    """The region in which the threshold counts, None for everywhere, and the regions beside it that count whole."""
    within: NodeId | None = None
    beside: list[NodeId] = []
    for step in steps:
        if step.narrows:
            rest = plan.part(_NOT, step.other) if step.negated else step.other
        else:
            taken = plan.part(_NOT, step.other) if step.negated else step.other
            beside.append(taken if within is None else plan.part(_AND, within, taken))
            rest = step.other if step.negated else plan.part(_NOT, step.other)
        within = rest if within is None else plan.part(_AND, within, rest)
    return within, beside


def _counts(plan: Rewriting, image: NodeId, within: NodeId | None) -> NodeId:
    if within is not None:
        return plan.part("vox1.value_counts_within", image, within)
    if plan.operator(image) == _RANKS:
        return plan.part("vox1.rank_counts", *plan.arguments(image))
    return plan.part("vox1.value_counts", image)
