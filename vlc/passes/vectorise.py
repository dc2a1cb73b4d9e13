"""A loop over numbers that comes to one look-up for each is one look-up of them all.

    for t in numbers do volume_geq(t, counts)           volumes_geq(numbers, counts)
    for t in numbers do volume_geq(t * 2, counts)       volumes_geq(for t in numbers do t * 2, counts)

for counts that do not depend on `t`. So a sweep of a thousand thresholds is a node of the run, not a thousand, and one
on each of ten thousand scans is ten thousand.

Law: the items are the same numbers. Where one of them fails so do all, so this is done where all are wanted together:
by goals, which print numbers or save them in one file, and by operators on the whole sequence.

Not done here: loops that go on from the look-up, as to a quotient of two volumes; volumes between two numbers.
Sequences of which single items are asked for, or that other loops go over, stay as they are: each item is known by
itself there.
"""

from __future__ import annotations

from vlc.passes.rewriting import Rewriting, rewritten, users_of
from vlc.workplan.nodes import Apply, Element, Loop, NodeId
from vlc.workplan.plan import WorkPlan
from vlc.workplan.types import LIST

_LOOK_UPS = {
    f"vox1.volume_{comparison}": f"vox1.volumes_{comparison}" for comparison in ("eq", "neq", "leq", "lt", "geq", "gt")
}
_OF_ALL = frozenset({"default.argmax", LIST})
"""Operators for which a sequence is one value."""


def vectorise(plan: WorkPlan) -> WorkPlan:
    """The plan with look-ups of many numbers at once. Linear in nodes."""
    if not any(isinstance(node, Loop) and _looks_up(plan, node) for node in plan.nodes.values()):
        return plan
    wanted = _wanted_together(plan)

    def change(rewriting: Rewriting, old: NodeId, new: NodeId) -> tuple[NodeId, list[str]]:
        loop = rewriting.node(new)
        if old not in wanted or not isinstance(loop, Loop):
            return new, []
        look_up = rewriting.operator(loop.body)
        if look_up not in _LOOK_UPS:
            return new, []
        number, counts = rewriting.arguments(loop.body)
        depth = 1 << loop.depth
        if rewriting.free(counts) & depth or not rewriting.free(number) & depth:
            return new, []
        node = rewriting.node(number)
        if isinstance(node, Element) and node.depth == loop.depth:
            numbers = loop.over
        else:
            numbers = rewriting.items(old, loop.over, number, "numbers")
        name = look_up.rpartition(".")[2]
        law = f"{name} of each number in turn is {name.replace('volume', 'volumes')} of all"
        return rewriting.make(_LOOK_UPS[look_up], numbers, counts), [law]

    return rewritten(plan, "vectorise", change)


def _looks_up(plan: WorkPlan, loop: Loop) -> bool:
    body = plan.nodes[loop.body]
    return isinstance(body, Apply) and body.operator in _LOOK_UPS


def _wanted_together(plan: WorkPlan) -> set[NodeId]:
    """The loops of which nobody wants single items. Linear: nodes are visited after their users."""
    single: set[NodeId] = set()
    users = users_of(plan)
    loops: set[NodeId] = set()
    for identifier, node in reversed(list(plan.nodes.items())):
        for user in users.get(identifier, ()):
            if not _is_whole_in(plan, identifier, user, single):
                single.add(identifier)
                break
        if isinstance(node, Loop) and identifier not in single:
            loops.add(identifier)
    return loops


def _is_whole_in(plan: WorkPlan, identifier: NodeId, user: NodeId, single: set[NodeId]) -> bool:
    """Whether a node takes a sequence as one value: as an operator does, or a loop whose items are such sequences."""
    node = plan.nodes[user]
    if isinstance(node, Apply):
        return node.operator in _OF_ALL and (node.operator != LIST or user not in single)
    return isinstance(node, Loop) and node.body == identifier != node.over and user not in single
