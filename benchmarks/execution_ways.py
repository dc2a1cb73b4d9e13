"""Five ways to execute one plan, each as small as it can be and still right.

    python -m benchmarks.execution_ways WAY WORKLOAD COUNT WORKERS

prints the seconds by the clock, the seconds of processor time, and the megabytes that the execution added to the
process. All use threads of one process, as the kernels let go of the interpreter's lock.

session    one task: the nodes in order, each value dropped at its last use
nodes      a Dask task for each node
clustered  a Dask task for the nodes of no item, and one for each of 32 parts of the items
streaming  item after item through a bounded number of threads; a result is given away when it is there
actors     a thread with a mailbox for each worker, which owns the values of its items; a message for each node, and one
           for each value that another actor needs
"""

from __future__ import annotations

import resource
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import Any

from benchmarks.execution_plans import WORKLOADS, Work, Workload

PARTITIONS = 32


def session(workload: Workload, workers: int) -> list[Any]:
    values = _run(workload, range(len(workload.nodes)), {}, set(workload.wanted))
    return [values[number] for number in workload.wanted]


def nodes(workload: Workload, workers: int) -> list[Any]:
    from dask.threaded import get

    graph: dict[Any, Any] = {
        f"n{number}": (node.function, *(f"n{each}" for each in node.inputs))
        for number, node in enumerate(workload.nodes)
    }
    return list(get(graph, [f"n{number}" for number in workload.wanted], num_workers=workers))


def clustered(workload: Workload, workers: int) -> list[Any]:
    from dask.threaded import get

    shared, items = _by_item(workload)
    count = min(PARTITIONS, len(items))
    parts = [items[len(items) * part // count : len(items) * (part + 1) // count] for part in range(count)]
    needed = {each for item in items for number in item for each in workload.nodes[number].inputs}
    kept = needed | set(workload.wanted)
    graph: dict[str, Any] = {"shared": (lambda: _run(workload, shared, {}, kept),)}
    for number, part in enumerate(parts):
        members = [node for item in part for node in item]
        graph[f"part{number}"] = (
            lambda given, members=members: _run(workload, members, given, set(workload.wanted)),
            "shared",
        )
    values: dict[int, Any] = {}
    for found in get(graph, ["shared", *(f"part{number}" for number in range(count))], num_workers=workers):
        values.update(found)
    return [values[number] for number in workload.wanted]


def streaming(workload: Workload, workers: int) -> list[Any]:
    shared, items = _by_item(workload)
    given = _run(workload, shared, {}, set(shared))
    wanted = set(workload.wanted)
    results: dict[int, Any] = {each: given[each] for each in wanted & given.keys()}
    waiting: deque[Future[dict[int, Any]]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for item in items:
            if len(waiting) >= 2 * workers:
                results.update(waiting.popleft().result())
            waiting.append(pool.submit(_run, workload, item, given, wanted))
        for each in waiting:
            results.update(each.result())
    return [results[number] for number in workload.wanted]


def actors(workload: Workload, workers: int) -> list[Any]:
    homes = [max(node.item, 0) % workers for node in workload.nodes]
    foreign: dict[int, set[int]] = {}
    for number, node in enumerate(workload.nodes):
        for each in node.inputs:
            if homes[each] != homes[number]:
                foreign.setdefault(each, set()).add(homes[number])
    mailboxes: list[SimpleQueue[Any]] = [SimpleQueue() for _ in range(workers)]
    results: SimpleQueue[tuple[int, Any]] = SimpleQueue()
    wanted = set(workload.wanted)

    def act(own: int) -> None:
        values: dict[int, Any] = {}
        blocked: dict[int, list[int]] = {}
        while (message := mailboxes[own].get()) is not None:
            arrived, value = message
            ready = [arrived] if value is _COMPUTE else blocked.pop(arrived, [])
            if value is not _COMPUTE:
                values[arrived] = value
            while ready:
                number = ready.pop()
                node = workload.nodes[number]
                missing = next((each for each in node.inputs if each not in values), None)
                if missing is not None:
                    blocked.setdefault(missing, []).append(number)
                    continue
                values[number] = node.function(*(values[each] for each in node.inputs))
                ready.extend(blocked.pop(number, []))
                for other in foreign.get(number, ()):
                    mailboxes[other].put((number, values[number]))
                if number in wanted:
                    results.put((number, values[number]))

    threads = [threading.Thread(target=act, args=(own,)) for own in range(workers)]
    for thread in threads:
        thread.start()
    for number in range(len(workload.nodes)):
        mailboxes[homes[number]].put((number, _COMPUTE))
    found = dict(results.get() for _ in workload.wanted)
    for mailbox in mailboxes:
        mailbox.put(None)
    for thread in threads:
        thread.join()
    return [found[number] for number in workload.wanted]


_COMPUTE = object()


def _by_item(workload: Workload) -> tuple[list[int], list[list[int]]]:
    """(nodes of no item, nodes of each item), in order."""
    shared: list[int] = []
    items: dict[int, list[int]] = {}
    for number, node in enumerate(workload.nodes):
        (shared if node.item < 0 else items.setdefault(node.item, [])).append(number)
    return shared, list(items.values())


def _run(workload: Workload, members: Iterable[int], given: dict[int, Any], kept: set[int]) -> dict[int, Any]:
    """The values of those members that are kept; the others are dropped after their last use."""
    order = list(members)
    inside = set(order)
    last = {each: number for number in order for each in workload.nodes[number].inputs}
    values = dict(given)
    for number in order:
        node: Work = workload.nodes[number]
        values[number] = node.function(*[values[each] for each in node.inputs])
        for each in node.inputs:
            if each in inside and each not in kept and last[each] == number:
                values.pop(each, None)
    return {number: values[number] for number in order if number in kept}


WAYS: dict[str, Callable[[Workload, int], list[Any]]] = {
    way.__name__: way for way in (session, nodes, clustered, streaming, actors)
}


def main(way: str, name: str, count: str, workers: str) -> None:
    workload = WORKLOADS[name](int(count))
    WAYS[way](
        WORKLOADS[name](100 if name == "scalars" else 1), int(workers)
    )  # imports, and what is loaded once, are no part of it
    expected = float(int(count) // 100 - 1) if name == "scalars" else None
    before = resource.getrusage(resource.RUSAGE_SELF)
    start = time.perf_counter()
    results = WAYS[way](workload, int(workers))
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF)
    if expected is not None and set(results) != {expected}:
        raise AssertionError(f"{way}: {results[:3]} instead of {expected}")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    print(seconds, cpu, (after.ru_maxrss - before.ru_maxrss) / 1024, sum(results))


if __name__ == "__main__":
    main(*sys.argv[1:])
