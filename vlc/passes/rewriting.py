"""Rebuilding a plan with some of its nodes replaced: what every pass does, done once.

Nodes are visited once, each after what it is made of, so a pass is linear in nodes whatever the plan's depth. A new
node has the origin of the node that it replaces: names and paragraphs of the script still follow the source.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

from vlc.passes.risks import Risks
from vlc.workplan import kinds
from vlc.workplan.builder import Builder
from vlc.workplan.kinds import Kind
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
from vlc.workplan.plan import Goal, Origin, Print, Rewrite, Save, WorkPlan, goal_nodes, reachable
from vlc.workplan.types import LIST

_MOST_RULES = 64
"""Rules that one node may go through: each makes it smaller, so that this is never reached but by a bug."""
OWN_GRID = frozenset({"vox1.load", "vox1.extract"})
"""Operators of vox1 whose result lies on another grid than their arguments, or on one found at run time."""


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
        self._builder = Builder()
        self._uses: dict[NodeId, int] = {}
        self._grids: dict[NodeId, NodeId] = {}
        self.old = plan
        self.risks = Risks(self)

    def node(self, identifier: NodeId) -> Node:
        return self._builder.nodes[identifier]

    def kind(self, identifier: NodeId) -> Kind:
        return self._builder.kinds[identifier]

    def free(self, identifier: NodeId) -> int:
        """The depths of the loops whose items the node depends on, as a bit mask."""
        return self._builder.free[identifier]

    def operator(self, identifier: NodeId) -> str:
        """The operator of an application, '' for any other node."""
        node = self._builder.nodes[identifier]
        return node.operator if isinstance(node, Apply) else ""

    def arguments(self, identifier: NodeId) -> tuple[NodeId, ...]:
        return children(self._builder.nodes[identifier])

    def literal(self, identifier: NodeId) -> bool | int | float | str | None:
        """The value of a literal; None for any other node."""
        node = self._builder.nodes[identifier]
        return node.value if isinstance(node, Literal) else None

    def used_once(self, identifier: NodeId) -> bool:
        """Whether nothing else is known to need the node: replacing what needs it saves computing it."""
        return self._uses.get(identifier, 1) <= 1

    def make(self, operator: str, *arguments: NodeId) -> NodeId:
        """An application in the plan that is being made."""
        return self._builder.intern(Apply(operator, arguments))

    def part(self, operator: str, *arguments: NodeId) -> NodeId:
        """An application inside what a rule makes. It is called by its operator: the name is that of the whole."""
        whole = self._builder.origin
        self._builder.origin = replace(whole, hint=operator.rpartition(".")[2])
        inner = self.make(operator, *arguments)
        self._builder.origin = whole
        return inner

    def adopted(self, identifier: NodeId) -> NodeId:
        """A node of the old plan in the new one, before its turn comes, with all that it is made of. For small ones:
        each part is visited as often as it is needed."""
        node = self.old.nodes[identifier]
        for part in children(node):
            self.adopted(part)
        whole = self._builder.origin
        self._builder.origin = self.old.origins[identifier]
        self._adopted(identifier, node)
        self._builder.origin = whole
        return identifier

    def items(self, loop: NodeId, over: NodeId, body: NodeId, hint: str) -> NodeId:
        """The sequence of a body for the items of a sequence, called as those of a loop of the old plan are."""
        old = self.old.nodes[loop]
        assert isinstance(old, LOOPS)
        whole = self._builder.origin
        self._builder.origin = replace(whole, hint=hint)
        made = self._builder.bind(lambda body, depth: Loop(over, body, depth), body, old.depth)
        self._builder.origin = whole
        self._carry(loop, made)
        return made

    def simplified(self, operator: str, *arguments: NodeId) -> NodeId:
        """A part on which the rule itself is tried too."""
        return simplified(self, self.part(operator, *arguments), self.rule)[0]

    def make_fused(self, fused: Fused, inner: tuple[Origin, ...]) -> NodeId:
        """Operators that are computed together, and where each comes from."""
        made = self._builder.intern(fused)
        self._builder.inner.setdefault(made, inner)
        return made

    def constant(self, value: bool | int | float | str) -> NodeId:
        return self._builder.literal(value)

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
        node = self._builder.nodes[identifier]
        if not isinstance(node, Apply) or not node.operator.startswith("vox1.") or node.operator in OWN_GRID:
            return []
        return [each for each in node.arguments if kinds.accepts(kinds.ANY_IMAGE, self._builder.kinds[each])]

    # --- for the functions below

    def rebuild(self, identifier: NodeId, parts: tuple[NodeId, ...]) -> NodeId:
        """The node of the old plan made of these parts."""
        builder, node = self._builder, self.old.nodes[identifier]
        builder.origin = self.old.origins[identifier]
        if parts == children(node):
            return self._adopted(identifier, node)
        if isinstance(node, LOOPS):
            made = builder.bind(lambda body, depth: _loop(node, parts, body, depth), parts[-1], node.depth)
        else:
            made = builder.intern(with_children(node, parts))
        self._carry(identifier, made)
        return made

    def _adopted(self, identifier: NodeId, node: Node) -> NodeId:
        """A node as it was: all that is known of it stays, and nothing is digested again."""
        builder, old = self._builder, self.old
        if identifier not in builder.nodes:
            builder.nodes[identifier] = node
            builder.kinds[identifier] = old.kinds[identifier]
            builder.free[identifier] = old.free[identifier]
            builder.origins[identifier] = builder.origin
        self._carry(identifier, identifier)
        return identifier

    def _carry(self, old: NodeId, new: NodeId) -> None:
        """What is known of a node beside it is known of the one in its place."""
        if old in self.old.elements:
            self._builder.elements.setdefault(new, self.old.elements[old])
        if old in self.old.inner:
            self._builder.inner.setdefault(new, self.old.inner[old])

    def count_uses(self, new: NodeId, uses: int) -> None:
        self._uses[new] = self._uses.get(new, 0) + uses

    def finished(self, goals: tuple[Goal, ...], rewrites: list[Rewrite]) -> WorkPlan:
        """The plan that is made, without what its goals do not reach."""
        old, builder = self.old, self._builder
        kept = reachable(builder.nodes, (root for goal in goals for root in goal_nodes(goal)))
        kept.update(each for each, node in builder.nodes.items() if isinstance(node, Parameter))
        ordered = {identifier: node for identifier, node in builder.nodes.items() if identifier in kept}
        return WorkPlan(
            nodes=ordered,
            kinds={identifier: builder.kinds[identifier] for identifier in ordered},
            free={identifier: builder.free[identifier] for identifier in ordered},
            goals=goals,
            paragraphs=old.paragraphs,
            origins={identifier: builder.origins[identifier] for identifier in ordered},
            elements={identifier: name for identifier, name in builder.elements.items() if identifier in kept},
            inner={identifier: origins for identifier, origins in builder.inner.items() if identifier in kept},
            source_name=old.source_name,
            rewrites=(*old.rewrites, *rewrites),
        )


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
    uses = count_uses(plan)
    done: dict[NodeId, NodeId] = {}
    rewrites: list[Rewrite] = []
    for identifier, node in plan.nodes.items():
        new = rewriting.rebuild(identifier, tuple(done[part] for part in children(node)))
        new, laws = change(rewriting, identifier, new)
        done[identifier] = new
        rewriting.count_uses(new, uses.get(identifier, 0))
        rewrites.extend(Rewrite(name, law, plan.origins[identifier]) for law in laws)
    if not rewrites:
        return plan
    return rewriting.finished(tuple(_moved(goal, done) for goal in plan.goals), rewrites)


def _moved(goal: Goal, done: Mapping[NodeId, NodeId]) -> Goal:
    if isinstance(goal, Print):
        return Print(goal.label, done[goal.node], goal.span)
    if isinstance(goal, Save):
        return Save(done[goal.path], done[goal.node], goal.span)
    return type(goal)(done[goal.node], goal.span)


def count_uses(plan: WorkPlan) -> dict[NodeId, int]:
    """How many places need each node: arguments of nodes, and goals."""
    uses: dict[NodeId, int] = {}
    for node in plan.nodes.values():
        for child in children(node):
            uses[child] = uses.get(child, 0) + 1
    for goal in plan.goals:
        for root in goal_nodes(goal):
            uses[root] = uses.get(root, 0) + 1
    return uses


def users_of(plan: WorkPlan) -> dict[NodeId, list[NodeId]]:
    """The nodes that each node is an argument of, without repetition, in the plan's order."""
    users: dict[NodeId, list[NodeId]] = {}
    for identifier, node in plan.nodes.items():
        for child in dict.fromkeys(children(node)):
            users.setdefault(child, []).append(identifier)
    return users
