"""Rebuilding a plan with some of its nodes replaced: what every pass does, done once.

Nodes are visited once, each after what it is made of, so a pass is linear in nodes whatever the plan's depth. A new
node has the origin of the node that it replaces: names and paragraphs of the script still follow the source.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeAlias, TypeVar

from vlc.passes.risks import Risks
from vlc.workplan.kinds import Kind, may_be_image
from vlc.workplan.nodes import (
    LOOPS,
    Apply,
    Filter,
    Fold,
    Fused,
    Literal,
    Loop,
    Node,
    NodeId,
    Parameter,
    children,
    with_children,
)
from vlc.workplan.plan import Goal, Origin, Print, Rewrite, Save, WorkPlan, goal_nodes, needed
from vlc.workplan.table import NodeTable
from vlc.workplan.types import LIST

_MOST_RULES = 64
"""Rules that one node may go through: each makes it smaller, so that this is never reached but by a bug."""
OWN_GRID = frozenset({"vox1.load", "vox1.extract"})
"""Operators of vox1 whose result lies on another grid than their arguments, or on one found at run time."""
_Known = TypeVar("_Known")


@dataclass(frozen=True, slots=True)
class Replaced:
    """What a rule makes of a node, and the law by which the two are equal."""

    node: NodeId
    law: str


Rule: TypeAlias = "Callable[[Rewriting, NodeId, tuple[NodeId, ...]], Replaced | None]"
"""A rule is shown an application, whose arguments are rewritten already; None when it does not apply.

