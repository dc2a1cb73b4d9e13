"""Steps of a task that idle workers do before their turn, with real threads: events decide who does what."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from vlc_runtime.crew import crew_of_thread
from vlc_runtime.digest import Digest, digest
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.failures import Failure
from vlc_runtime.operator import operator
from vlc_runtime.shared_work import map_pieces
from vlc_runtime.worker import At, Task, run_tasks

from tests.crews import in_crew


@operator(cost="heavy", one_grid=False)
def called(function: object, values: list[Any]) -> object:
    """What a function of the test gives for the values."""
    assert callable(function)
    return function(values)


@dataclass
class Told:
    """A session that notes what it hears, in order."""

    stopping: bool = False
    heard: list[tuple[Digest, Any]] = field(default_factory=list)
    kept: list[Digest] = field(default_factory=list)

    def load(self, key: Digest) -> Any:
        raise AssertionError("nothing is stored")

    def keep(self, task: Task, value: Any, seconds: float) -> None:
        self.kept.append(task.key)

    def done(self, task: Task, value: Any, seconds: float) -> None:
        assert seconds >= 0
        self.heard.append((task.key, value))


def step(name: str, function: Callable[[list[Any]], Any], *sources: str, ahead: int | None = 1) -> Task:
    return Task(digest(name), called, (At(function), tuple(map(digest, sources))), (), ahead=ahead, keep=True)


def done_by(steps: list[Task], workers: int, spare: int = 1 << 40, session: Told | None = None) -> dict[Digest, Any]:
    session = session or Told()
    return in_crew(workers, lambda: run_tasks(session, steps, [each.key for each in steps]), spare)


def test_a_step_that_waits_for_nothing_is_done_beside_the_first() -> None:
    read = threading.Event()

    def first(_: list[Any]) -> bool:
        return read.wait(30)  # true only if the step after it is done at the same time

    found = done_by([step("first", first), step("read", lambda _: read.set(), ahead=7)], 2, spare=7)
    assert found[digest("first")] is True


def test_what_waits_for_a_step_done_early_is_done_early_too() -> None:
    compared = threading.Event()
    steps = [
        step("first", lambda _: compared.wait(30)),
        step("read", lambda _: 5),
        step("compared", lambda values: compared.set() or values[0] + 1, "read"),
    ]
    assert done_by(steps, 2) == {digest("first"): True, digest("read"): 5, digest("compared"): 6}


def test_who_waits_for_a_step_helps_with_pieces_that_come_later() -> None:
    under_way, asked, together = threading.Event(), threading.Event(), threading.Barrier(2)

    class Nothing:
        """Tells that somebody looked for a piece, in vain."""

        left = 0

        def claim(self, _: object) -> None:
            asked.set()

    def early(_: list[Any]) -> list[int]:
        crew, nothing = crew_of_thread(), Nothing()
        assert crew is not None
        crew.offer(nothing)
        under_way.set()
        assert asked.wait(30)  # by the first worker, which waits for this step
        crew.withdraw(nothing)
        return map_pieces(lambda _: together.wait(30), [0, 1])

    steps = [step("first", lambda _: under_way.wait(30)), step("early", early)]
    assert sorted(done_by(steps, 2)[digest("early")]) == [0, 1]


def test_two_uses_of_one_result_are_done_at_once() -> None:
    both = threading.Barrier(2)
    steps = [
        step("image", lambda _: 3),
        step("least", lambda _: both.wait(30) >= 0, "image"),
        step("most", lambda _: both.wait(30) >= 0, "image"),
    ]
    assert done_by(steps, 2)[digest("most")] is True


@pytest.mark.parametrize(("ahead", "spare", "workers"), [(8, 7, 2), (None, 100, 2), (1, 100, 1)])
def test_steps_wait_for_their_turn(ahead: int | None, spare: int, workers: int) -> None:
    """Where the memory is not there, where they may not be done early, and where nobody else is."""
    threads: list[int] = []
    steps = [step(name, lambda _: threads.append(threading.get_ident()), ahead=ahead) for name in "abcdefgh"]
    done_by(steps, workers, spare)
    assert len(set(threads)) == 1


def test_what_fails_early_is_told_of_in_its_turn() -> None:
    failed = threading.Event()

    def fails(_: list[Any]) -> None:
        failed.set()
        raise RuntimeFailure("there is no such file")

    session = Told()
    steps = [
        step("first", lambda _: failed.wait(30)),
        step("read", fails),
        step("needs it", lambda values: values, "read"),
        step("last", lambda _: 4),
    ]
    found = done_by(steps, 2, session=session)
    assert [key for key, _ in session.heard] == [digest(name) for name in ("first", "read", "last")]
    assert session.kept == [digest("first"), digest("last")]
    assert found[digest("read")] is found[digest("needs it")]
    assert found[digest("needs it")].message == "there is no such file"


def test_what_python_itself_raises_early_is_raised() -> None:
    ended = threading.Event()

    def ends(_: list[Any]) -> None:
        ended.set()
        raise SystemExit

    with pytest.raises(SystemExit):
        done_by([step("first", lambda _: ended.wait(30)), step("ends", ends)], 2)


def test_nothing_is_begun_early_in_a_run_that_is_stopped() -> None:
    session = Told()
    begun: list[str] = []
    asked = threading.Event()

    def stops(_: list[Any]) -> None:
        session.stopping = True
        asked.set()

    def waits(_: list[Any]) -> None:
        assert asked.wait(30)

    def begins(_: list[Any]) -> None:
        begun.append("begun")

    # the second is done beside the first, by who looks for the next one when the run is stopped
    steps = [step("stops", stops), step("waits", waits), *(step(f"later {n}", begins) for n in range(5))]
    found = done_by(steps, 2, session=session)
    assert begun == []
    assert all(isinstance(found[digest(f"later {n}")], Failure) for n in range(5))


@st.composite
def programs(draw: st.DrawFn) -> tuple[list[Task], list[Digest]]:
    """Steps each after its inputs, whose values are dropped after their last use, and what is wanted of them."""
    made: list[tuple[Digest, tuple[Digest, ...], int | None]] = []
    for number in range(draw(st.integers(2, 40))):
        sources = draw(st.lists(st.sampled_from([key for key, *_ in made]), max_size=3)) if made else []
        made.append((digest(number), tuple(sources), draw(st.sampled_from([None, 0, 1, 5]))))
    outputs = draw(st.lists(st.sampled_from([key for key, *_ in made]), unique=True))
    last = {key: place for place, (own, sources, _) in enumerate(made) for key in (own, *sources)}

    def worth(number: int) -> Callable[[list[Any]], Any]:
        def function(values: list[Any]) -> int:
            if number % 11 == 7:
                raise RuntimeFailure(f"step {number} fails")
            return number + sum(values)

        return function

    steps = [
        Task(
            key,
            called,
            (At(worth(place)), sources),
            tuple(each for each, end in last.items() if end == place and each not in outputs),
            keep=True,
            ahead=ahead,
        )
        for place, (key, sources, ahead) in enumerate(made)
    ]
    return steps, outputs


@settings(deadline=None, max_examples=100)
@given(programs(), st.integers(2, 4), st.integers(0, 20))
def test_results_and_what_is_told_are_those_of_one_worker(
    found: tuple[list[Task], list[Digest]], workers: int, spare: int
) -> None:
    steps, outputs = found
    alone, together = Told(), Told()
    expected = run_tasks(alone, steps, outputs)
    results = in_crew(workers, lambda: run_tasks(together, steps, outputs), spare)

    def shown(value: Any) -> Any:
        return value.message if isinstance(value, Failure) else value

    assert {key: shown(value) for key, value in results.items()} == {
        key: shown(value) for key, value in expected.items()
    }
    assert [(key, shown(value)) for key, value in together.heard] == [(key, shown(value)) for key, value in alone.heard]
    assert together.kept == alone.kept
