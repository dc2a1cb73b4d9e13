"""What to do about the syntax errors that people make most often."""

from __future__ import annotations

import re
from collections.abc import Collection

from vlc.syntax.recovery import begins_line
from vlc.syntax.roles import KEYWORDS
from vlc.syntax.tokens import Token

_LETTERS_THEN_SYMBOLS = re.compile(r"([A-Z][A-Z0-9_]*?)([^A-Z0-9_]+)(.*)")
_WORD = re.compile(r"[A-Za-z]+")
_JOINED_BY_UNDERSCORES = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:_+[A-Za-z0-9]+)+")
_NAMES_A_DEFINITION = re.compile(r"(?:\([^()\n]*\))?[ \t]*=(?![=<>!])")
_COMMANDS = frozenset({"let", "print", "save", "import", "load"})
_CHARACTERS = {
    "{": "lists are written [a, b]; blocks need no braces",
    "}": "lists are written [a, b]; blocks need no braces",
    "“": 'strings stand between plain quotes "',
    "”": 'strings stand between plain quotes "',
    "„": 'strings stand between plain quotes "',
    "‘": 'strings stand between plain quotes "',
    "’": 'strings stand between plain quotes "',
    "–": "a minus is written -",
    "—": "a minus is written -",
    "−": "a minus is written -",
    "×": "a product is written *",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "¬": "write !",
    "∧": "write &",
    "∨": "write |",
    "\u00a0": "this is a no-break space: replace it by a plain space",
    "\ufeff": "this is a byte order mark inside the text: remove it",
}
_OPERATORS = frozenset({"PREFIX", "INFIX", "CALLED", "FOLD_OPERATOR", "OPERATOR"})
_OPERANDS = frozenset({"NAME", "QUALIFIED", "NUMBER", "STRING", "BOOLEAN"})


_WITH_STRING = {
    "PRINT": ' and the comma: print "label" value',
    "SAVE": ' and the comma: save "file.nii.gz" value',
    "IMPORT": ': import "vox1"',
}
_LOGICAL_WORDS = {"and": "a & b", "or": "a | b", "not": "!a"}
_OF_BOOLS = {"and": "a .&. b", "or": "a .|. b", "not": "!.a"}
MISSING_BEFORE = "is an operator or a comma missing before it?"


def hint_for(before: Token | None, wrong: Token) -> str:
    """What to do about `wrong` after `before`, or an empty string."""
    for hint in (_by_character, _by_case, _by_operator, _by_keyword, _by_place, _by_dialect, _by_word):
        text = hint(before, wrong)
        if text:
            return text
    return ""


def shortened(word: str) -> str:
    """A word as a message shows it: nobody reads more than forty characters."""
    return word if len(word) <= 40 else f"{word[:37]}..."


def joined_operator_hint(operator: str) -> str:
    """What to do about `A+1`, one operator where a sum was meant; an empty string for an operator without letters."""
    match = _LETTERS_THEN_SYMBOLS.fullmatch(operator)
    if match is None:
        return ""
    if len(operator) > 40:
        return "capitals and symbols in a row are read as one operator: put spaces between them"
    return f"`{operator}` is read as one operator: put spaces, `{' '.join(part for part in match.groups() if part)}`"


def unknown_operator_hint(operator: str, known: Collection[str], prefixes: Collection[str]) -> str:
    """What to do about an operator that nobody defined, where it is known ones written without a space: `&!`, `A+1`.

    The second of two can only stand before an operand, so it is one of the `prefixes`: those that take one operand.
    """
    for cut in range(len(operator) - 1, 0, -1):
        first, second = operator[:cut], operator[cut:]
        if first in known and second in prefixes:
            return f"`{operator}` is read as one operator: put a space, `{first} {second}`"
    return joined_operator_hint(operator)


