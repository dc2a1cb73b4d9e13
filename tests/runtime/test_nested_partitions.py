"""Loops in loops become one flat bag where the outer loop alone has too few items to be dealt."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime import Plan, Print, fold, loop
from vlc_runtime.clustering import Cluster, cluster, needed_steps
from vlc_runtime.digest import digest
from vlc_runtime.goals import GoalOptions, plan_goals, results_of, targets_of
from vlc_runtime.kernels import default, scalar, simpleitk, vox1
from vlc_runtime.planning import Planner
from vlc_runtime.program import compile_program
from vlc_runtime.source_lines import SourceLines
from vlc_runtime.steps import Step

from tests.run.programs import write_image

PARTITIONS = 32


def nest(outer: int, inner: int, *, heavy: bool = True, summed: bool = False) -> Plan:
    """For each number of an outer loop a distance map, and for each of an inner one what lies within that distance."""
    image = vox1.intensity(simpleitk.ReadImage("image.nii"))

    def each_outer(i: Any) -> Any:
        distances = vox1.dt(vox1.gt_sv(i, image))

        def each_inner(j: Any) -> Any:
            return vox1.volume(vox1.leq_sv(j, distances)) if heavy else scalar.add(vox1.maximum(distances), j)

        found = loop(each_inner, over=default.integer_range(0.0, float(inner)))
        return fold(lambda total, each: scalar.add(total, each), over=found, start=0.0) if summed else found

    return Plan(Print("r", loop(each_outer, over=default.integer_range(0.0, float(outer)))))


def clusters_of(plan: Plan, partitions: int = PARTITIONS) -> list[Cluster]:
    planner = Planner(lambda path: digest("content", path), {}, SourceLines())
    values = planner.run(compile_program(results_of(plan.goals)), [])
    goals = plan_goals(planner, plan.goals, values, GoalOptions(True, ""))
    targets = [step for goal in goals for step in targets_of(goal)]
    steps = needed_steps(targets, set())
    found = cluster(steps, set(targets), set(), planner.shared, partitions)
    assert Counter(step for each in found for step in each.steps) == Counter(steps)
    assert_sound(found)
    return found


def assert_sound(clusters: list[Cluster]) -> None:
    """There is no cycle of clusters, and what a step needs is in an input or before it."""
    done: set[Cluster] = set()
    waiting = list(clusters)
    while waiting:
        ready = [each for each in waiting if all(source in done for source in each.inputs)]
        assert ready, "clusters wait for each other"
        done.update(ready)
        waiting = [each for each in waiting if each not in done]
    for each in clusters:
        given = {step for source in each.inputs for step in source.outputs}
        for step in each.steps:
            assert all(operand in given for operand in step.inputs if isinstance(operand, Step))
            given.add(step)


def of_loops(clusters: list[Cluster]) -> list[Cluster]:
    return [each for each in clusters if each.loop is not None]


@pytest.mark.parametrize(("outer", "inner", "tasks"), [(2, 40, 32), (3, 5, 15), (1, 100, 32), (31, 2, 32)])
def test_few_outer_items_are_dealt_by_their_inner_ones(outer: int, inner: int, tasks: int) -> None:
    found = clusters_of(nest(outer, inner))
    bag = of_loops(found)
    assert len(bag) == tasks
    assert {step.operator.identifier for each in bag for step in each.steps} >= {"vox1.leq_sv", "vox1.volume"}
    alone = [step for each in found if each.loop is None for step in each.steps]
    assert sum(step.operator is vox1.dt for step in alone) == outer  # once for all inner items


def test_many_outer_items_keep_what_is_theirs_in_their_task() -> None:
    bag = of_loops(clusters_of(nest(PARTITIONS, 3)))
    assert len(bag) == PARTITIONS
    assert all(sum(step.operator is vox1.dt for step in each.steps) == 1 for each in bag)


def test_cheap_inner_items_are_not_dealt() -> None:
    bag = of_loops(clusters_of(nest(3, 50, heavy=False)))
    assert len(bag) == 3
    assert all(any(step.operator is vox1.dt for step in each.steps) for each in bag)


def test_what_is_made_of_inner_items_stays_with_the_outer_ones() -> None:
    found = of_loops(clusters_of(nest(2, 40, summed=True)))
    assert len({each.loop for each in found}) == 2
    sums = [each for each in found if any(step.operator.identifier == "scalar.add" for step in each.steps)]
    assert len(sums) == 2


def test_a_nest_in_a_nest_is_dealt_as_deep_as_it_takes() -> None:
    image = vox1.intensity(simpleitk.ReadImage("image.nii"))

    def measured(i: Any) -> Any:
        def middle(j: Any) -> Any:
            above = vox1.gt_sv(scalar.add(i, scalar.multiply(10.0, j)), image)
            return loop(lambda k: vox1.volume(vox1.lt_sv(k, vox1.mask(image, above))), over=numbers(10))

        return loop(middle, over=numbers(4))

    def numbers(count: int) -> Any:
        return default.integer_range(0.0, float(count))

    plan = Plan(Print("r", loop(measured, over=numbers(2))))
    assert len(of_loops(clusters_of(plan, partitions=2))) == 2
    assert len(of_loops(clusters_of(plan, partitions=8))) == 8
    assert len(of_loops(clusters_of(plan, partitions=16))) == 16


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 4), st.integers(0, 12), st.integers(1, 40), st.booleans(), st.booleans())
def test_clusters_of_any_nest_are_sound(outer: int, inner: int, partitions: int, heavy: bool, summed: bool) -> None:
    clusters_of(nest(outer, inner, heavy=heavy, summed=summed), partitions)


@pytest.mark.parametrize("scheduler", ["threads", "processes", "sync"])
def test_results_are_in_order_on_any_scheduler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheduler: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_image(tmp_path / "image.nii", size=(9, 8, 7))
    expected = nest(2, 6).run(store=None, scheduler="sync", partitions=1)["r"]
    assert [len(each) for each in expected] == [6, 6]
    assert expected[0] == sorted(expected[0]) and expected[0] != expected[1]
    store = str(tmp_path / "results")
    assert nest(2, 6).run(store=store, scheduler=scheduler, workers=2)["r"] == expected
    assert nest(2, 6, summed=True).run(store=store, scheduler=scheduler, workers=2)["r"] == list(map(sum, expected))
