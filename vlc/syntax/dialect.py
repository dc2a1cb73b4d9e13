"""Which dialect a text is in: what its first line says, else the marks that only one dialect has.

Marks are looked for among the words, before any parsing, so that the answer does not depend on what parses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vlc.diagnostics import CompileError, Diagnostic, Source, Span
from vlc.syntax.lexer import SYMBOLS, Word, vl2_words
from vlc.syntax.roles import KEYWORDS
from vlc.syntax.tokens import DIALECTS, Dialect

_FIRST_LINE = re.compile(r"[ \t]*//[ \t]*dialect:[ \t]*([^\n]*?)[ \t]*(?:\n|$)")
_PERHAPS_VL1 = re.compile(rf'\bload\b|\b[A-Z]+[ \t]+[a-z0-9"]|[{re.escape(SYMBOLS)}][ \t]*\[')
_OPERANDS = frozenset({"NAME", "QUALIFIED", "NUMBER", "STRING"})
_HINT = "say which it is in the first line, // dialect: vl1 or // dialect: vl2, or with --dialect"


def detect(source: Source, unmarked: Dialect = "vl2") -> Dialect:
    """The dialect of a text; `unmarked` where nothing tells.

    Raises CompileError for marks of both dialects, and for a first line that names neither.
    """
    text = source.text
    said = _FIRST_LINE.match(text)
    if said is not None:
        for dialect in DIALECTS:
            if said[1] == dialect:
                return dialect
        span = Span(source, *said.span(1))
        raise CompileError(Diagnostic("this names no dialect", span, f"the dialects are {' and '.join(DIALECTS)}"))
    if unmarked == "vl2" and _PERHAPS_VL1.search(text) is None:
        return "vl2"
    words = vl2_words(text)
    vl1 = next(_vl1_marks(words, source), None)
    if vl1 is None and unmarked == "vl2":
        return "vl2"
    vl2 = next(_vl2_marks(words, source), None)
    if vl1 is None:
        return unmarked if vl2 is None else "vl2"
    if vl2 is None:
        return "vl1"
    message = f"this program mixes dialects: {vl1[0]} is of vl1, {vl2[0]} of vl2"
    raise CompileError(Diagnostic(message, vl1[1], _HINT, notes=((f"{vl2[0]}, of vl2", vl2[1]),)))


def _span(words: list[Word], first: int, last: int, source: Source) -> Span:
    return Span(source, words[first][2], words[last][2] + len(words[last][1]))


def _vl1_marks(words: list[Word], source: Source) -> Iterator[tuple[str, Span]]:
    has_fold = any(word[1] == "fold" for word in words)  # `fold + N xs` has operands side by side
    for index, (kind, text, _) in enumerate(words):
        if kind == "NAME":
            if text == "load" and _spells(words, index + 1, "NAME", "=", "STRING"):
                yield "the command `load`", _span(words, index, index + 3, source)
            elif not has_fold and _is_capitals(text) and _operand_follows(words, index, source):
                yield f"the operator `{text}`", _span(words, index, index + 1, source)
        elif kind in ("OPERATOR", "LETTER_OPERATOR") and not has_fold and text != "=":
            closing = _closing(words, index + 1, "[", "]")
            if closing is None or not index or not _ends_operand(words[index - 1]):
                continue
            if _operand_follows(words, closing, source) or _spells(words, closing + 1, "("):
                yield f"the operator with arguments `{text}[..]`", _span(words, index, closing, source)


def _is_capitals(text: str) -> bool:
    return text.isalpha() and text.isupper()


def _ends_operand(word: Word) -> bool:
    return (word[0] in _OPERANDS and word[1] not in KEYWORDS) or word[1] in ")]"


def _operand_follows(words: list[Word], index: int, source: Source) -> bool:
    """Whether a word is followed, on its line, by an operand that begins no command."""
    if index + 1 >= len(words):
        return False
    kind, text, start = words[index + 1]
    if kind not in _OPERANDS or text in KEYWORDS or "\n" in source.text[words[index][2] : start]:
        return False
    return not _spells(words, index + 2, "=") and not (kind == "NAME" and _begins_function(words, index + 1))


def _begins_function(words: list[Word], index: int) -> bool:
    """Whether `name(a, b) =` stands at a word."""
    closing = _closing(words, index + 1, "(", ")")
    return closing is not None and _spells(words, closing + 1, "=")


def _closing(words: list[Word], index: int, opening: str, closing: str) -> int | None:
    """Where the bracket that opens at a word closes, at most 1000 words on."""
    if not _spells(words, index, opening):
        return None
    depth = 0
    for at in range(index, min(index + 1000, len(words))):
        if words[at][1] == opening:
            depth += 1
        elif words[at][1] == closing:
            depth -= 1
            if depth == 0:
                return at
    return None


def _spells(words: list[Word], index: int, *expected: str) -> bool:
    """Whether words of these kinds or texts stand from an index on."""
    if index + len(expected) > len(words):
        return False
    return all(wanted in words[index + offset][:2] for offset, wanted in enumerate(expected))


def _is_defined(words: list[Word], index: int) -> bool:
    return words[index][1] not in KEYWORDS and (_spells(words, index + 1, "=") or _begins_function(words, index))


def _vl2_marks(words: list[Word], source: Source) -> Iterator[tuple[str, Span]]:
    for index, (kind, text, start) in enumerate(words):
        here = _span(words, index, index, source)
        after_operand = index > 0 and _ends_operand(words[index - 1])
        if kind == "QUALIFIED":
            yield f"the qualified name `{text}`", here
        elif kind == "NAME":
            begins_line = index == 0 or "\n" in source.text[words[index - 1][2] : start]
            if text.startswith("$") or "_" in text:
                yield f"the name `{text}`", here
            elif text in ("in", "do") and after_operand:
                yield f"the keyword `{text}`", here
            elif begins_line and (after_operand or index == 0) and _is_defined(words, index):
                yield f"the definition of `{text}` without `let`", here
        elif text == "[" and index and kind == "BRACKET":
            before = words[index - 1]
            if after_operand or before[1] in ("(", ",", "=", "[") or before[1] in KEYWORDS:
                yield "a list or an index", here
        elif text == "(" and after_operand and _spells(words, index + 1, ")"):
            yield "an empty argument list", here
