"""Orders that keep few bytes alive."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.clustering import Cluster
from vlc_runtime.liveness import Liveness
from vlc_runtime.ordering import demanding_first, depth_first, lower_peaks

from tests.memory.plans import SIZE, forecast_program, head


def peak_of(
    order: Sequence[int], operands: Sequence[Sequence[int]], sizes: Sequence[int], working: Sequence[int]
) -> int:
    """What is alive at most when the items are done in this order, each dropped after its last user."""
    last = {item: place for place, item in enumerate(order)}
    for place, item in enumerate(order):
        last.update(dict.fromkeys(operands[item], place))
    users = {each for item in order for each in operands[item]}
    alive: set[int] = set()
    peak = 0
    for place, item in enumerate(order):
        alive.add(item)
        peak = max(peak, sum(sizes[each] for each in alive) + working[item])
        alive = {each for each in alive if each not in users or last[each] > place}
    return peak


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[list[int]], list[int], list[int]]:
    """(operands, sizes, working) of an expression in which no result is shared; the last item is its root."""
    count = draw(st.integers(2, 7))
    operands: list[list[int]] = [[] for _ in range(count)]
    for item in range(count - 1):
        operands[draw(st.integers(item + 1, count - 1))].append(item)
    sizes = draw(st.lists(st.integers(1, 4), min_size=count, max_size=count))
    working = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count))
    return operands, sizes, working


def is_depth_first(order: Sequence[int], operands: Sequence[Sequence[int]]) -> bool:
    """Whether what an item needs stands right before it, operand after operand."""
    below: dict[int, set[int]] = {}
    for place, item in enumerate(order):
        if not all(each in below for each in operands[item]):
            return False
        below[item] = {item}.union(*(below[each] for each in operands[item]))
        if set(order[place + 1 - len(below[item]) : place + 1]) != below[item]:
            return False
    return True


@settings(max_examples=60, deadline=None)
@given(trees())
def test_of_a_tree_no_depth_first_order_takes_less(tree: tuple[list[list[int]], list[int], list[int]]) -> None:
    operands, sizes, working = tree
    items = range(len(operands))
    order = demanding_first(items, operands.__getitem__, sizes.__getitem__, working.__getitem__)
    assert is_depth_first(order, operands)
    possible = [each for each in permutations(items) if is_depth_first(each, operands)]
    assert peak_of(order, *tree) == min(peak_of(each, *tree) for each in possible)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), st.data())
def test_every_item_stands_once_and_after_its_operands(count: int, data: st.DataObject) -> None:
    operands = [data.draw(st.lists(st.integers(0, item - 1), max_size=3)) if item else [] for item in range(count)]
    sizes = data.draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    used = {each for given in operands for each in given}
    ends = [item for item in range(count) if item not in used]
    for order in (
        demanding_first(range(count), operands.__getitem__, sizes.__getitem__, sizes.__getitem__),
        depth_first(ends, operands.__getitem__),
    ):
        assert sorted(order) == list(range(count))
        place = {item: number for number, item in enumerate(order)}
        assert all(place[each] < place[item] for item in range(count) for each in operands[item])


def test_a_chain_of_any_length_is_ordered() -> None:
    count = 50_000
    order = demanding_first(range(count), lambda item: [item - 1] if item else [], lambda item: 1, lambda item: 0)
    assert order == list(range(count))


def test_the_demanding_side_of_an_expression_goes_first(tmp_path: Path) -> None:
    """Written second, the side with the distance map is done first: the result of the other is not there yet then."""
    one, other = head(tmp_path / "one.nii.gz"), head(tmp_path / "other.nii.gz", seed=1)
    text = f"""import "vox1"
    import "simpleitk"
    one = intensity(ReadImage("{one}"))
    other = intensity(ReadImage("{other}"))
    print "r" volume(near(one > 3) & (abs(dt(other > 200)) < 3))
    """
    schedule = forecast_program(text).schedule
    (task,) = [task for task in schedule.order if any(step.operator.name == "dt" for step in task.steps)]
    names = [step.operator.name for step in task.steps]
    assert names.index("dt") < names.index("near")


def test_what_is_loaded_waits_for_nothing(tmp_path: Path) -> None:
    """Of a stored result and what it is made of, both of which a task needs, either may come first."""
    path = head(tmp_path / "head.nii.gz")
    text = f"""import "vox1"
    import "simpleitk"
    flair = intensity(ReadImage("{path}"))
    print "r" volume((flair * 2 > 3) & (abs(dt(flair > 200)) * flair < 3))
    """
    schedule = forecast_program(text).schedule
    assert schedule.liveness is not None
    for task in schedule.order:
        expected = set(task.steps)
        for step in list(task.steps):
            stored = {step.key}
            liveness = Liveness(schedule.liveness.extents, stored, ())
            before = Cluster([step, *(each for each in task.steps if each is not step)], task.outputs)
            peak = liveness.of_task(before).peak
            lower_peaks([before], liveness)
            assert set(before.steps) == expected
            assert liveness.of_task(before).peak <= peak
            place = {each: number for number, each in enumerate(before.steps)}
            assert all(
                place[source] < place[each]
                for each in before.steps
                if each.key not in stored
                for source in each.sources
                if source in expected
            )


def test_cases_of_a_cohort_are_ordered_as_each_would_be_alone(tmp_path: Path) -> None:
    """Two of one size and one that is larger, whose steps have other sizes and so perhaps another order."""
    for number, size in enumerate([SIZE, SIZE, (90, 80, 60)]):
        head(tmp_path / "scans" / f"{number}.nii.gz", size, seed=number)
    text = f"""import "vox1"
    import "simpleitk"
    image(file) = intensity(ReadImage(file))
    print "r" for file in dir("{tmp_path / "scans"}", "*.nii.gz", false, true) do
        volume(near(image(file) > 3) & (abs(dt(image(file) > 200)) < 3) & (image(file) * image(file) > 7))
    """
    schedule = forecast_program(text).schedule
    assert schedule.liveness is not None and schedule.memory is not None
    peaks = []
    for task in schedule.order:
        if task.loop is not None:
            alone = Cluster(sorted(task.steps, key=lambda step: step.position), task.outputs)
            liveness = Liveness(schedule.liveness.extents, set(), ())
            lower_peaks([alone], liveness)
            assert alone.steps == task.steps
            assert liveness.of_task(alone) == liveness.of_steps(task.steps, task.outputs) == schedule.memory.tasks[task]
            peaks.append(schedule.memory.tasks[task].peak)
    small, same, large = peaks
    assert small == same < large
