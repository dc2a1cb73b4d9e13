"""Where something is in a program, and how an error about it is told."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal


@dataclass(frozen=True, eq=False)
class Source:
    """A program's text under the name that messages call it by. Line ends are `\\n` (CRLF is normalised on reading)."""

    name: str
    text: str

    @cached_property
    def line_starts(self) -> list[int]:
        starts = [0]
        position = self.text.find("\n")
        while position >= 0:
            starts.append(position + 1)
            position = self.text.find("\n", position + 1)
        return starts

    def position(self, offset: int) -> tuple[int, int]:
        """(line, column) of an offset, both from 1; columns count characters."""
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1] + 1

    def line(self, number: int) -> str:
        start = self.line_starts[number - 1]
        end = self.text.find("\n", start)
        return self.text[start:] if end < 0 else self.text[start:end]


@dataclass(frozen=True, slots=True)
class Span:
    """The characters start..end (half open) of a source."""

    source: Source
    start: int
    end: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One thing to tell: `message` is a sentence without a full stop, `hint` says what to do about it."""

    message: str
    span: Span | None = None
    hint: str = ""
    severity: Literal["error", "warning"] = "error"
    notes: tuple[tuple[str, Span], ...] = field(default=())


class CompileError(Exception):
    """A stage found the program wrong: all that it found, in source order."""

    def __init__(self, *diagnostics: Diagnostic) -> None:
        super().__init__("; ".join(diagnostic.message for diagnostic in diagnostics))
        self.diagnostics = diagnostics
