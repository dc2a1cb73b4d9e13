"""The view model of a script: what the template prints, in order, all of it Code."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeAlias

from vlc.emit.code import Code, py_comment, py_literal, py_name, statement
from vlc.emit.fused_bodies import formals_of, fused_body
from vlc.emit.names import Names, is_inline, local_name, name_build
from vlc.workplan.nodes import (
    LOOPS,
    Apply,
    Element,
    Filter,
    Fold,
    Fused,
    Literal,
    Loop,
    NodeId,
    Parameter,
    children,
    outer_children,
)
from vlc.workplan.operators import NAMESPACES
from vlc.workplan.plan import Effect, Goal, Origin, Print, Save, WorkPlan
from vlc.workplan.types import LIST

_HEADER = "Edit that file and recompile: edits here are lost."


@dataclass(frozen=True, slots=True)
class Lines:
    """Statements under the declaration they come from."""

    comment: list[Code]
    statements: list[Code]


@dataclass(frozen=True, slots=True)
class Body:
    """A function for what a loop does with one item, or for what is computed together for each voxel."""

    signature: Code
    comment: list[Code]
    statements: list[Code]
    result: Code


@dataclass(frozen=True)
class Script:
    header: list[Code]
    imports: list[Code]
    parameters: list[Code]
    paragraphs: list[Lines]
    goals: list[Code]
    bodies: list[Body] = field(default_factory=list)


Places: TypeAlias = dict[tuple[str, str], Origin]
"""(function of the script, name assigned there or `return`): where what is built there comes from."""


def script_of(plan: WorkPlan) -> tuple[Script, Places]:
    """The script that builds a plan, and where it builds what. Linear in the plan's nodes."""
    writer = _Writer(plan)
    return writer.script(), writer.places