What it makes has to be smaller, since it is tried again on the result."""


class Rewriting:
    """The plan that is being made, as rules see it."""

    def __init__(self, plan: WorkPlan, rule: Rule) -> None:
        self.rule = rule
        self._table = _opened(plan)
        self._uses = count_uses(plan)
        self._grids: dict[NodeId, NodeId] = {}
        self.old = plan
        self.risks = Risks(self)

    def node(self, identifier: NodeId) -> Node:
        return self._table.nodes[identifier]

    def kind(self, identifier: NodeId) -> Kind:
        return self._table.kinds[identifier]

    def free(self, identifier: NodeId) -> int:
        """The depths of the loops whose items the node depends on, as a bit mask."""
        return self._table.free[identifier]

    def operator(self, identifier: NodeId) -> str:
        """The operator of an application, '' for any other node."""
        node = self._table.nodes[identifier]
        return node.operator if isinstance(node, Apply) else ""

    def arguments(self, identifier: NodeId) -> tuple[NodeId, ...]:
        return children(self._table.nodes[identifier])

    def literal(self, identifier: NodeId) -> bool | int | float | str | None:
        """The value of a literal; None for any other node."""
        node = self._table.nodes[identifier]
        return node.value if isinstance(node, Literal) else None

    def used_once(self, identifier: NodeId) -> bool:
        """Whether nothing else is known to need the node: replacing what needs it saves computing it."""
        return self._uses.get(identifier, 1) <= 1

    def make(self, operator: str, *arguments: NodeId) -> NodeId:
        """An application in the plan that is being made."""
        return self._table.intern_application(operator, arguments)

    def part(self, operator: str, *arguments: NodeId) -> NodeId:
        """An application inside what a rule makes. It is called by its operator: the name is that of the whole."""
        whole = self._table.origin
        self._table.origin = replace(whole, hint=operator.rpartition(".")[2])
        inner = self.make(operator, *arguments)
        self._table.origin = whole
        return inner

    def adopted(self, identifier: NodeId) -> NodeId:
        """A node of the old plan in the new one, before its turn comes, with all that it is made of. For small ones:
        each part is visited as often as it is needed."""
        node = self.old.nodes[identifier]
        for part in children(node):
            self.adopted(part)
        self._table.nodes.setdefault(identifier, node)
        return identifier

    def items(self, loop: NodeId, over: NodeId, body: NodeId, hint: str) -> NodeId:
        """The sequence of a body for the items of a sequence, called as those of a loop of the old plan are."""
        old = self.old.nodes[loop]
        assert isinstance(old, LOOPS)
        whole = self._table.origin
        self._table.origin = replace(whole, hint=hint)
        made = self._table.bind(lambda body, depth: Loop(over, body, depth), body, old.depth)
        self._table.origin = whole
        self._carry(loop, made)
        return made

    def simplified(self, operator: str, *arguments: NodeId) -> NodeId:
        """A part on which the rule itself is tried too."""
        return simplified(self, self.part(operator, *arguments), self.rule)[0]

    def make_fused(self, fused: Fused, inner: tuple[Origin, ...]) -> NodeId:
        """Operators that are computed together, and where each comes from."""
        made = self._table.intern(fused)
        self._table.inner.setdefault(made, inner)
        return made

    def constant(self, value: bool | int | float | str) -> NodeId:
        return self._table.literal(value)

    def grid(self, identifier: NodeId) -> NodeId:
        """The image from which an image has its geometry, to the last bit.

        Images with one `grid` are sure to agree when they meet. An operator on several grids, which agree within a
        tolerance or not at all, gives a grid of its own. Linear over all calls; no recursion.
        """
        pending = [identifier]
        while pending:
            each = pending[-1]
            if each in self._grids:
                pending.pop()
                continue
            images = self._images_of(each)
            missing = [image for image in images if image not in self._grids]
            if missing:
                pending.extend(missing)
                continue
            found = {self._grids[image] for image in images}
            self._grids[each] = found.pop() if len(found) == 1 else each
            pending.pop()
        return self._grids[identifier]

    def _images_of(self, identifier: NodeId) -> list[NodeId]:
        node = self._table.nodes[identifier]
        if not isinstance(node, Apply) or not node.operator.startswith("vox1.") or node.operator in OWN_GRID:
            return []
        known = self._table.kinds
        return [each for each in node.arguments if may_be_image(known[each])]

    # --- for the functions below

    def keep(self, identifier: NodeId, node: Node) -> None:
        """A node of the old plan in the new one: all that is known of it stays, and nothing is digested again. What is
        made from now on is made in its place, and comes from where it does."""
        self._table.nodes.setdefault(identifier, node)
        self._table.origin = self.old.origins[identifier]

    def rebuild(self, identifier: NodeId, node: Node, parts: tuple[NodeId, ...]) -> NodeId:
        """The node of the old plan made of other parts. What is made from now on is made in its place too."""
        table = self._table
        table.origin = self.old.origins[identifier]
        if isinstance(node, Apply):
            return table.intern_application(node.operator, parts)
        if isinstance(node, LOOPS):
            made = table.bind(lambda body, depth: _loop(node, parts, body, depth), parts[-1], node.depth)
        else:
            made = table.intern(with_children(node, parts))
        self._carry(identifier, made)
        return made

    def stand_for(self, old: NodeId, new: NodeId) -> None:
        """Note that what needed the one node needs the other."""
        self._uses[new] = self._uses.get(new, 0) + self._uses.pop(old, 0)

    def _carry(self, old: NodeId, new: NodeId) -> None:
        """What is known of a node beside it is known of the one in its place."""
        if old in self.old.elements:
            self._table.elements.setdefault(new, self.old.elements[old])
        if old in self.old.inner:
            self._table.inner.setdefault(new, self.old.inner[old])

    def finished(self, goals: tuple[Goal, ...], rewrites: list[Rewrite]) -> WorkPlan:
        """The plan that is made, without what its goals do not reach."""
        old, table = self.old, self._table
        kept = needed(table.nodes, (root for goal in goals for root in goal_nodes(goal)))
        kept.update(each for each, node in table.nodes.items() if isinstance(node, Parameter))
        gone = table.kinds.keys() - kept  # those of the old plan are known too, whether they were moved or not
        return WorkPlan(
            nodes=_without(table.nodes.keys() - kept, table.nodes),
            kinds=_without(gone, table.kinds),
            free=_without(gone, table.free),
            goals=goals,
            paragraphs=old.paragraphs,
            origins=_without(gone, table.origins),
            elements=_without(table.elements.keys() - kept, table.elements),
            inner=_without(table.inner.keys() - kept, table.inner),
            source_name=old.source_name,
            rewrites=(*old.rewrites, *rewrites),
        )


def _opened(plan: WorkPlan) -> NodeTable:
    """The table of a plan in the making, which knows all of an old plan's nodes beforehand and has none of them yet."""
    table = NodeTable()
    table.kinds, table.free, table.origins = dict(plan.kinds), dict(plan.free), dict(plan.origins)
    table.elements, table.inner = dict(plan.elements), dict(plan.inner)
    return table


def _without(gone: set[NodeId], known: dict[NodeId, _Known]) -> dict[NodeId, _Known]:
    """What is known of the other nodes."""
    for each in gone:
        del known[each]
    return known


def _loop(node: Loop | Filter | Fold, parts: tuple[NodeId, ...], body: NodeId, depth: int) -> Node:
    if isinstance(node, Fold):
        return Fold(parts[0], None if node.start is None else parts[1], body, depth)
    return type(node)(parts[0], body, depth)


def rewrite(plan: WorkPlan, name: str, rule: Rule) -> WorkPlan:
    """The plan with a rule applied wherever it holds, from the leaves up, until it holds nowhere that it was tried."""
    return rewritten(plan, name, lambda rewriting, _, new: simplified(rewriting, new, rule), rule)


def simplified(rewriting: Rewriting, new: NodeId, rule: Rule) -> tuple[NodeId, list[str]]:
    """The node after the rule, as often as it applies, and the laws by which."""
    laws: list[str] = []
    for _ in range(_MOST_RULES):
        node = rewriting.node(new)
        replaced = rule(rewriting, new, node.arguments) if isinstance(node, Apply) and node.operator != LIST else None
        if replaced is None:
            break
        laws.append(replaced.law)
        new = replaced.node
    return new, laws


