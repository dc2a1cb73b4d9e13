"""How often each rank occurs, without building the image of ranks: see percentiles.py for what a rank is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from vlc_runtime.kernels.algorithms.percentiles import OUTSIDE
from vlc_runtime.kernels.algorithms.ranking import ranks
from vlc_runtime.kernels.algorithms.value_counts import ValueCounts, count_values, count_whole_numbers, merged


def count_ranks(image: NDArray[np.float32], mask: NDArray[np.bool_], k: float) -> ValueCounts:
    """The counts of the values of `percentiles(image, mask, k)`, of any k. The time is that of counting values."""
    population = count_whole_numbers(image, mask)
    if population is None:
        population = count_values(image[mask], sort_any=True)
        assert population is not None
    counts = population.counts()
    unordered = population.total - population.numbers
    if unordered:  # NaN is one value, above every other
        counts = np.append(counts, unordered)
    with np.errstate(invalid="ignore"):
        found = ranks(np.cumsum(counts) - counts, counts, population.total, k) if counts.size else population.values
    return merged(np.append(found, OUTSIDE), np.append(counts, image.size - population.total), image.size)
