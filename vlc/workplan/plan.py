"""The WorkPlan: what a program computes, as a graph in which equal expressions are one node."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from vlc.diagnostics import Span
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import LOOPS, Apply, Element, Grid, Node, NodeId, Parameter, children, node_id, outer_children


@dataclass(frozen=True, slots=True)
class Print:
    label: str
    node: NodeId
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Save:
    """`path` is a node of kind string: a literal, or text with parameters in it."""

    path: NodeId
    node: NodeId
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """A declaration that writes a file or acts otherwise: it is computed for what it does."""

    node: NodeId
    span: Span | None = None


Goal: TypeAlias = Print | Save | Effect


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A declaration (or goal) of the source: where its nodes stand in the script, and under which name."""

    name: str
    text: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a node comes from: its paragraph, the expression, and what the source calls it there ('' for the
    paragraph's own name)."""

    paragraph: int
    span: Span | None = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Rewrite:
    """That a pass replaced a node: the law it went by, and where the node comes from."""

    rule: str
    law: str
    origin: Origin


@dataclass(frozen=True)
class WorkPlan:
    """`nodes` is topologically sorted (a node stands after its children) and holds only what the goals reach, and the
    parameters of the program as it was written: those that passes found without influence still may be set.

    `free` has, for each node, the set of loop depths whose Element it depends on, as a bit mask. `elements` names the
    variable of each loop as the source does. `inner` has the origins of the steps of fused nodes. `rewrites` tells what
    passes did to the plan so far.
    """

    nodes: Mapping[NodeId, Node]
    kinds: Mapping[NodeId, Kind]
    free: Mapping[NodeId, int]
    goals: tuple[Goal, ...]
    paragraphs: tuple[Paragraph, ...] = ()
    origins: Mapping[NodeId, Origin] = field(default_factory=dict)
    elements: Mapping[NodeId, str] = field(default_factory=dict)
    inner: Mapping[NodeId, tuple[Origin, ...]] = field(default_factory=dict)
    source_name: str = ""
    rewrites: tuple[Rewrite, ...] = ()


def goal_nodes(goal: Goal) -> tuple[NodeId, ...]:
    return (goal.path, goal.node) if isinstance(goal, Save) else (goal.node,)


def free_depths(node: Node, free: Mapping[NodeId, int]) -> int:
    """The loop depths whose Element the node depends on: a loop binds its own depth in its body."""
    mask = 0
    if isinstance(node, Apply):
        for argument in node.arguments:
            mask |= free[argument]
        return mask
    if isinstance(node, Element):
        return 1 << node.depth
    if isinstance(node, LOOPS):
        # by place, not by id: a loop may go over the very node that is its body
        mask = free[node.body] & ~(1 << node.depth)
    for child in outer_children(node):
        mask |= free[child]
    return mask


def needed(nodes: Mapping[NodeId, Node], roots: Iterable[NodeId]) -> set[NodeId]:
    """What the roots are made of, themselves included; each node stands after what it is made of. Linear."""
    found = set(roots)
    for identifier in reversed(list(nodes)):
        if identifier in found:
            node = nodes[identifier]
            found.update(node.arguments if isinstance(node, Apply) else children(node))
    return found


def check(plan: WorkPlan) -> None:
    """Raise AssertionError unless the plan is what its docstring says. For tests and after each pass in them."""
    before: set[NodeId] = set()
    for identifier, node in plan.nodes.items():
        assert node_id(node) == identifier, f"{node} is filed under another id"
        assert all(child in before for child in children(node)), f"{node} stands before what it is made of"
        assert not isinstance(node, Grid), "a grid was never found"
        assert plan.free[identifier] == free_depths(node, plan.free)
        assert identifier in plan.kinds
        before.add(identifier)
    roots = [root for goal in plan.goals for root in goal_nodes(goal)]
    beyond = before - needed(plan.nodes, roots)
    assert all(isinstance(plan.nodes[each], Parameter) for each in beyond), "the plan holds nodes that no goal reaches"
    assert all(plan.free[root] == 0 for root in roots), "a goal depends on the item of a loop"
