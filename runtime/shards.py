"""The part of a plan that a shard does: of outermost loops every so many-th item. The others are left out.

Their files are not read, not even to be digested: a thousand jobs that share a cohort would read each scan a thousand
times. Where something outside of loops needs the other items too, nothing is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from vlc_runtime.failures import Failure
from vlc_runtime.steps import Failed, Pending, Step, Value, leaves_of


class Shard(NamedTuple):
    """The `part`-th of so many `parts`, from 1 on."""

    part: int
    parts: int

    def has(self, number: int) -> bool:
        """Whether it does the item of this number, from 0 on."""
        return number % self.parts == self.part - 1

    def of(self, items: Sequence[Value]) -> Sequence[Value]:
        """Those of the items that it does."""
        return items[self.part - 1 :: self.parts]


LEFT_OUT = Pending(())
"""What stands for an item that another shard does; what needs it is pending, and waits for no step."""


class ShardItems:
    """What the items of a shard came to, as they were planned."""

    def __init__(self) -> None:
        self._values: list[Value] = []
        self._loops_over_nothing: list[Failure] = []

    def add(self, shard: Shard, bodies: Sequence[Value]) -> None:
        """An outermost loop came to these values, one for each item."""
        self._values.extend(shard.of(bodies))

    def add_loop_over(self, value: Value) -> None:
        """An outermost loop has no items, since this is no sequence."""
        if isinstance(value, Failed):
            self._loops_over_nothing.append(value.failure)
        else:
            self._values.append(value)

    @property
    def steps(self) -> list[Step]:
        """The steps to do for them."""
        return [leaf for leaf in self._leaves() if isinstance(leaf, Step)]

    @property
    def failures(self) -> list[Failure]:
        """What planning found to have no value; for every shard, where the sequence of a loop has none."""
        failed = [leaf.failure for leaf in self._leaves() if isinstance(leaf, Failed)]
        return list(dict.fromkeys([*self._loops_over_nothing, *failed]))

    @property
    def need_others(self) -> bool:
        """Whether something needs an item that was left out."""
        return any(isinstance(leaf, Pending) and not leaf.needs for leaf in self._leaves())

    def _leaves(self) -> Iterator[Value]:
        for value in self._values:
            yield from leaves_of(value)
