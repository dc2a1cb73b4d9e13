"""The steps that a goal adds to the value it is about: they run where the value is, so that images stay there."""

from __future__ import annotations

from vlc_runtime import describe
from vlc_runtime.digest import Digest
from vlc_runtime.operator import operator
from vlc_runtime.volume import Volume


@operator(cost="immediate", effect=True, one_grid=False)
def shown(value: object) -> object:
    """The value as `print` needs it: of an image, one line of text."""
    return describe.shown(value)


@operator(cost="scalar", writes=(1,), effect=True, one_grid=False)
def saved(value: object, path: str) -> Digest:
    """Write the value to the file and return the digest of what was written. An image that was printed as well is still
    an image here."""
    if isinstance(value, Volume):
        from vlc_runtime.image_saving import write_image

        return write_image(value, path)
    from vlc_runtime.value_files import write_value

    return write_value(value, path)


@operator(cost="scalar", effect=True, one_grid=False)
def acted(value: object) -> None:
    """Nothing: the value was computed for what computing it does."""


STATEMENTS = {shown: "print", saved: "save", acted: "effect"}
"""What messages call them: the names of the functions are no words of a program."""
GOAL_OPERATORS = frozenset(STATEMENTS)
