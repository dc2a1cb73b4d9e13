"""From the view model to text: the template, then black where it is worth its time."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from vlc.emit.code import Code
from vlc.emit.module import Script

if TYPE_CHECKING:
    from jinja2 import Template

BLACK_LINES = 400
"""Scripts up to this many lines go through black as a last check of style; it takes up to 4 ms a line, and what is
emitted is already as black leaves it (a test proves that on long scripts)."""


def render(script: Script) -> str:
    """The text of a script. Equal view models give equal bytes."""
    text = _template().render(script=script)
    if text.count("\n") <= BLACK_LINES:
        import black

        text = black.format_str(text, mode=black.Mode(target_versions={black.TargetVersion.PY311}))
    return text


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
