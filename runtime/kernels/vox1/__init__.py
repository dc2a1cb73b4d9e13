"""The operators of VoxLogicA 1, one file a topic."""

from vlc_runtime.kernels.vox1.distance import dt
from vlc_runtime.kernels.vox1.ranks import percentiles

__all__ = [
    "dt",
    "percentiles",
]
