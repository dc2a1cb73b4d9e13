"""What to do about operands that an operator of vl1 does not take.

There the dot is on the side of the number, `image >. 3`, and a chain is read from right to left without precedence. Who
comes from other languages forgets both, and is told here what to write.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from vlc.diagnostics import Span
from vlc.syntax.nodes import Call
from vlc.syntax.precedence import level
from vlc.syntax.readings import from_the_right
from vlc.workplan import kinds
from vlc.workplan.kinds import Kind, accepts
from vlc.workplan.scope import in_namespace
from vlc.workplan.types import describe_kind

_NUMERIC = frozenset({"+", "-", "*", "/", "==", "!=", "=", "<", "<=", ">", ">="})
_LOGICAL = frozenset({"&", "|", "!"})
_SCALARS = frozenset({kinds.NUMBER, kinds.BOOL})
_LONGEST_CHAIN = 8


@dataclass(frozen=True, slots=True)
class Wrong:
    """A mistake: what it is, where, and what to write."""

    message: str
    span: Span
    hint: str


class Chains:
    """The chains of infix operators under way: each call by the call at the top of its chain."""

    def __init__(self) -> None:
        self._tops: dict[Call, Call] = {}

    def top(self, call: Call) -> Call:
        """The top of the chain in which a call stands. To be asked of a call before its operands."""
        top = self._tops.pop(call, call)
        if call.form == "infix":
            right = call.arguments[1]
            if isinstance(right, Call) and _continues(right):
                self._tops[right] = top
        return top


def wrong_operands(call: Call, given: Sequence[Kind], chain: Call) -> Wrong | None:
    """What is wrong where an operator of vl1 does not take these operands, and it is known what to write instead.

    `chain` is the call at the top of the chain of infix operators in which the call stands.
    """
    symbol = call.function.text
    base = symbol.strip(".")
    if symbol == "-" and len(given) == 1:
        return _no_sign(call, given[0])
    if base not in _NUMERIC | _LOGICAL or len(given) != (1 if base == "!" else 2):
        return None
    position = _refused(symbol, given)
    if position is None:
        return None
    other, reading = _other_operator(symbol, base, given), chain_reading(call, chain)
    hint = reading if position == 0 and call is not chain else ""  # an operator before it took what belongs here
    hint = hint or other or reading or _comparison(base, given[position])
    if not hint:
        return None
    message = f"`{symbol}` wants {describe_kind(_wanted(symbol, position, len(given)))}"
    if len(given) > 1:
        message += f" as argument {position + 1}"
    message += f", and this is {describe_kind(given[position])}"
    return Wrong(message, call.arguments[position].span, hint)


def _no_sign(call: Call, kind: Kind) -> Wrong:
    operator = ".-." if kind in _SCALARS else ".-"
    hint = f"a sign goes with a number only, as in `-1`: write `0 {operator} a`"
    return Wrong("`-` takes 2 arguments, not 1", call.span, hint)


def _wanted(symbol: str, position: int, count: int) -> Kind:
    """The kind of an operand, by the dot at its side."""
    dotted = symbol.startswith(".") if position == 0 and count == 2 else symbol.endswith(".")
    if symbol.strip(".") in _LOGICAL:
        return kinds.BOOL if dotted else kinds.BOOL_IMAGE
    return kinds.NUMBER if dotted else kinds.NUMBER_IMAGE


def _refused(symbol: str, given: Sequence[Kind]) -> int | None:
    """The position of the first operand that is not of the wanted kind."""
    wrong = (
        position for position, kind in enumerate(given) if not accepts(_wanted(symbol, position, len(given)), kind)
    )
    return next(wrong, None)


def _other_operator(symbol: str, base: str, given: Sequence[Kind]) -> str:
    """The operator that takes these operands, if there is one."""
    dots = ["." if kind in _SCALARS else "" for kind in given]
    if base == "!":
        meant = f"!{dots[0]}"
        wanted = "a bool" if dots[0] else "an image"
        return f"of {wanted} it is `{meant}`" if _takes(meant, given) else ""
    left, right = dots
    equal = "=" if left or right else "=="
    meant = f"{left}{equal if base in ('=', '==', '!=') else base}{right}"
    if meant == symbol or not _takes(meant, given):
        return ""
    write = f"`{meant}`"
    if base == "!=":
        write = f"`{'!.' if left and right else '!'}(a {meant} b)`"
    if left and right:
        what = "bools" if base in _LOGICAL else "numbers"
        return f"write {write}: between two {what} an operator has a dot at either side"
    if left or right:
        return f"write {write}: the dot is on the side of the number"
    return f"write {write}: between two images an operator has no dot"


def _takes(symbol: str, given: Sequence[Kind]) -> bool:
    return in_namespace("vox1", symbol) is not None and _refused(symbol, given) is None


def chain_reading(call: Call, chain: Call) -> str:
    """How the chain at whose top `chain` stands was read, where precedence would read it otherwise, and how it may have
    been meant; an empty string for a call that is in none."""
    if call.form != "infix":
        return ""
    texts, operators = _flat(chain)
    levels = [level(operator) or 0 for operator in operators]
    if not any(before > after for before, after in pairwise(levels)):
        return ""
    rule = "operators are read from right to left here, without precedence"
    if len(operators) > _LONGEST_CHAIN:
        return f"{rule}: write parentheses"
    read, usual = from_the_right(texts, operators)
    return f"{rule}: this is `{read}`; write parentheses, as in `{usual}`"


def _flat(chain: Call) -> tuple[list[str], list[str]]:
    """The operands and operators of a chain; of a long one as many as show that it is long."""
    texts, operators = [_operand(chain, 0)], [chain.function.text]
    last = chain.arguments[1]
    while len(operators) <= _LONGEST_CHAIN and _continues(last):
        assert isinstance(last, Call)
        texts.append(_operand(last, 0))
        operators.append(last.function.text)
        chain, last = last, last.arguments[1]
    return [*texts, _operand(chain, 1)], operators


def _operand(call: Call, position: int) -> str:
    operand = call.arguments[position]
    text = operand.span.text
    return f"({text})" if isinstance(operand, Call) and operand.grouped else text


def _continues(operand: object) -> bool:
    """Whether the right operand of an infix operator goes on with the chain."""
    return isinstance(operand, Call) and operand.form == "infix" and not operand.grouped


def _comparison(base: str, kind: Kind) -> str:
    if base in _LOGICAL and kind == kinds.NUMBER_IMAGE:
        return "compare an image of numbers first, as in `image >. 0`"
    return ""
