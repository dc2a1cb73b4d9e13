"""Where reading goes on after a syntax error."""

from __future__ import annotations

from vlc.syntax.tokens import Token

_COMMANDS = frozenset({"LET", "DEFINED", "PRINT", "SAVE", "IMPORT", "LOAD"})
_ALWAYS_COMMANDS = frozenset({"DEFINED", "PRINT", "SAVE", "IMPORT", "LOAD"})


def next_command(tokens: list[Token], wrong: int, start: int) -> int:
    """The index of the token at which the next command begins, after an error at `wrong` in the one from `start`.

    The wrong token itself may begin it: an unfinished command shows only in what follows. A `let` counts where it is
    the first word of its line, since elsewhere it is more likely that of `let .. in`.
    """
    for index in range(max(wrong, start + 1), len(tokens)):
        token = tokens[index]
        if token.type in _ALWAYS_COMMANDS or (token.type in _COMMANDS and begins_line(token)):
            return index
    return len(tokens)


def begins_line(token: Token) -> bool:
    """Whether only spaces stand before a token on its line."""
    text = token.reading.source.text
    before = token.start - 1
    while before >= 0 and text[before] in " \t\f":
        before -= 1
    return before < 0 or text[before] == "\n"