def joined_definition_hint(operator: str) -> str:
    """What to do about the `=-` of `x=-1` where a definition's `=` should stand."""
    if operator == "==":
        return "a definition is written with one `=`"
    if operator == ":=":
        return "a definition is written with `=` alone"
    if operator.startswith("=") and len(operator) > 1:
        return f"`{shortened(operator)}` is read as one operator: put a space, `= {shortened(operator[1:])}`"
    return ""


def operator_hint(operator: Token) -> str:
    """What to do about an operator that people write from habit, or an empty string."""
    return _by_operator(None, operator)


def list_after_fold_hint(operator: str, start: str, items: str = "[..]") -> str:
    """What to do about `fold + start [a, b]`, in which the brackets are read as an index of `start`."""
    written = f"fold {shortened(operator)} {shortened(' '.join(start.split()))} ({items})"
    return f"a bracket after a value is an index: where the list is to be folded, write `{written}`"


def underscore_hint(text: str, start: int) -> str:
    """What to do about `foo_bar`, which begins here, in vl1: it reads that as an operator between two names; an empty
    string for any other text."""
    name = _JOINED_BY_UNDERSCORES.match(text, start)
    if name is None:
        return ""
    first, *others = [part for part in name[0].split("_") if part]
    joined = first + "".join(part[0].upper() + part[1:] for part in others)
    return f"names are made of letters and digits in the vl1 dialect: write `{shortened(joined)}`"


def value_alone_hint(word: Token) -> str:
    """What to do about a value, which begins with this word, where a command should be."""
    if word.type == "QUALIFIED" and _NAMES_A_DEFINITION.match(word.reading.source.text, word.end):
        return "a name to define has no namespace"
    if word.type not in ("NAME", "QUALIFIED"):
        return 'a value alone does nothing: define it, x = .., or print it, print "x" ..'
    called = word.reading.source.text.startswith("(", word.end)
    value = f"{shortened(word.text)}{'(..)' if called else ' ..'}"
    if word.text.rpartition(".")[2].startswith("Write"):
        return f"a call alone is no command: define it, w = {value}, and the file is written"
    return f'a value alone does nothing: define it, x = {value}, or print it, print "x" {value}'


def _by_case(_: Token | None, wrong: Token) -> str:
    """For a keyword in capitals, which in vl1 is an operator and a name."""
    word = _WORD.match(wrong.reading.source.text, wrong.start)
    if word is None or word[0].islower() or word[0].lower() not in _COMMANDS or not begins_line(wrong):
        return ""
    return f"did you mean `{word[0].lower()}`? keywords are written in small letters"


def _by_character(_: Token | None, wrong: Token) -> str:
    if wrong.type != "BAD_CHARACTER":
        return ""
    in_vl1 = wrong.reading.dialect == "vl1"
    if in_vl1 and wrong.text in "{}":
        return "parts of an expression stand in parentheses ( )"
    if wrong.text in _CHARACTERS:
        return _CHARACTERS[wrong.text]
    if wrong.text.isalpha():
        if in_vl1:
            return "names begin with a small letter, and are made of letters and digits"
        return "names are made of the letters a-z and A-Z, digits and underscores"
    return ""


def _by_operator(before: Token | None, wrong: Token) -> str:
    for token in (wrong, before):
        if token is None or token.type not in _OPERATORS:
            continue
        text = token.text
        if text.startswith(("/*", "*/")):
            return "a comment is written // up to the end of the line"
        if text == "'":
            return 'strings stand between plain quotes "'
        if text == ";":
            return "commands need no `;` between them"
        if text.startswith("#"):
            return "a comment is written // up to the end of the line"
        joined = joined_operator_hint(text)
        if joined:
            return joined
    if wrong.type == "INFIX" and before is not None and before.type not in _OPERATORS:
        return joined_definition_hint(wrong.text)
    if wrong.type in _OPERATORS and wrong.text.startswith(":") and len(wrong.text) > 1:
        return f"`{shortened(wrong.text)}` is read as one operator: put a space after `:`"
    return ""


