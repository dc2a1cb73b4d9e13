"""What planning finds: each computation once, under the key of its result."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, TypeAlias

from vlc_runtime.digest import Digest, digest, encode
from vlc_runtime.failures import Failure

if TYPE_CHECKING:
    from vlc_runtime.node import Node
    from vlc_runtime.operator import Operator


_VALUE = encode("value")


@dataclass(frozen=True, slots=True, eq=False)
class Label:
    """The loop item for which something is computed: of the innermost loop, and through `parent` of those around it.

    What is scheduled as one are the items of outermost loops, or, where these are few, of loops in them. `index` orders
    the items of one `sequence`; all loops in the items of a sequence count as going over one, which is nested in it.
    """

    sequence: Digest
    index: int
    name: str
    parent: Label | None = None

    @property
    def depth(self) -> int:
        """How many loops are around the loop."""
        return 0 if self.parent is None else 1 + self.parent.depth

    def at(self, depth: int) -> Label:
        """The item at this depth that the item is in; the item itself if it lies no deeper."""
        label = self
        for _ in range(self.depth - depth):
            assert label.parent is not None
            label = label.parent
        return label

    def common(self, other: Label) -> Label | None:
        """The innermost item that both items are in, or are."""
        depth = min(self.depth, other.depth)
        one: Label | None = self.at(depth)
        two: Label | None = other.at(depth)
        while one is not two:
            assert one is not None and two is not None
            one, two = one.parent, two.parent
        return one


class Step:
    """One application of an operator to known keys. Equal applications are one step, wherever they stand.

    `sources` are the steps whose results it is given, those within sequences too. `label` is the innermost loop item it
    belongs to; None when it belongs to none. `items` are the loop items at which it was first met, innermost last, for
    messages. `acts`: it has an effect, or is given what comes of one, so that it is done anew in every run.
    """

    __slots__ = ("acts", "inputs", "items", "key", "label", "node", "operator", "position", "sources")

    def __init__(
        self,
        key: Digest,
        operator: Operator,
        inputs: tuple[Value, ...],
        label: Label | None,
        node: Node | None,
        items: tuple[str, ...],
        position: int,
    ) -> None:
        self.key = key
        self.operator = operator
        self.inputs = inputs
        sources: list[Step] = []
        acts = operator.effect
        for value in inputs:
            if isinstance(value, Step):
                sources.append(value)
                acts = acts or value.acts
            elif isinstance(value, Items):
                for leaf in leaves_of(value):
                    if isinstance(leaf, Step):
                        sources.append(leaf)
                        acts = acts or leaf.acts
        self.sources = tuple(sources)
        self.label = label
        self.node = node
        self.items = items
        self.position = position
        self.acts: bool = acts


class Known:
    """A value that planning has already, under the key that its content gives it.

    A `derived` one came from a step that is done, and keeps the key of that step: so keys do not depend on what was
    done when they were made. Otherwise the key is found when it is asked for: arithmetic never asks for most.
    """

    __slots__ = ("_key", "derived", "value")

    def __init__(self, value: Any, key: Digest | None = None, derived: bool = False) -> None:
        self.value = value
        self._key = key
        self.derived = derived

    @property
    def key(self) -> Digest:
        if self._key is None:
            self._key = key_of_value(self.value)
        return self._key


class Items:
    """A sequence of known length. `labels` has the loop item that each entry belongs to, if any."""

    __slots__ = ("key", "labels", "values")

    def __init__(self, values: list[Value], labels: list[Label] | None = None) -> None:
        self.values = values
        self.labels = labels
        self.key = key_of_sequence(values)


class Failed:
    """Something that planning itself found to have no value: a missing file, a division by zero."""

    __slots__ = ("failure",)

    def __init__(self, failure: Failure) -> None:
        self.failure = failure


class Pending:
    """Something that can be planned only when some steps are done: the length of a sequence, the name of a file."""

    __slots__ = ("needs",)

    def __init__(self, needs: tuple[Step, ...]) -> None:
        self.needs = needs


Value: TypeAlias = Step | Known | Items | Failed | Pending


def key_of_sequence(values: list[Value]) -> Digest:
    return digest("sequence", tuple(b"" if isinstance(v, (Failed, Pending)) else v.key for v in values))


def known(value: Any) -> Known:
    """A scalar, or a nested list of scalars, that is at hand. A list has the key that a sequence of its items has."""
    return Known(value)


def key_of_value(value: Any) -> Digest:
    """The key of a value that is at hand. Raises TypeError for images: theirs come from how they were made."""
    if isinstance(value, list):
        return digest("sequence", tuple(key_of_value(item) for item in value))
    return sha256(_VALUE + encode(value)).digest()


def known_sequence(values: list[Value]) -> Known:
    """The sequence of values that are at hand."""
    at_hand = [value for value in values if isinstance(value, Known)]
    return Known([each.value for each in at_hand], key_of_sequence(values), any(each.derived for each in at_hand))


def holds_blocked(value: Items) -> bool:
    """Whether some value in a sequence failed, or cannot be planned yet."""
    return any(isinstance(leaf, (Failed, Pending)) for leaf in leaves_of(value))


def leaves_of(value: Value) -> list[Value]:
    """The values that a nested sequence is made of."""
    leaves: list[Value] = []
    pending = [value]
    while pending:
        each = pending.pop()
        if isinstance(each, Items):
            pending.extend(reversed(each.values))
        else:
            leaves.append(each)
    return leaves
