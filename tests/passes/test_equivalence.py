"""Random programs on random images: every goal is the same in every byte with all passes, without any, and with each.

VLC_EXAMPLES=100000 pytest tests/passes/test_equivalence.py tries that many programs.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.volume import Geometry, Volume

from tests.passes.interpreter import goals_of
from vlc.compiler import plan_source
from vlc.diagnostics import Source
from vlc.passes import PASSES, Pass
from vlc.workplan.plan import WorkPlan, check

EXAMPLES = int(os.environ.get("VLC_EXAMPLES", "150"))

NUMBERS = ("-2", "-0.0", "0", "0.5", "1", "1.5", "2", "3", "7.25", "40", "radius", "bound")
UNARY_REGION = ("not({r})", "!{r}", "near({r})", "interior({r})", "({r} > 0)", "({r} <= 0.5)", "({r} != {n})")
BINARY_REGION = ("and({r}, {s})", "or({r}, {s})", "xor({r}, {s})", "({r} & {s})", "({r} \\ {s})", "touch({r}, {s})")
CONSTANTS = ("and({r}, tt)", "or({r}, ff)", "xor({r}, tt)", "xor(ff, {r})", "and(ff, {r})", "or(interior(tt), {r})")
THRESHOLDS = ("({i} {c} {n})", "({n} {c} {i})", "between(0, 2, {i})")
DISTANCES = (
    "distleq({n}, {r})",
    "distgeq({n}, {r})",
    "dilate({r}, {n})",
    "erode({r}, {n})",
    "smoothen({r}, {n})",
    "imopen({r}, {n})",
    "imclose({r}, {n})",
    "(dt({r}) {c} {n})",
    "({n} {c} pdt({r}))",
)
RANKS = ("(percentiles({i}, {r}, {k}) {c} {n})", "(percentiles({i}, {r}, 0.5) {c} 0.5)")
IMAGES = ("({i} + {n})", "({i} - {j})", "({i} * {j})", "({i} / {j})", "mask({i}, {r})", "abs({i})", "({n} - {i})")
MAPS = ("dt({r})", "pdt({r})", "percentiles({i}, {r}, {k})", "constant({n}) + {i}", "mask({i}, tt)")
CHAINS = ("near(near(near({r})))", "interior(interior({r}))", "not(near(not({r})))", "not(not({r}))")
LOOPS = (
    "(for v in [0.5, 1, 2] do volume(distleq(v, {r})))",
    "(for v in range(0, 3) do volume(dilate({i} > v, {n})))",
    "(for v in range(0, 3) do volume((percentiles({i}, {r}, 0.5) > (v / 3)) & {s}))",
    "(for v in range(0, 3) do for w in range(0, 2) do volume(or({i} > w, and({i} > w, {i} > v))))",
    "(for v in range(0, 3) do volume(near(near({i} > v))))",
    "(filter v in range(0, 3) do (volume(not(not({i} > v))) > 2))",
)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Declarations that use those before them; some are goals, all others are there to be shared."""
    lines = [
        'import "vox1"',
        "radius = 1.5",
        "bound = 0.5",
        'i0 = intensity(vox1.load("i"))',
        'i1 = intensity(vox1.load("j"))',
    ]
    images, regions = ["i0", "i1"], ["r0"]
    lines.append("r0 = i0 > 0.5")

    def fill(template: str) -> str:
        return template.format(
            i=draw(st.sampled_from(images)),
            j=draw(st.sampled_from(images)),
            r=draw(st.sampled_from(regions)),
            s=draw(st.sampled_from(regions)),
            n=draw(st.sampled_from(NUMBERS)),
            c=draw(st.sampled_from(("<", "<=", ">", ">=", "==", "!="))),
            k=draw(st.sampled_from(("0", "0.5", "1", "2", "-1"))),
        )

    groups = (UNARY_REGION, BINARY_REGION, CONSTANTS, THRESHOLDS, DISTANCES, RANKS, CHAINS)
    for number in range(draw(st.integers(2, 9))):
        if draw(st.integers(0, 3)) == 0:
            lines.append(f"i{number + 2} = {fill(draw(st.sampled_from(IMAGES + MAPS)))}")
            images.append(f"i{number + 2}")
        else:
            lines.append(f"r{number + 1} = and({fill(draw(st.sampled_from(draw(st.sampled_from(groups)))))}, tt)")
            if draw(st.booleans()):
                lines[-1] = lines[-1].replace("and(", "", 1).removesuffix(", tt)")
            regions.append(f"r{number + 1}")
    goals = [*draw(st.lists(st.sampled_from(images + regions), min_size=1, max_size=4))]
    goals += [f"volume({draw(st.sampled_from(regions))})", f"max({draw(st.sampled_from(images))})"]
    goals += [fill(template) for template in draw(st.lists(st.sampled_from(LOOPS), max_size=2))]
    lines += [f'print "{number}" {goal}' for number, goal in enumerate(goals)]
    return "\n".join(lines) + "\n"


@st.composite
def grids(draw: st.DrawFn) -> Geometry:
    dimension = draw(st.sampled_from((2, 3)))
    size = tuple(draw(st.lists(st.integers(1, 9), min_size=dimension, max_size=dimension)))
    spacing = tuple(
        draw(st.lists(st.sampled_from((1.0, 0.5, 3.0, 0.7, 1 / 3)), min_size=dimension, max_size=dimension))
    )
    plain = Geometry.of_size(*size)
    return Geometry(size, spacing, plain.origin, plain.direction)


@st.composite
def inputs(draw: st.DrawFn) -> dict[str, Volume]:
    grid = draw(grids())
    generator = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    palettes = (
        [0.0],
        [1.0],
        [0.0, 1.0, 2.0],
        [-0.0, 0.0, -1.5, 1.0, 3.0],
        [0.0, 1.0, np.nan, np.inf, -np.inf, 1e-44, 3e38],
        np.array([0, 0x3F800000, 0x7FA00001, 0xFFA00002, 0x7FC00003, 0xFFC00004, 1 << 31], np.uint32).view(np.float32),
    )
    found = {}
    for name in ("i", "j"):
        palette = np.asarray(draw(st.sampled_from(palettes)), np.float32)
        values = palette[generator.integers(0, palette.size, grid.shape)]
        found[name] = Volume(values, grid)
    return found


def same(left: Any, right: Any) -> bool:
    if isinstance(left, Volume) and isinstance(right, Volume):
        return (
            left.array.dtype == right.array.dtype
            and left.geometry == right.geometry
            and left.array.tobytes() == right.array.tobytes()
        )
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and (repr(left) == repr(right))


def goals_after(plan: WorkPlan, passes: Sequence[Pass], files: dict[str, Volume], values: dict[str, float]) -> Any:
    for each in passes:
        plan = each(plan)
        check(plan)
    return goals_of(plan, files, values)


@settings(
    deadline=None, max_examples=EXAMPLES, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(programs(), inputs(), st.sampled_from((1.5, 0.0, -1.0, 2.0, float("nan"), float("inf"), 1e9)))
def test_passes_keep_every_byte(program: str, files: dict[str, Volume], radius: float) -> None:
    plan, _ = plan_source(Source("program.imgql", program))
    values = {"radius": radius}
    try:
        expected = goals_after(plan, (), files, values)
    except RuntimeFailure:
        return  # without a value there is nothing to keep
    for passes in (PASSES, *((each,) for each in PASSES)):
        found = goals_after(plan, passes, files, values)
        for number, (one, other) in enumerate(zip(expected, found, strict=True)):
            assert same(one, other), f"goal {number} after {[each.__name__ for each in passes]}"
