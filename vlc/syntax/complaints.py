"""What to say about a token that the grammar does not expect: what was found, what was expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass

from vlc.diagnostics import Diagnostic, Span
from vlc.syntax.definition_hints import bare_parameters_hint, definition_hint, mapped_operator_hint, open_parameters
from vlc.syntax.hints import (
    MISSING_BEFORE,
    hint_for,
    joined_definition_hint,
    list_after_fold_hint,
    operator_hint,
    shortened,
    value_alone_hint,
)
from vlc.syntax.recovery import begins_line, column_of
from vlc.syntax.tokens import Token

_COMMANDS = frozenset({"DEFINED", "PRINT", "SAVE", "IMPORT", "LOAD"})
_OPERANDS = frozenset({"NAME", "QUALIFIED", "NUMBER", "STRING", "BOOLEAN", "CLOSE", "CLOSE_BRACKET"})
_CLOSERS = {"OPEN": ")", "OPEN_BRACKET": "]", "ARGUMENTS": "]"}
_INSIDE = frozenset({"COMMA", *_CLOSERS})
_OPENERS = {"CLOSE": ("OPEN",), "CLOSE_BRACKET": ("OPEN_BRACKET", "ARGUMENTS"), "END_ARGUMENTS": ("ARGUMENTS",)}
_KEYWORDS = frozenset({"FOR", "IN", "DO", "FOLD", "FILTER", "BOOLEAN"})
_OPERATORS = frozenset({"INFIX", "PREFIX", "CALLED"})
_LABELLED = {"PRINT": "label", "SAVE": "path"}
_NEEDS_WORD = {"LET": "in", "FOR": "in", "FILTER": "in", "IN": "do"}


@dataclass(frozen=True, slots=True)
class Situation:
    """Where the parser stood: the tokens of the command so far, the wrong one and that after it, and what was open."""

    command: list[Token]
    wrong: Token
    following: Token
    open: list[Token]  # brackets to close, `let`/`for`/`filter` that wait for `in`, the `in` that waits for `do`

    @property
    def before(self) -> Token | None:
        return self.command[-1] if self.command else None

    @property
    def after_operand(self) -> bool:
        return self.before is not None and self.before.type in _OPERANDS

    @property
    def at_end(self) -> bool:
        """Whether the wrong token is no part of the command: the file ended, or another command begins."""
        return (
            self.wrong.type == "$END"
            or self.wrong.type in _COMMANDS
            or (self.wrong.type == "LET" and begins_line(self.wrong) and self.after_operand)
        )


def complaint(tokens: list[Token], wrong: int, start: int, end: Token) -> Diagnostic:
    """The error about the token at index `wrong` (or the end of the file) in the command that begins at `start`."""
    token = tokens[wrong] if wrong < len(tokens) else end
    command = tokens[start:wrong]
    following = tokens[wrong + 1] if wrong + 1 < len(tokens) else end
    situation = Situation(command, token, following, _open(command))
    if not command and wrong < len(tokens):
        return _bad_word(token) or _open_definition(situation) or _beginning(situation)
    return (
        _bad_word(token)
        or _open_definition(situation)
        or _colon(situation)
        or _missing_value(situation)
        or _brackets(situation)
        or _missing_word(situation)
        or _general(situation)
    )


def _open(command: list[Token]) -> list[Token]:
    waiting: list[Token] = []
    for index, token in enumerate(command):
        type = token.type
        if type in _CLOSERS or type in ("FOR", "FILTER") or (type == "LET" and index > 0):
            waiting.append(token)
        elif type in _OPENERS:
            while waiting and waiting.pop().type not in _OPENERS[type]:
                pass
        elif type == "IN" and waiting and waiting[-1].type in ("LET", "FOR", "FILTER"):
            if waiting.pop().type != "LET":
                waiting.append(token)
        elif type == "DO" and waiting and waiting[-1].type == "IN":
            waiting.pop()
    return waiting


def _bad_word(token: Token) -> Diagnostic | None:
    if token.type == "BAD_STRING":
        hint = 'close it with " on the same line; a line break inside a string is written \\n, a quote \\"'
        return Diagnostic("this string is not closed", token.span, hint=hint)
    if token.type == "BAD_NUMBER":
        hint = "a name begins with a letter; put a space or an operator between a number and a name"
        return Diagnostic(f"`{shortened(token.text)}` is neither a number nor a name", token.span, hint=hint)
    if token.type == "SEMICOLON":
        return Diagnostic("`;` has no meaning here", token.span, hint="remove it: a command ends with its line")
    if token.type == "UNMARKED_DEFINITION":
        message = f"this `{shortened(token.text)}` goes on with the expression above it, and then `=` has no meaning"
        text = token.reading.source.text
        definition = shortened(text[token.start : text.index("=", token.end)].strip())
        return Diagnostic(message, token.span, hint=f"to define the operator, write `let {definition} = ..`")
    if token.type == "BAD_CHARACTER":
        printable = token.text if token.text.isprintable() else f"U+{ord(token.text):04X}"
        return Diagnostic(f"the character `{printable}` has no meaning here", token.span, hint=hint_for(None, token))
    return None


def _colon(situation: Situation) -> Diagnostic | None:
    """For a `:` where no slice is, or in one that has its `:` already."""
    wrong, command = situation.wrong, situation.command
    if wrong.type != "COLON" or not situation.after_operand or not situation.open:
        return None
    opener = situation.open[-1]
    if opener.type != "OPEN_BRACKET":
        return None
    if any(token.type == "COLON" for token in command[command.index(opener) :]):
        hint = "remove this `:` and what follows it up to the `]`: a slice is written s[a:b]"
        return Diagnostic("a slice has two ends and no step", wrong.span, hint)
    hint = "whole numbers in a row are written range(a, b), the second one left out; a slice s[a:b] follows a sequence"
    return Diagnostic("a list has no `:`", wrong.span, hint)


def _missing_value(situation: Situation) -> Diagnostic | None:
    """For a command that breaks off where a value should follow: it is told there, not at what begins the next line."""
    before, command, wrong = situation.before, situation.command, situation.wrong
    next_line = wrong.type == "LET" and begins_line(wrong)
    if before is None or not (situation.at_end or next_line):
        return None
    found = _found(situation) if situation.at_end else f"the next command (`{wrong.text}`)"
    if before.type in _OPERATORS:
        message = f"found {found}, expected an expression after `{shortened(before.text)}`"
        return Diagnostic(message, before.span, operator_hint(before) or "an operand is missing here")
    if before.type == "EQUALS":
        what = "a path in quotes" if command[0].type == "LOAD" else "an expression"
        return Diagnostic(f"found {found}, expected {what} after `=`", before.span, "a value is missing here")
    if before.type == "STRING" and len(command) > 1 and command[-2].type in _LABELLED:
        keyword, what = command[-2].text, _LABELLED[command[-2].type]
        after = Span(before.span.source, before.end, before.end)
        hint = f"a value is missing here: write {keyword} {shortened(before.text)} and what to {keyword}"
        return Diagnostic(f"found {found}, expected an expression after the {what}", after, hint)
    return None


def _brackets(situation: Situation) -> Diagnostic | None:
    wrong = situation.wrong
    innermost = next((token for token in reversed(situation.open) if token.type in _CLOSERS), None)
    if wrong.type in _OPENERS:
        if innermost is None:
            return Diagnostic(f"`{wrong.text}` closes nothing", wrong.span, hint="remove it, or open it before")
        if _CLOSERS[innermost.type] != wrong.text:
            message = f"found `{wrong.text}` where `{_CLOSERS[innermost.type]}` should close a `{innermost.text}`"
            return Diagnostic(message, wrong.span, notes=((f"this `{innermost.text}` is open", innermost.span),))
    ends_inside = situation.after_operand or (situation.before is not None and situation.before.type in _INSIDE)
    if situation.at_end and innermost is not None and ends_inside:
        hint = f"the command ended without its `{_CLOSERS[innermost.type]}`"
        notes = ((f"{_found(situation)} stands here", wrong.span),) if wrong.type != "$END" else ()
        return Diagnostic(f"this `{innermost.text}` is not closed", innermost.span, hint=hint, notes=notes)
    return None


def _missing_word(situation: Situation) -> Diagnostic | None:
    if not (situation.at_end and situation.open and situation.after_operand):
        return None
    keyword = situation.open[-1]
    word = _NEEDS_WORD[keyword.type]
    what = "inside an expression " if keyword.type == "LET" else ""
    hint = {
        "LET": "an inner declaration is written let x = .. in ..",
        "FILTER": "write filter x in .. do ..",
    }.get(keyword.type, "write for x in .. do ..")
    return Diagnostic(f"this `{keyword.text}` {what}needs `{word}`", keyword.span, hint=hint)


def _open_definition(situation: Situation) -> Diagnostic | None:
    """For a definition of vl2 at the begin of a line, of which the parenthesis of its parameters is not closed."""
    wrong, following = situation.wrong, situation.following
    if wrong.type != "NAME" or wrong.reading.dialect != "vl2":
        return None
    if situation.command and (situation.open or not begins_line(wrong)):
        return None
    written = open_parameters(wrong, following)
    hint = f"the parameters of a definition stand in parentheses, as in `{written}`"
    return Diagnostic("this `(` is not closed", following.span, hint) if written else None


def _beginning(situation: Situation) -> Diagnostic:
    wrong, following = situation.wrong, situation.following
    hint = hint_for(None, wrong)
    if not hint and wrong.type == "NAME" and (definition := definition_hint(wrong, following)):
        hint = definition
    elif wrong.type == "QUALIFIED" and following.type != "OPEN":
        hint = "a name to define has no namespace"
    elif wrong.type in _KEYWORDS and following.text == "=":
        hint = f"`{wrong.text}` is a keyword and cannot be a name"
    elif not hint and following.type == "INFIX":
        hint = joined_definition_hint(following.text)
    if not hint:
        hint = value_alone_hint(wrong)
    commands = "let, load" if wrong.reading.dialect == "vl1" else "a definition"
    message = f"found {_found(situation)}, expected a command: {commands}, print, save or import"
    return Diagnostic(message, wrong.span, hint=hint)


def _general(situation: Situation) -> Diagnostic:
    wrong, before = situation.wrong, situation.before
    span = wrong.span
    if wrong.type == "$END" and before is not None:
        span = Span(span.source, before.start, before.end)
    message = f"found {_found(situation)}, expected {_expected(situation)}"
    return Diagnostic(message, span, hint=_hint(situation))


def _hint(situation: Situation) -> str:
    before, command, wrong = situation.before, situation.command, situation.wrong
    if wrong.type == "COMMA" and len(command) > 1 and command[-2].type in _LABELLED:
        return f"no comma stands between the {_LABELLED[command[-2].type]} and the value"
    if command[0].type == "LOAD" and len(command) < 4:
        path = shortened(wrong.text) if wrong.type == "STRING" else '"image.nii.gz"'
        name = command[1].text if len(command) > 1 else "image"
        return f"an image is loaded so: load {shortened(name)} = {path}"
    if _is_bare_parameter(situation) and before is not None:
        return bare_parameters_hint(before, wrong)
    hint = _fold_hint(situation) or _map_hint(situation) or hint_for(before, wrong)
    if hint == MISSING_BEFORE and not situation.open and column_of(wrong) == 1:
        return value_alone_hint(wrong)
    return hint


def _fold_hint(situation: Situation) -> str:
    """For a list after the start of a fold, which is read as an index."""
    command, wrong = situation.command, situation.wrong
    if wrong.type not in ("COMMA", "CLOSE_BRACKET") or not situation.open or situation.open[-1].type != "OPEN_BRACKET":
        return ""
    opener = command.index(situation.open[-1])
    folds = [index for index, token in enumerate(command[:opener]) if token.type == "FOLD_OPERATOR"]
    if not folds or not _is_one_operand(command[folds[-1] + 1 : opener]):
        return ""
    operator, last = command[folds[-1]], command[opener - 1]
    start = wrong.reading.source.text[operator.end : last.end].strip()
    return list_after_fold_hint(operator.text, start)


def _map_hint(situation: Situation) -> str:
    """For an operator as the first argument of map, `map(!, xs)`, where only names stand."""
    command, wrong = situation.command, situation.wrong
    if wrong.type != "COMMA" or len(command) < 3 or command[-1].type != "PREFIX":
        return ""
    operator = command[-1].text
    if command[-2].type != "OPEN" or command[-3].text not in ("map", "dask_map"):
        return ""
    return mapped_operator_hint(operator, wrong)


def _is_bare_parameter(situation: Situation) -> bool:
    """Whether the wrong word is a parameter without parentheses: the `x` of `let f x = 3`."""
    command, wrong = situation.command, situation.wrong
    return (
        len(command) == 2
        and command[0].type == "LET"
        and wrong.type in ("NAME", "DEFINED")
        and bool(bare_parameters_hint(command[1], wrong))
    )


def _is_one_operand(tokens: list[Token]) -> bool:
    """Whether these are a name, a literal, a call, or all in one pair of brackets."""
    called = len(tokens) > 1 and tokens[0].type in ("NAME", "QUALIFIED") and tokens[1].type == "OPEN"
    depth = 0
    for token in tokens[1 if called else 0 : -1]:
        depth += (token.type in _CLOSERS) - (token.type in _OPENERS)
        if depth < 1:
            return False
    return bool(tokens) and tokens[-1].type in _OPERANDS


def _in_formals(command: list[Token]) -> bool:
    """Whether a command breaks off among its parameters."""
    head = 1 if command[0].type == "LET" else 0
    return (
        len(command) > head + 1
        and command[head + 1].type == "OPEN"
        and all(token.type in ("NAME", "COMMA") for token in command[head + 2 :])
    )


def _found(situation: Situation) -> str:
    wrong = situation.wrong
    if wrong.type == "$END":
        return "the end of the file"
    if wrong.type == "STRING":
        return "a string"
    text = shortened(wrong.text)
    if situation.at_end and not _is_bare_parameter(situation):
        return f"the next command (`{text}`)"
    kind = {"NUMBER": "the number ", "INFIX": "the operator ", "PREFIX": "the operator ", "CALLED": "the operator "}
    return f"{kind.get(wrong.type, '')}`{text}`"


def _expected(situation: Situation) -> str:
    before, command = situation.before, situation.command
    assert before is not None  # _beginning tells of an error at the first token
    fixed = {
        "LET": "the name to define",
        "FOR": "the name of the loop's variable",
        "FILTER": "the name of the loop's variable",
        "FOLD": "an operator, max or min to fold with",
        "PRINT": 'a label in quotes, as in print "volume" v',
        "SAVE": 'a path in quotes, as in save "mask.nii.gz" m',
        "IMPORT": "the name of a namespace or a file in quotes",
        "LOAD": "the name to define",
    }.get(before.type)
    if fixed is not None:
        return fixed
    if before.type in ("FOLD_OPERATOR", "STRING") and command[-2].type in ("FOLD", "PRINT", "SAVE"):
        return "an expression"
    if command[0].type == "LOAD" and before.type in ("NAME", "EQUALS"):
        return f"{'`=` and ' if before.type == 'NAME' else ''}a path in quotes"
    if before.type in ("DEFINED", "OPERATOR") or (before.type == "NAME" and command[-2].type == "LET"):
        return "`=` and a value, or the parameters in parentheses"
    if before.type == "NAME" and command[-2].type in ("FOR", "FILTER"):
        return "`in`"
    if not situation.after_operand:
        return "the name of a parameter" if _in_formals(command) else "an expression"
    if not situation.open:
        return "an operator or the next command"
    if _in_formals(command):
        return "`,` or `)`"
    last = situation.open[-1]
    if last.type not in _CLOSERS:
        return f"an operator or `{_NEEDS_WORD[last.type]}`"
    opener = command.index(last)
    labelled = opener > 1 and command[opener - 2].type in _LABELLED
    applied = opener > 0 and command[opener - 1].type in (*_OPERANDS, "CALLED") and not labelled
    if last.type == "OPEN":
        return "an operator, `,` or `)`" if applied else "an operator or `)`"
    if last.type == "OPEN_BRACKET" and applied:
        return "an operator, `:` or `]`"
    return "an operator, `,` or `]`"
