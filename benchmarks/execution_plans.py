"""Plans on which ways of executing are compared: nodes with their inputs and the loop item they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import itemgetter
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


Argument = str | float
GLIOBLASTOMA: tuple[tuple[str, Callable[..., Any], tuple[Argument, ...]], ...] = (
    ("border", vox1.border.compute, ("flair",)),
    ("outside", vox1.lt_sv.compute, (0.1, "flair")),
    ("around border", vox1.near.compute, ("border",)),
    ("background", vox1.through.compute, ("around border", "outside")),
    ("brain", vox1.logical_not.compute, ("background",)),
    ("dark", vox1.rank_leq.compute, (0.95, "flair", "brain", 0.5)),
    ("far from dark", vox1.distance_geq.compute, (2.0, "dark")),
    ("core", vox1.signed_distance_lt.compute, (2.0, "far from dark")),
    ("less bright", vox1.rank_leq.compute, (0.86, "flair", "brain", 0.5)),
    ("far from less bright", vox1.distance_geq.compute, (2.0, "less bright")),
    ("bright", vox1.signed_distance_lt.compute, (2.0, "far from less bright")),
    ("around core", vox1.near.compute, ("core",)),
    ("touching core", vox1.through.compute, ("around core", "bright")),
    ("grown", vox1.logical_or.compute, ("core", "touching core")),
    ("low", vox1.minimum.compute, ("flair",)),
    ("high", vox1.maximum.compute, ("flair",)),
    ("similarity", vox1.crossCorrelation.compute, (3.0, "flair", "flair", "grown", "low", "high", 20.0)),
    ("similar", vox1.gt_sv.compute, (0.6, "similarity")),
    ("around grown", vox1.near.compute, ("grown",)),
    ("touching grown", vox1.through.compute, ("around grown", "similar")),
    ("tumour", vox1.logical_or.compute, ("grown", "touching grown")),
    ("common", vox1.logical_and.compute, ("tumour", "truth")),
    ("overlap", vox1.volume.compute, ("common",)),
)
"""The nodes of one case, as in examples/glioblastoma_cohort.imgql: names, kernels, and numbers or names of nodes.
These heads are small, and so is the opening of the core."""


def glioblastoma(cases: int) -> Workload:
    """Heads of 64^3 voxels, each made, segmented, and compared with its truth."""
    nodes: list[Work] = []
    wanted = []
    for case in range(cases):
        places = {"flair": len(nodes) + 1, "truth": len(nodes) + 2}
        nodes.append(Work(lambda case=case: _case(case), (), case))
        nodes.append(Work(itemgetter(0), (len(nodes) - 1,), case))
        nodes.append(Work(itemgetter(1), (len(nodes) - 2,), case))
        for name, kernel, arguments in GLIOBLASTOMA:
            inputs = tuple(places[each] for each in arguments if isinstance(each, str))
            places[name] = len(nodes)
            nodes.append(Work(_with_numbers(kernel, arguments), inputs, case))
        wanted.append(len(nodes) - 1)
    return Workload(nodes, wanted)


def _with_numbers(kernel: Callable[..., Any], arguments: tuple[Argument, ...]) -> Callable[..., Any]:
    """A function of the nodes among the arguments."""

    def call(*inputs: Any) -> Any:
        remaining = iter(inputs)
        return kernel(*(next(remaining) if isinstance(each, str) else each for each in arguments))

    return call


def sweep(count: int) -> Workload:
    """One head, `count` thresholds of it, each grown from one core."""
    nodes = [
        Work(lambda: _case(0)[0], (), -1),
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


WORKLOADS: dict[str, Callable[[int], Workload]] = {"scalars": scalars, "glioblastoma": glioblastoma, "sweep": sweep}


def _increase(value: float) -> float:
    return value + 1.0


def _case(seed: int) -> tuple[Volume, Volume]:
    flair, truth = make_case((SIDE, SIDE, SIDE), seed)
    geometry = Geometry.of_size(SIDE, SIDE, SIDE)
    return Volume(flair.astype(np.float32), geometry), Volume(truth, geometry)
