"""Plans on which ways of executing are compared: nodes with their inputs and the loop item they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from vlc_runtime.kernels import vox1
from vlc_runtime.volume import Geometry, Volume

from examples.make_phantom import make_case

SIDE = 64
CHAINS = 100


@dataclass(frozen=True, slots=True)
class Work:
    """A node: `inputs` are numbers of nodes before it, `item` the loop item it is of (-1: of none)."""

    function: Callable[..., Any]
    inputs: tuple[int, ...]
    item: int


@dataclass(frozen=True)
class Workload:
    nodes: list[Work]
    wanted: list[int]


def scalars(count: int) -> Workload:
    """A hundred chains of additions: `count` nodes."""
    nodes: list[Work] = []
    for chain in range(CHAINS):
        nodes.append(Work(lambda: 0.0, (), chain))
        for _ in range(count // CHAINS - 1):
            nodes.append(Work(_increase, (len(nodes) - 1,), chain))
    return Workload(nodes, [(chain + 1) * (count // CHAINS) - 1 for chain in range(CHAINS)])


def cohort(cases: int) -> Workload:
    """Heads of 64^3 voxels, each made, thresholded, grown, measured."""
    nodes: list[Work] = []
    wanted = []
    for case in range(cases):
        first = len(nodes)
        steps: list[tuple[Callable[..., Any], tuple[int, ...]]] = [
            (lambda case=case: _head(case), ()),
            (lambda head: vox1.geq_sv.compute(100.0, head), (0,)),
            (vox1.maxvol.compute, (1,)),
            (lambda head, mask: vox1.percentiles.compute(head, mask, 0.5), (0, 2)),
            (lambda ranks: vox1.geq_sv.compute(0.95, ranks), (3,)),
            (lambda ranks: vox1.geq_sv.compute(0.86, ranks), (3,)),
            (vox1.near.compute, (4,)),
            (vox1.through.compute, (6, 5)),
            (vox1.volume.compute, (7,)),
        ]
        nodes.extend(Work(function, tuple(first + each for each in inputs), case) for function, inputs in steps)
        wanted.append(len(nodes) - 1)
    return Workload(nodes, wanted)


def sweep(count: int) -> Workload:
    """One head, `count` thresholds of it, each grown from one core."""
    nodes = [
        Work(lambda: _head(0), (), -1),
        Work(lambda head: vox1.geq_sv.compute(300.0, head), (0,), -1),
        Work(vox1.near.compute, (1,), -1),
    ]
    wanted = []
    for item in range(count):
        level = 100.0 + 200.0 * item / count
        first = len(nodes)
        nodes.append(Work(lambda head, level=level: vox1.geq_sv.compute(level, head), (0,), item))
        nodes.append(Work(vox1.through.compute, (2, first), item))
        nodes.append(Work(vox1.volume.compute, (first + 1,), item))
        wanted.append(first + 2)
    return Workload(nodes, wanted)


WORKLOADS: dict[str, Callable[[int], Workload]] = {"scalars": scalars, "cohort": cohort, "sweep": sweep}


def _increase(value: float) -> float:
    return value + 1.0


def _head(seed: int) -> Volume:
    flair, _ = make_case((SIDE, SIDE, SIDE), seed)
    return Volume(flair.astype(np.float32), Geometry.of_size(SIDE, SIDE, SIDE))
