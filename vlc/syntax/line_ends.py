"""Where a command was meant to end, though the text goes on: after a `;`, or after what still wants an operand.

    x = 3;              x = 3 +
    y = 4               y = 4

The grammar would read on, `3 ; y = 4` and `3 + y = 4`: there may be such operators. Where the file declares none, and a
command begins on the next line, that is told, not what such an operator would mean. So is `-(a) = 0 - a` after an
expression, which goes on with it: only with `let` it is a definition.
"""

from __future__ import annotations

from collections.abc import Container

from vlc.syntax.recovery import column_of, is_defined
from vlc.syntax.tokens import Token

_WANTS_OPERAND = frozenset({"INFIX", "PREFIX", "EQUALS", "SEMICOLON"})
_LABELLED = frozenset({"PRINT", "SAVE"})
_COMMANDS = frozenset({"LET", "DEFINED", "PRINT", "SAVE", "IMPORT"})
_VL1_COMMANDS = {"let": "LET", "load": "LOAD", "print": "PRINT", "save": "SAVE", "import": "IMPORT"}
_AFTER_VL1_COMMAND = frozenset({"NAME", "STRING", "PREFIX"})


def mark_line_ends(tokens: list[Token], declared: Container[str]) -> None:
    """Make each `;` that ends a command a SEMICOLON, and the words after unfinished commands what begins the next.

    An operator that was meant to be defined, and goes on with the expression above it, is an UNMARKED_DEFINITION.

    `declared` are the operators that the file declares. Linear, and quick where there is nothing to mark.
    """
    for index, token in enumerate(tokens):
        if token.type == "INFIX" and token.text == ";" and ";" not in declared and _ends_command(tokens, index):
            token.type = "SEMICOLON"
        elif token.type == "NAME" and index and _wants_operand(tokens, index) and _begins_command(tokens, index):
            if token.reading.dialect == "vl1":
                token.type = _VL1_COMMANDS[token.text]
            elif "=" not in declared:
                token.type = "DEFINED"
        elif token.type == "INFIX" and "=" not in declared and _looks_like_a_definition(tokens, index):
            token.type = "UNMARKED_DEFINITION"


def _ends_command(tokens: list[Token], index: int) -> bool:
    """Whether a `;` is the last word of its line, or another command follows it there."""
    if index + 1 == len(tokens):
        return True
    semicolon, following = tokens[index], tokens[index + 1]
    text = semicolon.reading.source.text
    return text.find("\n", semicolon.end, following.start) >= 0 or _is_command(tokens, index + 1)


def _wants_operand(tokens: list[Token], index: int) -> bool:
    before = tokens[index - 1].type
    return before in _WANTS_OPERAND or (before == "STRING" and index > 1 and tokens[index - 2].type in _LABELLED)


def _begins_command(tokens: list[Token], index: int) -> bool:
    """Whether a command begins at the start of a line, or after a `;`: continued lines are indented."""
    first = tokens[index - 1].type == "SEMICOLON" or column_of(tokens[index]) == 1
    return first and _is_command(tokens, index)


def _looks_like_a_definition(tokens: list[Token], index: int) -> bool:
    """Whether an operator with one parameter and a `=` begins a line: `-(a) = 0 - a`."""
    words = tokens[index + 1 : index + 5]
    if len(words) < 4 or words[0].type != "OPEN" or words[3].text != "=":
        return False
    if words[1].type != "NAME" or words[2].type != "CLOSE":
        return False
    return tokens[index].reading.dialect == "vl2" and column_of(tokens[index]) == 1


def _is_command(tokens: list[Token], index: int) -> bool:
    token = tokens[index]
    if token.reading.dialect == "vl1":
        following = tokens[index + 1].type if index + 1 < len(tokens) else ""
        return token.text in _VL1_COMMANDS and following in _AFTER_VL1_COMMAND
    return token.type in _COMMANDS or (token.type == "NAME" and is_defined(tokens, index))
