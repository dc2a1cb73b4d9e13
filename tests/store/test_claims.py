"""Of many processes one computes a result; the others wait for it, and take over when that one dies."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from store_processes import finish, key, start
from vlc_runtime.store import Store, list_runs, verify


def test_a_claim_excludes_other_openings_until_it_is_released(tmp_path: Path) -> None:
    with Store.open(tmp_path) as one, Store.open(tmp_path) as other:
        first = one.claim([key("a"), key("b")])
        assert (first.granted, first.held) == ({key("a"), key("b")}, frozenset())
        second = other.claim([key("b"), key("c")])
        assert (second.granted, second.held) == ({key("c")}, {key("b")})
        first.release([key("b")])
        assert first.granted == {key("a")}
        assert other.claim([key("b")]).granted == {key("b")}
        assert one.claim([key("b")]).granted == frozenset()


def test_a_claim_excludes_the_other_users_of_one_store(tmp_path: Path) -> None:
    with Store.open(tmp_path) as store:
        with store.claim([key("a")]) as first:
            assert first.granted
            assert store.claim([key("a")]).held == {key("a")}
        with store.claim([key("a")]) as again:
            assert again.granted


def test_closing_releases(tmp_path: Path) -> None:
    with Store.open(tmp_path) as other:
        with Store.open(tmp_path) as store:
            store.claim([key("a")])
        assert other.claim([key("a")]).granted


def test_who_holds_something_may_not_wait(tmp_path: Path) -> None:
    with Store.open(tmp_path) as one, Store.open(tmp_path) as other:
        one.claim([key("a")])
        claim = other.claim([key("a"), key("b")])
        with pytest.raises(ValueError, match="released everything"):
            claim.wait()
        free = other.claim([key("c")])
        free.release()
        with pytest.raises(ValueError, match="what others hold"):
            free.wait()


@pytest.mark.parametrize("one_store", [True, False])
def test_threads_wait_for_each_other(tmp_path: Path, one_store: bool) -> None:
    order: list[str] = []
    with Store.open(tmp_path) as store, Store.open(tmp_path) as second:
        other = store if one_store else second
        first = store.claim([key("a")])
        blocked = other.claim([key("a")])
        assert blocked.held

        def wait() -> None:
            with blocked.wait() as claim:
                order.append("second")
                assert claim.granted == {key("a")}

        waiter = threading.Thread(target=wait)
        waiter.start()
        order.append("first")
        first.release()
        waiter.join()
        assert order == ["first", "second"]
        assert store.claim([key("a")]).granted


def test_who_waits_for_all_holds_none(tmp_path: Path) -> None:
    keys = [key(name) for name in range(300)]
    with Store.open(tmp_path) as one, Store.open(tmp_path) as other:
        first = one.claim(keys)
        blocked = other.claim(keys)
        waiter = threading.Thread(target=blocked.wait_for_all)
        waiter.start()
        for each in keys:
            first.release([each])
        waiter.join()
        assert one.claim(keys).granted == set(keys)
        with pytest.raises(ValueError, match="released everything"):
            first.wait_for_all()


def test_a_waiter_takes_over_from_the_dead(tmp_path: Path) -> None:
    Store.open(tmp_path).close()
    holder = start("hold", tmp_path, "a")
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    waiters = [start("wait_for", tmp_path, "a") for _ in range(3)]
    for waiter in waiters:
        assert waiter.stdout is not None
        assert waiter.stdout.readline() == "waiting\n"
    with Store.open(tmp_path) as store:
        assert store.claim([key("a")]).held
    holder.kill()
    holder.communicate()
    assert [finish(waiter) for waiter in waiters] == ["ours\n"] * 3
    with Store.open(tmp_path) as store:
        assert store.claim([key("a")]).granted


def test_eight_processes_compute_every_result_once(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    processes = [start("compute_each_once", folder, 120, seed) for seed in range(8)]
    computed = [int(line) for process in processes for line in finish(process).split()]
    assert sorted(computed) == list(range(120))
    with Store.open(folder) as store:
        assert len(store.get_many([key(name) for name in range(120)])) == 120
        assert verify(store).damaged == []
        assert list_runs(store) == []


def test_when_some_of_them_are_killed_the_others_finish(tmp_path: Path) -> None:
    folder = tmp_path / "results"
    processes = [start("compute_each_once", folder, 120, seed) for seed in range(6)]
    for process in processes[:3]:
        assert process.stdout is not None
        process.stdout.readline()
        process.kill()
        process.communicate()
    for process in processes[3:]:
        finish(process)
    with Store.open(folder) as store:
        assert len(store.get_many([key(name) for name in range(120)])) == 120
        assert len(store.claim([key(name) for name in range(120)]).granted) == 120
        assert verify(store).damaged == []
