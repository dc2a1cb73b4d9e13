"""Imported files that say no dialect, of a file in vl1: they are read as vl2, and may have been meant otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vlc.diagnostics import CompileError, Diagnostic, Source, Span
from vlc.syntax.compare import same
from vlc.syntax.dialect import detect
from vlc.syntax.nodes import Program
from vlc.syntax.parser import parse

_HINT = "say which it is in its first line, // dialect: vl1 or // dialect: vl2, or give --dialect vl1"


def is_unmarked(source: Source) -> bool:
    """Whether nothing in a text tells its dialect."""
    return detect(source, "vl2") == "vl2" and detect(source, "vl1") == "vl1"


def other_meaning(program: Program, imported_at: Span) -> Diagnostic | None:
    """A warning where a text that was read as vl2 would mean something else in vl1; None where it would not."""
    try:
        other = parse(program.source, "vl1")
    except CompileError:
        return None
    if len(other.commands) == len(program.commands) and all(map(same, other.commands, program.commands)):
        return None
    name = program.source.name
    return Diagnostic(
        f"{name} does not say its dialect: it is read as vl2, and would mean something else in vl1, as this file is",
        imported_at,
        _HINT,
        severity="warning",
    )


def with_notes(error: CompileError, unmarked: Mapping[Source, Span]) -> CompileError:
    """An error that tells how unmarked files that are wrong were read; `unmarked` has where each is imported."""
    return CompileError(*[_with_note(each, unmarked) for each in error.diagnostics])


def _with_note(diagnostic: Diagnostic, unmarked: Mapping[Source, Span]) -> Diagnostic:
    if diagnostic.span is None or diagnostic.span.source not in unmarked:
        return diagnostic
    source = diagnostic.span.source
    note = (
        f"{source.name} is read as vl2, since it does not say its dialect; this file is in vl1: if it is too, let its "
        "first line be // dialect: vl1"
    )
    return replace(diagnostic, notes=(*diagnostic.notes, (note, unmarked[source])))
