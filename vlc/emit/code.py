"""The only ways to put text into a script.

Names, labels, paths, literals and comments come from programs that may be hostile. Whatever reaches a template is a
Code, and a Code is made here alone: so data stays data.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata

LINE_LENGTH = 88
"""black's own default, so that `black script.py` changes nothing in anybody's repository."""


class Code(str):
    """Python text that is safe to print into a script."""

    __slots__ = ()


def py_literal(value: bool | int | float | str | None) -> Code:
    """A literal of the value, as black writes it."""
    if isinstance(value, str):
        return _py_string(value)
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return Code(f'float("{value!r}")')
    if value is None or isinstance(value, (bool, int, float)):
        return Code(repr(value))
    raise TypeError(f"{type(value).__name__} has no literal")


def _py_string(value: str) -> Code:
    """A string literal in the quotes that black prefers: double, unless single ones need fewer backslashes."""
    body = repr(value + '"')[1:-2]  # the quote added makes repr choose single quotes: \' is escaped, " is not
    if '"' not in value:
        body = body.replace("\\'", "'")
        return Code(f'"{body}"')
    double = body.replace("\\'", "'").replace('"', '\\"')
    if double.count("\\") <= body.count("\\"):
        return Code(f'"{double}"')
    return Code(f"'{body}'")


_RESERVED = frozenset(
    {
        *keyword.kwlist,
        *keyword.softkwlist,
        *dir(builtins),
        *("Effect", "Plan", "Print", "Save", "command_line", "fold", "fused", "keep", "loop", "namespaces"),
        *("arrays", "default", "geom", "scalar", "simpleitk", "strings", "test", "vox1"),
        *("build", "run", "store", "scheduler", "parameters", "over", "start"),
    }
)


def py_name(text: str, fallback: str = "value") -> Code:
    """An identifier as like the text as can be: never a keyword, a builtin or a name that scripts use themselves.

    Identifiers are ASCII: Python folds others (NFKC), so that two names could become one.
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    name = re.sub(r"\W+", "_", plain).strip("_")
    if not name:
        name = fallback
    if name[0].isdigit():
        name = f"{fallback}_{name}"
    if name in _RESERVED or name.startswith("__"):
        name += "_"
    return Code(name)


def py_comment(text: str) -> list[Code]:
    """Comment lines with this text: no character of it can end the comment, hide text, or steer a tool."""
    return [Code(f"# {_comment_text(line)}".rstrip()) for line in text.split("\n")]


def _comment_text(line: str) -> str:
    line = line.expandtabs(4)
    if not line.isprintable():
        line = "".join(_visible(character) for character in line)
    line = line.rstrip()
    # `coding:` chooses an encoding, `fmt:` and `yapf:` switch formatters off
    return re.sub(r"(?i)(coding|fmt|yapf)(?=[:=])", r"\1 ", line)


def _visible(character: str) -> str:
    if character == " " or character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")


def statement(head: str, opening: Code, parts: list[Code], closing: str, indent: int) -> Code:
    """`head opening part, part closing` broken over lines as black breaks it."""
    pad = " " * indent
    line = f"{pad}{head}{opening}{', '.join(parts)}{closing}"
    if len(line) <= LINE_LENGTH or not parts:
        return Code(line)
    body = f"{pad}    {', '.join(parts)}"
    if len(body) <= LINE_LENGTH and not (opening == "[" and len(parts) > 1):  # lists go one item a line at once
        return Code(f"{pad}{head}{opening}\n{body}\n{pad}{closing}")
    if len(parts) == 1 and "=" not in parts[0]:
        return Code(f"{pad}{head}{opening}\n{body}\n{pad}{closing}")
    lines = "".join(f"{pad}    {part},\n" for part in parts)
    return Code(f"{pad}{head}{opening}\n{lines}{pad}{closing}")
