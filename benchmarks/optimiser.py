"""Programs compiled with the optimising passes against the same programs without, run in turn on a head-like phantom.

    python -m benchmarks.optimiser [--rounds 5] [--size 240x240x155] [--only smoothen,sweep] [--json optimiser.json]

A run plans and computes everything, reading of the image included, on threads and without a store. The results have to
be equal. Shown are the medians over the rounds: milliseconds of both, and the ratio, by the clock and of processor time
(`cpu`). Sweeps and chains are timed apart too: what a program without them takes (`shared`: reading, and the ranks
where both need them) is run in each round, and `apart` is the ratio of what is left. Each run begins with other data in
the processor's caches: else who comes second would find the image there. Without passes two threads are busy where one
pass over the image takes one: by the clock, more cores make up for more work.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import SimpleITK as sitk

from examples.make_phantom import make_case, size_of
from vlc.compiler import compile_source
from vlc.diagnostics import Source
from vlc.passes import PASSES, Pass

HEAD = """\
import "vox1"
import "simpleitk"
image = intensity(ReadImage("{path}"))
brain = image > {background}
bright = image > {bright}
"""
_CHAIN = "c0 = image\n" + "".join(
    f"c{step + 1} = mask(c{step} {'+*-/'[step % 4]} {step + 1.5}, brain)\n" for step in range(6)
)
PROGRAMS = {
    "smoothen": 'print "2" volume(smoothen(bright, 2))\nprint "5" volume(smoothen(bright, 5))\n',
    "opening": 'print "opening" volume(imopen(bright, 3))\nprint "closing" volume(imclose(bright, 3))\n',
    "near": f'print "near" volume({"near(" * 6}bright{")" * 6})\n',
    "ranks": 'print "bright" volume(percentiles(image, brain, 0.5) >. 0.95)\n',
    "sweep": 'print "sweep" for t in range(0, 100) do volume(image >. (t * {bright} / 50))\n',
    "sweep of ranks": """\
pimage = percentiles(image, brain, 0.5)
print "sweep" for t in range(0, 100) do volume(pimage >=. (t / 100))
""",
    "connected sweep": """\
pimage = percentiles(image, brain, 0.5)
seed = pimage >. 0.99
print "sweep" for t in range(0, 100) do volume(touch(pimage >=. (0.8 + (t / 500)), seed))
""",
    "glioblastoma": """\
