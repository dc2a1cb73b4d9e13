"""How options are read, and what they may be: argparse tells the ArgumentTypeError of what is wrong."""

from __future__ import annotations

import argparse
from typing import Any

from vlc_runtime.errors import UsageError
from vlc_runtime.shards import Shard
from vlc_runtime.sizes import size_of


class WholeNames(argparse.ArgumentParser):
    """Takes options by their whole names alone: what abbreviates one today may be another one's name tomorrow. The
    parsers of its commands do the same."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(allow_abbrev=False, **settings)


def positive(text: str) -> int:
    """A whole number from 1 up."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError("a number from 1 up is wanted")
    return int(text)


def size_option(text: str) -> int:
    """Bytes: see `size_of`."""
    try:
        return size_of(text)
    except UsageError as problem:
        raise argparse.ArgumentTypeError(str(problem)) from None


def shard(text: str) -> Shard:
    """A part and how many there are, as in 2/10."""
    part, slash, parts = text.partition("/")
    if not (slash and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise argparse.ArgumentTypeError("a part and how many there are is wanted, as in 2/10")
    return Shard(int(part), int(parts))
