"""Compiling and running the text of a program, as the tests of this folder do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vlc_runtime.plan import Plan

from vlc.compiler import compile_source
from vlc.diagnostics import Source

VECTORS = Path(__file__).parents[1] / "vectors"


def script_of(text: str, dialect: str | None = "vl1") -> str:
    """The script of a program. Raises CompileError."""
    return compile_source(Source("program.imgql", text), dialect=dialect).script


def plan_of(text: str, dialect: str | None = "vl1", **parameters: Any) -> Plan:
    """What the script of a program builds. Raises CompileError."""
    namespace: dict[str, Any] = {"__name__": "script"}
    exec(compile(script_of(text, dialect), "program.py", "exec"), namespace)
    plan = namespace["build"](**parameters)
    assert isinstance(plan, Plan)
    return plan


def run(text: str, dialect: str | None = "vl1", **parameters: Any) -> dict[str, Any]:
    """The results of a program by label, nothing stored. Raises CompileError and RunFailed."""
    return plan_of(text, dialect, **parameters).run(store=None, scheduler="sync")


def on(image: str, expression: str) -> Any:
    """The value of a vl1 expression in which `img` is the intensity of one of the images of tests/vectors, `c` the
    image itself."""
    file = next(VECTORS.glob(f"{image}.*"))
    text = f'load c = "{file}"\nlet img = intensity(c)\nlet result = {expression}\nprint "r" result\n'
    return run(text)["r"]
