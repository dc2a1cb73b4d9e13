"""Loops of arithmetic have the values, keys and failures that they have when they are planned step by step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vlc_runtime import Plan, Print, loop
from vlc_runtime import planning as planning_module
from vlc_runtime.execute import execute
from vlc_runtime.kernels import default, scalar
from vlc_runtime.options import Options
from vlc_runtime.planning import Planner
from vlc_runtime.program import compile_program
from vlc_runtime.steps import Known

NUMBERS = st.one_of(
    st.floats(), st.integers(-3, 3), st.just(2**53 + 1), st.just(10**400), st.booleans(), st.just(-0.0), st.just(True)
)


def scaled(t: Any, *, by: Any) -> Any:
    return scalar.divide(scalar.multiply(t, 2.0), by)


def total(t: Any, *, by: Any) -> Any:
    return scalar.add(scalar.negate(t), scalar.maximum(t, by))


def compared(t: Any, *, by: Any) -> Any:
    return scalar.less_equal(t, by)


def itself(t: Any, *, by: Any) -> Any:
    return t


def constant(t: Any, *, by: Any) -> Any:
    return [3, by, [t, 4.0]]


def inner(t: Any, *, by: Any) -> Any:
    return loop(each_inner, over=default.integer_range(0, 3), t=t)


def each_inner(s: Any, *, t: Any) -> Any:
    return scalar.add(s, t)


BODIES = (scaled, total, compared, itself, constant, inner)


def plan_of(body: Callable[..., Any], numbers: list[Any], by: Any) -> Plan:
    found = loop(body, over=numbers, by=by)
    return Plan(Print("all", found), Print("one", default.index(found, 0)))


def planned(plan: Plan) -> tuple[Any, ...]:
    """What planning makes of the loop: the value and key that it has, or why it failed."""
    planner = Planner(lambda path: b"", {}, lambda node: None)  # type: ignore[arg-type,return-value]
    (value, _) = planner.run(compile_program([goal.value for goal in plan.goals]), [])
    if isinstance(value, Known):
        return (repr(value.value), value.key, value.derived)
    return (type(value).__name__, getattr(value, "key", None))


def step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(planning_module, "arithmetic_loop", lambda *_: None)


@settings(deadline=None, max_examples=300, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(BODIES), st.lists(NUMBERS, max_size=4), NUMBERS)
def test_values_keys_and_failures_are_the_same(body: Callable[..., Any], numbers: list[Any], by: Any) -> None:
    results = []
    for patched in (False, True):
        with pytest.MonkeyPatch.context() as patch:
            if patched:
                step_by_step(patch)
            outcome = execute(plan_of(body, numbers, by), Options(store=None))
            failures = [(goal, failure.message, failure.place.items) for goal, failure in outcome.failures]
            results.append((repr(outcome.results), failures))
            if not failures:
                results[-1] += planned(plan_of(body, numbers, by))
    assert results[0] == results[1]


def test_arithmetic_is_not_planned_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    applied: list[str] = []
    apply = Planner.apply

    def told(planner: Planner, operator: Any, *rest: Any) -> Any:
        applied.append(operator.identifier)
        return apply(planner, operator, *rest)

    monkeypatch.setattr(Planner, "apply", told)
    plan = Plan(Print("x", loop(scaled, over=default.integer_range(0, 100), by=4.0)))
    assert plan.run(store=None) == {"x": [number / 2 for number in range(100)]}
    assert applied == ["default.integer_range"]


def test_an_item_that_fails_is_told_of(tmp_path: Path) -> None:
    outcome = execute(plan_of(scaled, [1.0, 2.0], 0.0), Options(store=str(tmp_path / "results")))
    assert [failure.place.items for _, failure in outcome.failures] == [("t = 1.0",), ("t = 2.0",), ("t = 1.0",)]
