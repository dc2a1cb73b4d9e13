"""Where reading goes on after a syntax error."""

from __future__ import annotations

from vlc.syntax.tokens import Token

_COMMANDS = frozenset({"DEFINED", "PRINT", "SAVE", "IMPORT", "LOAD"})
_KEYWORDS = frozenset({"FOR", "IN", "DO", "FOLD", "FILTER", "BOOLEAN"})


def next_command(tokens: list[Token], wrong: int, start: int) -> int:
    """The index of the token at which the next command begins, after an error at `wrong` in the one from `start`.

    The wrong token itself may begin it: an unfinished command shows only in what follows. A `let` counts where it is
    the first word of its line, since elsewhere it is more likely that of `let .. in`; so does a name or a keyword
    before `=`, whatever its role after the words that went wrong: such a name is made DEFINED.
    """
    for index in range(max(wrong, start + 1), len(tokens)):
        token = tokens[index]
        if token.type in _COMMANDS:
            return index
        if token.type in ("LET", "NAME", *_KEYWORDS) and begins_line(token):
            if token.type == "LET":
                return index
            if token.reading.dialect == "vl2" and is_defined(tokens, index):
                if token.type == "NAME":
                    token.type = "DEFINED"
                return index
    return len(tokens)


def is_defined(tokens: list[Token], index: int) -> bool:
    """Whether `name =` or `name(a, b) =` stands at a token."""
    index += 1
    count = len(tokens)
    if index < count and tokens[index].type == "OPEN":
        index += 1
        while index < count and tokens[index].type in ("NAME", "COMMA"):
            index += 1
        if index == count or tokens[index].type != "CLOSE":
            return False
        index += 1
    return index < count and tokens[index].text == "="


def begins_line(token: Token) -> bool:
    """Whether only spaces stand before a token on its line."""
    text = token.reading.source.text
    before = token.start - 1
    while before >= 0 and text[before] in " \t\f":
        before -= 1
    return before < 0 or text[before] == "\n"


def column_of(token: Token) -> int:
    """The column at which a token stands, from 1."""
    return token.reading.source.position(token.start)[1]
