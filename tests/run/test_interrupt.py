"""Ctrl-C in the middle of a run: what is computed is kept, and the next run goes on from there."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from vlc_runtime.command_line import run_command
from vlc_runtime.plan import Plan
from vlc_runtime.store import Store, list_runs

from tests.run.programs import script_of

PROGRAM = """
import "test"
print "r" for i in range(400) do timewaste(60, i + 20000)
"""


@pytest.mark.parametrize("insistent", [False, True])
def test_a_run_that_is_interrupted_goes_on_where_it_was(tmp_path: Path, insistent: bool) -> None:
    """However often: what the first interrupt begins comes to its end."""
    script = script_of(tmp_path, PROGRAM)
    command = [sys.executable, str(script), "--workers", "1", "--partitions", "400"]
    process = subprocess.Popen(
        command,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # what a shell starts in the background ignores interrupts, and so would what these tests start
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    objects = tmp_path / "results" / "index.sqlite"
    while process.poll() is None and not _stored(tmp_path, objects):
        pass
    process.send_signal(signal.SIGINT)
    while insistent and process.poll() is None:
        process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "run again to go on from there" in err
    assert "Traceback" not in err
    kept = _stored(tmp_path, objects)
    assert 0 < kept < 400
    with Store.open(tmp_path / "results", read_only=True) as store:
        assert [run.status for run in list_runs(store)] == ["interrupted"]
    dry = subprocess.run([*command, "--dry-run"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert f"{kept} stored" in dry.stdout.splitlines()[0]


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc for the children of a process")
def test_worker_processes_that_only_begin_say_nothing_of_an_interrupt(tmp_path: Path) -> None:
    """Ctrl-C in a terminal reaches the workers too, while they still import."""
    process = subprocess.Popen(
        [sys.executable, str(script_of(tmp_path, PROGRAM)), "--scheduler", "processes", "--workers", "2"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while process.poll() is None and len(children.read_text().split()) < 3:  # two workers, and what tracks resources
        pass
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=120)
    assert process.returncode == 130, err
    assert "Traceback" not in err
    assert "run again to go on from there" in err


@pytest.mark.parametrize("option", ["--dry-run", "--no-store", "--quiet"])
def test_what_is_kept_is_told_only_where_something_is(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def build() -> Plan:
        return Plan()

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("vlc_runtime.execute.execute", lambda *_: signal.raise_signal(signal.SIGINT))
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        assert run_command(build, [option], prog="program.py") == 130
    finally:
        signal.signal(signal.SIGINT, before)
    kept = "; what was computed is in results: run again to go on from there" if option == "--quiet" else ""
    assert capsys.readouterr().err == f"\ninterrupted{kept}\n"


def _stored(folder: Path, index: Path) -> int:
    """How many results the store has by now."""
    if not index.exists():
        return 0
    with sqlite3.connect(f"file:{index}?mode=ro", uri=True, timeout=30) as connection:
        try:
            return int(connection.execute("select count(*) from results").fetchone()[0])
        except sqlite3.OperationalError:
            return 0
