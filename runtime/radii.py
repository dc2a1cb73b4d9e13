"""Operators that look no further than a radius: what they cost depends on it."""

from __future__ import annotations

from vlc_runtime.steps import Known, Step

_BOUNDED = frozenset(
    f"vox1.{measure}_{comparison}"
    for measure in ("distance", "depth", "signed_distance")
    for comparison in ("geq", "gt", "leq", "lt")
)


def radius_of(step: Step) -> float | None:
    """The radius (mm) of a comparison of distances, where it is known; None for any other step."""
    if step.operator.identifier not in _BOUNDED:
        return None
    radius = step.inputs[0]
    value = radius.value if isinstance(radius, Known) else None
    return float(value) if isinstance(value, (int, float)) else None


def of_complement(step: Step) -> bool:
    """Whether the distances of such a comparison are those to the complement of what the step is given."""
    return step.operator.name.startswith("depth_")
