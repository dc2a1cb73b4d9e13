"""Listing and loading of files, strings, and the operators for testing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from kernel_images import volume
from vlc_runtime.errors import FileError, KernelError
from vlc_runtime.kernels import default, strings, test

from tests.unprivileged import unprivileged


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep" / "er").mkdir(parents=True)
    for name in ("b.nii.gz", "a.nii.gz", "B.txt", "deep/c.nii.gz", "deep/er/d.nii.gz", "ü.nii.gz"):
        (tmp_path / name).write_text(name)
    return tmp_path


def test_a_directory_is_listed_in_order(folder: Path) -> None:
    listed = default.list_directory.compute
    assert listed(str(folder)) == ["B.txt", "a.nii.gz", "b.nii.gz", "deep", "ü.nii.gz"]
    assert listed(str(folder), "*.nii.gz") == ["a.nii.gz", "b.nii.gz", "ü.nii.gz"]
    assert listed(str(folder), "*.nii.gz", True) == [
        "a.nii.gz",
        "b.nii.gz",
        "deep/c.nii.gz",
        "deep/er/d.nii.gz",
        "ü.nii.gz",
    ]
    assert listed(str(folder), "a*", False, True) == [(folder / "a.nii.gz").resolve().as_posix()]
    assert listed(str(folder), "nothing*") == []


def test_absolute_names_are_the_relative_ones_below_the_root(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Links to a file, to a folder and to nothing have their own names; only the root is looked up."""
    (folder / "deep" / "e.nii.gz").symlink_to(folder / "a.nii.gz")
    (folder / "deep" / "lost.nii.gz").symlink_to(folder / "gone.nii.gz")
    (folder / "deep" / "loop.nii.gz").symlink_to("loop.nii.gz")
    (folder / "link").symlink_to(folder / "deep", target_is_directory=True)
    monkeypatch.chdir(folder / "deep")
    listed = default.list_directory.compute
    for root in (str(folder), str(folder / "link"), ".", "..", "../link", "er/.."):
        for pattern in ("*", "*.nii.gz", "**", "er/*", "link/*"):
            for recursive in (False, True):
                relative = listed(root, pattern, recursive, False)
                expected = [(Path(root).resolve() / name).as_posix() for name in relative]
                assert listed(root, pattern, recursive, True) == expected
    names = [Path(name).name for name in listed("../link", "*.gz", False, True)]
    assert names == ["c.nii.gz", "e.nii.gz", "loop.nii.gz", "lost.nii.gz"]


def test_directories_that_cannot_be_listed(folder: Path) -> None:
    listed = default.list_directory.compute
    with pytest.raises(FileError, match="there is no directory"):
        listed(str(folder / "missing"))
    with pytest.raises(FileError, match="is no directory"):
        listed(str(folder / "B.txt"))
    for pattern in ("", "/etc/*", "../*", "deep/../../*"):
        with pytest.raises(KernelError, match="pattern"):
            listed(str(folder), pattern)


