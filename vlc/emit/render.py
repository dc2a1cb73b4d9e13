"""From the view model to text: the template, then black where it is worth its time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vlc.emit.code import LINE_LENGTH, Code
from vlc.emit.module import Script, all_code

if TYPE_CHECKING:
    from jinja2 import Template

BLACK_LINES = 400
"""black takes up to 4 ms a line: longer scripts do without it."""


def render(script: Script) -> str:
    """The text of a script. Equal view models give equal bytes.

    What is emitted is already as black leaves it: a test proves it. Only where a line could not be broken to fit is
    black asked how it would have it, since importing it alone takes longer than compiling a short program.
    """
    text = _template().render(script=script)
    if text.count("\n") <= BLACK_LINES and any(map(_is_too_long, all_code(script))):
        import black

        text = black.format_str(text, mode=black.Mode(target_versions={black.TargetVersion.PY311}))  # type: ignore[attr-defined]
    return text


def _is_too_long(code: Code) -> bool:
    return not code.startswith("#") and any(len(line) > LINE_LENGTH for line in code.split("\n"))


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("vlc.templates", ""),
        undefined=StrictUndefined,
        finalize=_only_code,
        keep_trailing_newline=True,
        autoescape=False,
    )
    return environment.get_template("script.py.jinja")


def _only_code(value: object) -> object:
    if isinstance(value, Code):
        return value
    raise TypeError(f"a template may print Code only, not {type(value).__name__}")
