"""Numbers for which functions of SimpleITK end the process, or never end, where they should say that they are wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Volume

_HISTOGRAM_SIZES = ("numberOfHistogramBins", "numberOfHistogramLevels")
_BINS = 128
"""The bins that a threshold is chosen by where no other number is told."""
_CHECKS = 4
"""The fields along each axis of a CheckerBoard that is told no other number."""


def require_sound_numbers(name: str, words: Sequence[str], values: Sequence[Any]) -> None:
    """Raise KernelError for arguments that the function must not be given. `words` are the names of its parameters."""
    given = dict(zip(words, values, strict=False))
    for word in _HISTOGRAM_SIZES:
        if word in given and given[word] < 1:
            raise KernelError(f"{name} is given {given[word]} as {word}, and needs 1 or more")
    thresholds = {"OtsuThreshold": 1, "OtsuMultipleThresholds": given.get("numberOfThresholds", 1)}.get(name, 0)
    if thresholds and given.get("numberOfHistogramBins", _BINS) <= thresholds:
        raise KernelError(
            f"{name} cannot tell {thresholds + 1} classes apart by {given.get('numberOfHistogramBins', _BINS)} bins"
        )
    if name == "CheckerBoard" and isinstance(values[0], Volume):
        size = values[0].geometry.size
        pattern = given.get("checkerPattern", [_CHECKS] * len(size))
        if any(not 1 <= fields <= extent for fields, extent in zip(pattern, size, strict=False)):
            shown, extents = (" x ".join(map(str, each)) for each in (pattern, size))
            raise KernelError(
                f"CheckerBoard cannot lay {shown} fields over {extents} voxels",
                "give it a checkerPattern with at most as many fields as there are voxels along each axis",
            )
    if name == "Tile" and any(count < 1 for count in given.get("layout", ())[:-1]):
        raise KernelError(
            f"Tile is given the layout {list(given['layout'])}, in which an axis has no tiles",
            "only the last may be 0: as many as it takes",
        )
