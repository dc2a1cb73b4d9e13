"""What the passes take on plans of many nodes that have something for each of them: a quarter of the nodes, and all."""

from __future__ import annotations

import time

from vlc_runtime.collector import paused

from benchmarks.figures import Figure, alternate, figure
from benchmarks.settings import Settings
from vlc.compiler import plan_source
from vlc.diagnostics import Source
from vlc.passes import PASSES, Pass
from vlc.workplan.plan import WorkPlan

ALL_PASSES_SECONDS = 10.0
PART = 4
"""The smaller plan has so many times fewer nodes."""
_NODES_OF_A_CASE = 48

_HEAD = 'import "vox1"\nimport "simpleitk"\nimage0 = intensity(ReadImage("head.nii"))\nmask0 = image0 > 0\n'
_CASE = """\
scaled{n} = mask((image0 + {n}) * 1.5 - 2, mask{m})
bright{n} = not(not(scaled{n} > {n}.5)) & not(not(mask{m} & not(mask{m})))
rank{n} = percentiles(scaled{n}, mask{m}, 0.5)
core{n} = smoothen(rank{n} > 0.95, 2)
close{n} = near(near(near(bright{n}))) & not(near(not(core{n})))
far{n} = distgeq({n}.25, close{n}) | distleq(3, close{n})
sweep{n} = for t in range(20, 60) do volume(touch(scaled{n} >= t, core{n})) + {n}
mask{n} = (close{n} & not(far{n})) | (mask{m} & mask{m})
"""


def program(nodes: int) -> str:
    """A program whose plan has about so many nodes, each case building on the one before."""
    cases = max(1, nodes // _NODES_OF_A_CASE)
    body = "".join(_CASE.format(n=number, m=number - 1) for number in range(1, cases + 1))
    volumes = f'print "volume" volume(mask{cases})\nprint "sweep" sweep{cases}\n'
    return _HEAD + body + "".join(f'print "{n}" sweep{n}\n' for n in range(1, cases)) + volumes


def measure(settings: Settings) -> list[Figure]:
    """Processor time of each pass after the ones before it, and of all: plans of `settings.nodes` and a quarter."""
    large, small = (_plan(nodes) for nodes in (settings.nodes, settings.nodes // PART))
    times = alternate({"large": lambda: _times(large), "small": lambda: _times(small)}, max(1, settings.rounds // 2))
    against = f"a plan of {len(small.nodes)}"
    topic = f"passes on a plan of {len(large.nodes)} nodes"
    figures = []
    for number, name in enumerate((*(each.__name__ for each in PASSES), "all passes")):
        ours, theirs = ([max(found[number], 1e-4) for found in times[size]] for size in ("large", "small"))
        limit = ALL_PASSES_SECONDS if number == len(PASSES) else 0.0
        figures.append(figure(topic, name, "s", ours, against, theirs, limit))
    return figures


def _plan(nodes: int) -> WorkPlan:
    with paused():
        return plan_source(Source("program.imgql", program(nodes)))[0]


def _times(plan: WorkPlan) -> list[float]:
    with paused():
        times = []
        for each in PASSES:
            plan, seconds = _timed(each, plan)
            times.append(seconds)
    return [*times, sum(times)]


def _timed(each: Pass, plan: WorkPlan) -> tuple[WorkPlan, float]:
    clock = time.process_time
    start = clock()
    plan = each(plan)
    return plan, clock() - start