class _Writer:
    def __init__(self, plan: WorkPlan) -> None:
        self.places: Places = {}
        self._plan = plan
        self._functions = Names()
        self._bodies: list[Body] = []
        self._pending: list[_PendingBody] = []
        self._shared_bodies: dict[tuple[NodeId, type, int, tuple[Code, ...], str], Code] = {}
        self._fused_bodies: dict[_FusedKey, Code] = {}
        self._runtime_names = {"Plan", "command_line"}
        self._namespaces: set[str] = set()
        self._captured: dict[tuple[NodeId, int], list[NodeId]] = {}
        self._elements: dict[tuple[int, str], list[NodeId]] = {}
        for identifier, node in plan.nodes.items():
            if isinstance(node, Element):
                self._elements.setdefault((node.depth, node.role), []).append(identifier)

    def script(self) -> Script:
        plan = self._plan
        owners = paragraphs_of(plan)
        names = name_build(plan, owners)
        paragraphs: list[Lines] = []
        current = -1
        for identifier, paragraph in owners.items():
            if paragraph != current:
                text = plan.paragraphs[paragraph].text
                paragraphs.append(Lines(py_comment(text) if text else [], []))
                current = paragraph
            self.places["build", names[identifier]] = plan.origins[identifier]
            paragraphs[-1].statements.append(self._assignment(identifier, names, 4))
        goals = [self._goal(goal, names) for goal in plan.goals]
        while self._pending:
            place = len(self._bodies)  # before the functions that it calls
            self._bodies.insert(place, self._body(self._pending.pop(0)))
        return Script(
            header=[
                *py_comment(f"Compiled by vlc from {_base_name(plan.source_name)}. {_HEADER}"),
                *py_comment("build() only describes the computation; run() computes it."),
            ],
            imports=self._imports(),
            parameters=[
                _parameter(names[identifier], node)
                for identifier, node in plan.nodes.items()
                if isinstance(node, Parameter)
            ],
            paragraphs=paragraphs,
            goals=goals,
            bodies=self._bodies,
        )

    def _imports(self) -> list[Code]:
        runtime = sorted(self._runtime_names, key=lambda name: (name[0].islower(), name))
        lines = [statement("from vlc_runtime import ", Code(""), [Code(", ".join(runtime))], "", 0)]
        if self._namespaces:
            lines.append(Code(f"from vlc_runtime.kernels import {', '.join(sorted(self._namespaces))}"))
        return lines

    # --- expressions

    def _value(self, identifier: NodeId, names: dict[NodeId, Code]) -> Code:
        node = self._plan.nodes[identifier]
        return py_literal(node.value) if isinstance(node, Literal) else names[identifier]

    def _assignment(self, identifier: NodeId, names: dict[NodeId, Code], indent: int) -> Code:
        return self._line(f"{names[identifier]} = ", identifier, names, indent)

    def _line(self, head: str, identifier: NodeId, names: dict[NodeId, Code], indent: int) -> Code:
        node = self._plan.nodes[identifier]
        if isinstance(node, LOOPS):
            function, parts = self._loop(identifier, node, names)
            return statement(head, Code(f"{function}("), parts, ")", indent)
        if isinstance(node, Fused):
            return statement(head, Code("fused("), self._fused(identifier, node, names), ")", indent)
        assert isinstance(node, Apply)
        parts = [self._value(argument, names) for argument in node.arguments]
        if node.operator == LIST:
            return statement(head, Code("["), parts, "]", indent)
        return statement(head, Code(f"{self._kernel(node.operator)}("), parts, ")", indent)

    def _kernel(self, operator: str) -> Code:
        namespace, _, name = operator.partition(".")
        if not (namespace.isidentifier() and name.isidentifier()):
            raise ValueError(f"{operator} cannot be called from a script")
        if namespace not in NAMESPACES:  # one of a package: its name may be any, also that of a value here
            self._runtime_names.add("namespaces")
            return Code(f"namespaces.{operator}")
        self._namespaces.add(namespace)
        return Code(operator)

    def _fused(self, identifier: NodeId, node: Fused, names: dict[NodeId, Code]) -> list[Code]:
        """The function that a fused node calls, and what it is given."""
        self._runtime_names.add("fused")
        formals = [name for _, name in formals_of(self._plan, node, names)]
        origin = self._plan.origins[identifier]
        literals = tuple(each for each in node.arguments if isinstance(self._plan.nodes[each], Literal))
        key = (node.steps, literals, tuple(formals), origin.paragraph)
        name = self._fused_bodies.get(key)
        if name is None:
            paragraph = self._plan.paragraphs[origin.paragraph]
            name = self._fused_bodies[key] = self._functions.take(f"voxelwise_{py_name(paragraph.name)}")
            body = fused_body(self._plan, identifier, node, formals, self._kernel)
            signature = statement(f"def {name}", Code("("), body.formals, "):", 0)
            self._bodies.append(Body(signature, [], body.statements, body.result))
            self.places.update({(name, target): place for target, place in body.origins.items()})
        return [name, *formals]

    # --- loops

    def _loop(
        self, identifier: NodeId, node: Loop | Filter | Fold, names: dict[NodeId, Code]
    ) -> tuple[str, list[Code]]:
        function, prefix = {Loop: ("loop", "each"), Filter: ("keep", "where"), Fold: ("fold", "step")}[type(node)]
        self._runtime_names.add(function)
        captured = [each for each in self._captures(node) if not isinstance(self._plan.nodes[each], Literal)]
        captures = tuple(names[each] for each in captured)
        variable = self._plan.elements.get(identifier, "item")
        key = (node.body, type(node), node.depth, captures, variable)
        body = self._shared_bodies.get(key)
        if body is None:
            paragraph = self._plan.paragraphs[self._plan.origins[identifier].paragraph]
            body = self._functions.take(f"{prefix}_{py_name(paragraph.name)}")
            self._shared_bodies[key] = body
            self._pending.append(_PendingBody(body, node, variable, captured, captures, py_comment(paragraph.text)))
        parts = [body, Code(f"over={self._value(node.over, names)}")]
        if isinstance(node, Fold) and node.start is not None:
            parts.append(Code(f"start={self._value(node.start, names)}"))
        parts.extend(Code(f"{name}={name}") for name in captures)
        return function, parts

    def _captures(self, node: Loop | Filter | Fold) -> list[NodeId]:
        """What the body, with the loops inside it, uses from outside, in order of use."""
        known = self._captured.get((node.body, node.depth))
        if known is not None:
            return known
        plan, found = self._plan, dict[NodeId, None]()
        inside = -1 << node.depth  # the depths whose items the body knows; a loop in it may be bound at a lesser depth
        seen: set[tuple[NodeId, int]] = set()
        pending = [(node.body, inside)]
        while pending:
            identifier, bound = pending.pop()
            if (identifier, bound) in seen:
                continue
            seen.add((identifier, bound))
            if not plan.free[identifier] & bound:
                found.setdefault(identifier)
                continue
            each = plan.nodes[identifier]
            if isinstance(each, LOOPS):
                pending.append((each.body, bound | 1 << each.depth))
            pending.extend((child, bound) for child in reversed(outer_children(each)))
        self._captured[node.body, node.depth] = list(found)
        return list(found)

    def _needed(self, identifier: NodeId) -> list[NodeId]:
        """What a node needs where it stands: a loop needs what its body captures, not what is inside."""
        node = self._plan.nodes[identifier]
        if not isinstance(node, LOOPS):
            return list(children(node))
        starts = [node.start] if isinstance(node, Fold) and node.start is not None else []
        return [node.over, *starts, *self._captures(node)]

    def _inside(self, body: NodeId, depth: int) -> list[NodeId]:
        """The nodes that a body at this depth computes itself, each after what it needs."""
        plan = self._plan
        order: dict[NodeId, None] = {}
        pending: list[tuple[NodeId, bool]] = [(body, False)]
        while pending:
            identifier, ready = pending.pop()
            if identifier in order or plan.free[identifier].bit_length() - 1 != depth:
                continue
            if isinstance(plan.nodes[identifier], Element):
                continue
            if ready:
                order.setdefault(identifier)
                continue
            pending.append((identifier, True))
            pending.extend((child, False) for child in reversed(self._needed(identifier)))
        return list(order)

    def _body(self, pending: _PendingBody) -> Body:
        node, plan = pending.node, self._plan
        names = Names(set(pending.captures))
        known = dict(zip(pending.captured, pending.captures, strict=True))
        formals: list[Code] = []
        roles = ("total", "item") if isinstance(node, Fold) else ("item",)
        for role in roles:
            name = names.take(pending.variable if role == "item" else role, "item")
            formals.append(name)
            known.update((each, name) for each in self._elements.get((node.depth, role), ()))
        inside = self._inside(node.body, node.depth)
        for identifier in inside[:-1]:
            known[identifier] = local_name(plan, plan.origins[identifier], names)
            self.places[pending.name, known[identifier]] = plan.origins[identifier]
        statements = [self._assignment(identifier, known, 4) for identifier in inside[:-1]]
        if inside:
            self.places[pending.name, "return"] = plan.origins[inside[-1]]
        result = (
            self._line("return ", inside[-1], known, 4)
            if inside
            else Code(f"    return {self._value(node.body, known)}")
        )
        parts = [*formals, *([Code("*"), *pending.captures] if pending.captures else [])]
        signature = statement(f"def {pending.name}", Code("("), parts, "):", 0)
        return Body(signature, pending.comment, statements, result)

    # --- goals

    def _goal(self, goal: Goal, names: dict[NodeId, Code]) -> Code:
        kind = type(goal).__name__
        self._runtime_names.add(kind)
        value = self._value(goal.node, names)
        match goal:
            case Print(label, _, _):
                parts = [py_literal(label), value]
            case Save(path, _, span):
                parts = [self._value(path, names), value]
                # as the runtime tells the statement: its text in one line
                self.places.setdefault(("build", f"{kind}({', '.join(parts)})"), Origin(-1, span))
            case Effect():
                parts = [value]
        return statement("", Code(f"{kind}("), parts, "),", 8)


