"""Handing a graph to Dask. Every use of Dask is here."""

from __future__ import annotations

import logging
import secrets
import socket
import sys
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from vlc_runtime.admission import Admission
from vlc_runtime.cluster_workers import absence_told
from vlc_runtime.clustering import Cluster
from vlc_runtime.collector import paused
from vlc_runtime.errors import UsageError, WorkerLost
from vlc_runtime.interrupts import interrupts_held
from vlc_runtime.session import TaskCall
from vlc_runtime.worker_processes import WorkerProcesses, lost
from vlc_runtime.worker_threads import WorkerThreads

LOCAL = ("threads", "processes", "sync")
LOCAL_CLUSTER = "local-cluster:"
"""The scheduler `local-cluster:3` is a Dask cluster of three processes on this machine, for as long as the run."""


ANSWER_SECONDS = 5.0
"""How long a Dask scheduler that is running may take to answer."""


def check_scheduler(name: str) -> None:
    """Raise UsageError for a scheduler that does not exist."""
    if name in LOCAL or is_elsewhere(name):
        return
    if not workers_of_local_cluster(name):
        raise UsageError(
            f"there is no scheduler `{name}`", f"use one of {', '.join(LOCAL)}, or tcp://host:port of a Dask scheduler"
        )


def workers_of_local_cluster(name: str) -> int:
    """How many processes a Dask cluster on this machine is to have; 0 for any other scheduler."""
    count = name.removeprefix(LOCAL_CLUSTER)
    return int(count) if name.startswith(LOCAL_CLUSTER) and count.isdecimal() else 0


def is_elsewhere(name: str) -> bool:
    """Whether workers are processes that others started, anywhere."""
    return name.startswith(("tcp://", "tls://"))


def reach_scheduler(name: str) -> None:
    """Raise UsageError when no Dask scheduler answers at tcp:// or tls://. Other schedulers are there always.

    A scheduler greets who connects by tcp://. What accepts a connection and says nothing would be waited for by
    Dask's client without end.
    """
    if not is_elsewhere(name):
        return
    try:
        address = urlsplit(name)
        host, port = address.hostname, address.port
    except ValueError:  # a port that is no number
        host = port = None
    if host is None or port is None:
        raise UsageError(f"`{name}` is no address of a Dask scheduler", "write tcp://host:port")
    try:
        with socket.create_connection((host, port), ANSWER_SECONDS) as connection:
            if name.startswith("tcp://") and not connection.recv(1):
                raise ConnectionError("what listens there is no Dask scheduler")
    except OSError as problem:
        raise _no_answer(name, problem) from None


def _no_answer(name: str, problem: OSError) -> UsageError:
    reason = problem.strerror or str(problem) or "no answer"
    return UsageError(
        f"no Dask scheduler answers at {name}: {reason}", "start one with `dask scheduler`, or use --scheduler threads"
    )


def compute(
    calls: Mapping[Cluster, TaskCall],
    wanted: Sequence[Cluster],
    scheduler: str,
    workers: int,
    admission: Admission,
    done: Callable[[Cluster], None],
) -> list[Any]:
    """Run the clusters' calls as one Dask graph and return the results of `wanted`, in order.

    Threads start tasks in the order of `calls`, as `admission` allows. Of other processes on this machine, `done` hears
    which calls are done.

    A loop is a Dask bag whose partitions are the loop's clusters; everything else is a delayed value. One cluster, with
    what it loads from the store, needs no scheduling, and importing Dask would take longer than many a program.
    """
    if scheduler in ("threads", "sync") and sum(not call.loads_only for call in calls.values()) <= 1:
        return _in_turn(calls, wanted, scheduler, workers, admission)
    with paused():
        from dask.base import compute as compute_collections
        from dask.delayed import Delayed
        from dask.highlevelgraph import HighLevelGraph

    # a Dask cluster may serve other runs at the same time, and takes results of one name for one result
    token = secrets.token_hex(8)
    names: dict[Cluster, str | tuple[str, int]] = {}
    bags: dict[tuple[bytes, int], list[Cluster]] = {}
    for number, cluster in enumerate(calls):
        if cluster.loop is None:
            names[cluster] = f"steps-{token}-{number}"
        else:
            partitions = bags.setdefault(cluster.loop, [])
            names[cluster] = (_bag_name(cluster.loop, token), len(partitions))
            partitions.append(cluster)
    layer: dict[Any, Any] = {
        names[cluster]: (call, *(names[source] for source in cluster.inputs)) for cluster, call in calls.items()
    }
    graph = HighLevelGraph.from_collections(token, layer, dependencies=[])
    wanted_set = set(wanted)
    collections: list[Any] = []
    for loop, partitions in bags.items():
        if any(partition in wanted_set for partition in partitions):
            with paused():
                from dask.bag import Bag  # takes a tenth of a second to import, which programs without loops save

            collections.append(Bag(graph, _bag_name(loop, token), len(partitions)))
    singles = [cluster for cluster in wanted if cluster.loop is None]
    collections.extend(Delayed(names[cluster], graph, layer=token) for cluster in singles)
    numbers: dict[Hashable, int] = {name: number for number, name in enumerate(names.values())}
    clusters: dict[Hashable, Cluster] = {name: cluster for cluster, name in names.items()}

    def told(key: Hashable, *_: Any) -> None:
        if key in clusters:  # else it is what Dask adds to gather results
            done(clusters[key])

    with _scheduler(scheduler, workers, admission, numbers, told) as chosen, _losses_told(scheduler):
        return list(compute_collections(*collections, optimize_graph=False, num_workers=workers, **chosen))


