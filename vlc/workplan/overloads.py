"""The generic operators of vl2: which kernel `a + b` is depends on the kinds of a and b.

Everything else in the language has one kernel a name. VoxLogicA-2 decides at run time; here the script says it.
"""

from __future__ import annotations

from collections.abc import Sequence

from vlc.workplan import kinds
from vlc.workplan.kinds import Kind

ARITHMETIC = {"+": "add", "-": "subtract", "*": "multiply", "/": "divide"}
COMPARISONS = {
    "==": "equal",
    "!=": "not_equal",
    "<": "less",
    "<=": "less_equal",
    ">": "greater",
    ">=": "greater_equal",
}
LOGIC = {"&": "logical_and", "&&": "logical_and", "|": "logical_or", "||": "logical_or", "!": "logical_not"}
GENERIC = frozenset({*ARITHMETIC, *COMPARISONS, *LOGIC})

_IMAGE_NUMBER = {"+": "add_vs", "-": "sub_vs", "*": "mul_vs", "/": "div_vs"}
_NUMBER_IMAGE = {"+": ("add_vs", (1, 0)), "*": ("mul_vs", (1, 0)), "-": ("sub_sv", (0, 1)), "/": ("div_sv", (0, 1))}
# `number OP image` names the kernel that keeps a voxel by how it compares with the number: 5 < image is gt_sv(5, image)
_NUMBER_COMPARED = {"==": "eq_sv", "!=": "neq_sv", "<": "gt_sv", "<=": "geq_sv", ">": "lt_sv", ">=": "leq_sv"}
_MIRRORED = {"==": "==", "!=": "!=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


class NoOverload(Exception):
    """The generic operator has no meaning for these kinds; the message says what it wants, the hint what to do."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def choose(symbol: str, given: Sequence[Kind]) -> tuple[str, tuple[int, ...]]:
    """The kernel for a generic operator on arguments that are no sequences, and the order in which it takes them.

    Raises NoOverload.
    """
    if symbol == "-" and len(given) == 1:
        if _is_number(given[0]):
            return "scalar.negate", (0,)
        raise NoOverload("`-` takes a number or an image of numbers")
    if len(given) != (1 if symbol == "!" else 2):
        raise NoOverload(f"`{symbol}` takes {'one operand' if symbol == '!' else 'two operands'}")
    if symbol in LOGIC:
        return _logic(symbol, given)
    return _number_operator(symbol, given)


def _logic(symbol: str, given: Sequence[Kind]) -> tuple[str, tuple[int, ...]]:
    order = tuple(range(len(given)))
    if all(kind in (kinds.BOOL, kinds.UNKNOWN) for kind in given):
        return f"scalar.{LOGIC[symbol]}", order
    if all(kind in (kinds.BOOL_IMAGE, kinds.ANY_IMAGE, kinds.UNKNOWN) for kind in given):
        return f"vox1.{LOGIC[symbol]}", order
    if any(kind == kinds.NUMBER_IMAGE for kind in given):
        raise NoOverload(
            f"`{symbol}` takes bools or images of bools; compare an image of numbers first, as in `image > 0`"
        )
    if set(given) == {kinds.BOOL, kinds.BOOL_IMAGE}:
        hint = "make an image of the bool first: `vox1.bconstant(b)` is b everywhere"
        raise NoOverload(f"`{symbol}` takes two bools, or two images of bools", hint)
    raise NoOverload(f"`{symbol}` takes bools or images of bools")


def _number_operator(symbol: str, given: Sequence[Kind]) -> tuple[str, tuple[int, ...]]:
    left, right = given
    if _is_number(left) and _is_number(right):
        return f"scalar.{ARITHMETIC.get(symbol) or COMPARISONS[symbol]}", (0, 1)
    if is_numbers(left) and is_numbers(right):
        return f"vox1.{ARITHMETIC.get(symbol) or COMPARISONS[symbol]}", (0, 1)
    if is_numbers(left) and _is_number(right):
        if symbol in ARITHMETIC:
            return f"vox1.{_IMAGE_NUMBER[symbol]}", (0, 1)
        return f"vox1.{_NUMBER_COMPARED[_MIRRORED[symbol]]}", (1, 0)
    if _is_number(left) and is_numbers(right):
        if symbol in ARITHMETIC:
            name, order = _NUMBER_IMAGE[symbol]
            return f"vox1.{name}", order
        return f"vox1.{_NUMBER_COMPARED[symbol]}", (0, 1)
    if kinds.STRING in given and symbol == "+":
        raise NoOverload("`+` takes numbers or images of numbers; join strings with `strings.concat`")
    if kinds.COLOUR_IMAGE in given:
        raise NoOverload(
            f"`{symbol}` takes numbers or images of numbers; take `intensity`, `red`, `green` or `blue` first"
        )
    raise NoOverload(f"`{symbol}` takes numbers or images of numbers")


def _is_number(kind: Kind) -> bool:
    return kind in (kinds.NUMBER, kinds.BOOL, kinds.UNKNOWN)


def is_numbers(kind: Kind) -> bool:
    return kind in (kinds.NUMBER_IMAGE, kinds.BOOL_IMAGE, kinds.ANY_IMAGE)