@pytest.mark.parametrize(
    ("root", "pattern", "recursive", "told"),
    [
        ("shut", "*.gz", False, "shut cannot be listed: Permission denied"),
        ("shut/er", "*", False, "shut/er cannot be read: Permission denied"),
        (".", "*.gz", True, ". cannot be listed: shut: Permission denied"),
        (".", "**/*.gz", False, ". cannot be listed: shut: Permission denied"),
        (".", "shut/*.gz", False, ". cannot be listed: shut: Permission denied"),
        (".", "shut/c.nii.gz", False, ". cannot be listed: shut/c.nii.gz: Permission denied"),
        (".", "*/c.nii.gz", False, ". cannot be listed: shut/c.nii.gz: Permission denied"),
    ],
)
def test_what_may_not_be_read_is_never_taken_to_be_empty(
    root: str, pattern: str, recursive: bool, told: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a cohort would be smaller than it is, and nobody would know."""
    shut = (folder / "deep").rename(folder / "shut")
    monkeypatch.chdir(folder)
    mode = shut.stat().st_mode
    shut.chmod(0)
    try:
        with unprivileged(folder), pytest.raises(FileError) as problem:
            default.list_directory.compute(root, pattern, recursive)
        assert problem.value.message == f"the directory {told}"
        with unprivileged(folder):  # what need not be looked into may be shut
            assert default.list_directory.compute(".", "*.gz") == ["a.nii.gz", "b.nii.gz", "ü.nii.gz"]
    finally:
        shut.chmod(mode)


def test_patterns_match_as_those_of_pathlib(folder: Path) -> None:
    (folder / ".hidden.nii.gz").touch()
    (folder / "link").symlink_to("deep")
    (folder / "lost.nii.gz").symlink_to("gone")
    for pattern in (
        "*",
        "**",
        "**/*.gz",
        "*/*",
        "link/*",
        "a.nii.gz",
        "lost.nii.gz",
        "[!a]*.gz",
        "deep/er/",
        "?.*",
        "*/er/*",
    ):
        for recursive in (False, True):
            found = folder.rglob(pattern) if recursive else folder.glob(pattern)
            expected = sorted(path.relative_to(folder).as_posix() for path in found)
            assert default.list_directory.compute(str(folder), pattern, recursive) == expected, (pattern, recursive)


def test_values_are_loaded_by_suffix(tmp_path: Path) -> None:
    def load(name: str, content: bytes) -> Any:
        (tmp_path / name).write_bytes(content)
        return default.load.compute(str(tmp_path / name))

    assert load("a.json", b'{"a": [1, 2.5, true, "x"]}') == {"a": [1, 2.5, True, "x"]}
    assert load("a.txt", "één\r\ntwee\n\nvier".encode()) == ["één", "twee", "", "vier"]
    assert load("a.CSV", b"1,2\n3,4\n") == ["1,2", "3,4"]
    assert load("a.bin", b"\x00\xff") == b"\x00\xff"
    assert default.load.reads == (0,)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"[1,\n 2", "a.json:2:3: this is no JSON"),
        ("a.json", b"[1, [null]]", "holds a null"),
        ("a.json", b"[" * 200_000, "nested too deeply"),
        ("a.txt", b"abc\xff", "byte 3 is wrong"),
    ],
)
def test_files_that_do_not_hold_what_they_say(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(FileError, match=message):
        default.load.compute(str(tmp_path / name))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"gone\.json cannot be read: No such file"):
        default.load.compute(str(tmp_path / "gone.json"))


def test_concat_writes_values_as_print_does() -> None:
    assert strings.concat.compute() == ""
    assert strings.concat.compute("t", 1.0, "/", 2, True, [1.0, 2.0]) == "t1.0/2True[1.0, 2.0]"


def test_format_string() -> None:
    assert strings.format_string.compute("{} of {}", "a", 1.5) == "a of 1.5"
    assert strings.format_string.compute("{:.0f}:{:03.0f}", 5.0, 7.0) == "5:007"
    assert strings.format_string.compute("{1}{0}{{}}", "a", "b") == "ba{}"
    assert strings.format_string.compute("{:>5}|", "a") == "    a|"
    assert strings.format_string.compute("{:03d}", 7) == "007"


@pytest.mark.parametrize(
    ("template", "values", "message"),
    [
        ("{:03d}", (5.0,), "does not fit its values"),
        ("{} {}", ("a",), "does not fit its values"),
        ("{", (), "is wrong"),
        ("{0.__class__}", ("a",), "only {} and {0}"),
        ("{0[0]}", ("a",), "only {} and {0}"),
        ("{name}", ("a",), "only {} and {0}"),
        ("{:{}}", ("a", "b"), "a field in a field"),
        ("{:f}", ("a",), "does not fit its values"),
    ],
)
def test_wrong_templates(template: str, values: tuple[Any, ...], message: str) -> None:
    with pytest.raises(KernelError, match=message):
        strings.format_string.compute(template, *values)


def test_what_has_no_text() -> None:
    image = volume(np.zeros((1, 1), np.float32))
    for build in (lambda: strings.concat.compute(image), lambda: strings.format_string.compute("{}", image)):
        with pytest.raises(KernelError, match="an image has no text"):
            build()
    with pytest.raises(KernelError, match="cannot be written"):
        strings.concat.compute(10**10_000)
    nested: Any = []
    for _ in range(100_000):
        nested = [nested]
    with pytest.raises(KernelError, match="nested too deeply"):
        strings.concat.compute(nested)


def test_fibonacci() -> None:
    assert [test.fibonacci.compute(n) for n in (0, 1, 2, 10, 10.0, 90)] == [0, 1, 1, 55, 55, 2880067194370816120]
    with pytest.raises(KernelError, match="Fibonacci number -1"):
        test.fibonacci.compute(-1)


def test_impure_prints_every_time(capsys: pytest.CaptureFixture[str]) -> None:
    assert test.impure.effect
    assert [test.impure.compute(3.0), test.impure.compute(3.0)] == [3.0, 3.0]
    assert capsys.readouterr().out == "IMPURE CALLED WITH: 3.0\n" * 2


def test_timewaste_is_deterministic() -> None:
    assert test.timewaste.compute(20, 50) == test.timewaste.compute(20, 50)
    assert 0.0 < test.timewaste.compute(20, 50) < 1.0
    assert test.timewaste.compute(1, 1) == 3.9 * 0.25
    for arguments in ((0, 1), (1, -1), (10**9, 1)):
        with pytest.raises(KernelError, match="timewaste wants"):
            test.timewaste.compute(*arguments)
