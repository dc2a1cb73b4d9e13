"""Orders that keep few bytes alive: of the steps of a task, and of tasks.

Of two operands the one goes first whose computing takes more beyond what it leaves: the other's result is not yet there
then. This is optimal for expressions that are trees (Sethi, Ullman: The generation of optimal code for arithmetic
expressions, 1970; with sizes: Liu, On optimal tree traversals for sparse matrix factorization, 1986). Where results are
shared it is a heuristic.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from vlc_runtime.clustering import Cluster
from vlc_runtime.liveness import Form, Liveness, TaskMemory

Item = TypeVar("Item")


def lower_peaks(tasks: Iterable[Cluster], liveness: Liveness) -> None:
    """Reorder the steps of those tasks that take less memory then. n log k for n steps of at most k operands.

    Tasks of one form, as those of a cohort are, have one order.
    """
    orders: dict[Form, tuple[list[int], TaskMemory]] = {}
    for task in tasks:
        if sum(liveness.own_bytes(step) > 0 for step in task.steps) < 3:
            continue  # nothing to exchange
        form = liveness.form_of(task)
        if form not in orders:
            orders[form] = _lower_peak(task, liveness)
        places, memory = orders[form]
        liveness.put_in_order(task, [task.steps[place] for place in places], memory)


def _lower_peak(task: Cluster, liveness: Liveness) -> tuple[list[int], TaskMemory]:
    """The order in which a task takes least, as the places that its steps have now, and what it takes then."""
    place = {step: number for number, step in enumerate(task.steps)}
    order = demanding_first(
        task.steps,
        lambda step: [each for each in liveness.needed_by(step) if each in place],
        liveness.own_bytes,
        liveness.working,
    )
    memory, memory_now = liveness.of_steps(order, task.outputs), liveness.of_steps(task.steps, task.outputs)
    if memory.peak < memory_now.peak:
        return [place[step] for step in order], memory
    return list(range(len(order))), memory_now


def demanding_first(
    items: Sequence[Item],
    operands: Callable[[Item], Sequence[Item]],
    result: Callable[[Item], int],
    working: Callable[[Item], int],
) -> list[Item]:
    """These items, which stand each after its operands, depth first: of each item the most demanding operand first.

    `result` are the bytes that an item leaves, `working` those that it takes besides. Items that no other uses keep
    their order.
    """
    needs: dict[Item, int] = {}
    sorted_operands: dict[Item, list[Item]] = {}
    used: set[Item] = set()
    for item in items:
        given = list(dict.fromkeys(operands(item)))
        given.sort(key=lambda each: result(each) - needs[each])
        held = most = 0
        for each in given:
            most = max(most, held + needs[each])
            held += result(each)
        needs[item] = max(most, held + result(item) + working(item))
        sorted_operands[item] = given
        used.update(given)
    return depth_first([item for item in items if item not in used], sorted_operands.__getitem__)


def depth_first(ends: Iterable[Item], operands: Callable[[Item], Sequence[Item]]) -> list[Item]:
    """The ends and all that they need, each as late as its first user allows."""
    order: dict[Item, None] = {}
    pending = [(item, False) for item in reversed(list(ends))]
    while pending:
        item, ready = pending.pop()
        if item in order:
            continue
        if ready:
            order[item] = None
            continue
        pending.append((item, True))
        pending.extend((each, False) for each in reversed(operands(item)))
    return list(order)
