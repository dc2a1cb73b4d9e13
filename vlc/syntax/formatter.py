"""A program's text, its commands in canonical form, its comments and paragraphs kept: `vlc fmt`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vlc.diagnostics import Source
from vlc.syntax.dialect import FIRST_LINE
from vlc.syntax.layout import laid_out
from vlc.syntax.nodes import Command, Let
from vlc.syntax.parser import parse
from vlc.syntax.tokens import Dialect

_STRING_OR_COMMENT: dict[Dialect, re.Pattern[str]] = {
    "vl1": re.compile(r'"[^"]*+"|(?P<comment>//[^\n]*+)'),
    "vl2": re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"|(?P<comment>//[^\n]*+)'),
}
_BLANK_LINE = re.compile(r"\n[ \t\f]*\n")


@dataclass(frozen=True, slots=True)
class _Piece:
    """A comment or a command: its canonical text, and where it stands in the source."""

    text: str
    start: int
    end: int
    is_comment: bool


def format_source(source: Source, dialect: str | None = None) -> str:
    """The text of a program with each command printed canonically; formatting the result again changes nothing.

    Comments stay on their lines or behind their commands; those inside a command go above it. Of blank lines in a row
    one stays. Lines over 100 columns are broken at commas and behind operators. Raises CompileError like `parse`.
    """
    program = parse(source, dialect)
    commands = [
        _Piece(_command_text(command, program.dialect), command.span.start, command.span.end, is_comment=False)
        for command in program.commands
    ]
    lines: list[str] = []
    last: _Piece | None = None
    for piece in _in_order(commands, _comments(source, program.dialect)):
        if last is not None:
            gap = source.text[last.end : piece.start]
            if piece.is_comment and not last.is_comment and "\n" not in gap:
                lines[-1] += f"  {piece.text}"
                last = piece
                continue
            if _BLANK_LINE.search(gap):
                lines.append("")
        lines.append(piece.text)
        last = piece
    text = "".join(f"{line}\n" for line in lines)
    if FIRST_LINE.match(text) and not FIRST_LINE.match(source.text):
        return f"\n{text}"  # what was a plain comment further down must not begin to name the dialect
    return text


def _command_text(command: Command, dialect: Dialect) -> str:
    """A definition keeps its `let`, which vl2 does not need."""
    text = laid_out(command, dialect)
    if isinstance(command, Let) and command.name.span.start > command.span.start and not text.startswith("let "):
        return laid_out(command, dialect, "let ")
    return text


def _comments(source: Source, dialect: Dialect) -> list[_Piece]:
    return [
        _Piece(match["comment"].rstrip(), match.start(), match.end(), is_comment=True)
        for match in _STRING_OR_COMMENT[dialect].finditer(source.text)
        if match["comment"] is not None
    ]


def _in_order(commands: list[_Piece], comments: list[_Piece]) -> list[_Piece]:
    """All pieces by their places; a comment inside a command is moved to the start of the command."""
    pieces: list[_Piece] = []
    waiting = iter(comments)
    comment = next(waiting, None)
    for command in commands:
        while comment is not None and comment.start < command.end:
            if comment.start > command.start:
                comment = _Piece(comment.text, command.start, command.start, is_comment=True)
            pieces.append(comment)
            comment = next(waiting, None)
        pieces.append(command)
    if comment is not None:
        pieces += [comment, *waiting]
    return pieces
