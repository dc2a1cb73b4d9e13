"""Distance maps that are only compared with numbers are not built.

    d = dt(region)
    close = leq_sv(5, mask(d, gt_sv(0, d)))     close = distance_leq(5, region)
    deep = leq_sv(-2, d)                        deep = signed_distance_leq(-2, region)

`pdt`, `distleq`, `distgeq`, `erode`, `dilate`, `imopen`, `imclose` and `smoothen` are declared by such expressions, so
they are among them. The bounded operators look at the neighbourhood of the radius alone, and build the map themselves
where the radius is so large that this is faster.

Law: `distance_leq(r, a)` is defined as this comparison of the map, in float32; so with the others.

A map stays when something else needs it, when its comparisons would cost more than it does, and when one radius after
another is asked of it in a loop: then all share it.

Not done here: distances compared for equality, by `between`, or with images; arithmetic on distances.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from vlc.passes.rewriting import Substitute, count_uses, substitute, users_of
from vlc.workplan.nodes import Apply, Literal, NodeId, Parameter, children
from vlc.workplan.plan import WorkPlan

_MAP, _MASK = "vox1.dt", "vox1.mask"
_COMPARISONS = {"vox1.leq_sv": "leq", "vox1.lt_sv": "lt", "vox1.geq_sv": "geq", "vox1.gt_sv": "gt"}
_OUTSIDE = frozenset({"vox1.gt_sv", "vox1.geq_sv"})
_USUAL_RADIUS = 15.0
_RADIUS_OF_A_MAP = 30.0
_LEAST_COST = 0.01


@dataclass(slots=True)
class _Thresholds:
    """The comparisons of a map, each with the operator that stands for it; `needed` when anything else uses the map."""

    found: dict[NodeId, Substitute] = field(default_factory=dict)
    cost: float = 0.0
    needed: bool = False


def distance_thresholds(plan: WorkPlan) -> WorkPlan:
    """The plan with bounded distances where they are cheaper. Linear in nodes."""
    users, uses = users_of(plan), count_uses(plan)
    substitutes: dict[NodeId, Substitute] = {}
    for identifier, node in plan.nodes.items():
        if isinstance(node, Apply) and node.operator == _MAP:
            thresholds = _thresholds_of(plan, identifier, node.arguments[0], users, uses)
            if not thresholds.needed and thresholds.cost <= 1.0:
                substitutes.update(thresholds.found)
    return substitute(plan, "distance_thresholds", substitutes)


def _thresholds_of(
    plan: WorkPlan, distances: NodeId, region: NodeId, users: dict[NodeId, list[NodeId]], uses: dict[NodeId, int]
) -> _Thresholds:
    result = _Thresholds()
    _compare(plan, distances, distances, "signed_distance", region, users, uses, result)
    positive = [each for each in users.get(distances, []) if _is_positive_part(plan, each, distances)]
    for each in positive:
        _compare(plan, each, distances, "distance", region, users, uses, result)
    if positive and not result.needed:
        # the comparison with 0 that masks the map is no use of its own, unless something else looks at it
        for each in positive:
            test = children(plan.nodes[each])[1]
            if all(user in positive for user in users[test]) and uses[test] == len(positive):
                result.found.pop(test, None)
    return result


def _compare(
    plan: WorkPlan,
    image: NodeId,
    distances: NodeId,
    kind: str,
    region: NodeId,
    users: dict[NodeId, list[NodeId]],
    uses: dict[NodeId, int],
    result: _Thresholds,
) -> None:
    """Note what is done to the map, or to its positive part."""
    seen = 0
    for user in users.get(image, []):
        node = plan.nodes[user]
        if isinstance(node, Apply) and node.operator in _COMPARISONS and node.arguments[1] == image:
            seen += 1
            radius = node.arguments[0]
            name = f"{kind}_{_COMPARISONS[node.operator]}"
            law = f"a comparison of dt is {name}"
            result.found[user] = Substitute(f"vox1.{name}", (radius, region), law)
            result.cost += _cost(plan, radius, looped=bool(plan.free[user] & ~plan.free[distances]))
        elif kind == "signed_distance" and _is_positive_part(plan, user, image):
            seen += 1
        else:
            result.needed = True
    if seen != uses[image]:  # a goal
        result.needed = True


def _is_positive_part(plan: WorkPlan, identifier: NodeId, distances: NodeId) -> bool:
    """Whether a node is mask(d, d > 0): the distance to the region, 0 within it."""
    node = plan.nodes[identifier]
    if not isinstance(node, Apply) or node.operator != _MASK or node.arguments[0] != distances:
        return False
    test = plan.nodes[node.arguments[1]]
    if not isinstance(test, Apply) or test.operator not in _OUTSIDE or test.arguments[1] != distances:
        return False
    bound = plan.nodes[test.arguments[0]]
    return isinstance(bound, Literal) and not isinstance(bound.value, str) and bound.value == 0


def _cost(plan: WorkPlan, radius: NodeId, *, looped: bool) -> float:
    """About what a bounded distance takes, in units of building the map, for voxels of 1 mm: measured."""
    if looped:
        return 2.0
    node = plan.nodes[radius]
    value = node.value if isinstance(node, Literal) else node.default if isinstance(node, Parameter) else None
    reach = abs(float(value)) if isinstance(value, (int, float)) and abs(value) < 1e6 else _USUAL_RADIUS
    return _LEAST_COST + min(1.0 - _LEAST_COST, (reach / _RADIUS_OF_A_MAP) ** 3)