def _by_keyword(before: Token | None, wrong: Token) -> str:
    if wrong.type == "LET" and before is not None and before.type in _OPERATORS and not begins_line(wrong):
        return "an inner let stands at the start of an expression: put it in parentheses"
    if wrong.type in ("FOR", "FILTER", "FOLD") and before is not None and before.type in _OPERATORS:
        return f"`{wrong.text}` stands at the start of an expression: put it in parentheses"
    is_keyword = wrong.text in KEYWORDS and wrong.type == KEYWORDS[wrong.text]
    if is_keyword and before is not None and before.type in ("LET", "FOR", "FILTER", "OPEN", "COMMA", *_OPERATORS):
        return f"`{wrong.text}` is a keyword and cannot be a name"
    if before is not None and before.type in _WITH_STRING and wrong.text == "(":
        return f"leave out the parentheses{_WITH_STRING[before.type]}"
    if before is not None and before.type in _WITH_STRING and wrong.text == "=":
        return f"`{before.text}` is a keyword and cannot be a name"
    if before is not None and before.type == "IMPORT" and wrong.type == "NAME":
        return f'write import "{shortened(wrong.text)}"'
    return ""


def _by_place(before: Token | None, wrong: Token) -> str:
    if wrong.type in ("CLOSE", "CLOSE_BRACKET") and before is not None and before.type == "COMMA":
        return "remove the trailing comma"
    if wrong.type == "COMMA" and before is not None and before.type in ("COMMA", "OPEN", "OPEN_BRACKET", "ARGUMENTS"):
        return "remove this comma, or write what is to stand before it"
    if wrong.type == "COMMA" and before is not None and before.type != "EQUALS":
        if wrong.reading.dialect == "vl1":
            return "there are no lists here: commas stand between arguments, f(a, b), and between parameters"
        return "a list is written [a, b]"
    if wrong.type == "QUALIFIED" and before is not None and before.type in ("LET", "FOR", "FILTER"):
        return "a name to define has no namespace"
    return ""


def _by_dialect(before: Token | None, wrong: Token) -> str:
    """For texts in vl1: what vl2 has besides."""
    if wrong.reading.dialect != "vl1":
        return ""
    if wrong.type == "BAD_BRACKET":
        return "lists and indices are of the vl2 dialect (first line `// dialect: vl2`)"
    if before is not None and wrong.text.startswith("_") and before.end == wrong.start:
        return underscore_hint(wrong.reading.source.text, before.start)
    for token in (before, wrong):
        if token is not None and token.type == "NAME" and token.text in ("for", "filter", "fold", "in", "do"):
            return f"`{token.text}` is of the vl2 dialect (first line `// dialect: vl2`)"
    if before is None and wrong.type != "BAD_CHARACTER":
        return "in the vl1 dialect a definition begins with let"
    return ""


def _by_word(before: Token | None, wrong: Token) -> str:
    words = {token.text for token in (before, wrong) if token is not None and token.type == "NAME"}
    in_vl2 = wrong.reading.dialect == "vl2"
    for word in sorted(words & _LOGICAL_WORDS.keys()):
        of_bools = "" if in_vl2 else f" of images, `{_OF_BOOLS[word]}` of bools"
        return f"instead of `{word}` write `{_LOGICAL_WORDS[word]}`{of_bools}"
    if words & {"if", "then", "else"}:
        return "there is no `if`: for images vox1 has ifB(condition, then, else) and ifN(condition, then, else)"
    if "load" in words and in_vl2:
        return '`load` is a command of the vl1 dialect (first line `// dialect: vl1`); here write x = ReadImage("..")'
    after_capitals = before is not None and before.type == "NAME" and before.text.isupper()
    if in_vl2 and before is not None and after_capitals and wrong.type in ("NAME", "NUMBER"):
        word = shortened(before.text)
        return f"`{word}` before an operand is an operator in the vl1 dialect (first line `// dialect: vl1`)"
    if (
        wrong.type in (*_OPERANDS, "OPEN")
        and before is not None
        and before.type in (*_OPERANDS, "CLOSE", "CLOSE_BRACKET")
    ):
        return MISSING_BEFORE
    return ""
