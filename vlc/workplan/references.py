"""Which declarations a goal reaches, by the names in the text alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vlc.syntax import nodes as syntax
from vlc.workplan.operators import Signature
from vlc.workplan.scope import Constant, Function, Meaning, Module, in_namespace
from vlc.workplan.templates import template_parts


def names_in(expression: syntax.Expression) -> Iterator[syntax.Name]:
    """Every name in an expression but those it binds; local names may be among them. No recursion."""
    pending: list[syntax.Expression] = [expression]
    while pending:
        found = pending.pop()
        match found:
            case syntax.Name():
                yield found
            case syntax.Call(function):
                yield function
            case syntax.Fold(operator):
                yield operator
            case syntax.String(text, span, True):
                yield from (syntax.Name(piece, span) for piece, is_name in template_parts(text) if is_name)
        pending.extend(parts_of(found))


def free_names(function: Function) -> Iterator[syntax.Name]:
    """The names in a function's body that stand for something outside it. No recursion."""
    return free_names_of(function.body, frozenset(function.formals))


def free_names_of(body: syntax.Expression, formals: frozenset[str] = frozenset()) -> Iterator[syntax.Name]:
    """The names in an expression that neither it nor these formals bind. No recursion."""
    pending: list[tuple[syntax.Expression, frozenset[str]]] = [(body, formals)]
    while pending:
        expression, bound = pending.pop()
        match expression:
            case (
                syntax.LetIn(name, value, body, _)
                | syntax.For(name, value, body, _)
                | syntax.Filter(name, value, body, _)
            ):
                pending += ((value, bound), (body, bound | {name.text}))
                continue
            case syntax.Name(text, _, namespace):
                if namespace or text not in bound:
                    yield expression
            case syntax.Call(called) if called.namespace or called.text not in bound:
                yield called
            case syntax.Fold(operator) if operator.text not in (*bound, "max", "min"):
                yield operator
        pending.extend((part, bound) for part in parts_of(expression))


def calls_in(expression: syntax.Expression) -> Iterator[syntax.Call]:
    """Every call in an expression. No recursion."""
    pending: list[syntax.Expression] = [expression]
    while pending:
        found = pending.pop()
        if isinstance(found, syntax.Call):
            yield found
        pending.extend(parts_of(found))


def parts_of(expression: syntax.Expression) -> tuple[syntax.Expression, ...]:
    """The expressions that an expression is made of."""
    match expression:
        case syntax.Call(_, arguments):
            return arguments
        case syntax.LetIn(_, value, body, _) | syntax.For(_, value, body, _) | syntax.Filter(_, value, body, _):
            return value, body
        case syntax.Fold(_, start, over, _):
            return (over,) if start is None else (start, over)
        case syntax.Array(items, _):
            return items
        case syntax.Index(sequence, index, _):
            return sequence, index
        case syntax.Slice(sequence, first, last, _):
            return tuple(part for part in (sequence, first, last) if part is not None)
        case _:
            return ()


def reached(expressions: Iterable[tuple[syntax.Expression, int]], module: Module) -> set[Constant | Function]:
    """The module's declarations that these expressions (each with its place in the module) depend on.

    A local name that hides a declaration counts as the declaration: the answer may be too large, never too small.
    """
    found: set[Constant | Function] = set()
    pending = list(expressions)
    while pending:
        expression, index = pending.pop()
        for name in names_in(expression):
            binding = None if name.namespace else module.own(name.text, index)
            if binding is not None and binding not in found:
                found.add(binding)
                if isinstance(binding, Function):
                    pending.append((binding.body, binding.index))
                elif isinstance(binding.command, syntax.Let):
                    pending.append((binding.command.value, binding.index))
                else:
                    pending.append((binding.command.path, binding.index))
    return found


def effectful(declarations: Iterable[Constant | Function], module: Module) -> set[Constant | Function]:
    """The declarations (given in textual order) whose computing acts on the world: a WriteImage is in them."""
    found: set[Constant | Function] = set()
    for declaration in declarations:
        body = declaration.body if isinstance(declaration, Function) else _value(declaration)
        if body is None:
            continue
        for name in names_in(body):
            own = None if name.namespace else module.own(name.text, declaration.index)
            if own in found or (own is None and _is_effect(name, module, declaration.index)):
                found.add(declaration)
                break
    return found


def loads_image(declaration: Constant | Function, module: Module) -> bool:
    """Whether a declaration is an image loaded from a file, as its text says."""
    if isinstance(declaration, Function):
        return False
    if isinstance(declaration.command, syntax.Load):
        return True
    for name in names_in(declaration.command.value):
        if name.text == "ReadImage" and (name.namespace or module.own(name.text, declaration.index) is None):
            return True
    return False


def _value(constant: Constant) -> syntax.Expression | None:
    return constant.command.value if isinstance(constant.command, syntax.Let) else None


def _is_effect(name: syntax.Name, module: Module, index: int) -> bool:
    homes = (name.namespace,) if name.namespace else module.namespaces(index)
    for home in homes:
        meaning: Meaning | None = in_namespace(home, name.text) if home in _WITH_EFFECTS else None
        if isinstance(meaning, Signature) and meaning.effect:
            return True
    return False


_WITH_EFFECTS = frozenset({"simpleitk", "test"})
