"""What passes did to a plan: which law was used on which line of the program, and what it saves."""

from __future__ import annotations

from collections.abc import Sequence

from vlc.passes import Pass
from vlc.workplan.kinds import voxel_bytes
from vlc.workplan.nodes import Apply, Fused, Literal, Parameter, children
from vlc.workplan.plan import Rewrite, WorkPlan


def explain(plan: WorkPlan, passes: Sequence[Pass]) -> str:
    """A paragraph for each pass, a line for each node that it replaced."""
    lines = [f"as written: {_size(plan)}\n"]
    for each in passes:
        before, plan = plan, each(plan)
        if plan is before:
            lines.append(f"{each.__name__}: nothing to do\n")
            continue
        lines.append(f"{each.__name__}: {_size(plan)}\n")
        lines.extend(f"  {_line(rewrite, plan)}\n" for rewrite in plan.rewrites[len(before.rewrites) :])
    return "".join(lines)


def _line(rewrite: Rewrite, plan: WorkPlan) -> str:
    span = rewrite.origin.span
    where = f"{span.source.name}:{span.source.position(span.start)[0]}: " if span else ""
    name = plan.paragraphs[rewrite.origin.paragraph].name if plan.paragraphs else ""
    return f"{where}{name}: {rewrite.law}"


def _size(plan: WorkPlan) -> str:
    count = sum(not isinstance(node, (Literal, Parameter)) for node in plan.nodes.values())
    once, for_each_item = traffic(plan)
    text = f"{count} node{'s' * (count != 1)}, {once} bytes read and written a voxel"
    return f"{text}, and {for_each_item} for each item of loops" if for_each_item else text


def traffic(plan: WorkPlan) -> tuple[int, int]:
    """The bytes a voxel that the operators of a plan read and write: once, and for each item of loops.

    Each operator counts as one pass over its images, which is what the voxelwise ones are; others take more.
    """
    once = for_each_item = 0
    for identifier, node in plan.nodes.items():
        if isinstance(node, (Apply, Fused)):
            grid = isinstance(node, Apply) and node.operator in _GRID_ONLY
            moved = voxel_bytes(plan.kinds[identifier])
            moved += 0 if grid else sum(voxel_bytes(plan.kinds[child]) for child in children(node))
            if plan.free[identifier]:
                for_each_item += moved
            else:
                once += moved
    return once, for_each_item


_GRID_ONLY = frozenset(
    f"vox1.{name}" for name in ("tt", "ff", "border", "near_border", "x", "y", "z", "constant", "bconstant")
)
