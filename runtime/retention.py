"""What of a run is worth storing.

Loading an image takes about as long as one pass over memory, writing it ten times as long: so what an operator makes of
images in one pass is made again. What takes longer is kept, and so are the scalars that images are reduced to: they
take next to nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, get_args

if TYPE_CHECKING:
    from vlc_runtime.operator import Operator

Keep: TypeAlias = Literal["goals", "costly", "all"]
"""`goals` keeps what is printed or saved; `costly` what takes long for its size, too; `all` whatever is computed."""
KEEP: tuple[Keep, ...] = get_args(Keep)
_KEPT_COSTS: dict[Keep, frozenset[str]] = {
    "goals": frozenset(),
    "costly": frozenset({"heavy", "scalar"}),
    "all": frozenset({"heavy", "scalar", "voxelwise", "immediate"}),
}


def worth_storing(operator: Operator, keep: Keep) -> bool:
    """Whether what an operator gives is stored although it is no goal. What acts on the world never is."""
    return not operator.effect and operator.cost in _KEPT_COSTS[keep]
