"""What each word does where it stands: the terminals of the grammar.

An operator after an operand is INFIX, elsewhere a prefix; a `-` that touches a number there is its sign. A name that
begins a command without `let` is DEFINED. With that decided here, the grammar needs no lookahead and no precedence.
"""

from __future__ import annotations

from vlc.syntax.lexer import Word
from vlc.syntax.precedence import level
from vlc.syntax.tokens import Reading, Token

KEYWORDS = {
    "let": "LET",
    "in": "IN",
    "for": "FOR",
    "do": "DO",
    "fold": "FOLD",
    "filter": "FILTER",
    "save": "SAVE",
    "print": "PRINT",
    "import": "IMPORT",
    "true": "BOOLEAN",
    "false": "BOOLEAN",
}
_COMMANDS = frozenset({"SAVE", "PRINT", "IMPORT"})
_BRACKETS = {"(": "OPEN", ")": "CLOSE", "[": "OPEN_BRACKET", "]": "CLOSE_BRACKET", ",": "COMMA"}
_ENDS_OPERAND = frozenset({"NAME", "QUALIFIED", "NUMBER", "STRING", "BOOLEAN", "CLOSE", "CLOSE_BRACKET", "OPERATOR"})


def vl2_tokens(words: list[Word], reading: Reading) -> list[Token]:
    """The tokens of a vl2 text. Linear in its length."""
    return _Vl2(words, reading).tokens()


class _Vl2:
    """One walk over the words, with what has been met on the way."""

    def __init__(self, words: list[Word], reading: Reading) -> None:
        self.words = words
        self.reading = reading
        self.openers: list[str] = []
        self.fold_in_command = False
        self.after_operand = True  # at the start as after a command
        self.previous = ""
        self.previous_end = 0

    def tokens(self) -> list[Token]:
        tokens: list[Token] = []
        reading = self.reading
        words = self.words
        index, count = 0, len(words)
        while index < count:
            kind, text, start = words[index]
            end = start + len(text)
            if kind == "NAME":
                type = KEYWORDS.get(text) or self.name(index, text)
            elif kind == "OPERATOR" or kind == "LETTER_OPERATOR":
                type = self.operator(index, text)
                if type == "NUMBER":
                    index += 1
                    _, digits, at = words[index]
                    text += digits
                    end = at + len(digits)
            elif kind == "BRACKET":
                type = self.bracket(text)
            else:
                type = kind
            self.step(type)
            tokens.append(Token(type, text, start, end, reading))
            self.previous = type
            self.previous_end = end
            index += 1
        return tokens

    def step(self, type: str) -> None:
        """Note what the next word will follow."""
        if type in _COMMANDS or (type == "LET" and self.after_operand):
            self.begin_command()
        elif type == "FOLD":
            self.fold_in_command = True
        if type == "STRING" and self.previous in ("PRINT", "SAVE"):
            self.after_operand = False
        else:
            self.after_operand = type in _ENDS_OPERAND or type == "DEFINED"

    def begin_command(self) -> None:
        self.openers.clear()
        self.fold_in_command = False

    def name(self, index: int, text: str) -> str:
        if self.previous == "FOLD" and text in ("max", "min"):
            return "FOLD_OPERATOR"
        if self.after_operand and self.begins_definition(index):
            self.begin_command()
            return "DEFINED"
        return "NAME"

    def operator(self, index: int, text: str) -> str:
        if self.previous == "FOLD":
            return "FOLD_OPERATOR"
        if text == ":" and self.openers and self.openers[-1] == "[":
            return "COLON"
        if self.previous == "LET":
            return "OPERATOR"
        if self.after_operand:
            if self.begins_operator_definition(index, text):
                self.begin_command()
                return "OPERATOR"
            return "EQUALS" if text == "=" else "INFIX"
        if index + 1 < len(self.words):
            kind, next_text, start = self.words[index + 1]
            if kind == "NUMBER" and text in ("-", "+") and start == self.words[index][2] + 1:
                return "NUMBER"
            if next_text == "(" and kind == "BRACKET":
                return "CALLED"
        return "PREFIX"

    def bracket(self, text: str) -> str:
        if text in "([":
            self.openers.append(text)
        elif text != "," and self.openers:
            self.openers.pop()
        return _BRACKETS[text]

    def on_new_line(self, index: int) -> bool:
        start = self.words[index][2]
        return index == 0 or self.reading.source.text.find("\n", self.previous_end, start) >= 0

    def begins_definition(self, index: int) -> bool:
        """Whether a name after an operand begins `name = ...` or `name(a, b) = ...`.

        On the same line as a fold it does not: `fold && true xs = ys` compares.
        """
        if (self.openers or self.fold_in_command) and not self.on_new_line(index):
            return False
        return self.formals(index + 1) is not None

    def begins_operator_definition(self, index: int, text: str) -> bool:
        """Whether an operator after an operand begins a definition without `let`.

        At the start and after an import nothing else can stand. After an expression it is one on a new line, where the
        text would have no meaning as the continuation of a chain.
        """
        formals = self.formals(index + 1)
        if formals is None:
            return False
        if index == 0 or (self.previous == "STRING" and self.words[index - 2][1] == "import"):
            return True
        return self.on_new_line(index) and formals >= 0 and (formals != 1 or level(text) is None)

    def formals(self, index: int) -> int | None:
        """How many formals stand at a word before an `=`: -1 without parentheses; None: this is no definition."""
        words = self.words
        count = len(words)
        if index < count and words[index][1] == "=":
            return -1
        if index >= count or words[index][1] != "(":
            return None
        index += 1
        names = 0
        while index < count and words[index][0] == "NAME":
            names += 1
            index += 1
            if index < count and words[index][1] == ",":
                index += 1
        closed = index + 1 < count and words[index][1] == ")" and words[index + 1][1] == "="
        return names if closed else None
