"""Scripts that are imported and run from a program of one's own."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.programs import script_of, write_image

PROGRAM = """\
import "vox1"
import "simpleitk"
threshold = 3
image = intensity(ReadImage("a.nii"))
print "near" volume(near(image > threshold))
print "distance" max(dt(image > threshold))
"""


def python(folder: Path, text: str, *, as_file: bool = True) -> subprocess.CompletedProcess[str]:
    (folder / "mine.py").write_text(text, "utf-8")
    command = [sys.executable, "mine.py" if as_file else "-"]
    given = "" if as_file else text
    return subprocess.run(command, input=given, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("store", ["'results'", "None"])
def test_a_program_that_begins_a_run_while_it_is_imported_is_told(tmp_path: Path, store: str) -> None:
    """Its workers import it too: each would begin the run once more, and wait for the first."""
    write_image(tmp_path / "a.nii")
    script_of(tmp_path, PROGRAM)
    run = f"program.run(store={store}, scheduler='processes')['near']"
    ended = python(tmp_path, f"import program\nprint({run})\n")
    assert ended.returncode == 1
    assert "a run is begun by a process that only imports the program" in ended.stderr
    last = ended.stderr.splitlines()[-1]
    assert "ended before it could begin" in last and 'under `if __name__ == "__main__":`' in last
    guarded = python(tmp_path, f"import program\nif __name__ == '__main__':\n    print({run})\n")
    assert guarded.returncode == 0, guarded.stderr
    assert float(guarded.stdout) > 0


def test_a_program_that_is_no_file_cannot_have_worker_processes(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    script_of(tmp_path, PROGRAM)
    ended = python(tmp_path, "import program\nprogram.run(scheduler='processes')\n", as_file=False)
    assert ended.returncode == 1
    assert "in a program that is a file" in ended.stderr.splitlines()[-1]
