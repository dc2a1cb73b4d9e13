"""Reduction: from a linked program to its WorkPlan.

Declarations are reduced in source order, those first that a goal reaches; the others are checked all the same. A
function's body is expanded once for each tuple of arguments: the arguments are node ids, so equal calls are one node.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from vlc.diagnostics import CompileError, Span
from vlc.syntax import nodes as syntax
from vlc.workplan import kinds
from vlc.workplan.fold_hints import call_in_fold_hint, index_in_fold_hint, start_alone_hint
from vlc.workplan.folds import FOLDED_NUMBERS, Folding, folding
from vlc.workplan.kinds import Kind
from vlc.workplan.making import Maker, error
from vlc.workplan.nodes import Element, Filter, Fold, Literal, Loop, NodeId, Parameter
from vlc.workplan.operators import Signature
from vlc.workplan.parameters import Parameters, literal_value
from vlc.workplan.plan import Origin
from vlc.workplan.scope import (
    NO_ARGUMENTS,
    Constant,
    Function,
    Generic,
    Meaning,
    Module,
    hiding_hint,
    look_up,
    of_numbers_hint,
)
from vlc.workplan.trampoline import Steps, run
from vlc.workplan.types import kind_of
from vlc.workplan.vl1_operators import Chains, chain_reading, wrong_operands

DEEPEST_LOOP = 100
"""The script describes a loop's body by calling a function, so nested loops are nested calls there."""
SPECIAL_FORMS = frozenset({"map", "dask_map"})


class Poisoned(Exception):
    """A declaration that was already reported is used: nothing more to say."""


@dataclass(eq=False)
class Activation:
    """One body under reduction: what its parameters and local names stand for, and how many loops are around it."""

    module: Module
    index: int
    dialect: str
    values: dict[str, NodeId]
    depth: int = 0


