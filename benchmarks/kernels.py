"""Every kernel against SimpleITK's filter (or the plainest program that uses it), on one machine in one run.

    python -m benchmarks.kernels [--rounds 7] [--size 240x240x155] [--only near,through] [--json kernels.json]

A comparison is a function that is given a subject (numbers, mask and seeds, also as SimpleITK's images) and returns
the two ways. To add one, write it with its decorator in a module that is imported at the end of this one. Numpy runs on
one thread, SimpleITK on two.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.comparison import REGISTRY, Measurement, measure, record, table
from benchmarks.subjects import subjects
from examples.make_phantom import size_of

ITK_THREADS = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the JSON. Returns 1 when a promised ratio is missed."""
    import benchmarks.against_simpleitk
    import benchmarks.distances_and_ranks  # noqa: F401  the registrations

    options = _options(arguments)
    _set_threads()
    wanted = set(options.only.split(",")) if options.only else set()
    unknown = wanted - {case.name for case in REGISTRY} - {case.group for case in REGISTRY}
    if unknown:
        print(f"no such kernel or group: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    measurements: list[Measurement] = []
    for subject in subjects(options.size):
        for case in REGISTRY:
            if (not case.on or subject.name in case.on) and (not wanted or {case.name, case.group} & wanted):
                print(f"\r{subject.name}: {case.name:<30}", end="", file=sys.stderr, flush=True)
                measurements.append(measure(case, subject, options.rounds))
    print("\r" + " " * 50 + "\r", end="", file=sys.stderr)
    text = table(measurements)
    print(text)
    if options.json:
        options.json.write_text(json.dumps({"rounds": options.rounds, "measurements": record(measurements)}, indent=1))
    return 1 if "MISSED" in text else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.kernels", description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7, help="how often each pair is measured (default: 7)")
    parser.add_argument("--size", type=size_of, default=(240, 240, 155), metavar="XxYxZ", help="default: 240x240x155")
    parser.add_argument("--only", default="", metavar="NAMES", help="kernels or groups, with commas between")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures")
    options = parser.parse_args(arguments)
    if options.rounds < 1:
        parser.error("--rounds is at least 1")
    return options


def _set_threads() -> None:
    import SimpleITK as sitk

    sitk.ProcessObject.SetGlobalDefaultNumberOfThreads(ITK_THREADS)


if __name__ == "__main__":
    sys.exit(main())
