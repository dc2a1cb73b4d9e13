"""Making nodes with checks: kinds, arities, overloads, folding, grids; and errors told where the user can see them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from vlc.diagnostics import CompileError, Diagnostic, Span
from vlc.workplan import kinds
from vlc.workplan.builder import AmbiguousGrid, Builder
from vlc.workplan.folding import CannotFold, fold
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import Apply, Element, Loop, NodeId
from vlc.workplan.operators import Signature
from vlc.workplan.overloads import ARITHMETIC, COMPARISONS, NoOverload, choose, is_numbers
from vlc.workplan.plan import Origin
from vlc.workplan.scope import Function
from vlc.workplan.types import LIST, describe_kind, problem_with


class Maker:
    """Makes the nodes of a Builder. `calls` are the function calls under way, the innermost last: (place, function).
    `advice` is what to do about an expression that turns out to be wrong, where that is known beforehand.

    `first_image` is the first image that the program loads, whose grid is that of what meets no image.
    """

    def __init__(self) -> None:
        self.builder = Builder()
        self.calls: list[tuple[Span, Function]] = []
        self.advice: dict[Span, str] = {}
        self.first_image: NodeId | None = None

    def operator(
        self, signature: Signature, values: list[NodeId], span: Span, spans: tuple[Span, ...], hint: str = ""
    ) -> NodeId:
        """An operator on values, which are checked; `spans` are those of the arguments.

        `hint` is what to do where they do not fit, if more is known of that than the signature.
        """
        problem, position = problem_with(signature, [self.builder.kinds[value] for value in values])
        if problem:
            at = span if position is None or position >= len(spans) else spans[position]
            raise self.located(problem, at, hint or self.advice.get(span) or f"it is `{signature}`")
        if signature.operator == "default.sequence":
            return self.array(values, spans, span)
        return self.apply(signature.operator, values, span, signature)

    def apply(self, operator: str, values: list[NodeId], span: Span, signature: Signature | None = None) -> NodeId:
        """An operator on values that are known to be right: folded if they are literals."""
        builder = self.builder
        builder.origin = Origin(builder.origin.paragraph, self.place(span), _hint(operator, signature))
        try:
            folded = fold(operator, [builder.nodes[value] for value in values], signature)
            if folded is not None:
                return builder.literal(folded.value)
            return self.loaded(builder.apply(operator, values, signature))
        except CannotFold as problem:
            raise self.located(str(problem), span, problem.hint) from None
        except AmbiguousGrid:
            raise self.ambiguous(span) from None

    def generic(
        self, symbol: str, values: list[NodeId], span: Span, given: Sequence[Kind] | None = None, depth: int = 0
    ) -> NodeId:
        """A generic operator on values of these kinds; on sequences, item by item."""
        given = given or [self.builder.kinds[value] for value in values]
        if any(kind.is_sequence for kind in given) and symbol in {*ARITHMETIC, *COMPARISONS}:
            return self.elementwise(symbol, values, given, span, depth)
        if symbol == "-" and len(values) == 1 and is_numbers(given[0]):
            symbol, values = "*", [*values, self.builder.literal(-1.0)]
            given = [*given, kinds.NUMBER]
        try:
            operator, order = choose(symbol, given)
        except NoOverload as problem:
            got = " and ".join(describe_kind(kind) for kind in given)
            raise self.located(f"{problem}; this is {got}", span, problem.hint) from None
        return self.apply(operator, [values[position] for position in order], span)

    def elementwise(self, symbol: str, values: list[NodeId], given: Sequence[Kind], span: Span, depth: int) -> NodeId:
        """A generic operator on sequences is a loop; what is no sequence goes with every item."""
        items = [kind.item or kind for kind in given]
        sequences = [position for position, kind in enumerate(given) if kind.is_sequence]
        if len(sequences) == 1:
            (sequence,) = sequences
            over, item_kind = values[sequence], items[sequence]
        else:
            over, item_kind = self.apply("default.pairs", values, span), kinds.sequence_of(kinds.UNKNOWN)
        item = self.builder.intern(Element(depth, str(item_kind)))
        if len(sequences) == 1:
            operands = [item if position in sequences else value for position, value in enumerate(values)]
        else:
            sides = [self.builder.literal(float(side)) for side in range(len(values))]
            operands = [self.apply("default.index", [item, side], span) for side in sides]
        body = self.generic(symbol, operands, span, items, depth + 1)
        return self.loop(Loop, over, body, depth, "item", span)

    def loop(
        self, make: Callable[..., Any], over: NodeId, body: NodeId, depth: int, variable: str, span: Span
    ) -> NodeId:
        """A loop, filter or fold over a body whose item is Element(depth)."""
        body = self.settled(body, span)
        hint = "loop" if make is Loop else "filter"
        self.builder.origin = Origin(self.builder.origin.paragraph, self.place(span), hint)
        loop = self.builder.bind(lambda inner, at: make(over, inner, at), body, depth)
        self.builder.elements.setdefault(loop, variable)
        return loop

    def array(self, values: list[NodeId], spans: tuple[Span, ...], span: Span) -> NodeId:
        """The sequence of values of one kind."""
        given = [self.builder.kinds[value] for value in values]
        if kinds.join(given) is None:
            first = given[0]
            odd = next(position for position, kind in enumerate(given) if kinds.join([first, kind]) is None)
            raise self.located(
                f"a sequence holds values of one kind: this is {describe_kind(given[odd])}, "
                f"and the first is {describe_kind(first)}",
                spans[odd],
                "",
            )
        builder = self.builder
        builder.origin = Origin(builder.origin.paragraph, self.place(span), "items")
        return builder.intern(Apply(LIST, tuple(map(self.settled, values, spans))))

    def loaded(self, value: NodeId) -> NodeId:
        """Remember the first image that the program loads."""
        if self.first_image is None and self.builder.free[value] == 0:
            node = self.builder.nodes[value]
            if isinstance(node, Apply) and node.operator in ("simpleitk.ReadImage", "vox1.load"):
                self.first_image = value
        return value

    def settled(self, value: NodeId, span: Span) -> NodeId:
        """A value that no further image is going to meet: what waits for a grid takes that of the numbers it met."""
        try:
            return self.builder.settled(value)
        except AmbiguousGrid:
            raise self.ambiguous(span) from None

    def ambiguous(self, span: Span) -> CompileError:
        """The error about a value that would take one of several grids."""
        return self.located(
            "images of several grids meet here, so this has no one grid to take",
            span,
            "combine it with the image it belongs to first",
        )

    def closed(self, value: NodeId, span: Span) -> NodeId:
        """A value with a grid: what met no image, and no number that was made of one, takes that of the first image
        loaded."""
        value = self.settled(value, span)
        if value not in self.builder.open:
            return value
        if self.first_image is None:
            raise error("no image gives this expression a grid", span, "load an image, or combine it with one")
        return self.builder.close(value, self.first_image)

    def named(self, value: NodeId, name: str) -> None:
        """Remember what the source calls a value, for its name in the script, where it was made just now."""
        origin = self.builder.origins[value]
        if origin.paragraph == self.builder.origin.paragraph and name.isidentifier():
            self.builder.origins[value] = replace(origin, hint=name)

    def want_sequence(self, value: NodeId, span: Span, hint: str = "") -> Kind:
        """The kind of the items of what has to be a sequence."""
        kind = self.builder.kinds[value]
        if kind == kinds.UNKNOWN:
            return kinds.UNKNOWN
        if kind.item is None:
            raise self.located(f"a sequence is wanted here, and this is {describe_kind(kind)}", span, hint)
        return kind.item

    def want(self, value: NodeId, wanted: Kind, span: Span, what: str) -> None:
        """Refuse a value of another kind: `what` says what it is for."""
        given = self.builder.kinds[value]
        if not kinds.accepts(wanted, given):
            raise self.located(f"{what} {describe_kind(wanted)}, and this is {describe_kind(given)}", span, "")

    def want_scalars(self, symbol: str, given: Sequence[Kind], span: Span, strings: bool) -> None:
        """Refuse to fold anything but numbers, or where `strings` may be joined nothing but strings."""
        found = set(given) - {kinds.UNKNOWN}
        if found <= {kinds.NUMBER, kinds.BOOL} or (strings and found == {kinds.STRING}):
            return
        got = " and ".join(describe_kind(kind) for kind in given)
        raise self.located(f"`fold {symbol}` takes numbers, and this combines {got}", span, "")

    def place(self, span: Span) -> Span:
        """The expression in the user's own text: a bundled library is never what to look at."""
        if not self.calls or not self.calls[-1][1].module.library:
            return span
        for call, function in reversed(self.calls):
            if function.module.library:
                span = call
            else:
                break
        return span

    def located(self, message: str, span: Span, hint: str) -> CompileError:
        """An error about an expression, with the calls it is in."""
        place = self.place(span)
        notes = []
        for call, function in reversed(self.calls):
            if function.module.library or call == place:
                continue
            notes.append((f"`{function.name}` is called here", call))
        if place is not span and self.calls:
            names = [function.name for _, function in self.calls if function.module.library]
            message = f"in `{names[0]}`: {message}"
            hint = self.advice.get(place, hint)
        return CompileError(Diagnostic(message, place, hint, notes=tuple(notes[:3])))


def error(message: str, span: Span, hint: str) -> CompileError:
    return CompileError(Diagnostic(message, span, hint))


def _hint(operator: str, signature: Signature | None) -> str:
    """What the language calls an operator, if that can be part of a name; else what the script does."""
    if signature is not None and signature.name.isidentifier():
        return signature.name
    return operator.partition(".")[2]
