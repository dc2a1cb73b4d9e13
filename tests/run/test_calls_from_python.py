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


def test_parameters_may_be_numbers_of_numpy_and_paths(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = 'path = "a.nii"\n' + PROGRAM.replace('"a.nii"', "path").replace(
        "threshold = 3", "threshold = 3\nstrict = true"
    )
    script_of(tmp_path, f'{text}print "strict" !strict\n')
    ended = python(
        tmp_path,
        "import numpy as np, pathlib, program\n"
        "expected = program.run(store=None)\n"
        "for kind in (np.float16, np.float32, np.float64, np.int8, np.int64, np.uint16):\n"
        "    found = program.run(threshold=kind(3), path=pathlib.Path('a.nii'), strict=np.bool_(True))\n"
        "    assert found == expected and type(found['strict']) is bool, (kind, found)\n"
        "try:\n"
        "    program.run(threshold=np.array(3.0))\n"
        "except Exception as problem:\n"
        "    print(type(problem).__name__, problem)\n",
    )
    assert ended.stderr == ""
    assert ended.stdout.startswith("UsageError an array of numpy stands in the plan")


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ("scheduler=None", "the scheduler is None"),
        ("store=False", "the store is False"),
        ("workers='2'", "workers is '2'"),
        ("workers=0", "workers is 0"),
        ("partitions='a'", "partitions is 'a'"),
        ("memory='4GB'", "memory is '4GB'"),
    ],
)
def test_options_that_are_none_are_told(tmp_path: Path, options: str, said: str) -> None:
    script_of(tmp_path, 'print "x" 1')
    ended = python(tmp_path, f"import program\nprogram.build().run({options})\n")
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith(f"vlc_runtime.errors.UsageError: {said}")
