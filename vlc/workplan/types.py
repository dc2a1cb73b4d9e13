"""The kind of a node from the kinds of what it is made of, and what is wrong with the arguments of a call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from vlc.workplan import kinds
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import Apply, Element, Filter, Fold, Fused, Grid, Literal, Loop, Node, NodeId, Parameter
from vlc.workplan.operators import Signature, signature_of

LIST = "list"
"""The operator of an array: the sequence of its arguments."""

_ITEM_OF = frozenset({"default.index"})
_KEEPING_WHOLE = frozenset({"default.addition", "default.subtraction", "default.multiplication", "default.division"})
_SAME_AS_FIRST = frozenset({"default.slice_between", "default.slice_from", "default.subsequence"})
SELECTING = _ITEM_OF | _SAME_AS_FIRST
"""The operators that select items of their first argument: the others need not be computed."""


def kind_of(node: Node, known: Mapping[NodeId, Kind]) -> Kind:
    """The kind of a node. Total: what cannot be known is `value of any kind`."""
    if isinstance(node, Apply):  # the commonest case by far: no `match`
        own = _own_kind(node.operator)
        return own if own is not None else _kind_of_call(node.operator, [known[each] for each in node.arguments])
    match node:
        case Literal(value):
            return _kind_of_scalar(value)
        case Parameter(_, default):
            return kinds.STRING if default is None else _kind_of_scalar(default)
        case Element(_, kind, _):
            return kinds.kind_from_text(kind)
        case Grid():
            return kinds.ANY_IMAGE
        case Loop(_, body, _):
            return kinds.sequence_of(known[body])
        case Filter(over, _, _):
            return known[over]
        case Fold(_, _, body, _):
            return known[body]
        case Fused(_, steps):
            return signature_of(steps[-1][0]).result


def _kind_of_scalar(value: object) -> Kind:
    if isinstance(value, bool):
        return kinds.BOOL
    if isinstance(value, (int, float)):
        return kinds.NUMBER
    return kinds.STRING


@cache
def _own_kind(operator: str) -> Kind | None:
    """The kind of an operator's result, whatever it is given; None where that depends on it."""
    if operator == LIST or operator in _ITEM_OF | _SAME_AS_FIRST | _KEEPING_WHOLE:
        return None
    if operator == "default.pairs":
        return kinds.sequence_of(kinds.sequence_of(kinds.UNKNOWN))
    return signature_of(operator).result


def _kind_of_call(operator: str, given: Sequence[Kind]) -> Kind:
    """The kind of a call whose result depends on what it is given."""
    if operator == LIST:
        return kinds.sequence_of(kinds.join(given) or kinds.UNKNOWN)
    if operator in _ITEM_OF:
        return given[0].item or kinds.UNKNOWN
    if operator in _SAME_AS_FIRST:
        return given[0]
    return _kind_of_arithmetic(*given)


def _kind_of_arithmetic(left: Kind, right: Kind) -> Kind:
    """The kind of an operator that works on scalars, and on sequences item by item."""
    depth = max(left.sequences, right.sequences)
    if {leaf(left), leaf(right)} <= {kinds.NUMBER, kinds.BOOL}:
        return Kind(kinds.NUMBER.name, depth)
    if leaf(left) == leaf(right) == kinds.STRING:
        return Kind(kinds.STRING.name, depth)
    return kinds.UNKNOWN


def leaf(kind: Kind) -> Kind:
    """What a nested sequence is made of in the end."""
    return Kind(kind.name)


def problem_with(signature: Signature, given: Sequence[Kind]) -> tuple[str, int | None]:
    """What is wrong with a call on these kinds ('' if nothing), and the position of the argument at fault."""
    count = len(given)
    if count < signature.least or (signature.most is not None and count > signature.most):
        return f"`{signature.name}` takes {_arity(signature)}, not {count}", None
    for position, kind in enumerate(given):
        if position in signature.reads and leaf(kind) not in (kinds.STRING, kinds.UNKNOWN):
            return f"`{signature.name}` wants the name of a file, and this is {_article(kind)}", position
        wanted = signature.kind_of_argument(position)
        if not kinds.accepts(wanted, kind):
            what = f"`{signature.name}` wants {_article(wanted)}"
            if count > 1:
                what += f" as argument {position + 1}"
            return f"{what}, and this is {_article(kind)}", position
    return "", None


def _arity(signature: Signature) -> str:
    least, most = signature.least, signature.most
    if most is None:
        return f"at least {least} argument{'s' * (least != 1)}"
    if least == most:
        return f"{most} argument{'s' * (most != 1)}" if most else "no arguments"
    return f"{least} to {most} arguments"


def _article(kind: Kind) -> str:
    return f"{'an' if str(kind)[0] in 'aeiou' else 'a'} {kind}"


describe_kind = _article
