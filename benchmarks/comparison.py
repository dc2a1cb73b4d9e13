"""Two ways to compute one thing, measured side by side."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from benchmarks.subjects import Subject

Way = Callable[[], Any]
Pair = tuple[Way, Way]


@dataclass(frozen=True)
class Comparison:
    """A kernel against its reference: `ways(subject)` gives the two functions, `on` the subjects' names (all if empty).

    `target` is the ratio that is promised, 0 for none. `exact` asks for equal results before anything is measured.
    """

    name: str
    group: str
    ways: Callable[[Subject], Pair]
    target: float
    on: tuple[str, ...]
    exact: bool


@dataclass(frozen=True)
class Measurement:
    """Medians over the rounds: milliseconds of both ways, and the ratio reference / kernel."""

    name: str
    group: str
    subject: str
    kernel_ms: float
    reference_ms: float
    ratio: float
    target: float


REGISTRY: list[Comparison] = []


def comparison(
    group: str, *, target: float = 0.0, on: Sequence[str] = (), exact: bool = True, name: str = ""
) -> Callable[[Callable[[Subject], Pair]], Callable[[Subject], Pair]]:
    """Register a comparison under its function's name: the function gives (kernel, reference) for a subject."""

    def register(ways: Callable[[Subject], Pair]) -> Callable[[Subject], Pair]:
        REGISTRY.append(Comparison(name or ways.__name__, group, ways, target, tuple(on), exact))
        return ways

    return register


def measure(case: Comparison, subject: Subject, rounds: int) -> Measurement:
    """Run both ways in turn, `rounds` times after one round that is not counted."""
    kernel, reference = case.ways(subject)
    if case.exact:
        require_equal(case, subject, kernel(), reference())
    times: list[tuple[float, float]] = []
    for counted in range(-1, rounds):
        pair = (_seconds(kernel), _seconds(reference))
        if counted >= 0:
            times.append(pair)
    return Measurement(
        case.name,
        case.group,
        subject.name,
        1e3 * statistics.median(ours for ours, _ in times),
        1e3 * statistics.median(theirs for _, theirs in times),
        statistics.median(theirs / ours for ours, theirs in times),
        case.target,
    )


def _seconds(way: Way) -> float:
    start = time.perf_counter()
    result = way()
    elapsed = time.perf_counter() - start
    del result  # freeing it is not part of either way
    return elapsed


def require_equal(case: Comparison, subject: Subject, ours: Any, theirs: Any) -> None:
    """Raise unless both results are the same voxels, or numbers that agree to 12 digits."""
    left, right = _plain(ours), _plain(theirs)
    if isinstance(left, np.ndarray):
        same = np.array_equal(left, right, equal_nan=True)
    else:
        same = abs(left - right) <= 1e-12 * abs(right)
    if not same:
        raise AssertionError(f"{case.name} on {subject.name}: the kernel and its reference differ")


def _plain(value: Any) -> Any:
    if hasattr(value, "GetPixelID"):
        import SimpleITK as sitk

        value = sitk.GetArrayFromImage(value)
    array = getattr(value, "array", value)
    return array.astype(np.float64) if isinstance(array, np.ndarray) else float(array)


def table(measurements: Sequence[Measurement]) -> str:
    """The measurements as text, and for each group the median of its ratios against what is promised."""
    lines = [f"{'kernel':<22}{'image':<10}{'kernel ms':>11}{'reference ms':>14}{'ratio':>9}"]
    lines += [
        f"{m.name:<22}{m.subject:<10}{m.kernel_ms:>11.2f}{m.reference_ms:>14.2f}{m.ratio:>8.1f}x" for m in measurements
    ]
    lines.append("")
    for group in dict.fromkeys(m.group for m in measurements):
        members = [m for m in measurements if m.group == group]
        middle = statistics.median(m.ratio for m in members)
        target = max(m.target for m in members)
        verdict = f"wanted {target:g}x: {'met' if middle >= target else 'MISSED'}" if target else ""
        lines.append(f"{group:<22}median of {len(members):<3} ratios {middle:>8.1f}x   {verdict}".rstrip())
    return "\n".join(lines)


def record(measurements: Sequence[Measurement]) -> list[dict[str, object]]:
    """The measurements as values for JSON."""
    return [asdict(measurement) for measurement in measurements]
