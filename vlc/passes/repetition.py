"""How often loops go round, as far as it can be told before a run."""

from __future__ import annotations

from vlc.workplan.nodes import LOOPS, Apply, Literal, Loop, NodeId, Parameter, children, outer_children
from vlc.workplan.plan import WorkPlan
from vlc.workplan.types import LIST

_RANGE = "default.integer_range"


def repeated_depths(plan: WorkPlan, fewest: int) -> dict[NodeId, int]:
    """For each node in a loop of `fewest` items or more, or of unknown length, the depths of such loops, as a bit mask.

    A depth is among them when the node depends on its item. Linear in the plan: nodes are visited after their users.
    """
    lengths = _lengths(plan)
    repeated: dict[NodeId, int] = {}
    for identifier, node in reversed(list(plan.nodes.items())):
        around = repeated.get(identifier, 0)
        for child in outer_children(node):
            _add(plan, repeated, child, around)
        if isinstance(node, LOOPS):
            length = lengths.get(node.over)
            long = length is None or length >= fewest
            _add(plan, repeated, node.body, around | (long << node.depth))
    return repeated


def loops_around(plan: WorkPlan) -> dict[NodeId, dict[int, NodeId]]:
    """For each node that depends on the item of a depth: the loop, where all loops of this depth around the node go
    over one sequence. Linear in the plan, but for the depth of loops: nodes are visited after their users."""
    around: dict[NodeId, dict[int, NodeId | None]] = {}

    def add(identifier: NodeId, loops: dict[int, NodeId | None]) -> None:
        found = around.setdefault(identifier, {})
        for depth, loop in loops.items():
            if plan.free[identifier] >> depth & 1:
                found[depth] = loop if depth not in found or _one_sequence(plan, found[depth], loop) else None

    for identifier, node in reversed(list(plan.nodes.items())):
        loops = around.get(identifier, {})
        for child in outer_children(node):
            add(child, loops)
        if isinstance(node, LOOPS):
            add(node.body, {**loops, node.depth: identifier})
    return {each: {depth: loop for depth, loop in loops.items() if loop} for each, loops in around.items()}


def _one_sequence(plan: WorkPlan, one: NodeId | None, other: NodeId | None) -> bool:
    loops = [plan.nodes[each] for each in (one, other) if each is not None]
    return len(loops) == 2 and len({each.over for each in loops if isinstance(each, LOOPS)}) == 1


def _add(plan: WorkPlan, repeated: dict[NodeId, int], identifier: NodeId, depths: int) -> None:
    depends = depths & plan.free[identifier]
    if depends:
        repeated[identifier] = repeated.get(identifier, 0) | depends


def _lengths(plan: WorkPlan) -> dict[NodeId, int]:
    """The lengths of the sequences that are written out, ranges of known numbers, and loops over such."""
    lengths: dict[NodeId, int] = {}
    for identifier, node in plan.nodes.items():
        if isinstance(node, Loop):
            if node.over in lengths:
                lengths[identifier] = lengths[node.over]
        elif isinstance(node, Apply) and node.operator == LIST:
            lengths[identifier] = len(node.arguments)
        elif isinstance(node, Apply) and node.operator == _RANGE:
            bounds = [_number(plan, each) for each in children(node)]
            known = [each for each in bounds if each is not None]
            if known and len(known) == len(bounds):
                start, stop = (known[0], known[-1]) if len(known) > 1 else (0.0, known[0])
                lengths[identifier] = int(max(0.0, min(stop - start, 1e9)))
    return lengths


def _number(plan: WorkPlan, identifier: NodeId) -> float | None:
    """The number that a node is, unless the script's user says otherwise."""
    node = plan.nodes[identifier]
    value = node.value if isinstance(node, Literal) else node.default if isinstance(node, Parameter) else None
    return float(value) if isinstance(value, (int, float)) and abs(value) < 2.0**53 else None
