"""Files appear whole, and what killed writers leave is removed by the next one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from vlc_runtime.atomic_files import write_whole
from vlc_runtime.errors import FileError
from vlc_runtime.workplaces import workplace_beside

WRITER = """
import sys
from pathlib import Path
from vlc_runtime.atomic_files import write_whole

def write(place):
    place.write_text("half")
    print("writing", flush=True)
    sys.stdin.read()
    place.write_text(sys.argv[2])

write_whole(Path(sys.argv[1]), write)
"""


def start(target: Path, text: str) -> subprocess.Popen[str]:
    """A process that has begun to write a file, and goes on when its input ends."""
    command = [sys.executable, "-c", WRITER, str(target), text]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "writing\n"
    return process


def test_what_killed_writers_left_is_removed_by_the_next(tmp_path: Path) -> None:
    target = tmp_path / "image.nii.gz"
    killed = [start(target, "lost") for _ in range(3)]
    assert len(list(tmp_path.iterdir())) == 3
    for process in killed:
        process.kill()
        process.communicate()
    write_whole(target, lambda place: place.write_text("whole"))
    assert target.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [target]


def test_writers_of_one_file_do_not_disturb_each_other(tmp_path: Path) -> None:
    target = tmp_path / "image.nii.gz"
    first, second = start(target, "first"), start(target, "second")
    write_whole(target, lambda place: place.write_text("third"))
    assert target.read_text() == "third"
    for process, text in ((second, "second"), (first, "first")):
        process.communicate("")
        assert process.returncode == 0
        assert target.read_text() == text
    assert [path.name for path in tmp_path.iterdir()] == ["image.nii.gz"]


def test_long_names_and_failing_writers(tmp_path: Path) -> None:
    target = tmp_path / ("n" * 251 + ".mha")
    write_whole(target, lambda place: place.write_text("long"))
    assert target.read_text() == "long"

    def fail(place: Path) -> None:
        place.write_text("half")
        raise FileError("no")

    with pytest.raises(FileError, match="no"):
        write_whole(target, fail)
    assert target.read_text() == "long"
    assert list(tmp_path.iterdir()) == [target]


def test_many_threads_write_beside_each_other(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def work(number: int) -> None:
        with workplace_beside(tmp_path / "same") as folder:
            assert not list(folder.iterdir())
            (folder / "mine").write_text(str(number))
            assert (folder / "mine").read_text() == str(number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(200)))
    assert not list(tmp_path.iterdir())
