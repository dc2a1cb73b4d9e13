"""Figures: something measured, and what it was measured against in the same run."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

Result = TypeVar("Result")


@dataclass(frozen=True)
class Figure:
    """Medians over the rounds. `ratio` is the median of the rounds' ratios measured / reference.

    `limit` is the greatest value of `measured`, and `most` the greatest ratio, that is promised on an idle machine; 0
    for none."""

    topic: str
    name: str
    unit: str
    measured: float
    against: str
    reference: float
    ratio: float
    limit: float = 0.0
    most: float = 0.0

    @property
    def verdict(self) -> str:
        """Whether the limits are kept."""
        if self.most:
            return f"limit {self.most:.3g} x: {'kept' if self.ratio <= self.most else 'MISSED'}"
        if self.limit:
            return f"limit {self.limit:g} {self.unit}: {'kept' if self.measured <= self.limit else 'MISSED'}"
        return ""


def figure(
    topic: str,
    name: str,
    unit: str,
    measured: Sequence[float],
    against: str,
    reference: Sequence[float],
    limit: float = 0.0,
    most: float = 0.0,
) -> Figure:
    """The figure of two series that were measured in turn: entry i of both in round i."""
    return Figure(
        topic,
        name,
        unit,
        statistics.median(measured),
        against,
        statistics.median(reference),
        statistics.median(ours / theirs for ours, theirs in zip(measured, reference, strict=True)),
        limit,
        most,
    )


def alternate(ways: Mapping[str, Callable[[], Result]], rounds: int) -> dict[str, list[Result]]:
    """Each way once a round, one after the other, so that what else the machine does falls on all of them alike.

    A first round is not counted: it fills the caches of the disk and of Python's compiled modules."""
    results: dict[str, list[Result]] = {name: [] for name in ways}
    for counted in range(-1, rounds):
        for name, way in ways.items():
            result = way()
            if counted >= 0:
                results[name].append(result)
    return results


def table(figures: Sequence[Figure]) -> str:
    """The figures as text, a paragraph a topic."""
    lines: list[str] = []
    for topic in dict.fromkeys(each.topic for each in figures):
        lines += [*([""] if lines else []), topic]
        for each in figures:
            if each.topic == topic:
                measured = f"{_digits(each.measured)} {each.unit}"
                reference = f"{_digits(each.reference)} {each.unit}"
                line = f"  {each.name:<44}{measured:>14}{each.ratio:>9.3g} x {reference:>14} of {each.against}"
                lines.append(f"{line:<120}{each.verdict}".rstrip())
    return "\n".join(lines)


def _digits(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
