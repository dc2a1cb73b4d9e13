"""Tokens, and the text of one file while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from vlc.diagnostics import Diagnostic, Source, Span

Dialect: TypeAlias = Literal["vl1", "vl2"]
DIALECTS: tuple[Dialect, ...] = ("vl1", "vl2")


@dataclass(eq=False, slots=True)
class Reading:
    """One file while it is being read: its text, its dialect, its operators, and what was found wrong so far."""

    source: Source
    dialect: Dialect
    diagnostics: list[Diagnostic] = field(default_factory=list)
    operators: frozenset[str] = frozenset()

    def error(
        self, message: str, start: int, end: int, *, hint: str = "", notes: tuple[tuple[str, Span], ...] = ()
    ) -> None:
        self.diagnostics.append(Diagnostic(message, Span(self.source, start, end), hint=hint, notes=notes))


class Token:
    """A terminal of the grammar: `type` says what the characters start..end do where they stand.

    A token knows its reading, so that the functions which build the tree need no state but their arguments.
    """

    __slots__ = ("end", "reading", "start", "text", "type")

    def __init__(self, type: str, text: str, start: int, end: int, reading: Reading) -> None:
        self.type = type
        self.text = text
        self.start = start
        self.end = end
        self.reading = reading

    @property
    def span(self) -> Span:
        return Span(self.reading.source, self.start, self.end)

    def __repr__(self) -> str:
        return f"{self.type}({self.text!r})"
