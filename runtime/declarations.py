"""The declarations that many nodes come from, in time linear in the script: a line table and one look at its text."""

from __future__ import annotations

import linecache
from bisect import bisect_right
from types import CodeType

from vlc_runtime.node import Node


class Declarations:
    """Called with a node, tells its declaration: the comment above its line in the script, or ''.

    Each function of the script is looked through once, when the first of its nodes is asked about.
    """

    def __init__(self) -> None:
        # by identity: comparing code objects compares their instructions. Each is held, so that no other takes its id.
        self._functions: dict[int, _Function] = {}

    def __call__(self, node: Node) -> str:
        if node.code is None:
            return ""
        function = self._functions.get(id(node.code))
        if function is None:
            function = self._functions[id(node.code)] = _Function(node.code)
        return function.declaration(node.instruction)


class _Function:
    def __init__(self, code: CodeType) -> None:
        self._code = code
        table = [(start, line) for start, _, line in code.co_lines() if line is not None]
        self._starts = [start for start, _ in table]
        self._lines = [line for _, line in table]
        self._comments = self._comments_above(max(self._lines, default=0))

    def declaration(self, instruction: int) -> str:
        found = bisect_right(self._starts, instruction) - 1
        return self._comments.get(self._lines[found], "") if found >= 0 else ""

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
