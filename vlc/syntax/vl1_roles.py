"""What each word of a vl1 text does where it stands: the terminals of the grammar.

VoxLogicA 1 has no reserved words: `let`, `load`, `print`, `save`, `import` are commands where a command can begin.
"""

from __future__ import annotations

from vlc.syntax.lexer import Word
from vlc.syntax.tokens import Reading, Token

_COMMANDS = {"let": "LET", "load": "LOAD", "print": "PRINT", "save": "SAVE", "import": "IMPORT"}
_BRACKETS = {"(": "OPEN", ")": "CLOSE", ",": "COMMA"}
_ENDS_OPERAND = frozenset({"NAME", "NUMBER", "STRING", "BOOLEAN", "CLOSE", "OPERATOR"})


def vl1_tokens(words: list[Word], reading: Reading) -> list[Token]:
    """The tokens of a vl1 text. Linear in its length."""
    tokens: list[Token] = []
    arguments_open = 0
    defining = False  # up to the `=` of a definition
    after_operand = True  # at the start as after a command
    previous = ""
    index, count = 0, len(words)
    while index < count:
        kind, text, start = words[index]
        end = start + len(text)
        next_kind, next_text, next_start = words[index + 1] if index + 1 < count else ("", "", -1)
        if kind == "NAME":
            if after_operand and text in _COMMANDS:
                type = _COMMANDS[text]
                defining = True
            else:
                type = "BOOLEAN" if text in ("true", "false") else "NAME"
        elif kind == "OPERATOR":
            if previous == "LET":
                type = "OPERATOR"
            elif after_operand:
                type = "EQUALS" if text == "=" and (defining or next_text != "[") else "INFIX"
                defining = False
            elif next_kind == "NUMBER" and text in ("-", "+") and next_start == end:
                type = "NUMBER"
                text += next_text
                end += len(next_text)
                index += 1
            else:
                type = "PREFIX"
        elif text == "[" and previous == "INFIX":
            type = "ARGUMENTS"
            arguments_open += 1
        elif text == "]" and arguments_open:
            type = "END_ARGUMENTS"
            arguments_open -= 1
        elif kind == "BRACKET":
            type = _BRACKETS.get(text, "BAD_BRACKET")
        else:
            type = kind
        tokens.append(Token(type, text, start, end, reading))
        label = type == "STRING" and previous in ("PRINT", "SAVE")
        after_operand = type in _ENDS_OPERAND and not label
        previous = type
        index += 1
    return tokens