def _is_news(record: logging.LogRecord) -> bool:
    """False for what asyncio and Dask's client say of an interrupt, or of a scheduler that is gone: we tell of both."""
    return record.exc_info is None or type(record.exc_info[1]).__name__ not in ("AllExit", "CancelledError")


@contextmanager
def _losses_told(scheduler: str) -> Iterator[None]:
    """WorkerLost for what a cluster raises when processes that it needs are gone."""
    try:
        yield
    except Exception as problem:
        match type(problem).__name__:
            case "KilledWorker":
                raise lost() from None
            case "CommClosedError" | "FutureCancelledError":
                raise WorkerLost(
                    f"the Dask scheduler at {scheduler} is gone, or cannot be reached any more",
                    "run again, when it is back or with another, to go on from what is stored",
                ) from None
        raise


def _in_turn(
    calls: Mapping[Cluster, TaskCall], wanted: Sequence[Cluster], scheduler: str, workers: int, admission: Admission
) -> list[Any]:
    """The results of `wanted` from calls of which all but one load. They are done in their order, each result dropped
    after its last use: for that the run's memory was planned."""
    results: dict[Cluster, Any] = {}
    kept = set(wanted)
    for number, (cluster, call) in enumerate(calls.items()):
        given = [results[source] for source in cluster.inputs]
        for source in cluster.inputs:
            if source not in kept:
                del results[source]
        if scheduler == "threads" and call.computes:
            with WorkerThreads(workers, admission, {cluster: number}) as threads:
                results[cluster] = threads.run(cluster, call, *given)
        else:
            results[cluster] = call(*given)
        del given
        admission.end(number)
    return [results[cluster] for cluster in wanted]


def _bag_name(loop: tuple[bytes, int], token: str) -> str:
    sequence, rank = loop
    return f"loop-{token}-{sequence.hex()[:8]}-{rank}"


def _local(name: str) -> Any:
    """Dask's function that runs a graph here. Given its name alone, Dask imports all of distributed to look for a
    cluster, which takes longer than many runs."""
    if name == "threads":
        from dask.threaded import get

        return get
    if name == "processes":
        from dask.multiprocessing import get as get_in_processes

        return get_in_processes
    from dask.local import get_sync

    return get_sync


@contextmanager
def _scheduler(
    name: str,
    workers: int,
    admission: Admission,
    numbers: Mapping[Hashable, int],
    done: Callable[..., None],
) -> Iterator[dict[str, Any]]:
    """What Dask is told of a scheduler: a function of its own, or a client of a cluster, closed at the end."""
    check_scheduler(name)
    if name == "processes":
        with WorkerProcesses(workers) as pool:
            callbacks = [(None, None, None, done, None)]
            yield {"scheduler": _local(name), "pool": pool, "chunksize": 1, "callbacks": callbacks}
        return
    if name == "threads":
        with WorkerThreads(workers, admission, numbers) as threads:
            yield {"scheduler": _local(name), "pool": threads, "chunksize": 1, "callbacks": threads.callbacks()}
        return
    if name == "sync":
        yield {"scheduler": _local(name)}
        return
    for logger in ("asyncio", "distributed.client"):
        logging.getLogger(logger).addFilter(_is_news)
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise UsageError(
            f"`{name}` needs the package distributed", "install vlc-runtime[cluster], or use --scheduler threads"
        ) from None
    if count := workers_of_local_cluster(name):
        with interrupts_held():
            local_cluster = LocalCluster(
                n_workers=count,
                threads_per_worker=1,
                dashboard_address=":0",
                silence_logs=logging.CRITICAL,  # we tell
            )
        with local_cluster as cluster:
            print(f"dashboard: {cluster.dashboard_link}", file=sys.stderr)
            with Client(cluster, set_as_default=False) as client:
                yield {"scheduler": client}
        return
    try:
        client = Client(name, timeout=ANSWER_SECONDS, set_as_default=False)
    except OSError as problem:
        raise _no_answer(name, problem) from None
    with client, absence_told(client, name):
        yield {"scheduler": client}
