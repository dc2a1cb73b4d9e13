"""The items of loops: the labels under which their steps are scheduled, and how they are told in messages."""

from __future__ import annotations

from vlc_runtime.digest import Digest, digest
from vlc_runtime.steps import Items, Known, Label, Value


class ItemLabels:
    """The labels of a plan's loop items: the same for all loops over one sequence, so that they share what they
    compute."""

    def __init__(self) -> None:
        self._of_sequences: dict[Digest, list[Label]] = {}
        self._nested: dict[tuple[Label, Label], Label] = {}
        self._inner_sequences: dict[Digest, Digest] = {}

    def of(self, over: Items) -> list[Label]:
        """A label for each item of a sequence that a loop goes over; its own, if it has them from another loop."""
        labels = over.labels or self._of_sequences.get(over.key)
        if labels is None:
            labels = [Label(over.key, number, _item_name(value)) for number, value in enumerate(over.values)]
            self._of_sequences[over.key] = labels
        return labels

    def within(self, around: Label | None, label: Label) -> Label:
        """The item of a loop in an item of another, if there is one: the same for all loops in that item that go over
        one sequence."""
        if around is None:
            return label
        within = self._nested.get((around, label))
        if within is None:
            sequence = self._inner_sequences.get(around.sequence)
            if sequence is None:
                sequence = self._inner_sequences[around.sequence] = digest("items of items", around.sequence)
            within = Label(sequence, around.index << 32 | label.index, label.name, around)
            self._nested[around, label] = within
        return within


def _item_name(value: Value) -> str:
    """What files are named after that are written for an item: the stem of the file the item is, if it is a path."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return value.value.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return ""


def item_text(variable: str, number: int, value: Value, label: Label) -> str:
    if isinstance(value, Known) and not isinstance(value.value, list):
        return f"{variable} = {value.value!r}"
    return f"{variable} = item {number}{f' ({label.name})' if label.name else ''}"
