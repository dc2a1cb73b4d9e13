"""How thoroughly to measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """`counts` are the numbers of declarations, `nodes` that of scalar nodes, `thresholds` those of the sweep."""

    rounds: int
    counts: tuple[int, ...]
    nodes: int
    thresholds: tuple[int, int]


FULL = Settings(rounds=5, counts=(1_000, 10_000, 100_000), nodes=100_000, thresholds=(120, 200))
QUICK = Settings(rounds=1, counts=(1_000,), nodes=1_000, thresholds=(120, 124))
