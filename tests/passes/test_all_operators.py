"""Random programs over all operators on random images: every goal has the same bytes, or none, after all passes, after
each alone, and without any.

VLC_EXAMPLES=1000000 pytest tests/passes/test_all_operators.py tries that many programs.
"""

from __future__ import annotations

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from vlc_runtime.volume import Volume

from tests.passes.interpreter import outcomes_of
from tests.passes.random_programs import programs, signatures
from tests.passes.test_equivalence import inputs, same
from vlc.compiler import plan_source
from vlc.diagnostics import CompileError, Source
from vlc.passes import PASSES
from vlc.workplan.operators import Signature
from vlc.workplan.plan import WorkPlan, check

EXAMPLES = int(os.environ.get("VLC_EXAMPLES", "300"))
RADII = (1.5, 0.0, -1.0, 2.0, float("nan"), float("inf"), 1e9)


def plan_of(program: str) -> WorkPlan | None:
    """The plan of a program; None for one that does not compile."""
    try:
        return plan_source(Source("program.imgql", program))[0]
    except CompileError:
        return None


@settings(deadline=None, max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(programs(), inputs(), st.sampled_from(RADII))
def test_passes_keep_every_outcome(program: str, files: dict[str, Volume], radius: float) -> None:
    compare(program, files, radius)


@pytest.mark.parametrize("signature", signatures(), ids=lambda signature: signature.operator)
@settings(deadline=None, max_examples=3, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_each_operator(signature: Signature, data: st.DataObject) -> None:
    compare(data.draw(programs(signature)), data.draw(inputs()), data.draw(st.sampled_from(RADII)))


def compare(program: str, files: dict[str, Volume], radius: float) -> None:
    """Require of every goal the same bytes, or no value, whichever passes are run."""
    plan = plan_of(program)
    assume(plan is not None)
    assert plan is not None
    values = {"radius": radius}
    with np.errstate(all="ignore"):
        expected = outcomes_of(plan, files, values)
        for passes in (PASSES, *((each,) for each in PASSES)):
            after = plan
            for each in passes:
                after = each(after)
                check(after)
            if after is plan:
                continue
            found = outcomes_of(after, files, values)
            for number, (one, other) in enumerate(zip(expected, found, strict=True)):
                assert same(one, other), f"goal {number} after {[each.__name__ for each in passes]}"