@dataclass(frozen=True, slots=True)
class Substitute:
    """An application to stand for a node. The arguments are nodes of the plan as it was, or numbers and texts."""

    operator: str
    arguments: tuple[NodeId | float | str, ...]
    law: str


def substitute(plan: WorkPlan, name: str, substitutes: Mapping[NodeId, Substitute]) -> WorkPlan:
    """The plan with nodes replaced by others, found by a look at the whole plan. The same plan for none."""
    if not substitutes:
        return plan
    new_of: dict[NodeId, NodeId] = {}

    def substituted(rewriting: Rewriting, old: NodeId, new: NodeId) -> tuple[NodeId, list[str]]:
        found = substitutes.get(old)
        if found is None:
            new_of[old] = new
            return new, []
        given = [new_of[each] if isinstance(each, bytes) else rewriting.constant(each) for each in found.arguments]
        new_of[old] = rewriting.make(found.operator, *given)
        return new_of[old], [found.law]

    return rewritten(plan, name, substituted)


@dataclass(frozen=True, slots=True)
class Fusion:
    """Operators to be computed together in place of the last of them; `inner` is where each comes from."""

    arguments: tuple[NodeId, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]
    inner: tuple[Origin, ...]
    law: str


def fuse(plan: WorkPlan, name: str, fusions: Mapping[NodeId, Fusion]) -> WorkPlan:
    """The plan with nodes replaced by fused ones. The same plan for none."""
    if not fusions:
        return plan
    new_of: dict[NodeId, NodeId] = {}

    def fused(rewriting: Rewriting, old: NodeId, new: NodeId) -> tuple[NodeId, list[str]]:
        found = fusions.get(old)
        if found is not None:
            arguments = tuple(new_of[each] for each in found.arguments)
            new = rewriting.make_fused(Fused(arguments, found.steps), found.inner)
        new_of[old] = new
        return new, [found.law] if found is not None else []

    return rewritten(plan, name, fused)


def rewritten(
    plan: WorkPlan,
    name: str,
    change: Callable[[Rewriting, NodeId, NodeId], tuple[NodeId, list[str]]],
    rule: Rule = lambda *_: None,
) -> WorkPlan:
    """The plan with each node changed, from the leaves up, and the laws by which: the same plan for none.

    `change` is shown the node as it was and as it is of parts that are changed already; `rule` is that of
    `Rewriting.simplified`.
    """
    rewriting = Rewriting(plan, rule)
    moved: dict[NodeId, NodeId] = {}
    all_stay, now = moved.keys().isdisjoint, moved.get
    keep, rebuild, stand_for = rewriting.keep, rewriting.rebuild, rewriting.stand_for
    rewrites: list[Rewrite] = []
    for identifier, node in plan.nodes.items():
        parts = node.arguments if isinstance(node, Apply) else children(node)
        if all_stay(parts):
            keep(identifier, node)
            built = identifier
        else:
            built = rebuild(identifier, node, tuple([now(part, part) for part in parts]))
        new, laws = change(rewriting, identifier, built)
        if new != identifier:
            moved[identifier] = new
            stand_for(identifier, new)
        if laws:
            rewrites.extend([Rewrite(name, law, plan.origins[identifier]) for law in laws])
    if not rewrites:
        return plan
    return rewriting.finished(tuple(_moved(goal, moved) for goal in plan.goals), rewrites)


def _moved(goal: Goal, moved: Mapping[NodeId, NodeId]) -> Goal:
    node = moved.get(goal.node, goal.node)
    if isinstance(goal, Print):
        return Print(goal.label, node, goal.span)
    if isinstance(goal, Save):
        return Save(moved.get(goal.path, goal.path), node, goal.span)
    return type(goal)(node, goal.span)


def count_uses(plan: WorkPlan) -> dict[NodeId, int]:
    """How many places need each node: arguments of nodes, and goals."""
    nodes = plan.nodes.values()
    uses = Counter(
        chain.from_iterable([node.arguments if isinstance(node, Apply) else children(node) for node in nodes])
    )
    uses.update(root for goal in plan.goals for root in goal_nodes(goal))
    return uses


def users_of(plan: WorkPlan) -> dict[NodeId, list[NodeId]]:
    """The nodes that each node is an argument of, without repetition, in the plan's order."""
    users: defaultdict[NodeId, list[NodeId]] = defaultdict(list)
    for identifier, node in plan.nodes.items():
        parts = node.arguments if isinstance(node, Apply) else children(node)
        for child in parts if len(parts) < 2 else dict.fromkeys(parts):
            users[child].append(identifier)
    return dict(users)
