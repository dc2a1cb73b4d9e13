"""What the tests run in processes of their own (`store_processes.py TASK ARGUMENTS`), and what starts them."""

from __future__ import annotations

import hashlib
import os
import random
import resource
import signal
import subprocess
import sys

import numpy as np
from vlc_runtime.errors import StoreError
from vlc_runtime.store import MISSING, Put, RunRecord, Store
from vlc_runtime.volume import Geometry, Volume


def key(name: object) -> bytes:
    return hashlib.sha256(repr(name).encode()).digest()


def image(seed: int, side: int = 30) -> Volume:
    """An image that is large enough to be an object."""
    voxels = np.random.default_rng(seed).normal(size=(side, side, side)).astype(np.float32)
    return Volume(voxels, Geometry.of_size(side, side, side))


def start(task: str, *arguments: object) -> subprocess.Popen[str]:
    """Start a task; what it prints can be read."""
    command = [sys.executable, __file__, task, *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    """What a task printed, when it has ended well."""
    output, _ = process.communicate()
    assert process.returncode == 0
    return output


def say(*words: object) -> None:
    print(*words, flush=True)


def put_forever(folder: str, seed: str) -> None:
    """Store numbers and images in a run, and say what is stored, until killed."""
    generator = random.Random(int(seed))
    say("begin")
    with Store.open(folder) as store:
        record = RunRecord.start(store, parameters={}, versions={})
        say("open")
        while True:
            number = generator.randrange(10_000)
            batch = [Put(key((number, i)), [number, i], "test.pair", "1", 0.0) for i in range(20)]
            store.put_many([*batch, Put(key(number % 50), image(number % 50), "test.image", "1", 0.0)])
            record.node(key(number), operator="test.pair", source="1", outcome="computed", seconds=0.0)
            record.flush()
            say(number)


def compute_each_once(folder: str, count: str, seed: str) -> None:
    """Compute what nobody has computed of `count` results, some at a time as tasks do; say which were computed."""
    names = list(range(int(count)))
    random.Random(int(seed)).shuffle(names)
    with Store.open(folder) as store:
        for first in range(0, len(names), 5):
            wanted = {key(name): name for name in names[first : first + 5]}
            while wanted := {k: name for k, name in wanted.items() if store.load(k) is MISSING}:
                with store.claim(list(wanted)) as claim:
                    compute(store, {k: wanted[k] for k in claim.granted})
                if claim.held:
                    with claim.wait() as waited:
                        compute(store, {k: wanted[k] for k in waited.granted})


def compute(store: Store, wanted: dict[bytes, int]) -> None:
    for k, name in wanted.items():
        if store.load(k) is MISSING:
            store.put(k, image(name) if name % 5 == 0 else name, operator="test", version="1", seconds=0.0)
            say(name)


def hold(folder: str, name: str) -> None:
    """Claim a result and hold it until killed."""
    with Store.open(folder) as store:
        assert store.claim([key(name)]).granted
        say("held")
        signal.pause()


def wait_for(folder: str, name: str) -> None:
    """Wait for a result that somebody holds, and say when it is ours."""
    with Store.open(folder) as store:
        claim = store.claim([key(name)])
        assert claim.held
        say("waiting")
        with claim.wait() as waited:
            assert waited.granted == {key(name)}
            say("ours")


def run_forever(folder: str) -> None:
    """Be a run that asked for the results 0..9 and stored "mine", until killed."""
    with Store.open(folder) as store:
        record = RunRecord.start(store, program="forever.py", parameters={"k": 1}, versions={})
        store.get_many([key(i) for i in range(10)])
        store.put(key("mine"), 1, operator="test", version="1", seconds=0.0)
        say(record.id)
        signal.pause()


def fill_disk(folder: str, limit: str) -> None:
    """Store until the disk is full. With a limit (bytes of a file) it is full early. Say how many were stored."""
    if int(limit):
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))
    stored = 0
    with Store.open(folder) as store:
        try:
            while stored < 1000:
                store.put_many(
                    [
                        Put(key((stored, "number")), stored, "test", "1", 0.0),
                        Put(key((stored, "text")), os.urandom(25_000).hex(), "test", "1", 0.0),
                        Put(key((stored, "image")), image(stored), "test", "1", 0.0),
                    ]
                )
                stored += 1
        except StoreError as error:
            say(stored, error)


TASKS = {task.__name__: task for task in (put_forever, compute_each_once, hold, wait_for, run_forever, fill_disk)}

if __name__ == "__main__":
    TASKS[sys.argv[1]](*sys.argv[2:])
