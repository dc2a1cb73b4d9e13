"""The passes, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from vlc.passes.depths import depths
from vlc.passes.distance_thresholds import distance_thresholds
from vlc.passes.near_chains import near_chains
from vlc.passes.rank_thresholds import rank_thresholds
from vlc.passes.simplify import simplify
from vlc.passes.sweeps import sweeps
from vlc.passes.vectorise import vectorise
from vlc.passes.voxelwise_fusion import voxelwise_fusion
from vlc.workplan.plan import WorkPlan

Pass: TypeAlias = Callable[[WorkPlan], WorkPlan]
"""A pure function from plan to plan. The goals' results are the same, bit for bit."""

PASSES: tuple[Pass, ...] = (
    simplify,
    near_chains,
    sweeps,
    vectorise,
    distance_thresholds,
    depths,
    rank_thresholds,
    voxelwise_fusion,
)


def passes_until(name: str | None) -> tuple[Pass, ...]:
    """The passes up to the one of this name; all of them for None. Raises KeyError with a message."""
    if name is None:
        return PASSES
    names = [each.__name__ for each in PASSES]
    if name not in names:
        raise KeyError(f"there is no such pass; there are {', '.join(names)}" if names else "there is no such pass")
    return PASSES[: names.index(name) + 1]


def run_passes(plan: WorkPlan, passes: Sequence[Pass] = PASSES) -> WorkPlan:
    """The plan after these passes, one after the other."""
    for each in passes:
        plan = each(plan)
    return plan