class Reducer:
    """Reduces expressions into a Builder. One instance a program."""

    def __init__(self, dialects: Callable[[Module, int], str], special: dict[str, str]) -> None:
        self.make = Maker()
        self.builder = self.make.builder
        self.values: dict[Constant, NodeId] = {}
        self.expanded: set[Function] = set()
        self.parameters = Parameters(self.builder, special)
        self._dialect_at = dialects
        self._poisoned: set[Constant] = set()
        self._expansions: dict[tuple[Function, tuple[NodeId, ...]], NodeId] = {}
        self._chains = Chains()

    # --- declarations and goals

    def constant(self, constant: Constant, paragraph: int) -> None:
        """Reduce a declaration without parameters. Raises CompileError; using it later is then silent."""
        command = constant.command
        try:
            if isinstance(command, syntax.Load):
                value = self._load(constant, command, paragraph)
            elif not constant.module.library and (default := literal_value(command.value)) is not None:
                value = self.parameters.declare(command.name.text, default, Origin(paragraph, command.value.span))
            else:
                value = self.expression(command.value, constant.module, constant.index, paragraph)
        except (CompileError, Poisoned):
            self._poisoned.add(constant)
            raise
        self.values[constant] = value
        origin = self.builder.origins[value]
        if origin.paragraph == paragraph and not isinstance(self.builder.nodes[value], (Literal, Parameter)):
            self.builder.origins[value] = replace(origin, hint="")

    def expression(self, expression: syntax.Expression, module: Module, index: int, paragraph: int) -> NodeId:
        """The node of an expression that stands at this place of a module. Raises CompileError, Poisoned."""
        self.builder.origin = Origin(paragraph, expression.span)
        self.make.calls.clear()
        activation = Activation(module, index, self._dialect_at(module, index), {})
        return run(self._reduce(expression, activation))

    def goal(self, expression: syntax.Expression, module: Module, index: int, paragraph: int) -> NodeId:
        """An expression that is printed or saved: what waits for a grid takes that of the first image loaded."""
        return self.make.closed(self.expression(expression, module, index, paragraph), expression.span)

    def _load(self, constant: Constant, command: syntax.Load, paragraph: int) -> NodeId:
        path = self.parameters.filled(command.path, paragraph)
        self.builder.origin = Origin(paragraph, command.span, "load")
        image = self.make.loaded(self.builder.apply("vox1.load", [path]))
        self.builder.unite([self.make.first_image or image, image])  # VoxLogicA 1 wants all its images on one grid
        return image

    # --- expressions

    def _reduce(self, expression: syntax.Expression, activation: Activation) -> Steps[NodeId]:
        match expression:
            case syntax.Number(value) | syntax.Boolean(value):
                return self.builder.literal(value)
            case syntax.String():
                return self.parameters.filled(expression, self.builder.origin.paragraph)
            case syntax.Name():
                return self._name(expression, activation)
            case syntax.Call():
                return (yield self._call(expression, activation))
            case syntax.LetIn(name, value, body, _):
                bound = yield self._reduce(value, activation)
                self.make.named(bound, name.text)
                return (yield self._with(activation, name.text, bound, body))
            case syntax.For(variable, over, body, _):
                return (yield self._loop(Loop, expression.span, variable, over, body, activation))
            case syntax.Filter(variable, over, condition, _):
                return (yield self._loop(Filter, expression.span, variable, over, condition, activation))
            case syntax.Fold():
                return (yield self._fold(expression, activation))
            case syntax.Array(items, span):
                values = yield self._all(items, activation)
                return self.make.array(values, tuple(item.span for item in items), span)
            case syntax.Index(sequence, index, span):
                values = yield self._all((sequence, index), activation)
                self.make.want_sequence(values[0], sequence.span, index_in_fold_hint(expression))
                self.make.want(values[1], kinds.NUMBER, index.span, "an index is")
                return self.make.apply("default.index", values, span)
            case syntax.Slice(sequence, start, stop, span):
                values = yield self._all([part for part in (sequence, start, stop) if part is not None], activation)
                self.make.want_sequence(values[0], sequence.span, index_in_fold_hint(expression))
                for bound, part in zip(values[1:], [part for part in (start, stop) if part is not None], strict=True):
                    self.make.want(bound, kinds.NUMBER, part.span, "the end of a slice is")
                if start is None:
                    values.insert(1, self.builder.literal(0.0))
                operator = "default.slice_from" if stop is None else "default.slice_between"
                return self.make.apply(operator, values, span)

    def _all(self, expressions: Iterable[syntax.Expression], activation: Activation) -> Steps[list[NodeId]]:
        values: list[NodeId] = []
        for expression in expressions:
            if isinstance(expression, syntax.Name):
                values.append(self._name(expression, activation))
            elif isinstance(expression, (syntax.Number, syntax.Boolean)):
                values.append(self.builder.literal(expression.value))
            else:
                values.append((yield self._reduce(expression, activation)))
        return values

    def _with(self, activation: Activation, name: str, value: NodeId, body: syntax.Expression) -> Steps[NodeId]:
        """Reduce a body in which a local name stands for a value, hiding what it stood for."""
        hidden = activation.values.get(name)
        activation.values[name] = value
        result = yield self._reduce(body, activation)
        if hidden is None:
            del activation.values[name]
        else:
            activation.values[name] = hidden
        return result

    def _name(self, name: syntax.Name, activation: Activation) -> NodeId:
        if not name.namespace and name.text in activation.values:
            return activation.values[name.text]
        if self.parameters.is_special(name.text) and activation.module.own(name.text, activation.index) is None:
            return self.parameters.special(name)
        meaning = self._meaning(name, activation)
        if isinstance(meaning, Constant):
            return self._value_of(meaning)
        if isinstance(meaning, Signature) and meaning.most == 0:
            return self.make.operator(meaning, [], name.span, ())
        if isinstance(meaning, Function):
            hint = f"write `{name.text}({', '.join(meaning.formals)})`"
        elif isinstance(meaning, Signature):
            hint = f"it is `{meaning}`"
            if meaning.least == 0 and activation.dialect == "vl2":
                hint = f"write `{name.text}()` for none; {hint}"
        else:
            hint = f"write `a {name.text} b`"
        raise error(f"`{name.text}` is a function and stands here without its arguments", name.span, hint)

    def _value_of(self, constant: Constant) -> NodeId:
        if constant in self._poisoned:
            raise Poisoned
        if constant not in self.values:  # a constant of a bundled library, reduced when it is first used
            value = self.expression(constant.command.value, constant.module, constant.index, 0)  # type: ignore[union-attr]
            self.values[constant] = value
        return self.values[constant]

    def _meaning(self, name: syntax.Name, activation: Activation) -> Meaning:
        return look_up(name, activation.module, activation.index, activation.dialect)

    def _called(self, call: syntax.Call, activation: Activation) -> Meaning:
        """What a call calls. Raises CompileError, which proposes what takes the arguments."""
        try:
            return self._meaning(call.function, activation)
        except CompileError:
            given = [self._known_kind(argument, activation) for argument in call.arguments]
            return look_up(call.function, activation.module, activation.index, activation.dialect, given)

    def _known_kind(self, expression: syntax.Expression, activation: Activation) -> Kind:
        """The kind of an expression where it is seen without reducing it."""
        literal = literal_value(expression)
        if literal is not None:
            return kind_of(Literal(literal), {})
        value = None
        if isinstance(expression, syntax.Name) and not expression.namespace:
            declared = activation.module.own(expression.text, activation.index)
            value = self.values.get(declared) if isinstance(declared, Constant) else None
            value = activation.values.get(expression.text, value)
        elif isinstance(expression, syntax.Call):
            try:
                meaning = self._meaning(expression.function, activation)
            except CompileError:
                return kinds.UNKNOWN
            return meaning.result if isinstance(meaning, Signature) else kinds.UNKNOWN
        return kinds.UNKNOWN if value is None else self.builder.kinds[value]

    # --- calls

    def _call(self, call: syntax.Call, activation: Activation) -> Steps[NodeId]:
        name = call.function
        if activation.dialect == "vl1" and not call.arguments:
            raise error(NO_ARGUMENTS, call.span, f"write `{name.text}`")
        if not name.namespace and name.text in activation.values:
            raise error(
                f"`{name.text}` is a value here, not a function",
                name.span,
                hiding_hint(name.text, activation.module, activation.index, activation.dialect),
            )
        if name.text in SPECIAL_FORMS and name.namespace in ("", "default") and activation.dialect == "vl2":
            own = None if name.namespace else activation.module.own(name.text, activation.index)
            if own is None:
                return (yield self._map(call, activation))
        meaning = self._called(call, activation)
        if isinstance(meaning, Constant):
            hint = (
                call_in_fold_hint(call)
                or hiding_hint(name.text, activation.module, activation.index, activation.dialect)
                or f"write `{name.text}`"
            )
            raise error(f"`{name.text}` is a constant, not a function", name.span, hint)
        if isinstance(meaning, Function) and len(call.arguments) != len(meaning.formals):
            raise error(
                f"`{name.text}` takes {_count(len(meaning.formals), 'argument')}, not {len(call.arguments)}",
                call.span,
                f"it is declared as `{name.text}({', '.join(meaning.formals)})`",
            )
        chain = self._chains.top(call) if activation.dialect == "vl1" else call
        values = yield self._all(call.arguments, activation)
        if activation.dialect == "vl1" and not (isinstance(meaning, Function) and not meaning.module.library):
            wrong = wrong_operands(call, [self.builder.kinds[value] for value in values], chain)
            if wrong is not None:
                raise self.make.located(wrong.message, wrong.span, wrong.hint)
            if reading := chain_reading(call, chain):
                self.make.advice[call.span] = reading
        if isinstance(meaning, Function):
            return (yield self._expand(meaning, values, call.span, activation.depth))
        spans = tuple(argument.span for argument in call.arguments)
        if isinstance(meaning, Generic):
            return self.make.generic(meaning.symbol, values, call.span, None, activation.depth)
        hint = of_numbers_hint(name.text, [self.builder.kinds[each] for each in values])
        return self.make.operator(meaning, values, call.span, spans, hint if activation.dialect == "vl2" else "")

    def _expand(self, function: Function, values: list[NodeId], span: Span, depth: int) -> Steps[NodeId]:
        """Reduce the body of a function for these arguments, once."""
        key = (function, tuple(values))
        known = self._expansions.get(key)
        if known is not None:
            return known
        self.expanded.add(function)
        self.make.calls.append((span, function))
        before = self.builder.origin
        activation = Activation(
            function.module,
            function.index,
            self._dialect_at(function.module, function.index),
            dict(zip(function.formals, values, strict=True)),
            depth,
        )
        result = yield self._reduce(function.body, activation)
        self.make.calls.pop()
        self.builder.origin = before
        self._expansions[key] = result
        if result not in values:
            self.make.named(result, function.name)
        return result

    # --- loops

    def _loop(
        self,
        make: Callable[..., Any],
        span: Span,
        variable: syntax.Name,
        over: syntax.Expression,
        body: syntax.Expression,
        activation: Activation,
    ) -> Steps[NodeId]:
        sequence = yield self._reduce(over, activation)
        item = self.make.want_sequence(sequence, over.span)
        depth = activation.depth
        if depth >= DEEPEST_LOOP:
            raise self.make.located(f"loops are nested more than {DEEPEST_LOOP} deep here", span, "")
        self.builder.origin = Origin(self.builder.origin.paragraph, self.make.place(span), variable.text)
        element = self.builder.intern(Element(depth, str(item)))
        activation.depth += 1
        result = yield self._with(activation, variable.text, element, body)
        activation.depth -= 1
        if make is Filter:
            self.make.want(result, kinds.BOOL, body.span, "the condition of a filter is")
        return self.make.loop(make, sequence, result, depth, variable.text, span)

    def _map(self, call: syntax.Call, activation: Activation) -> Steps[NodeId]:
        if len(call.arguments) != 2 or not isinstance(call.arguments[0], syntax.Name):
            raise error("`map` takes the name of a function and a sequence", call.span, "as in `map(f, xs)`")
        name, over = call.arguments
        assert isinstance(name, syntax.Name)
        if name.text in activation.values:
            raise error(f"`{name.text}` is a value here, not a function", name.span, "")
        meaning = self._meaning(name, activation)
        sequence = yield self._reduce(over, activation)
        item = self.make.want_sequence(sequence, over.span)
        depth = activation.depth
        element = self.builder.intern(Element(depth, str(item)))
        if isinstance(meaning, Function) and len(meaning.formals) == 1:
            body = yield self._expand(meaning, [element], call.span, depth + 1)
            variable = meaning.formals[0]
        elif isinstance(meaning, Generic):
            body = self.make.generic(meaning.symbol, [element], call.span, None, depth + 1)
            variable = "item"
        elif isinstance(meaning, Signature):
            body = self.make.operator(meaning, [element], call.span, (over.span,))
            variable = "item"
        else:
            raise error(f"`{name.text}` is not a function of one argument", name.span, "")
        return self.make.loop(Loop, sequence, body, depth, variable, call.span)

    def _fold(self, expression: syntax.Fold, activation: Activation) -> Steps[NodeId]:
        parts = [part for part in (expression.start, expression.over) if part is not None]
        values = yield self._all(parts, activation)
        over, span = values[-1], expression.span
        alone = start_alone_hint(expression) if expression.start is None else ""
        item_kind = self.make.want_sequence(over, expression.over.span, alone)
        depth, builder = activation.depth, self.builder
        fold = self._folding(expression.operator, activation)
        start = values[0] if expression.start is not None else fold.start(self.make, item_kind, span)
        total_kind = item_kind if start is None else builder.kinds[start]
        item = builder.intern(Element(depth, str(item_kind)))
        for _ in range(2):  # the kind of the total may only settle after one step: 0 + image is an image
            total = builder.intern(Element(depth, str(total_kind), "total"))
            if isinstance(fold.meaning, Function):
                body = yield self._expand(fold.meaning, [total, item], span, depth + 1)
            else:
                body = fold.step(self.make, total, item, span, depth + 1)
            if builder.kinds[body] == total_kind:
                break
            total_kind = kinds.join([total_kind, builder.kinds[body]]) or kinds.UNKNOWN
        builder.origin = Origin(builder.origin.paragraph, self.make.place(span), "fold")
        body = self.make.settled(body, span)
        result = builder.bind(lambda inner, at: Fold(over, start, inner, at), body, depth)
        builder.elements.setdefault(result, "item")
        return result

    def _folding(self, operator: syntax.Name, activation: Activation) -> Folding:
        own = activation.module.own(operator.text, activation.index)
        if own is None and operator.text in FOLDED_NUMBERS:
            return Folding(operator.text, None)
        return folding(operator, own or self._meaning(operator, activation))


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'s' * (number != 1)}"
