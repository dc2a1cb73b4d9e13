"""What of a run is worth storing.

Loading an image takes about as long as one pass over memory, writing it ten times as long: so what an operator makes of
images in one pass is made again, and so is what lies within a small radius. What takes longer is kept, and so are the
scalars that images are reduced to: they take next to nothing.
"""

from __future__ import annotations

from typing import Literal, TypeAlias, get_args

from vlc_runtime.radii import radius_of
from vlc_runtime.steps import Step

Keep: TypeAlias = Literal["goals", "costly", "all"]
"""`goals` keeps what is printed or saved; `costly` what takes long for its size, too; `all` whatever is computed."""
KEEP: tuple[Keep, ...] = get_args(Keep)
_KEPT_COSTS: dict[Keep, frozenset[str]] = {
    "goals": frozenset(),
    "costly": frozenset({"heavy", "scalar"}),
    "all": frozenset({"heavy", "scalar", "voxelwise", "immediate"}),
}
_SMALL_RADIUS = 5.0
"""Millimetres. Up to here, comparing distances took 1 to 3 ms on 240 x 240 x 155 voxels of 1 mm, storing the result
3 ms and loading it 4."""


def worth_storing(step: Step, keep: Keep) -> bool:
    """Whether a step's result is stored although it is no goal. What acts on the world is not, nor what comes of it."""
    if step.acts or step.operator.cost not in _KEPT_COSTS[keep]:
        return False
    if keep == "all":
        return True
    radius = radius_of(step)
    return radius is None or abs(radius) > _SMALL_RADIUS
