"""The kinds of values, which are checked at compile time."""

from __future__ import annotations

from collections.abc import Sequence as PySequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind by its name, in so many sequences: comparing kinds takes no recursion, however deep the nesting."""

    name: str
    sequences: int = 0

    @property
    def item(self) -> Kind | None:
        """The kind of the items of a sequence; None if this is none."""
        return Kind(self.name, self.sequences - 1) if self.sequences else None

    @property
    def is_image(self) -> bool:
        return self.name in _NAMES_OF_IMAGES and not self.sequences

    @property
    def is_sequence(self) -> bool:
        return self.sequences > 0

    def __str__(self) -> str:
        return "sequence of " * self.sequences + self.name


NUMBER = Kind("number")
BOOL = Kind("bool")
STRING = Kind("string")
NUMBER_IMAGE = Kind("image of numbers")
BOOL_IMAGE = Kind("image of bools")
COLOUR_IMAGE = Kind("colour image")
ANY_IMAGE = Kind("image")
"""An image whose pixel type is known at run time only: what SimpleITK's functions return."""
COUNTS = Kind("counts of values")
RANK_HISTOGRAM = Kind("histogram of ranks")
RECORD = Kind("record")
NOTHING = Kind("nothing")
OTHER = Kind("SimpleITK value")
UNKNOWN = Kind("value of any kind")

IMAGES = frozenset({NUMBER_IMAGE, BOOL_IMAGE, COLOUR_IMAGE, ANY_IMAGE})
_NAMES_OF_IMAGES = frozenset(kind.name for kind in IMAGES)
_NAMES_OF_WHAT_MAY_BE_IMAGES = _NAMES_OF_IMAGES | {UNKNOWN.name}
SCALARS = frozenset({NUMBER, BOOL, STRING})


_VOXEL_BYTES = {BOOL_IMAGE: 1, NUMBER_IMAGE: 4, ANY_IMAGE: 4, COLOUR_IMAGE: 12}


def voxel_bytes(kind: Kind) -> int:
    """The bytes that a voxel of an image of this kind takes in memory, about; 0 for what is no image."""
    return _VOXEL_BYTES.get(kind, 0)


def may_be_image(kind: Kind) -> bool:
    """Whether values of the kind may be images, as `accepts(ANY_IMAGE, kind)` says."""
    return not kind.sequences and kind.name in _NAMES_OF_WHAT_MAY_BE_IMAGES


def sequence_of(item: Kind) -> Kind:
    return Kind(item.name, item.sequences + 1)


def kind_from_text(text: str) -> Kind:
    """The inverse of `str(kind)`."""
    depth = 0
    while text.startswith("sequence of "):
        text, depth = text.removeprefix("sequence of "), depth + 1
    return Kind(text, depth)


def accepts(wanted: Kind, given: Kind) -> bool:
    """Whether a value of the kind `given` may stand where `wanted` is asked for.

    A boolean image counts as numbers 0 and 1. An image of unknown pixel type may be anything: the runtime looks.
    """
    shared = min(wanted.sequences, given.sequences)
    if shared:
        wanted, given = Kind(wanted.name, wanted.sequences - shared), Kind(given.name, given.sequences - shared)
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
    shared = min(left.sequences, right.sequences)
    left, right = Kind(left.name, left.sequences - shared), Kind(right.name, right.sequences - shared)
    if left == right or right == UNKNOWN:
        joined = left
    elif left == UNKNOWN:
        joined = right
    elif left.is_image and right.is_image:
        joined = ANY_IMAGE
    else:
        return None
    return Kind(joined.name, joined.sequences + shared)
