"""The kinds of values, which are checked at compile time."""

from __future__ import annotations

from collections.abc import Sequence as PySequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind by its name; `item` is the kind of the items of a sequence."""

    name: str
    item: Kind | None = None

    @property
    def is_image(self) -> bool:
        return self in IMAGES

    @property
    def is_sequence(self) -> bool:
        return self.item is not None

    def __str__(self) -> str:
        depth, kind = 0, self
        while kind.item is not None:
            depth, kind = depth + 1, kind.item
        return "sequence of " * depth + kind.name


NUMBER = Kind("number")
BOOL = Kind("bool")
STRING = Kind("string")
NUMBER_IMAGE = Kind("image of numbers")
BOOL_IMAGE = Kind("image of bools")
COLOUR_IMAGE = Kind("colour image")
ANY_IMAGE = Kind("image")
"""An image whose pixel type is known at run time only: what SimpleITK's functions return."""
RECORD = Kind("record")
NOTHING = Kind("nothing")
OTHER = Kind("SimpleITK value")
UNKNOWN = Kind("value of any kind")

IMAGES = frozenset({NUMBER_IMAGE, BOOL_IMAGE, COLOUR_IMAGE, ANY_IMAGE})
SCALARS = frozenset({NUMBER, BOOL, STRING})


def sequence_of(item: Kind) -> Kind:
    return Kind("sequence", item)


def kind_from_text(text: str) -> Kind:
    """The inverse of `str(kind)`."""
    depth = 0
    while text.startswith("sequence of "):
        text, depth = text.removeprefix("sequence of "), depth + 1
    kind = Kind(text)
    for _ in range(depth):
        kind = sequence_of(kind)
    return kind


def accepts(wanted: Kind, given: Kind) -> bool:
    """Whether a value of the kind `given` may stand where `wanted` is asked for.

    A boolean image counts as numbers 0 and 1. An image of unknown pixel type may be anything: the runtime looks.
    """
    while wanted.item is not None and given.item is not None:
        wanted, given = wanted.item, given.item
    if UNKNOWN in (wanted, given) or wanted == given:
        return True
    if wanted.is_image and given.is_image:
        return ANY_IMAGE in (wanted, given) or (wanted, given) == (NUMBER_IMAGE, BOOL_IMAGE)
    return False


def join(kinds: PySequence[Kind]) -> Kind | None:
    """The one kind of the items of a sequence, or None when they are of several kinds."""
    joined: Kind | None = UNKNOWN
    for kind in kinds:
        if joined is None:
            return None
        joined = _join_two(joined, kind)
    return joined


def _join_two(left: Kind, right: Kind) -> Kind | None:
    depth = 0
    while left.item is not None and right.item is not None:
        left, right, depth = left.item, right.item, depth + 1
    if left == right or right == UNKNOWN:
        joined = left
    elif left == UNKNOWN:
        joined = right
    elif left.is_image and right.is_image:
        joined = ANY_IMAGE
    else:
        return None
    for _ in range(depth):
        joined = sequence_of(joined)
    return joined
