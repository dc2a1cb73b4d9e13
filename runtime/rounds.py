"""A round of a run: what there is to do now, and who else is doing some of it."""

from __future__ import annotations

from collections.abc import Iterable

from vlc_runtime.digest import Digest
from vlc_runtime.goal_operators import saved
from vlc_runtime.goals import PlannedGoal, pending_of, targets_of
from vlc_runtime.planning import Planner
from vlc_runtime.retention import Keep, worth_storing
from vlc_runtime.shards import Shard
from vlc_runtime.steps import Step, leaves_of

MOST_CLAIMS = 100_000


class Round:
    """What there is to do now: `targets` are wanted, `todo` are to be computed for them and `stored` to be loaded;
    `waiting` are those of the targets that planning waits for; `kept` the keys that are stored whatever they cost.
    `keep` is None where there is no store."""

    def __init__(self, planner: Planner, goals: list[PlannedGoal], shard: Shard | None, keep: Keep | None) -> None:
        self.planner = planner
        self._keep: Keep | None = keep
        self.goals = goals
        self.waiting = list(dict.fromkeys(step for goal in goals for step in pending_of(goal)))
        wanted = [step for goal in goals for step in targets_of(goal)]
        self.kept = {leaf.key for goal in goals for leaf in leaves_of(goal.value) if isinstance(leaf, Step)}
        if shard is not None:
            wanted = planner.of_shard.steps
            self.kept = {step.key for step in wanted}
        self.targets = list(dict.fromkeys([*wanted, *self.waiting]))
        self.kept |= {step.key for step in self.waiting}
        self.todo: list[Step] = []
        self.stored: list[Step] = []

    def keeps(self, step: Step) -> bool:
        """Goals are always worth storing, and so is what a later run has to know first: of files, what was written; the
        rest as was asked for. What comes of an effect never is: it would not be done again."""
        if self._keep is None:
            return False
        if step.acts:
            return step.operator is saved and not any(source.acts for source in step.sources)
        return worth_storing(step, self._keep) or step.key in self.kept

    def asks_for(self, step: Step) -> bool:
        """Whether the store may have a result that is worth loading, kept by a run of any kind."""
        return self.keeps(step) or worth_storing(step, "costly")


def claimable(now: Round) -> list[Digest]:
    """What to claim: all that will be stored; where that is too much, what the goals ask for; or nothing.

    The kernel's lists of locks are searched one by one: ten thousand claims take 50 ms, a hundred thousand some
    seconds. Without a claim two runs at once may compute the same result, which is stored once.
    """
    everything = [step.key for step in now.todo if now.keeps(step)]
    if len(everything) <= MOST_CLAIMS:
        return everything
    asked = [key for key in everything if key in now.kept]
    return asked if len(asked) <= MOST_CLAIMS else []


def possible_without(now: Round, held: Iterable[Digest]) -> list[Step]:
    """The steps to do that need nothing which another process is computing."""
    impossible = set(held)
    for step in now.todo:
        if any(source.key in impossible for source in step.sources):
            impossible.add(step.key)
    return [step for step in now.todo if step.key not in impossible]