pimage = percentiles(image, brain, 0.5)
hyper = smoothen(pimage >. 0.95, 5)
very = smoothen(pimage >. 0.86, 2)
grown(a, b) = or(a, touch(b, a))
tumour = and(grown(hyper, very), not(near(not(brain))))
print "tumour" volume(tumour)
print "oedema" volume(and(distleq(5, tumour), not(tumour)))
""",
    "chain": f'{_CHAIN}print "greatest" max(c6)\n',
    "chain and volume": f'{_CHAIN}print "volume" volume(c6 > 1)\n',
}
_READING = 'print "brain" volume(brain)\n'
_RANKS = 'pimage = percentiles(image, brain, 0.5)\nprint "seeds" volume(pimage >=. 0.99)\nprint "most" max(pimage)\n'
SHARED = {
    "sweep": _READING,
    "sweep of ranks": _READING,
    "connected sweep": _RANKS,
    "chain": _READING,
    "chain and volume": _READING,
}
"""What programs with and without passes have to do alike."""
OTHER_DATA = 1 << 26
"""Bytes that are read before each run: more than the caches hold."""
LEAST = 1.0
"""Milliseconds that anything takes, so that a ratio of differences has a meaning."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the JSON. Returns 1 when results differ, 2 for an unknown program."""
    options = _options(arguments)
    wanted = options.only.split(",") if options.only else list(PROGRAMS)
    if unknown := set(wanted) - set(PROGRAMS):
        print(f"no such program: {', '.join(sorted(unknown))}; there are {', '.join(PROGRAMS)}", file=sys.stderr)
        return 2
    figures: dict[str, dict[str, float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        values = _image(Path(folder) / "image.nii", options.size)
        heads = ("plain ms", "passes ms", "ratio", "cpu", "shared ms", "apart", "cpu")
        print(f"{'program':<18}" + "".join(f" {head:>{9 if 'ms' in head else 6}}" for head in heads))
        for name in wanted:
            plain, passes = (_runner(_filled(PROGRAMS[name], values), each) for each in ((), PASSES))
            shared = _runner(_filled(SHARED[name], values), ()) if name in SHARED else None
            if plain() != passes():
                print(f"{name}: the results differ", file=sys.stderr)
                return 1
            figures[name] = found = _measure(plain, passes, shared, options.rounds)
            line = (
                f"{name:<18} {found['plain']:>9.1f} {found['passes']:>9.1f} {found['ratio']:>6.2f} {found['cpu']:>6.2f}"
            )
            apart = f" {found['shared']:>9.1f} {found['apart']:>6.2f} {found['apart cpu']:>6.2f}" if shared else ""
            print(line + apart, flush=True)
    if options.json:
        options.json.write_text(json.dumps({"rounds": options.rounds, "programs": figures}, indent=1))
    return 0


def _image(path: Path, size: tuple[int, int, int]) -> dict[str, str]:
    """Write the phantom, and give what the programs say of it: its path, and two thresholds."""
    voxels, _ = make_case(size, 1)
    sitk.WriteImage(sitk.GetImageFromArray(voxels.astype(np.float32)), str(path))
    inside = voxels[voxels > 0]
    return {"path": path.as_posix(), "background": "0", "bright": f"{float(np.quantile(inside, 0.8)):.1f}"}


def _filled(program: str, values: dict[str, str]) -> str:
    text = HEAD + program
    for field, value in values.items():
        text = text.replace(f"{{{field}}}", value)
    return text


def _runner(program: str, passes: Sequence[Pass]) -> Callable[[], dict[str, Any]]:
    script = compile_source(Source("program.imgql", program), passes=passes).script
    module: dict[str, Any] = {"__name__": "program"}
    exec(compile(script, "program.py", "exec"), module)
    return lambda: dict(module["run"](store=None))


def _measure(
    plain: Callable[[], object], passes: Callable[[], object], shared: Callable[[], object] | None, rounds: int
) -> dict[str, float]:
    ways = {"plain": plain, "passes": passes} | ({"shared": shared} if shared is not None else {})
    rows: dict[str, list[_Cost]] = {name: [] for name in ways}
    other_data = np.ones(OTHER_DATA, np.uint8)
    for _ in range(rounds):
        for name, way in ways.items():
            other_data.max()
            rows[name].append(_cost(way))
    found = {name: statistics.median(cost.clock for cost in costs) for name, costs in rows.items()}
    pairs = list(zip(rows["plain"], rows["passes"], strict=True))
    found["ratio"] = statistics.median(one.clock / other.clock for one, other in pairs)
    found["cpu"] = statistics.median(one.cpu / other.cpu for one, other in pairs)
    if shared is not None:
        found["apart"] = _apart(*(found[name] for name in ways))
        found["apart cpu"] = _apart(*(statistics.median(cost.cpu for cost in rows[name]) for name in ways))
    return found


def _apart(plain: float, passes: float, shared: float) -> float:
    return max(LEAST, plain - shared) / max(LEAST, passes - shared)


class _Cost(NamedTuple):
    """Milliseconds of a run."""

    clock: float
    cpu: float


def _cost(run: Callable[[], object]) -> _Cost:
    clock, cpu = time.perf_counter(), time.process_time()
    run()
    return _Cost((time.perf_counter() - clock) * 1000, (time.process_time() - cpu) * 1000)


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.optimiser", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5, help="how often each program is run (default: 5)")
    parser.add_argument("--size", type=size_of, default=(240, 240, 155), metavar="XxYxZ", help="default: 240x240x155")
    parser.add_argument("--only", default="", metavar="NAMES", help="programs, with commas between")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    return options


if __name__ == "__main__":
    sys.exit(main())
