"""The passes, in the order in which they are run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from vlc.workplan.plan import WorkPlan

Pass: TypeAlias = Callable[[WorkPlan], WorkPlan]
"""A pure function from plan to plan. The goals' results are the same, bit for bit."""

PASSES: tuple[Pass, ...] = ()


def run_passes(plan: WorkPlan, passes: Sequence[Pass] = PASSES) -> WorkPlan:
    """The plan after these passes, one after the other."""
    for each in passes:
        plan = each(plan)
    return plan
