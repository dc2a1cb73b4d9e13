"""Files of a sequence are digested some ahead of the one that is asked for, and no others."""

from __future__ import annotations

import threading

import pytest
from vlc_runtime import digests_ahead
from vlc_runtime.digest import Digest, digest
from vlc_runtime.digests_ahead import DigestsAhead
from vlc_runtime.errors import FileError

NAMES = [f"images/{number}.nii" for number in range(10)]


@pytest.fixture(autouse=True)
def every_digest_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests_ahead, "SLOW", 0.0)


class Files:
    """Digests of files that exist only by name; `asked` are those that were read."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._lock = threading.Lock()

    def __call__(self, path: str) -> Digest:
        with self._lock:
            self.asked.append(path)
        if "bad" in path:
            raise FileError(f"cannot read {path}")
        return digest("content", path)


@pytest.mark.parametrize("cores", [1, 2, 4])
def test_digests_are_those_of_the_files_and_each_is_read_once(cores: int) -> None:
    files, told = Files(), list[int]()
    with DigestsAhead(files, cores, told.append) as digests:
        digests.upcoming(NAMES)
        digests.upcoming([*reversed(NAMES)])
        assert [digests(name) for name in NAMES] == [digest("content", name) for name in NAMES]
    assert sorted(files.asked) == NAMES
    assert told == [*range(1, 11)]


@pytest.mark.parametrize(("cores", "read"), [(1, 1), (2, 2), (4, 4)])
def test_no_more_are_read_than_there_are_cores(cores: int, read: int) -> None:
    files = Files()
    with DigestsAhead(files, cores, lambda count: None) as digests:
        digests.upcoming(NAMES)
        digests(NAMES[3])
    assert sorted(files.asked) == NAMES[3 : 3 + read]


def test_quick_digests_are_not_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests_ahead, "SLOW", 60.0)
    files = Files()
    with DigestsAhead(files, 4, lambda count: None) as digests:
        digests.upcoming(NAMES)
        digests(NAMES[3])
    assert files.asked == NAMES[3:4]


def test_nothing_is_read_of_a_sequence_that_is_not_asked_for() -> None:
    files = Files()
    with DigestsAhead(files, 4, lambda count: None) as digests:
        digests.upcoming(NAMES)
        digests("other.nii")
    assert files.asked == ["other.nii"]


def test_names_written_in_another_way_are_found() -> None:
    files = Files()
    with DigestsAhead(files, 2, lambda count: None) as digests:
        digests.upcoming([f"./{name}" for name in NAMES])
        digests(NAMES[0])
    assert sorted(files.asked) == NAMES[:2]


def test_a_file_that_cannot_be_read_is_told_when_it_is_asked_for() -> None:
    files = Files()
    with DigestsAhead(files, 3, lambda count: None) as digests:
        digests.upcoming(["a.nii", "bad.nii", "c.nii"])
        assert digests("a.nii") == digest("content", "a.nii")
        for _ in range(2):
            with pytest.raises(FileError, match=r"cannot read bad\.nii"):
                digests("bad.nii")
        assert digests("c.nii") == digest("content", "c.nii")
