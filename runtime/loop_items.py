"""The items of loops as they are told: in messages, and in the names of files."""

from __future__ import annotations

from vlc_runtime.steps import Items, Known, Label, Value


def labels_of_items(over: Items) -> list[Label]:
    """A label for each item of a sequence that a loop goes over."""
    return [Label(over.key, number, _item_name(value)) for number, value in enumerate(over.values)]


def _item_name(value: Value) -> str:
    """What files are named after that are written for an item: the stem of the file the item is, if it is a path."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return value.value.replace("\\", "/").rpartition("/")[2].partition(".")[0]
    return ""


def item_text(variable: str, number: int, value: Value, label: Label) -> str:
    if isinstance(value, Known) and not isinstance(value.value, list):
        return f"{variable} = {value.value!r}"
    return f"{variable} = item {number}{f' ({label.name})' if label.name else ''}"
