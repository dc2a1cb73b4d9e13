"""Which dialect a text is in: what its first line says, else the marks that only one dialect has.

Marks are looked for among the words, before any parsing, so that the answer does not depend on what parses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

from vlc.diagnostics import CompileError, Diagnostic, Source, Span
from vlc.syntax.lexer import SYMBOLS, Word, vl2_words
from vlc.syntax.roles import KEYWORDS
from vlc.syntax.tokens import DIALECTS, Dialect

FIRST_LINE = re.compile(r"[ \t]*//[ \t]*dialect:[ \t]*([^\n]*?)[ \t]*(?:\n|$)")
"""The comment that names the dialect: only as the very first line."""

_PERHAPS_VL1 = re.compile(rf'\bload\b|\b[A-Z]+[ \t]+[a-z0-9"]|[{re.escape(SYMBOLS)}][ \t]*\[')
_Mark: TypeAlias = tuple[str, Span]
_OPERANDS = frozenset({"NAME", "QUALIFIED", "NUMBER", "STRING"})
_HINT = "say which it is in the first line, // dialect: vl1 or // dialect: vl2, or with --dialect"


def detect(source: Source, unmarked: Dialect = "vl2") -> Dialect:
    """The dialect of a text; `unmarked` where nothing tells.

    Raises CompileError for marks of both dialects, and for a first line that names neither.
    """
    text = source.text
    said = FIRST_LINE.match(text)
    if said is not None:
        for dialect in DIALECTS:
            if said[1] == dialect:
                return dialect
        span = Span(source, *said.span(1))
        raise CompileError(Diagnostic("this names no dialect", span, f"the dialects are {' and '.join(DIALECTS)}"))
    if unmarked == "vl2" and _PERHAPS_VL1.search(text) is None:
        return "vl2"
    marks = _Marks(source)
    vl1 = next(marks.of_vl1(), None)
    if vl1 is None and unmarked == "vl2":
        return "vl2"
    vl2 = next(marks.of_vl2(), None)
    if vl1 is None:
        return unmarked if vl2 is None else "vl2"
    if vl2 is None:
        return "vl1"
    message = f"this program mixes dialects: {vl1[0]} is of vl1, {vl2[0]} of vl2"
    raise CompileError(Diagnostic(message, vl1[1], _HINT, notes=((f"{vl2[0]}, of vl2", vl2[1]),)))


class _Marks:
    """The words of a text in which marks are looked for. Everything is linear in their number."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.words = vl2_words(source.text)
        self.closings = _closings(self.words)

    def of_vl1(self) -> Iterator[_Mark]:
        """What only vl1 has: `load x = ".."`, an operator of capitals beside its operand, `op[c, d]`."""
        words = self.words
        has_fold = any(word[1] == "fold" for word in words)  # `fold + N xs` has operands side by side
        for index, (kind, text, _) in enumerate(words):
            if kind == "NAME":
                if text == "load" and self.spells(index + 1, "NAME", "=") and self.is_string(index + 3):
                    yield "the command `load`", self.span(index, index + 3)
                elif not has_fold and text.isalpha() and text.isupper() and self.operand_follows(index):
                    yield f"the operator `{text}`", self.span(index, index + 1)
            elif kind in ("OPERATOR", "LETTER_OPERATOR") and not has_fold and text != "=":
                closing = self.closings.get(index + 1) if self.spells(index + 1, "[") else None
                if closing is None or not index or not _ends_operand(words[index - 1]):
                    continue
                if self.operand_follows(closing) or self.spells(closing + 1, "("):
                    yield f"the operator with arguments `{text}[..]`", self.span(index, closing)

    def of_vl2(self) -> Iterator[_Mark]:
        """What only vl2 has: `a.b`, `a_b`, `$a`, loops, `let .. in`, lists, `f()`, definitions without `let`."""
        words = self.words
        for index, (kind, text, _) in enumerate(words):
            here = self.span(index, index)
            after_operand = index > 0 and _ends_operand(words[index - 1])
            if kind == "QUALIFIED":
                yield f"the qualified name `{text}`", here
            elif kind == "NAME":
                if text.startswith("$") or "_" in text:
                    yield f"the name `{text}`", here
                elif text in ("in", "do") and after_operand:
                    yield f"the keyword `{text}`", here
                elif (index == 0 or (after_operand and self.begins_line(index))) and self.is_defined(index):
                    yield f"the definition of `{text}` without `let`", here
            elif kind == "BRACKET" and text == "[" and index:
                before = words[index - 1][1]
                if after_operand or before in ("(", ",", "=", "[") or before in KEYWORDS:
                    yield "a list or an index", here
            elif kind == "BRACKET" and text == "(" and after_operand and self.spells(index + 1, ")"):
                yield "an empty argument list", here

    def span(self, first: int, last: int) -> Span:
        _, text, start = self.words[last]
        return Span(self.source, self.words[first][2], start + len(text))

    def begins_line(self, index: int) -> bool:
        _, text, start = self.words[index - 1]
        return index == 0 or self.source.text.find("\n", start + len(text), self.words[index][2]) >= 0

    def spells(self, index: int, *expected: str) -> bool:
        """Whether words of these kinds or texts stand from an index on."""
        if index + len(expected) > len(self.words):
            return False
        return all(wanted in self.words[index + offset][:2] for offset, wanted in enumerate(expected))

    def is_string(self, index: int) -> bool:
        """Whether a string stands at a word, or what vl2 takes for an open one: vl1's may end in a backslash."""
        return self.spells(index, "STRING") or self.spells(index, "BAD_STRING")

    def operand_follows(self, index: int) -> bool:
        """Whether a word is followed, on its line, by an operand that begins no command."""
        if index + 1 >= len(self.words) or self.begins_line(index + 1):
            return False
        kind, text, _ = self.words[index + 1]
        return kind in _OPERANDS and text not in KEYWORDS and not self.is_defined(index + 1)

    def is_defined(self, index: int) -> bool:
        """Whether `name =` or `name(a, b) =` stands at a word."""
        kind, text, _ = self.words[index]
        if kind != "NAME" or text in KEYWORDS:
            return False
        closing = self.closings.get(index + 1)
        is_function = closing is not None and self.spells(index + 1, "(") and self.spells(closing + 1, "=")
        return is_function or self.spells(index + 1, "=")


def _closings(words: list[Word]) -> dict[int, int]:
    """Where each bracket is closed."""
    closings: dict[int, int] = {}
    opened: list[int] = []
    for index, (kind, text, _) in enumerate(words):
        if kind == "BRACKET":
            if text in "([":
                opened.append(index)
            elif text in ")]" and opened:
                closings[opened.pop()] = index
    return closings


def _ends_operand(word: Word) -> bool:
    return (word[0] in _OPERANDS and word[1] not in KEYWORDS) or word[1] in (")", "]")
