"""The functions of a script that say what is computed together for each voxel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from vlc.emit.code import Code, py_comment, py_literal, statement
from vlc.emit.names import Names, local_name
from vlc.workplan.nodes import Fused, Literal, NodeId
from vlc.workplan.plan import Origin, WorkPlan


@dataclass(frozen=True, slots=True)
class FusedBody:
    """The function's parameters, its lines under the declarations they come from, and where the value comes from that
    has a name there."""

    formals: list[Code]
    statements: list[Code]
    result: Code
    origins: dict[str, Origin]


def formals_of(plan: WorkPlan, node: Fused, names: dict[NodeId, Code]) -> list[tuple[NodeId, Code]]:
    """The arguments that a fused node is given, under their names in the script; numbers stand in the function."""
    given = [each for each in node.arguments if not isinstance(plan.nodes[each], Literal)]
    return [(each, names[each]) for each in given]


def fused_body(
    plan: WorkPlan, identifier: NodeId, node: Fused, formals: list[Code], call: Callable[[str], Code]
) -> FusedBody:
    """The function of a fused node; `call` gives the text by which a kernel is called."""
    names = Names(set(formals))
    remaining = iter(formals)
    operands: list[Code] = []
    for argument in node.arguments:
        literal = plan.nodes[argument]
        operands.append(py_literal(literal.value) if isinstance(literal, Literal) else next(remaining))
    statements: list[Code] = []
    origins: dict[str, Origin] = {}
    paragraph = -1
    for (operator, given), origin in zip(node.steps[:-1], plan.inner[identifier][:-1], strict=True):
        statements.extend(_heading(plan, origin, paragraph))
        paragraph = origin.paragraph
        name = local_name(plan, origin, names)
        parts = [operands[each] for each in given]
        statements.append(statement(f"{name} = ", Code(f"{call(operator)}("), parts, ")", 4))
        operands.append(name)
        origins[name] = origin
    operator, given = node.steps[-1]
    result = statement("return ", Code(f"{call(operator)}("), [operands[each] for each in given], ")", 4)
    origins["return"] = plan.inner[identifier][-1]
    statements.extend(_heading(plan, origins["return"], paragraph))
    return FusedBody(formals, statements, result, origins)


def _heading(plan: WorkPlan, origin: Origin, before: int) -> list[Code]:
    """The declaration of what follows, if what stands before comes from another."""
    if origin.paragraph == before:
        return []
    comment = [Code(f"    {line}") for line in py_comment(plan.paragraphs[origin.paragraph].text)]
    return comment if before < 0 else [Code(""), *comment]
