"""A task that runs again: it comes to the same, loads what is stored, and computes no more than it must."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.digest import Digest, digest
from vlc_runtime.operator import Operator, operator
from vlc_runtime.reruns import keys_in, left_to_do
from vlc_runtime.worker import At, Reference, Task, run_tasks


@operator(cost="scalar", one_grid=False)
def total(values: list[Any], more: float) -> float:
    """The sum of nested numbers."""
    return float(sum(total.compute(each, 0.0) if isinstance(each, list) else each for each in values)) + more


@operator(cost="scalar", effect=True, one_grid=False)
def told(values: list[Any], more: float) -> None:
    """Done for its effect."""


@dataclass
class Memory:
    """A session that keeps results in a dictionary."""

    stopping: bool = False
    stored: dict[Digest, Any] = field(default_factory=dict)
    computed: list[Digest] = field(default_factory=list)

    def load(self, key: Digest) -> Any:
        return self.stored[key]

    def keep(self, task: Task, value: Any, seconds: float) -> None:
        self.stored[task.key] = value

    def done(self, task: Task, value: Any, seconds: float) -> None:
        if not task.load:
            self.computed.append(task.key)


GIVEN = digest("given")


@st.composite
def tasks(draw: st.DrawFn) -> tuple[list[Task], list[Digest]]:
    """Tasks each after its inputs, of which one is given from outside; and the outputs among them."""
    made: list[Task] = []
    for number in range(draw(st.integers(1, 12))):
        keys = [GIVEN, *(task.key for task in made if task.operator is total)]
        chosen = draw(st.lists(st.sampled_from(keys), max_size=4))
        sequence: tuple[Reference, ...] = (*chosen[:2], tuple(chosen[2:]))
        is_effect = draw(st.integers(0, 5)) == 0
        kind: Operator = told if is_effect else total
        keep = not is_effect and draw(st.booleans())
        made.append(Task(digest(number), kind, (sequence, At(float(number))), (), keep=keep))
    outputs = draw(st.lists(st.sampled_from([task.key for task in made]), unique=True))
    return made, outputs


@settings(max_examples=200, deadline=None)
@given(tasks(), st.data())
def test_a_rerun_comes_to_the_same(found: tuple[list[Task], list[Digest]], data: st.DataObject) -> None:
    made, outputs = found
    first = Memory()
    expected = run_tasks(first, made, outputs, {GIVEN: 1.0})
    kept = [task.key for task in made if task.keep]
    stored = data.draw(st.sets(st.sampled_from(kept)) if kept else st.just(set()))

    again = Memory(stored={key: first.stored[key] for key in stored})
    left = left_to_do(made, outputs, stored)
    assert run_tasks(again, left, outputs, {GIVEN: 1.0}) == expected
    assert not set(again.computed) & stored
    assert again.stored == first.stored
    assert {task.key for task in left if task.operator is told} == {t.key for t in made if t.operator is told}
    # whatever is done is wanted, or is given to something that is
    for number, task in enumerate(left):
        used = any(task.key in keys_in(later.inputs) for later in left[number + 1 :])
        assert used or task.key in outputs or task.keep or task.operator is told or not stored


@settings(max_examples=50, deadline=None)
@given(tasks())
def test_each_value_is_dropped_once_after_its_last_use(found: tuple[list[Task], list[Digest]]) -> None:
    made, outputs = found
    kept = {task.key for task in made if task.keep}
    left = left_to_do(made, outputs, kept)
    if not kept:
        assert left is made
        return
    dropped = [key for task in left for key in task.last_uses]
    assert len(dropped) == len(set(dropped))
    assert {task.key for task in left} - set(dropped) == set(outputs) & {task.key for task in left}
