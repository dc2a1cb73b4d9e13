"""The bytes of results do not depend on schedulers, workers, partitions, or the threads inside SimpleITK."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from vlc_runtime.plan import Plan
from vlc_runtime.volume import Volume

from tests.vl1.programs import plan_of

IMAGES = Path(__file__).parents[1] / "golden" / "images"
PROGRAM = f"""\
import "vox1"
import "simpleitk"
flair = intensity(ReadImage("{IMAGES}/flair.nii.gz"))
brain = !touch(flair < 0.1, border)
rank = percentiles(flair, brain, 0.5)
smooth = SmoothingRecursiveGaussian(flair, 2)
print "rank" rank
print "similar" crossCorrelation(2, flair, flair, rank > 0.9, min(flair), max(flair), 12)
print "distances" for k in range(80, 88) do dt(rank > (k / 100))
print "components" for k in range(80, 96) do lcc(rank > (k / 100))
print "averages" for k in range(1, 14) do avg(smooth, rank > (k / 14))
print "gradient" gradient(smooth)
print "statistics" Statistics(smooth)
"""


def fingerprint(value: Any) -> Any:
    """A value with the digest of its bytes in place of each image."""
    if isinstance(value, Volume):
        return [str(value.array.dtype), str(value.geometry), hashlib.sha256(value.array.tobytes()).hexdigest()]
    if isinstance(value, dict):
        return {label: fingerprint(item) for label, item in value.items()}
    return [fingerprint(item) for item in value] if isinstance(value, list) else repr(value)


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_of(PROGRAM, "vl2")


@pytest.fixture(scope="module")
def expected(plan: Plan) -> Any:
    return fingerprint(plan.run(store=None, scheduler="sync", workers=1))


@pytest.mark.parametrize(
    ("scheduler", "workers", "partitions"),
    [("threads", 1, None), ("threads", 2, 1), ("threads", 3, 5), ("threads", 8, 16), ("processes", 2, 3)],
)
def test_schedulers_workers_and_partitions(
    plan: Plan, expected: Any, scheduler: str, workers: int, partitions: int | None
) -> None:
    results = plan.run(store=None, scheduler=scheduler, workers=workers, partitions=partitions)
    assert fingerprint(results) == expected


_CHILD = """
import json, sys
import vlc_runtime.cores
import SimpleITK
vlc_runtime.cores.available_cores = lambda: int(sys.argv[1])  # a machine of so many cores
from tests.test_same_bytes import PROGRAM, fingerprint, plan_of
results = plan_of(PROGRAM, "vl2").run(store=None, scheduler="sync", workers=1)
assert SimpleITK.ProcessObject.GetGlobalDefaultNumberOfThreads() == int(sys.argv[1])
print(json.dumps(fingerprint(results)))
"""


@pytest.mark.parametrize(("threads", "seed"), [("1", "1"), ("7", "2")])
def test_threads_of_simpleitk_and_hash_seeds(project: Path, expected: Any, threads: str, seed: str) -> None:
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", _CHILD, threads]
    result = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=True)
    assert json.loads(result.stdout) == expected


def test_a_store_gives_the_bytes_that_were_computed(plan: Plan, expected: Any, tmp_path: Path) -> None:
    first = plan.run(store=str(tmp_path), scheduler="threads", workers=2)
    second = plan.run(store=str(tmp_path), scheduler="threads", workers=2)
    assert fingerprint(first) == fingerprint(second) == expected
