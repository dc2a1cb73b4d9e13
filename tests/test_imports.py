"""Imports point one way: syntax -> workplan -> passes -> emit; the runtime imports nothing of the compiler."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
ORDER = ["syntax", "workplan", "passes", "emit"]
SHARED = {"diagnostics"}
"""Modules of the compiler that every stage may import."""
ALLOWED_OF_RUNTIME = {"digest", "kernels", "errors", "registered", "collector"}
FORBIDDEN_IN_RUNTIME = {"vlc", "lark", "jinja2", "black", "networkx", "scipy"}


def imported_by(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("stage", ORDER)
def test_stages_import_earlier_ones_only(stage: str) -> None:
    allowed = {*ORDER[: ORDER.index(stage) + 1], *SHARED}
    for path in (PROJECT / "vlc" / stage).rglob("*.py"):
        for name in imported_by(path):
            parts = name.split(".")
            if parts[0] == "vlc" and len(parts) > 1:
                assert parts[1] in allowed, f"{path.name} imports {name}"
            if parts[0] == "vlc_runtime" and len(parts) > 1:
                assert parts[1] in ALLOWED_OF_RUNTIME, f"{path.name} imports {name}"


def test_diagnostics_import_no_stage() -> None:
    for module in SHARED:
        for name in imported_by(PROJECT / "vlc" / f"{module}.py"):
            assert not name.startswith("vlc."), f"{module} imports {name}"


def test_the_runtime_imports_nothing_of_the_compiler() -> None:
    for path in (PROJECT / "runtime").rglob("*.py"):
        for name in imported_by(path):
            assert name.split(".")[0] not in FORBIDDEN_IN_RUNTIME, f"{path.name} imports {name}"


def test_compiling_and_helping_import_nothing_heavy() -> None:
    code = (
        "import sys, vlc, vlc_runtime\n"
        'vlc.compile(\'import "simpleitk" print "x" MinimumMaximum(ReadImage("a.nii"))\')\n'
        "heavy = {'numpy', 'SimpleITK', 'dask', 'networkx', 'black', 'numba'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
