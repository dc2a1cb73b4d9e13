"""From text to a syntax tree, or to all the syntax errors of a file at once."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, cast

from vlc_runtime.collector import paused

from vlc.diagnostics import CompileError, Diagnostic, Source
from vlc.syntax.builder import Builder
from vlc.syntax.complaints import complaint
from vlc.syntax.dialect import detect
from vlc.syntax.lexer import vl1_words, vl2_words
from vlc.syntax.line_ends import mark_line_ends
from vlc.syntax.nodes import Command, Program
from vlc.syntax.recovery import next_command
from vlc.syntax.roles import vl2_tokens
from vlc.syntax.tokens import DIALECTS, Dialect, Reading, Token
from vlc.syntax.vl1_roles import vl1_tokens

if TYPE_CHECKING:
    from lark import Lark


def parse(source: Source, dialect: str | None = None, *, unmarked: Dialect = "vl2") -> Program:
    """The program that a text spells, its infix chains resolved.

    `dialect` is "vl1", "vl2", or None to go by the text, where `unmarked` is the dialect if nothing in it tells.

    Raises CompileError with every syntax error of the text, in source order: after an error, reading goes on at the
    next command. Linear in the length of the text; no depth of nesting is too deep.
    """
    reading = Reading(source, _dialect(dialect) if dialect is not None else detect(source, unmarked))
    with paused():
        if reading.dialect == "vl1":
            tokens = vl1_tokens(vl1_words(source.text), reading)
        else:
            tokens = vl2_tokens(vl2_words(source.text), reading)
        reading.operators = frozenset(token.text for token in tokens if token.type == "OPERATOR")
        mark_line_ends(tokens, reading.operators)
        commands = _commands(tokens, reading)
    if reading.diagnostics:
        raise CompileError(*sorted(reading.diagnostics, key=_place))
    return Program(tuple(commands), source, reading.dialect)


def _dialect(name: str) -> Dialect:
    for dialect in DIALECTS:
        if dialect == name:
            return dialect
    raise ValueError(f"there is no dialect {name!r}; the dialects are {' and '.join(DIALECTS)}")


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.span.start if diagnostic.span else 0


def _commands(tokens: list[Token], reading: Reading) -> list[Command]:
    from lark.exceptions import UnexpectedToken

    length = len(reading.source.text)
    end = Token("$END", "", length, length, reading)
    start = 0
    while True:
        automaton = _automaton()
        feed = automaton.feed_token
        index = start
        try:
            for index in range(start, len(tokens)):
                feed(tokens[index])
            index = len(tokens)
            return cast("list[Command]", feed(end, True))
        except UnexpectedToken:
            values = automaton.value_stack
            told = values[0][-1].span.end if values and values[0] else 0  # the first value is the commands so far
            start = bisect_left(tokens, told, lo=start, hi=index, key=_start)
            reading.diagnostics.append(complaint(tokens, index, start, end))
            start = next_command(tokens, index, start)


def _start(token: Token) -> int:
    return token.start


def _automaton() -> Any:
    """A fresh parser."""
    return _grammar().parse_interactive("").parser_state


@cache
def _grammar() -> Lark:
    """The parse tables. Built once, when first needed: importing Lark takes longer than a small compilation."""
    from lark import Lark
    from lark.lexer import Lexer

    class NoLexer(Lexer):
        """Tokens are handed to the parser by _commands."""

        def __init__(self, _: object) -> None:
            pass

        def lex(self, *_: object) -> Iterator[Any]:
            return iter(())

    text = files("vlc.syntax").joinpath("grammar.lark").read_text(encoding="utf-8")
    builder = cast("Any", Builder)
    return Lark(
        text,
        start="program",
        parser="lalr",
        lexer=NoLexer,
        transformer=builder,
        keep_all_tokens=True,
        maybe_placeholders=False,
    )
