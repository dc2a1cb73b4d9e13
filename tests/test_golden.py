"""The golden cases: each program's plan, script and what running it prints, compared, executed, and executed again
unoptimised. `pytest tests/test_golden.py --snapshot-update` rewrites them; read the diff."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from pytest_snapshot.plugin import Snapshot

from vlc.compiler import compile_source
from vlc.diagnostics import CompileError, Source, render
from vlc.emit.plan_text import to_text
from vlc.passes import PASSES

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/program.imgql"))
BLOCKED = ("black", "jinja2", "lark", "networkx", "vlc")

_RUN_BLOCKED = f"""
import runpy, sys
for name in {BLOCKED!r}:
    sys.modules[name] = None
script, *sys.argv[1:] = sys.argv[1:]
sys.argv[0] = "program.py"
runpy.run_path(script, run_name="__main__")
"""


def run_script(script: Path, store: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run a script in the folder of the golden cases, with everything of the compiler blocked from import."""
    command = [sys.executable, "-c", _RUN_BLOCKED, str(script), "--store", str(store), "--quiet", *options]
    environment = {**os.environ, "COLUMNS": "80"}
    return subprocess.run(command, cwd=GOLDEN, env=environment, capture_output=True, text=True, check=False)


def shown(result: subprocess.CompletedProcess[str]) -> str:
    parts = [result.stdout]
    if result.stderr:
        parts.append(f"--- standard error\n{result.stderr.replace(str(GOLDEN.resolve()), 'GOLDEN')}")
    if result.returncode:
        parts.append(f"--- exit status {result.returncode}\n")
    return "".join(parts)


@pytest.mark.parametrize("case", CASES)
def test_case(case: str, snapshot: Snapshot, tmp_path: Path) -> None:
    folder = GOLDEN / case
    snapshot.snapshot_dir = folder
    expected = {path.name for path in folder.iterdir()} - {"program.imgql"}
    source = Source("program.imgql", (folder / "program.imgql").read_text("utf-8"))
    try:
        compiled = compile_source(source)
    except CompileError as problem:
        snapshot.assert_match(render(problem.diagnostics), "program.err")
        assert expected - {"program.err"} == set(), "a program with errors has no script"
        return
    snapshot.assert_match(to_text(compiled.plan), "program.plan")
    snapshot.assert_match(compiled.script, "program.py")
    script = tmp_path / "program.py"
    script.write_text(compiled.script, "utf-8")
    first = shown(run_script(script, tmp_path / "store", "--output", str(tmp_path / "out")))
    snapshot.assert_match(first.replace(str(tmp_path), "OUTPUT"), "program.out")
    assert expected - {"program.plan", "program.py", "program.out"} == set(), "stale files in the case's folder"

    again = run_script(script, tmp_path / "store", "--output", str(tmp_path / "out"))
    assert shown(again) == first, "the store gives what was computed"

    plain = tmp_path / "plain.py"
    plain.write_text(compile_source(source, passes=()).script, "utf-8")
    unoptimised = run_script(plain, tmp_path / "other", "--output", str(tmp_path / "out"))
    if not PASSES or unoptimised.returncode == 0:
        assert unoptimised.stdout == first.partition("--- standard error")[0]


def test_every_folder_is_a_case() -> None:
    folders = {path.name for path in GOLDEN.iterdir() if path.is_dir()} - {"images"}
    assert folders == set(CASES)
    assert len(CASES) >= 12
