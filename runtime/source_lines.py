"""Where nodes are written in the script, in time linear in the script: a line table and one look at its text."""

from __future__ import annotations

import linecache
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import PurePath
from types import CodeType

from vlc_runtime.node import Node, Statement


@dataclass(frozen=True, slots=True)
class SourceLine:
    """The line of a script that builds a node.

    `function` is the function that it is in and `target` the name that is assigned there (`return` for what a function
    returns); `declaration` is the comment above it. Of the statement of a goal both are its text, in one line. `line`
    is None for what no script wrote.
    """

    file: str = ""
    function: str = ""
    line: int | None = None
    target: str = ""
    declaration: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line is not None else ""


NOWHERE = SourceLine()


class SourceLines:
    """Called with a node, tells its line.

    Each function of the script is looked through once, when the first of its nodes is asked about.
    """

    def __init__(self) -> None:
        # by identity: comparing code objects compares their instructions. Each is held, so that no other takes its id.
        self._functions: dict[int, _Function] = {}

    def __call__(self, node: Node) -> SourceLine:
        if node.code is None:
            return NOWHERE
        function = self._functions.get(id(node.code))
        if function is None:
            function = self._functions[id(node.code)] = _Function(node.code)
        return (function.statement_at if isinstance(node, Statement) else function.line_at)(node.instruction)


class _Function:
    def __init__(self, code: CodeType) -> None:
        self._code = code
        self._file = PurePath(code.co_filename).name
        table = [(start, line) for start, _, line in code.co_lines() if line is not None]
        self._starts = [start for start, _ in table]
        self._numbers = [line for _, line in table]
        self._comments = self._comments_above(max(self._numbers, default=0))
        self._lines: dict[int, SourceLine] = {}
        self._positions: list[tuple[int | None, int | None, int | None, int | None]] | None = None

    def line_at(self, instruction: int) -> SourceLine:
        found = bisect_right(self._starts, instruction) - 1
        if found < 0:
            return NOWHERE
        number = self._numbers[found]
        line = self._lines.get(number)
        if line is None:
            target = linecache.getline(self._code.co_filename, number).strip().partition(" ")[0]
            declaration = self._comments.get(number, "")
            line = SourceLine(self._file, self._code.co_name, number, target, declaration)
            self._lines[number] = line
        return line

    def statement_at(self, instruction: int) -> SourceLine:
        """The line at which a call begins."""
        if self._positions is None:  # all at once: those before an instruction are gone through to find its own
            self._positions = list(self._code.co_positions())
        first, last, start, end = self._positions[instruction // 2]
        if first is None or last is None or start is None or end is None:  # Python was asked to forget them
            return self.line_at(instruction)
        text = _in_one_line(linecache.getlines(self._code.co_filename)[first - 1 : last], start, end)
        return SourceLine(self._file, self._code.co_name, first, text, text)

    def _comments_above(self, last: int) -> dict[int, str]:
        """For each line, the first line of the nearest block of comments at or above it."""
        above: dict[int, str] = {}
        text, inside = "", False
        for number in range(self._code.co_firstlineno + 1, last + 1):
            line = linecache.getline(self._code.co_filename, number).strip()
            if line.startswith("#") and not inside:
                text = line.removeprefix("#").strip()
            inside = line.startswith("#")
            above[number] = text
        return above


def _in_one_line(lines: list[str], start: int, end: int) -> str:
    """The text from a byte of the first line to one of the last; a call that black has cut into several is one line."""
    parts = [line.encode("utf-8") for line in lines]
    if parts:
        parts[-1] = parts[-1][:end]
        parts[0] = parts[0][start:]
    head, *rest = [part.decode("utf-8", "replace").strip() for part in parts] or [""]
    return f"{head}{' '.join(rest[:-1]).removesuffix(',')}{rest[-1]}" if rest else head
