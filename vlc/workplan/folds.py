"""Folding with operators of the language: what a fold begins with, and how it goes on."""

from __future__ import annotations

from dataclasses import dataclass

from vlc.diagnostics import Span, did_you_mean
from vlc.syntax import nodes as syntax
from vlc.workplan.kinds import Kind
from vlc.workplan.making import Maker, error
from vlc.workplan.nodes import NodeId
from vlc.workplan.overloads import ARITHMETIC
from vlc.workplan.scope import Constant, Function, Generic, Meaning
from vlc.workplan.types import leaf

FOLDED_NUMBERS = {"max": "default.larger", "min": "default.smaller"}
"""Names that fold numbers, where the program does not declare them."""
_START: dict[str, float | bool] = {"+": 0, "-": 0, "*": 1, "&&": True, "&": True, "||": False, "|": False}
# a fold keeps whole numbers whole, as VoxLogicA-2's does, so it does not use the operators that always give floats
_KEEPING_WHOLE = {
    "+": "default.addition",
    "-": "default.subtraction",
    "*": "default.multiplication",
    "/": "default.division",
}


@dataclass(frozen=True, slots=True)
class Folding:
    """What a fold combines with: a symbol, and the function or generic operator that it is; None for max and min."""

    symbol: str
    meaning: Function | Generic | None

    def start(self, make: Maker, item: Kind, span: Span) -> NodeId | None:
        """What a fold over such items begins with that says nothing of it; None for the first item. An error where
        the operator has no such value."""
        if isinstance(self.meaning, Function):
            return None
        if self.symbol in _START and not item.is_image:
            return make.builder.literal(_START[self.symbol])
        if self.symbol in ("/", "-"):
            raise error(
                f"`fold {self.symbol}` has nothing to start from", span, f"write `fold {self.symbol} START SEQUENCE`"
            )
        return None

    def step(self, make: Maker, total: NodeId, item: NodeId, span: Span, depth: int) -> NodeId:
        """The total with one item more, by an operator of the language."""
        given = [make.builder.kinds[total], make.builder.kinds[item]]
        if self.meaning is None:
            make.want_scalars(self.symbol, given, span, strings=False)
            return make.apply(FOLDED_NUMBERS[self.symbol], [total, item], span)
        if self.symbol in _KEEPING_WHOLE and not any(kind.is_image for kind in given):
            make.want_scalars(self.symbol, [leaf(kind) for kind in given], span, strings=self.symbol == "+")
            return make.apply(_KEEPING_WHOLE[self.symbol], [total, item], span)
        return make.generic(self.symbol, [total, item], span, None, depth)


def folding(operator: syntax.Name, meaning: Meaning) -> Folding:
    """The folding with what an operator means. Raises CompileError for what does not combine two values."""
    symbol = operator.text
    if isinstance(meaning, Function) and len(meaning.formals) == 2:
        return Folding(symbol, meaning)
    if isinstance(meaning, Generic) and (symbol in ARITHMETIC or symbol in _START):
        return Folding(symbol, meaning)
    if symbol in FOLDED_NUMBERS and isinstance(meaning, (Constant, Function)):
        what = "a value" if isinstance(meaning, Constant) else "a function that does not take two values"
        raise error(
            f"`{symbol}` cannot be folded with: the program declares it as {what}",
            operator.span,
            f"give that declaration another name: it hides the `{symbol}` that folds numbers",
        )
    choices = did_you_mean(symbol, ["+", "-", "*", "/", "&&", "||", "max", "min"])
    raise error(
        f"`{symbol}` cannot be folded with",
        operator.span,
        choices or "fold with + - * / && || max min, or with an operator of two parameters",
    )
