"""From the steps that must be done to tasks worth scheduling.

A Dask task costs about 100 microseconds; a step may take less than one, or a minute. So steps are clustered:

- the steps of one loop item belong together: what they pass to each other never leaves the task, and few images are
  alive at a time. Items are dealt to as many partitions as were asked for: a partition is one of a Dask bag. There are
  fewer where all steps are cheap, as those of a sweep are. Items are those of outermost loops; where they are fewer
  than partitions, and there is more than cheap steps to do in loops inside them, the items of these loops are one flat
  bag, and what an outer item has of its own is shared by its inner ones.
- steps of no item, or of several: a heavy step takes along the cheap ones around it, and a chain of heavy ones is one
  task. Cheap ones that wait for the same things are bundled.

No cycle can arise. Between items and the rest the steps are ranked: a step of no item that uses one of an item has a
higher rank, and a cluster holds steps of one rank only. Of one rank, steps of inner items are used by those of outer
items, and never use them: what would is shared, and so of no item.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from vlc_runtime.digest import Digest
from vlc_runtime.steps import Label, Step

BUNDLE = 1000
"""How many cheap steps make one task."""
WORTH_A_TASK = 16
"""So many cheap steps of a loop take as long as scheduling a task: a partition has at least these."""


@dataclass(slots=True, eq=False)
class Cluster:
    """Steps that are one task, in the order in which they are done. `outputs` are wanted by others."""

    steps: list[Step] = field(default_factory=list)
    outputs: list[Step] = field(default_factory=list)
    inputs: list[Cluster] = field(default_factory=list)
    loop: tuple[Digest, int] | None = None
    """The loop and rank of which this is a partition."""


def _is_cheap(step: Step) -> bool:
    return step.operator.cost not in ("heavy", "voxelwise")


def _scheduled_labels(steps: Sequence[Step], shared: set[Digest], partitions: int) -> dict[Step, Label]:
    """The items that are scheduled as one, of the steps that belong to one. Linear, but for the depth of loops."""
    labels = {step: step.label for step in steps if step.label is not None and step.key not in shared}
    if not any(label.parent is not None for label in labels.values()):
        return labels
    items: dict[Digest, dict[Label, bool]] = {}
    for step, label in labels.items():
        found = items.setdefault(label.at(0).sequence, {})
        found[label] = found.get(label, False) or not _is_cheap(step) or step.operator.effect
    depths = {sequence: _scheduled_depth(found, partitions) for sequence, found in items.items()}
    return {step: label.at(depths[label.at(0).sequence]) for step, label in labels.items()}


def _scheduled_depth(items: dict[Label, bool], partitions: int) -> int:
    """How deep the loops are nested whose items are scheduled: no deeper than it takes to have as many items as
    partitions, nor than there is more than cheap steps to do. `items` says of each whether there is."""
    worth = max((label.depth for label, costly in items.items() if costly), default=0)
    for depth in range(worth):
        if len({label.at(depth) for label in items}) >= partitions:
            return depth
    return worth


def needed_steps(goals: Iterable[Step], available: set[Digest]) -> list[Step]:
    """What has to be done or loaded for the goals, nothing below an `available` one: in the order in which it was
    planned, each step after its inputs."""
    needed: set[Step] = set()
    pending = list(goals)
    while pending:
        step = pending.pop()
        if step not in needed:
            needed.add(step)
            if step.key not in available:
                pending.extend(step.sources)
    return sorted(needed, key=attrgetter("position"))


def cluster(
    steps: Sequence[Step], goals: set[Step], available: set[Digest], shared: set[Digest], partitions: int
) -> list[Cluster]:
    """Clusters of `steps`, which stand each after its inputs; `partitions` for each loop. Linear but for sorts."""
    return _Clustering(steps, goals, available, shared, partitions).clusters()


class _Clustering:
    def __init__(
        self, steps: Sequence[Step], goals: set[Step], available: set[Digest], shared: set[Digest], partitions: int
    ) -> None:
        self._steps = steps
        self._goals = goals
        self._partitions = partitions
        self._inputs = _inputs(steps, available)
        self._users: dict[Step, list[Step]] = {step: [] for step in steps}
        users = self._users
        for step, inputs in self._inputs.items():
            for each in inputs:
                users[each].append(step)
        self._label = _scheduled_labels(steps, shared, partitions)
        """Of the steps that belong to an item."""
        self._rank: dict[Step, int] = {}
        """Where it is not 0."""
        if self._label:
            self._spread_sharing()
            self._find_ranks()
        self._of: dict[Step, Cluster] = {}

    def _spread_sharing(self) -> None:
        """A step that several items use belongs to none of them, and so does whatever it is made of."""
        for step in reversed(self._steps):
            label = self._label.get(step)
            if label is None:
                continue
            if any(self._is_elsewhere(user, label) or self._is_shared(user) for user in self._users[step]):
                del self._label[step]

    def _is_elsewhere(self, user: Step, label: Label) -> bool:
        """Whether a step belongs to another item than this one and those around it."""
        users_label = self._label.get(user)
        return users_label is not None and label.at(users_label.depth) is not users_label

    def _is_shared(self, user: Step) -> bool:
        return user.label is not None and user not in self._label

    def _find_ranks(self) -> None:
        ranks, labels = self._rank, self._label
        for step in self._steps:
            own = step in labels
            rank = max(
                (ranks.get(each, 0) + (not own and each in labels) for each in self._inputs[step]),
                default=0,
            )
            if rank:
                ranks[step] = rank

    def clusters(self) -> list[Cluster]:
        if self._label:
            self._cluster_items()
        self._cluster_rest()
        members = self._bundled()
        home_of = self._of
        for step, users in self._users.items():
            home = home_of[step]
            if step in self._goals:
                home.outputs.append(step)
                continue
            for user in users:
                if home_of[user] is not home:
                    home.outputs.append(step)
                    break
        for each, steps in members.items():
            each.steps = self._depth_first(steps)
            sources = {home_of[source]: None for step in steps for source in self._inputs[step]}
            sources.pop(each, None)
            each.inputs = list(sources)
        return list(members)

    def _cluster_items(self) -> None:
        labels: dict[tuple[Digest, int], dict[Label, None]] = {}
        worth: Counter[tuple[Digest, int]] = Counter()
        for step in self._steps:
            label = self._label.get(step)
            if label is not None:
                loop = label.sequence, self._rank.get(step, 0)
                labels.setdefault(loop, {})[label] = None
                worth[loop] += 1 if _is_cheap(step) and not step.operator.effect else self._partitions * WORTH_A_TASK
        partition: dict[tuple[Label, int], Cluster] = {}
        for (sequence, rank), found in labels.items():
            ordered = sorted(found, key=lambda label: label.index)
            count = min(self._partitions, len(ordered), -(-worth[sequence, rank] // WORTH_A_TASK))
            parts = [Cluster(loop=(sequence, rank)) for _ in range(count)]
            for position, label in enumerate(ordered):
                partition[label, rank] = parts[position * count // len(ordered)]
        for step, label in self._label.items():
            self._of[step] = partition[label, self._rank.get(step, 0)]

    def _cluster_rest(self) -> None:
        tips: dict[Cluster, Step] = {}
        feeding: set[Step] = set()
        home_of, users_of, labels = self._of, self._users, self._label
        for step in reversed(self._steps):
            if step in labels:
                continue
            home = self._home(step)
            heavy = step.operator.cost == "heavy"
            if home is None:
                home = Cluster()
            elif (tip := tips.get(home)) is not None:
                if any(user is tip or user in feeding for user in users_of[step] if home_of[user] is home):
                    feeding.add(step)
                elif heavy:
                    home = Cluster()
            if heavy:
                tips[home] = step
            home_of[step] = home

    def _home(self, step: Step) -> Cluster | None:
        """The one cluster that uses a step, if it is of the same rank and the step is no goal."""
        users = self._users[step]
        if not users or step in self._goals:
            return None
        home = self._of[users[0]]
        if home.loop is not None or self._rank.get(users[0]) != self._rank.get(step):
            return None
        return home if len(users) == 1 or all(self._of[user] is home for user in users) else None

    def _bundled(self) -> dict[Cluster, list[Step]]:
        """The clusters with their steps; those of cheap steps that wait for the same things become one."""
        members: dict[Cluster, list[Step]] = {}
        for step in self._steps:
            members.setdefault(self._of[step], []).append(step)
        bundles: dict[frozenset[Cluster], Cluster] = {}
        for each in list(members):
            steps = members[each]
            if each.loop is not None or not all(map(_is_cheap, steps)):
                continue
            waits = {self._of[source] for step in steps for source in self._inputs[step]}
            waits.discard(each)
            awaited = frozenset(waits)
            bundle = bundles.get(awaited)
            if bundle is None or len(members[bundle]) + len(steps) > BUNDLE:
                bundles[awaited] = each
                continue
            members[bundle].extend(members.pop(each))
            for step in steps:
                self._of[step] = bundle
        return members

    def _depth_first(self, steps: list[Step]) -> list[Step]:
        """The steps of a cluster, item after item, each as late as its first user allows: few values are alive."""
        inside = set(steps)
        inputs_of = self._inputs
        ends = [step for step in steps if inside.isdisjoint(self._users[step])]
        ends.sort(key=lambda step: (label.index if (label := self._label.get(step)) else 0, step.position))
        order: dict[Step, None] = {}
        begun: set[Step] = set()
        pending = ends[::-1]
        while pending:
            step = pending.pop()
            if step in order or step not in inside:
                continue
            if step in begun:  # all that was pending above it is done
                order[step] = None
                continue
            begun.add(step)
            pending.append(step)
            pending.extend(reversed(inputs_of[step]))
        return list(order)


def _inputs(steps: Sequence[Step], available: set[Digest]) -> dict[Step, Sequence[Step]]:
    """What each step waits for. What an earlier round finished is at hand, and in no cluster."""
    inside = set(steps)
    inputs: dict[Step, Sequence[Step]] = {}
    for step in steps:
        if step.key in available:
            inputs[step] = ()
        elif inside.issuperset(step.sources):
            inputs[step] = step.sources
        else:
            inputs[step] = [each for each in step.sources if each in inside]
    return inputs
