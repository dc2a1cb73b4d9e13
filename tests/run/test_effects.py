"""Effects are done in every run, never answered from the store: nor is what comes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.run.programs import run_program, run_script, script_of, write_image

SAID = "IMPURE CALLED WITH: "


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ('print "r" impure(3)', ["3.0"]),
        ('print "r" impure(3) + 1', ["3.0"]),
        ('print "r" for i in range(2) do fibonacci(10) + impure(i)', ["0", "1"]),
        ('save "r.json" for i in range(2) do impure(i) * 2', ["0", "1"]),
        ('print "r" for i in range(impure(2)) do fibonacci(10 + i)', ["2.0"]),
        ('print "r" (for i in range(9) do impure(i))[1]', [str(i) for i in range(9)]),
    ],
)
@pytest.mark.parametrize("keep", ["costly", "all"])
def test_what_comes_of_an_effect_is_computed_again(tmp_path: Path, text: str, calls: list[str], keep: str) -> None:
    script = script_of(tmp_path, f'import "test"\n{text}\n')
    for _ in range(2):
        ended = run_script(script, "--keep", keep, "--workers", "1")
        assert ended.status == 0, ended.err
        said = [line.removeprefix(SAID) for line in ended.out.splitlines() if line.startswith(SAID)]
        assert sorted(said) == calls


def test_what_does_not_come_of_one_is_still_stored(tmp_path: Path) -> None:
    text = 'import "test"\nprint "r" fibonacci(10) + impure(1)\nprint "f" fibonacci(12)\n'
    assert run_program(tmp_path, text).status == 0
    ended = run_script(tmp_path / "program.py", "--dry-run")
    assert ended.out.splitlines()[0] == "2 to compute, 2 stored"


def test_a_file_is_written_anew_though_its_path_is_no_value(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = 'import "simpleitk"\nw = let q = WriteImage(ReadImage("a.nii"), "b.nii") in 3\nprint "w" w\n'
    for _ in range(2):
        assert run_program(tmp_path, text).status == 0
        (tmp_path / "b.nii").unlink()
