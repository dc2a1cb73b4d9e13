"""Which voxelwise operators are computed together: groups with one result each, found from the results down.

An operator is taken in when all that need it are in, so that no voxel is computed twice. The images that only one group
needs are all held until the group is computed, where one operator after the other would have dropped each after its
use. So a group that would take more memory is made again, warily: then an operator is taken in only if the images that
so come to be held are no larger than what it makes of them; one in a group may be, which can be computed last.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vlc.passes.rewriting import users_of
from vlc.workplan.kinds import voxel_bytes
from vlc.workplan.nodes import Apply, Element, NodeId, children
from vlc.workplan.operators import signature_of
from vlc.workplan.plan import WorkPlan, goal_nodes
from vlc.workplan.types import LIST


def fusion_groups(plan: WorkPlan) -> list[list[NodeId]]:
    """The groups, each in the plan's order with its result last. Linear in nodes."""
    groups = _Groups(plan, set()).groups()
    wary = {node for group in groups if group.takes_more for node in group.members}
    return [group.members for group in (_Groups(plan, wary).groups() if wary else groups)]


class _Group:
    """Operators, the result last, and the images that nothing else needs."""

    def __init__(self, plan: WorkPlan, members: list[NodeId], dying: set[NodeId]) -> None:
        self.members = members
        self._plan = plan
        self._dying = dying

    @property
    def takes_more(self) -> bool:
        """Whether computing all at once takes more memory a voxel than one operator after the other."""
        result = self._bytes([self.members[-1]])
        return self._bytes(self._dying) + result > self._one_after_the_other()

    def _one_after_the_other(self) -> int:
        """The most bytes a voxel that are held when each image is there from its making, or first use, to its last."""
        last: dict[NodeId, int] = {}
        held_ever = self._dying | set(self.members)
        for position, member in enumerate(self.members):
            for each in children(self._plan.nodes[member]):
                if each in held_ever:
                    last[each] = position
        held: set[NodeId] = set()
        now = most = 0
        for position, member in enumerate(self.members):
            used = [each for each in dict.fromkeys(children(self._plan.nodes[member])) if each in held_ever]
            fresh = [each for each in (*used, member) if each not in held]
            held.update(fresh)
            now += self._bytes(fresh)
            most = max(most, now)
            ended = [each for each in used if last[each] == position]
            held.difference_update(ended)
            now -= self._bytes(ended)
        return most

    def _bytes(self, images: Iterable[NodeId]) -> int:
        return sum(voxel_bytes(self._plan.kinds[each]) for each in images)


class _Groups:
    """The group of each operator that can be fused, named by the node that is its result.

    In `wary` are the operators that are taken in only if memory does not grow."""

    def __init__(self, plan: WorkPlan, wary: set[NodeId]) -> None:
        self._plan = plan
        self._wary = wary
        self._users: Mapping[NodeId, Sequence[NodeId]] = users_of(plan)
        self._goals = {node for goal in plan.goals for node in goal_nodes(goal)}
        self._root_of: dict[NodeId, NodeId] = {}
        self._grown: set[NodeId] = set()
        for identifier, node in reversed(list(plan.nodes.items())):
            if isinstance(node, Apply) and node.operator != LIST:
                fusion = signature_of(node.operator).fusion
                if fusion:
                    self._root_of[identifier] = self._root(identifier, node, fusion)

    def groups(self) -> list[_Group]:
        """The groups of more than one operator, by the place of their first in the plan."""
        members: dict[NodeId, list[NodeId]] = {}
        for node, root in reversed(self._root_of.items()):
            members.setdefault(root, []).append(node)
        return [
            _Group(self._plan, group, self._dying(root, group)) for root, group in members.items() if len(group) > 1
        ]

    def _root(self, identifier: NodeId, node: Apply, fusion: str) -> NodeId:
        root = self._only_root(identifier) if fusion == "pointwise" else None
        if root is None:
            return identifier
        if identifier in self._wary:
            held = sum(self._bytes(each) for each in set(node.arguments) if self._dies(each, root, identifier))
            if held > self._bytes(identifier):
                if root in self._grown:
                    return identifier
                self._grown.add(root)
        return root

    def _only_root(self, identifier: NodeId) -> NodeId | None:
        """The one group that needs a node, if the node may be in it: it has to be computed anew as often."""
        if identifier in self._goals:
            return None
        roots = {self._root_of.get(user) for user in self._users[identifier]}
        root = roots.pop() if len(roots) == 1 else None
        return root if root is not None and self._plan.free[root] == self._plan.free[identifier] else None

    def _dying(self, root: NodeId, group: Iterable[NodeId]) -> set[NodeId]:
        needed = {each for member in group for each in children(self._plan.nodes[member])}
        return {each for each in needed if self._root_of.get(each) != root and self._dies(each, root, root)}

    def _dies(self, image: NodeId, root: NodeId, joining: NodeId) -> bool:
        """Whether an image is one that only a group needs, with the node that joins it."""
        return (
            self._bytes(image) > 0
            and image not in self._goals
            and not isinstance(self._plan.nodes[image], Element)
            and self._plan.free[image] == self._plan.free[root]
            and all(user == joining or self._root_of.get(user) == root for user in self._users[image])
        )

    def _bytes(self, identifier: NodeId) -> int:
        return voxel_bytes(self._plan.kinds[identifier])
