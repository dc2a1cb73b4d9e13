"""Where something is in a program, and how an error about it is told."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from typing import Literal, TypeAlias
from unicodedata import combining, east_asian_width


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

    def contains(self, other: Span) -> bool:
        """Whether another span lies in this one."""
        return self.source is other.source and self.start <= other.start and other.end <= self.end


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


# Telling


def did_you_mean(name: str, candidates: Iterable[str]) -> str:
    """`did you mean ...?` with the one to three candidates nearest to a name, or an empty string."""
    found = [f"`{candidate}`" for candidate in nearest_names(name, candidates)]
    if not found:
        return ""
    return f"did you mean {', '.join(found[:-1])}{' or ' if len(found) > 1 else ''}{found[-1]}?"


def nearest_names(name: str, candidates: Iterable[str]) -> list[str]:
    """The candidates nearest to a name, three at the most, the nearest first.

    Nearness is difflib's ratio, letters' case aside; ties go by the alphabet, so that the order of the candidates does
    not matter.
    """
    spellings: dict[str, list[str]] = {}
    for candidate in sorted(set(candidates)):
        if candidate != name:
            spellings.setdefault(candidate.lower(), []).append(candidate)
    near = get_close_matches(name.lower(), sorted(spellings), n=3, cutoff=0.7)
    return [candidate for spelling in near for candidate in spellings[spelling]][:3]


def render(diagnostics: Iterable[Diagnostic], color: bool = False) -> str:
    """All diagnostics for people: place, message, source line with carets, hint, notes; then a count.

    Whatever a program's text holds, the result has no control characters but newlines (and, with `color`, colours).
    """
    told = list(diagnostics)
    paint = _paint if color else _plain
    blocks = [_block(diagnostic, paint) for diagnostic in told]
    counts = [
        f"{count} {severity}{'s' if count > 1 else ''}"
        for severity in ("error", "warning")
        if (count := sum(diagnostic.severity == severity for diagnostic in told))
    ]
    return "".join(blocks) + (", ".join(counts) + "\n" if counts else "")


def excerpt(span: Span) -> str:
    """The place of a span, and under it its line with carets."""
    return f"{_place(span, _plain).rstrip()}\n{_excerpt(span, _plain, 'error')}"


def to_json(diagnostics: Iterable[Diagnostic]) -> str:
    """All diagnostics for editors: a JSON array of objects with the keys

    file, line, column, endLine, endColumn (from 1, the end exclusive; null where nothing in a file is meant), severity
    ("error" or "warning"), message, hint (may be empty), notes (objects with file, the four numbers, and message).
    """
    entries = [
        {
            **_json_place(diagnostic.span),
            "severity": diagnostic.severity,
            "message": diagnostic.message,
            "hint": diagnostic.hint,
            "notes": [{**_json_place(span), "message": text} for text, span in diagnostic.notes],
        }
        for diagnostic in diagnostics
    ]
    return json.dumps(entries, indent=2) + "\n"


def _json_place(span: Span | None) -> dict[str, str | int | None]:
    if span is None:
        return {"file": None, "line": None, "column": None, "endLine": None, "endColumn": None}
    line, column = span.source.position(span.start)
    end_line, end_column = span.source.position(span.end)
    return {"file": span.source.name, "line": line, "column": column, "endLine": end_line, "endColumn": end_column}


_Paint: TypeAlias = Callable[[str, str], str]
_COLORS = {"error": "1;31", "warning": "1;35", "note": "1;36", "hint": "1;32", "place": "1"}
_WIDEST_LINE = 110
_BEFORE_SPAN = 40


def _plain(_: str, text: str) -> str:
    return text


def _paint(role: str, text: str) -> str:
    return f"\x1b[{_COLORS[role]}m{text}\x1b[0m"


def _block(diagnostic: Diagnostic, paint: _Paint) -> str:
    severity = diagnostic.severity
    text = f"{_place(diagnostic.span, paint)}{paint(severity, severity + ':')} {_printable(diagnostic.message)}\n"
    if diagnostic.span is not None:
        text += _excerpt(diagnostic.span, paint, severity)
    if diagnostic.hint:
        text += f"  {paint('hint', 'hint:')} {_printable(diagnostic.hint)}\n"
    for message, span in diagnostic.notes:
        text += f"{_place(span, paint)}{paint('note', 'note:')} {_printable(message)}\n"
        text += _excerpt(span, paint, "note")
    return text


def _place(span: Span | None, paint: _Paint) -> str:
    if span is None:
        return ""
    line, column = span.source.position(span.start)
    return paint("place", f"{_printable(span.source.name)}:{line}:{column}:") + " "


def _excerpt(span: Span, paint: _Paint, role: str) -> str:
    """The first line of a span with carets under it, cut to the neighbourhood of the span where it is long."""
    text, start = span.source.text, span.start
    _, column = span.source.position(start)
    line_start = start - column + 1
    seen = min(start + _WIDEST_LINE + 1, len(text))  # a line may be a megabyte, and have thousands of errors
    newline = text.find("\n", start, seen)
    line_end = newline if newline >= 0 else seen
    first, last = line_start, line_end
    if line_end - line_start > _WIDEST_LINE:
        first = max(line_start, min(start - _BEFORE_SPAN, line_end - _WIDEST_LINE))
        last = first + _WIDEST_LINE
    end = min(span.end, last)
    before, marked, after = text[first:start], text[start:end], text[end:last]
    lead = "..." if first > line_start else ""
    trail = "..." if last < line_end else ""
    shown = f"{lead}{_printable(before)}{_printable(marked)}{_printable(after)}{trail}"
    blanks = " " * (len(lead) + _columns(_printable(before)))
    carets = "^" * max(1, _columns(_printable(marked)))
    return f"    {shown.rstrip()}\n    {blanks}{paint(role, carets)}\n"


def _printable(text: str) -> str:
    """A text as it may go to a terminal: tabs as four spaces, what would not show or would steer it as an escape."""
    if text.isprintable():
        return text
    return "".join(
        "    "
        if character == "\t"
        else character
        if character.isprintable()
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def _columns(text: str) -> int:
    """The columns that a text takes in a terminal: East Asian wide characters take two, combining marks none."""
    if text.isascii():
        return len(text)
    return sum(0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1 for character in text)
