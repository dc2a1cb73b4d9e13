"""Files that are read in pieces, by one worker or several."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from vlc_runtime.file_content import PIECE, read_whole

from tests.crews import in_crew


@pytest.mark.parametrize("workers", [1, 3])
@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, 3 * PIECE + 5])
def test_the_content_is_whole(tmp_path: Path, workers: int, size: int) -> None:
    content = os.urandom(size)
    path = tmp_path / "file"
    path.write_bytes(content)
    found = in_crew(workers, lambda: read_whole(path))
    assert found == content
    assert found.readonly


def test_of_a_file_that_is_cut_off_meanwhile_what_was_there_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = os.urandom(3 * PIECE)
    path = tmp_path / "file"
    path.write_bytes(content)
    preadv = os.preadv

    def cut_off_first(descriptor: int, buffers: list[memoryview], place: int) -> int:
        os.truncate(path, PIECE + 7)
        return preadv(descriptor, buffers, place)

    monkeypatch.setattr(os, "preadv", cut_off_first)
    assert read_whole(path) == content[: PIECE + 7]


def test_systems_without_reads_at_a_place_give_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "preadv")
    (tmp_path / "file").write_bytes(b"content")
    assert read_whole(tmp_path / "file") == b"content"


def test_a_file_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_whole(tmp_path / "file")
