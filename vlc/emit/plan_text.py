"""A WorkPlan as text to read and compare, as a drawing for Graphviz, and as JSON for other tools.

Nodes are called what they are called in the script."""

from __future__ import annotations

import json
from collections.abc import Sequence

from vlc.emit.code import Code, py_literal
from vlc.emit.module import paragraphs_of
from vlc.emit.names import Names, local_name, name_build
from vlc.workplan.nodes import (
    LOOPS,
    Apply,
    Element,
    Filter,
    Fold,
    Fused,
    Literal,
    Loop,
    Node,
    NodeId,
    Parameter,
    children,
)
from vlc.workplan.plan import Effect, Goal, Print, Save, WorkPlan


def plan_names(plan: WorkPlan) -> dict[NodeId, str]:
    """A name for every node: that of the script for what build() computes, and one of its own for what loops do."""
    names: dict[NodeId, str] = dict(name_build(plan, paragraphs_of(plan)))
    inner = Names({*names.values()})
    for identifier, node in plan.nodes.items():
        if isinstance(node, Literal):
            names[identifier] = py_literal(node.value)
        elif isinstance(node, Element):
            names[identifier] = inner.take("total" if node.role == "total" else "item")
        elif identifier not in names:
            names[identifier] = local_name(plan, plan.origins[identifier], inner)
    return names


def to_text(plan: WorkPlan) -> str:
    """One line a node: its name, its kind, and what it is; a node stands after what it is made of."""
    names = plan_names(plan)
    lines = []
    for identifier, node in plan.nodes.items():
        if not isinstance(node, Literal):
            depth = plan.free[identifier].bit_length()
            lines.append(f"{'  ' * depth}{names[identifier]}: {plan.kinds[identifier]} = {_expression(node, names)}\n")
    lines.extend(f"{_goal(goal, names)}\n" for goal in plan.goals)
    return "".join(lines)


def _expression(node: Node, names: dict[NodeId, str]) -> str:
    match node:
        case Apply(operator, arguments):
            return f"{operator}({', '.join(names[argument] for argument in arguments)})"
        case Parameter(_, default):
            return "parameter" if default is None else f"parameter {py_literal(default)}"
        case Element(depth, _, role):
            return f"{role} of the loop at depth {depth}"
        case Fused(arguments, steps):
            return _steps([names[argument] for argument in arguments], steps)
        case Loop(over, body, depth):
            return f"loop over {names[over]} at depth {depth}: {names[body]}"
        case Filter(over, body, depth):
            return f"filter over {names[over]} at depth {depth}: {names[body]}"
        case Fold(over, start, body, depth):
            begin = f" from {names[start]}" if start is not None else ""
            return f"fold over {names[over]}{begin} at depth {depth}: {names[body]}"
        case _:
            raise TypeError(f"{type(node).__name__} has no place in a finished plan")


def _steps(arguments: list[str], steps: Sequence[tuple[str, tuple[int, ...]]]) -> str:
    """Operators that are computed together: what each makes has a number."""
    operands = [*arguments, *(f"%{number}" for number in range(1, len(steps)))]
    texts = [f"{operator}({', '.join(operands[each] for each in given)})" for operator, given in steps]
    numbered = [f"%{number} = {text}; " for number, text in enumerate(texts[:-1], 1)]
    return f"fused({''.join(numbered)}{texts[-1]})"


def _goal(goal: Goal, names: dict[NodeId, str]) -> str:
    match goal:
        case Print(label, node, _):
            return f"print {py_literal(label)} {names[node]}"
        case Save(path, node, _):
            return f"save {names[path]} {names[node]}"
        case Effect(node, _):
            return f"effect {names[node]}"


def to_dot(plan: WorkPlan) -> str:
    """A drawing for Graphviz: arrows go from what is used to what uses it."""
    names = plan_names(plan)
    numbers = {identifier: f"n{number}" for number, identifier in enumerate(plan.nodes)}
    lines = ["digraph plan {\n", "  rankdir=TB;\n", '  node [shape=box, fontname="Helvetica"];\n']
    for identifier, node in plan.nodes.items():
        label = f"{names[identifier]}\n{_short(node)}" if not isinstance(node, Literal) else names[identifier]
        lines.append(f"  {numbers[identifier]} [label={_quoted(label)}];\n")
        lines.extend(f"  {numbers[child]} -> {numbers[identifier]};\n" for child in children(node))
    for number, goal in enumerate(plan.goals):
        lines.append(f"  g{number} [shape=ellipse, label={_quoted(_goal_label(goal, names))}];\n")
        lines.append(f"  {numbers[goal.node]} -> g{number};\n")
    return "".join([*lines, "}\n"])


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def _short(node: Node) -> str:
    if isinstance(node, Fused):
        return f"fused {', '.join(operator for operator, _ in node.steps)}"
    return node.operator if isinstance(node, Apply) else type(node).__name__.lower()


def _goal_label(goal: Goal, names: dict[NodeId, str]) -> str:
    if isinstance(goal, Print):
        return f"print {goal.label}"
    return f"save {names[goal.path]}" if isinstance(goal, Save) else "effect"


def to_json(plan: WorkPlan) -> str:
    """The nodes by id, with names, kinds, and the lines of the program they come from; and the goals."""
    names = plan_names(plan)
    nodes = []
    for identifier, node in plan.nodes.items():
        origin = plan.origins.get(identifier)
        place = origin.span.source.position(origin.span.start) if origin is not None and origin.span else None
        nodes.append(
            {
                "id": identifier.hex(),
                "name": names[identifier],
                "kind": str(plan.kinds[identifier]),
                "node": type(node).__name__.lower(),
                "operator": node.operator if isinstance(node, Apply) else None,
                "value": _json_value(node),
                "steps": node.steps if isinstance(node, Fused) else None,
                "children": [child.hex() for child in children(node)],
                "depth": node.depth if isinstance(node, (Element, *LOOPS)) else None,
                "line": place[0] if place else None,
                "column": place[1] if place else None,
            }
        )
    goals = [{"goal": _goal(goal, names), "node": goal.node.hex()} for goal in plan.goals]
    return json.dumps({"nodes": nodes, "goals": goals}, indent=1) + "\n"


def _json_value(node: Node) -> bool | float | str | None:
    value = node.value if isinstance(node, Literal) else node.default if isinstance(node, Parameter) else None
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return repr(value)
    return value


__all__ = ["Code", "plan_names", "to_dot", "to_json", "to_text"]
