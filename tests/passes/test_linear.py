"""What compiling does for each node does not depend on how many there are: calls are counted, not seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType
from typing import Any

import pytest

from vlc.compiler import compile_source, plan_source
from vlc.diagnostics import Source
from vlc.passes import PASSES

HEAD = 'import "vox1"\nimage = intensity(vox1.load("image.nii"))\na = image > 1\nb = image > 2\nc0 = image\nr0 = a\n'
LINES: dict[str, Callable[[int], str]] = {
    "masks": lambda n: f"c{n + 1} = mask(c{n} {'+*-/'[n % 4]} {n + 1.5}, {'ab'[n % 2]})",
    "masks of one region": lambda n: f"c{n + 1} = mask(c{n} {'+*-/'[n % 4]} {n + 1.5}, a)",
    "arithmetic": lambda n: f"c{n + 1} = (c{n} {'+*-/'[n % 4]} {n + 1.5}) + image",
    "logic": lambda n: f"r{n + 1} = and(not(r{n}), or(r{n}, image > {n}))",
    "regions in regions": lambda n: f"r{n + 1} = and(r{n}, not(and(b, image > {n})))",
    "steps": lambda n: f"r{n + 1} = near(r{n}) | interior(a)",
    "distances": lambda n: f"r{n + 1} = smoothen(r{n}, {n % 5 + 1})",
    "ranks": lambda n: f"r{n + 1} = and(r{n}, percentiles(image, a, 0.5) > {n / 1000})",
    "loops": lambda n: f'print "l{n}" for t in range(0, 9) do volume(touch(image > t, image > {n + 20}))',
}
FEW, MANY = 50, 200


def program_of(lines: str, count: int) -> Source:
    text = HEAD + "".join(f"{LINES[lines](number)}\n" for number in range(count))
    last = f'print "c" max(c{count})' if "c1 = " in text else f'print "r" volume(r{count})' if "r1 = " in text else ""
    return Source("program.imgql", f"{text}{last}\n")


def calls_of(work: Callable[[], object]) -> int:
    """How many calls of Python functions, and of those written in C, something takes."""
    count = 0

    def called(frame: FrameType, event: str, argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize("lines", LINES)
def test_passes_are_linear(lines: str) -> None:
    (few, _), (many, _) = (plan_source(program_of(lines, count)) for count in (FEW, MANY))
    for each in PASSES:
        growth = calls_of(partial(each, many)) / calls_of(partial(each, few))
        assert growth < 1.3 * MANY / FEW, f"{each.__name__}: {growth}"
        few, many = each(few), each(many)


@pytest.mark.parametrize("lines", LINES)
def test_compiling_is_linear(lines: str) -> None:
    compile_source(program_of(lines, 1))  # the library is parsed once
    few, more, many = (calls_of(partial(compile_source, program_of(lines, count))) for count in (FEW, 2 * FEW, 4 * FEW))
    growth = (many - more) / (more - few)  # what each program takes does not count
    assert growth < 1.3 * 2
