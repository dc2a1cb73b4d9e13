"""Logic and comparisons that cost a pass over memory and say nothing.

    not(not(region))                        region
    and(region, or(region, other))          region
    and(not(a), not(b))                     not(or(a, b))
    not(near(not(region)))                  interior(region)
    gt_sv(0.0, region)                      region, where region is an image of bools
    and(geq_sv(3, image), geq_sv(5, image)) geq_sv(5, image)
    mask(mask(image, a), b)                 mask(image, and(a, b))
    mask(mask(image, a) * 2, a)             mask(image * 2, a)
    gt_sv(3, mask(image, a))                and(gt_sv(3, image), a)
    not(leq_sv(3, distances))               gt_sv(3, distances)
    image + (-other)                        image - other

Law: for every value of the images the two sides are equal in every bit, geometry too. So a region stands for an
expression only if it is an image of bools already (one of SimpleITK's integer images is not), and nothing is dropped
that may fail by itself, or lie on another grid: images on different grids still meet, and fail.

Not done here: chains of `and` are not reordered. `not(image >= k)` is not `image < k`, for NaN; for distances it is.
`image * 1` is left where it may quieten a signalling NaN, `image + 0`, since it turns -0 to 0, and `image * 0`. Scalars
take no time; their identities would turn whole numbers to doubles.
"""

from __future__ import annotations

from vlc.passes.arithmetic import arithmetic, compared, not_compared
from vlc.passes.logic import COMPARED, LOGIC, NOT, compared_bools, logic, neighbourhoods
from vlc.passes.masks import MASK, masks_under_masks
from vlc.passes.rewriting import Replaced, Rewriting, rewrite
from vlc.workplan.nodes import NodeId
from vlc.workplan.plan import WorkPlan


def simplify(plan: WorkPlan) -> WorkPlan:
    """The plan without the operators that change nothing. Linear in nodes."""
    return rewrite(plan, "simplify", _rule)


def _rule(plan: Rewriting, identifier: NodeId, arguments: tuple[NodeId, ...]) -> Replaced | None:
    operator = plan.operator(identifier)
    if operator in LOGIC:
        complement = not_compared(plan, arguments[0]) if operator == NOT else None
        return complement or logic(plan, operator, arguments) or masks_under_masks(plan, operator, arguments)
    if operator in COMPARED:
        return compared_bools(plan, operator, arguments) or compared(plan, operator, arguments)
    if operator == MASK and (replaced := masks_under_masks(plan, operator, arguments)):
        return replaced
    return neighbourhoods(plan, operator, arguments) or arithmetic(plan, operator, arguments)
