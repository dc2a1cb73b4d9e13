"""Breaking long commands into lines."""

from __future__ import annotations

from vlc.syntax.nodes import Command
from vlc.syntax.printer import CLOSING, END, GROUP, LEVEL_GROUP, LINE, OPENING, pieces_of
from vlc.syntax.tokens import Dialect

WIDTH = 100
_INDENT = 4
_DEEPEST_INDENT = 40  # so that deep nesting stays linear in size

_FLAT = {LINE: " ", OPENING: "", CLOSING: ""}


def laid_out(command: Command, dialect: Dialect, prefix: str = "") -> str:
    """The canonical text of a command, with its lines broken where it is wider than WIDTH, after a prefix.

    A group of breaks stays on the line if it fits up to the next break behind it, else all its breaks are taken
    (D. C. Oppen, "Prettyprinting", 1980). Linear in the length of the text.
    """
    pieces = pieces_of(command, dialect)
    ends = _ends(pieces)
    starts = [0]  # where each piece would stand if all were one line
    for piece in pieces:
        starts.append(starts[-1] + _flat_width(piece))
    next_break = _next_breaks(pieces)
    text = [prefix]
    column = len(prefix)
    groups: list[tuple[bool, int]] = [(False, 0)]  # broken, indentation
    for index, piece in enumerate(pieces):
        broken, indent = groups[-1]
        if piece in (GROUP, LEVEL_GROUP):
            width = starts[next_break[ends[index]]] - starts[index]
            breaks = column + width > WIDTH
            deeper = indent + _INDENT if piece == GROUP else max(indent, _INDENT)
            groups.append((breaks, min(deeper, _DEEPEST_INDENT)))
        elif piece == END:
            groups.pop()
        elif piece in _FLAT and broken:
            column = indent if piece != CLOSING else groups[-2][1]
            text.append("\n" + " " * column)
        else:
            shown = _FLAT.get(piece, piece)
            text.append(shown)
            column += len(shown)
    return "".join(text)


def _flat_width(piece: str) -> int:
    if piece in (GROUP, LEVEL_GROUP, END):
        return 0
    return len(_FLAT.get(piece, piece))


def _ends(pieces: list[str]) -> dict[int, int]:
    """Where each group ends."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        if piece in (GROUP, LEVEL_GROUP):
            opened.append(index)
        elif piece == END:
            ends[opened.pop()] = index
    return ends


def _next_breaks(pieces: list[str]) -> list[int]:
    """The first break at or after each piece, or the end."""
    following = [len(pieces)] * len(pieces)
    found = len(pieces)
    for index in range(len(pieces) - 1, -1, -1):
        if pieces[index] in _FLAT:
            found = index
        following[index] = found
    return following
