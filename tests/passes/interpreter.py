"""A WorkPlan computed node by node with the plain kernels: no script, no store, no scheduler."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.fused_operator import FusedOperator, Instruction
from vlc_runtime.operator import Operator

from vlc.workplan.nodes import Apply, Element, Filter, Fold, Fused, Grid, Literal, Loop, NodeId, Parameter
from vlc.workplan.plan import WorkPlan
from vlc.workplan.types import LIST


def goals_of(plan: WorkPlan, files: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> list[Any]:
    """The value of every goal. `files` has what `load` gives for each path."""
    evaluation = _Evaluation(plan, files, parameters or {})
    return [evaluation.value(goal.node, {}) for goal in plan.goals]


def outcomes_of(plan: WorkPlan, files: Mapping[str, Any], parameters: Mapping[str, Any] | None = None) -> list[Any]:
    """The value of every goal, FAILED for one that has none."""
    evaluation = _Evaluation(plan, files, parameters or {})
    outcomes: list[Any] = []
    for goal in plan.goals:
        try:
            outcomes.append(evaluation.value(goal.node, {}))
        except RuntimeFailure:
            outcomes.append(FAILED)
    return outcomes


FAILED = "no value"
"""The outcome of a goal that fails: why does not count, since a pass may find another reason first."""


class _Evaluation:
    def __init__(self, plan: WorkPlan, files: Mapping[str, Any], parameters: Mapping[str, Any]) -> None:
        self.plan = plan
        self.files = files
        self.parameters = parameters
        self.outside: dict[NodeId, Any] = {}

    def value(self, identifier: NodeId, items: dict[tuple[int, str], Any]) -> Any:
        """Values outside loops are computed once; test programs are small enough for the rest."""
        if identifier in self.outside:
            return self.outside[identifier]
        value = self._value(identifier, items)
        if self.plan.free[identifier] == 0:
            self.outside[identifier] = value
        return value

    def _value(self, identifier: NodeId, items: dict[tuple[int, str], Any]) -> Any:
        match self.plan.nodes[identifier]:
            case Literal(value):
                return value
            case Parameter(name, default):
                return self.parameters.get(name, default)
            case Element(depth, _, role):
                return items[depth, role]
            case Apply(operator, arguments):
                if self._gives_no_items(operator, arguments, items):
                    return []
                return self._call(operator, [self.value(each, items) for each in arguments])
            case Loop(over, body, depth):
                return [self.value(body, {**items, (depth, "item"): each}) for each in self.value(over, items)]
            case Filter(over, body, depth):
                found = self.value(over, items)
                return [each for each in found if self.value(body, {**items, (depth, "item"): each})]
            case Fold(over, start, body, depth):
                rest = list(self.value(over, items))
                if start is None and not rest:
                    raise RuntimeFailure("a fold over an empty sequence has nothing to start from")
                total = rest.pop(0) if start is None else self.value(start, items)
                for each in rest:
                    total = self.value(body, {**items, (depth, "item"): each, (depth, "total"): total})
                return total
            case Fused(arguments, steps):
                instructions = tuple(Instruction(kernel_of(operator), operands) for operator, operands in steps)
                fused = FusedOperator(len(arguments), instructions)
                return fused.compute(*[self.value(each, items) for each in arguments])
            case Grid():
                raise AssertionError("a grid was never found")

    def _gives_no_items(self, operator: str, arguments: tuple[NodeId, ...], items: dict[tuple[int, str], Any]) -> bool:
        """Whether this is an operator on each item of a sequence without any: the rest is not computed then."""
        if operator in (LIST, "vox1.load"):
            return False
        position = kernel_of(operator).items
        return position is not None and self.value(arguments[position], items) == []

    def _call(self, operator: str, arguments: list[Any]) -> Any:
        if operator == LIST:
            return arguments
        if operator == "vox1.load":
            return self.files[arguments[0]]
        return kernel_of(operator).compute(*arguments)


def kernel_of(operator: str) -> Operator:
    namespace, _, name = operator.partition(".")
    kernel = getattr(import_module(f"vlc_runtime.kernels.{namespace}"), name)
    assert isinstance(kernel, Operator)
    return kernel
