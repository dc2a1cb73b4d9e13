"""The nodes of a WorkPlan. A node is named by the SHA-256 of its canonical encoding, as in a Merkle tree.

Names and positions are never in a node: they are in the plan's origins. So renaming, commenting and reordering a
program change no id, and equal expressions are one node wherever they stand.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

from vlc_runtime.digest import digest, digest_with_keys, encode

NodeId: TypeAlias = bytes
Scalar: TypeAlias = bool | int | float | str


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the program or folded from such values."""

    value: Scalar


@dataclass(frozen=True, slots=True)
class Parameter:
    """A top-level `name = literal`: the script's user may set it, so nothing is folded into it.

    A vl1 `$NAME` has no default (None): the script's user must set it."""

    name: str
    default: bool | float | str | None


@dataclass(frozen=True, slots=True)
class Apply:
    """`operator` is a kernel, `namespace.python_name`; `list` makes a sequence of its arguments."""

    operator: str
    arguments: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Element:
    """The item of the loop at this nesting depth (outermost is 0); `total` is what a fold has so far.

    The kind belongs to the node, so that the kind of every node is a function of its id."""

    depth: int
    kind: str
    role: str = "item"


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid that `tt`, `border`, `x`... will take from the images they meet. No plan that is done contains it."""


@dataclass(frozen=True, slots=True)
class Loop:
    """The sequence of `body` for every item of `over`, in order. The body's item is Element(depth)."""

    over: NodeId
    body: NodeId
    depth: int


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of `over` for which `body` is true, in order."""

    over: NodeId
    body: NodeId
    depth: int


@dataclass(frozen=True, slots=True)
class Fold:
    """The left fold of `over`: the body combines Element(depth, role total) with Element(depth).

    `start` is what the fold begins with; None begins with the first item."""

    over: NodeId
    start: NodeId | None
    body: NodeId
    depth: int


@dataclass(frozen=True, slots=True)
class Fused:
    """Operators that are computed together, in one pass over their images; the last one is the value.

    A step is a kernel and its operands: numbers that count the arguments, and then the steps."""

    arguments: tuple[NodeId, ...]
    steps: tuple[tuple[str, tuple[int, ...]], ...]


Node: TypeAlias = Literal | Parameter | Apply | Element | Grid | Loop | Filter | Fold | Fused
LOOPS = (Loop, Filter, Fold)


def node_id(node: Node) -> NodeId:
    """The id of a node: the digest of its type-tagged fields. Constant time: the arguments are ids."""
    if isinstance(node, Apply):  # the commonest case by far: no `match`, here and below
        return application_id(node.operator, node.arguments)
    match node:
        case Literal(value):
            return digest("literal", value)
        case Parameter(name, default):
            return digest("parameter", name, default)
        case Element(depth, kind, role):
            return digest("element", depth, kind, role)
        case Grid():
            return digest("grid")
        case Loop(over, body, depth):
            return digest("loop", over, body, depth)
        case Filter(over, body, depth):
            return digest("filter", over, body, depth)
        case Fold(over, start, body, depth):
            return digest("fold", over, start, body, depth)
        case Fused(arguments, steps):
            return digest("fused", arguments, steps)


def application_id(operator: str, arguments: tuple[NodeId, ...]) -> NodeId:
    """The id of an application, which need not be made for it."""
    return digest_with_keys(_application_of(operator), arguments)


@cache
def _application_of(operator: str) -> bytes:
    """What the digest of an application begins with: operators are few, and applications very many."""
    return encode("apply") + encode(operator)


def children(node: Node) -> tuple[NodeId, ...]:
    """The nodes that this one is made of, in order; a loop's body is among them."""
    if isinstance(node, (Apply, Fused)):
        return node.arguments
    if isinstance(node, (Loop, Filter)):
        return (node.over, node.body)
    if isinstance(node, Fold):
        return (node.over, node.body) if node.start is None else (node.over, node.start, node.body)
    return ()


def outer_children(node: Node) -> tuple[NodeId, ...]:
    """The children that stand outside a loop's body: what it goes over and starts from. Of other nodes, all."""
    if isinstance(node, Apply):
        return node.arguments
    match node:
        case Loop(over, _, _) | Filter(over, _, _):
            return (over,)
        case Fold(over, start, _, _):
            return (over,) if start is None else (over, start)
        case _:
            return children(node)


def with_children(node: Node, replaced: tuple[NodeId, ...]) -> Node:
    """The same node made of others: the inverse of `children`."""
    match node:
        case Apply(operator, _):
            return Apply(operator, replaced)
        case Fused(_, steps):
            return Fused(replaced, steps)
        case Loop(_, _, depth):
            return Loop(replaced[0], replaced[1], depth)
        case Filter(_, _, depth):
            return Filter(replaced[0], replaced[1], depth)
        case Fold(_, start, _, depth):
            if start is None:
                return Fold(replaced[0], None, replaced[1], depth)
            return Fold(replaced[0], replaced[1], replaced[2], depth)
        case _:
            return node
