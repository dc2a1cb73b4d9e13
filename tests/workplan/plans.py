"""Compiling programs in tests: their plans, or what is wrong with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest

from vlc.compiler import Compiled, compile_source
from vlc.diagnostics import CompileError, Diagnostic, Source, render
from vlc.workplan import plan as workplan
from vlc.workplan.nodes import Apply, NodeId
from vlc.workplan.plan import Print, WorkPlan


def compiled(text: str, extra_goals: Sequence[str] = (), dialect: str | None = None) -> Compiled:
    """A program compiled without passes; its plan is checked."""
    result = compile_source(Source("program.imgql", text), dialect=dialect, passes=(), extra_goals=extra_goals)
    workplan.check(result.plan)
    return result


def plan_of(text: str) -> WorkPlan:
    return compiled(text).plan


def printed(text: str) -> dict[str, NodeId]:
    """The node of each `print`, by its label."""
    return {goal.label: goal.node for goal in plan_of(text).goals if isinstance(goal, Print)}


def same(text: str) -> bool:
    """Whether everything that a program prints is one node."""
    return len(set(printed(text).values())) == 1


def operators(plan: WorkPlan) -> Counter[str]:
    """How many nodes there are of each operator."""
    return Counter(node.operator for node in plan.nodes.values() if isinstance(node, Apply))


def errors(text: str, extra_goals: Sequence[str] = ()) -> list[Diagnostic]:
    """Everything that is wrong with a program, which must be something."""
    with pytest.raises(CompileError) as caught:
        compiled(text, extra_goals)
    return list(caught.value.diagnostics)


def error(text: str, extra_goals: Sequence[str] = ()) -> Diagnostic:
    """The one thing that is wrong with a program: it must render with carets, if it has a place."""
    (found,) = errors(text, extra_goals)
    if found.span is not None:
        assert 0 <= found.span.start < found.span.end <= len(found.span.source.text)
        assert "^" in render([found])
    return found


def fault(text: str) -> str:
    """`message | the text under the carets` of the one thing that is wrong."""
    found = error(text)
    assert found.span is not None
    return f"{found.message} | {found.span.text}"