_FusedKey: TypeAlias = tuple[tuple[tuple[str, tuple[int, ...]], ...], tuple[NodeId, ...], tuple[Code, ...], int]
"""Steps, literals, names of what is given, and paragraph: what is said once in a script."""


@dataclass(frozen=True, slots=True)
class _PendingBody:
    name: Code
    node: Loop | Filter | Fold
    variable: str
    captured: list[NodeId]
    captures: tuple[Code, ...]
    comment: list[Code]


def paragraphs_of(plan: WorkPlan) -> dict[NodeId, int]:
    """The nodes that build() computes, in the script's order, each with its paragraph.

    The order is that of the source; a node that is needed earlier stands earlier, in the paragraph that needs it.
    """
    by_paragraph: dict[int, list[NodeId]] = {}
    for identifier in plan.nodes:
        if plan.free[identifier] == 0 and not is_inline(plan, identifier):
            by_paragraph.setdefault(plan.origins[identifier].paragraph, []).append(identifier)
    placed: dict[NodeId, int] = {}
    for paragraph in sorted(by_paragraph):
        for identifier in by_paragraph[paragraph]:
            _place(plan, identifier, paragraph, placed)
    return placed


def _place(plan: WorkPlan, root: NodeId, paragraph: int, placed: dict[NodeId, int]) -> None:
    if root in placed:
        return
    visited: set[NodeId] = set()
    pending: list[tuple[NodeId, bool]] = [(root, False)]
    while pending:
        identifier, ready = pending.pop()
        if identifier in placed or is_inline(plan, identifier):
            continue
        if ready:
            if plan.free[identifier] == 0:
                placed[identifier] = paragraph
            continue
        if identifier in visited:
            continue
        visited.add(identifier)
        pending.append((identifier, True))
        missing = [child for child in children(plan.nodes[identifier]) if child not in placed]
        pending.extend((child, False) for child in reversed(missing))


_TYPES = {bool: "bool", float: "float", int: "float", str: "str", type(None): "str"}


def _parameter(name: Code, node: Parameter) -> Code:
    kind = _TYPES[type(node.default)]
    default = "" if node.default is None else f" = {py_literal(node.default)}"
    return Code(f"{name}: {kind}{default}")


def _base_name(name: str) -> str:
    return name.replace("\\", "/").rpartition("/")[2]


def all_code(script: Script) -> Iterable[Code]:
    """Every piece of text in a script, for checks."""
    yield from script.header
    yield from script.imports
    yield from script.parameters
    for paragraph in script.paragraphs:
        yield from paragraph.comment
        yield from paragraph.statements
    yield from script.goals
    for body in script.bodies:
        yield body.signature
        yield from body.comment
        yield from body.statements
        yield body.result
