"""`vlc memory`: the predicted peak of a program, and what is alive then."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.memory.plans import head
from tests.run.programs import run_program
from vlc.cli import main

GLIOBLASTOMA = str(Path(__file__).parents[2] / "examples" / "glioblastoma.imgql")
COHORT = str(Path(__file__).parents[2] / "examples" / "glioblastoma_cohort.imgql")
SMALL = """
import "vox1"
import "simpleitk"
path = "head.nii.gz"
flair = intensity(ReadImage(path))
print "deep" volume(dt(flair > 200) < 3)
"""


def report(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["memory", *arguments]) == 0
    return capsys.readouterr().out


def problem(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert main(["memory", *arguments]) == 1
    captured = capsys.readouterr()
    assert not captured.out
    return captured.err


def test_the_glioblastoma_example(capsys: pytest.CaptureFixture[str]) -> None:
    text = report(capsys, GLIOBLASTOMA, "--shape", "240x240x155", "--workers", "2")
    head_line, process, steps, *_ = text.splitlines()
    assert re.fullmatch(r"predicted peak: 2\d\d MB with 1 worker, at most 3\d\d MB with 2", head_line)
    assert "for the process" in process and "54 steps" in steps
    assert "240x240x155 float32" in text and "load imgFLAIR" in text
    assert "while computing         vox1.through" in text
    assert text == report(capsys, GLIOBLASTOMA, "--shape", "240x240x155", "--workers", "2")


def test_twice_the_voxels_take_twice_the_images(capsys: pytest.CaptureFixture[str]) -> None:
    def beyond_the_process(shape: str) -> float:
        text = report(capsys, GLIOBLASTOMA, "--shape", shape, "--workers", "1")
        peak, process = re.findall(r"(\d+(?:\.\d+)?) MB", text)[:2]
        return float(peak) - float(process)

    assert beyond_the_process("100x100x200") == pytest.approx(2 * beyond_the_process("100x100x100"), abs=2)


def test_headers_of_the_files_that_the_program_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.imgql").write_text(SMALL)
    head(tmp_path / "head.nii.gz", (30, 20, 10))
    own = report(capsys, "small.imgql")
    assert "30x20x10 int16" in own
    head(tmp_path / "other.mha", (60, 50, 40), pixel=float)
    assert "60x50x40 float64" in report(capsys, "small.imgql", "--image", "other.mha")
    assert "60x50x40 float64" in report(capsys, "small.imgql", "--set", "path=other.mha")
    assert "99x98x97 int16" in report(capsys, "small.imgql", "--shape", "99x98x97")


def test_the_script_refuses_by_the_same_figure(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("small.imgql").write_text(SMALL)
    head(tmp_path / "head.nii.gz", (90, 80, 70))
    refused = run_program(tmp_path, SMALL, "--memory", "10MB", "--no-store")
    said = re.search(r"this takes (\S+ \S+) of memory", refused.err)
    predicted = re.search(r"predicted peak: (\S+ \S+) with 1 worker", report(capsys, "small.imgql"))
    assert said is not None and predicted is not None
    assert said.group(1) == predicted.group(1)


def test_a_cohort_by_its_headers(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for case in range(8):
        head(tmp_path / f"case{case}_flair.nii.gz", (24, 24, 24), seed=case)
        head(tmp_path / f"case{case}_truth.nii.gz", (24, 24, 24), seed=case)
    text = report(capsys, COHORT, "--set", f"folder={tmp_path}", "--workers", "4")
    assert "24x24x24 float32" in text
    assert len(text.splitlines()) < 100


@pytest.mark.parametrize(
    "shape", ["", "0x1x1", "axbxc", "-1x2x3", "1e3x2x2", "240", "9999999999x2x2", "٣x٣x٣", "1x1x1x1"]
)
def test_what_is_no_shape(capsys: pytest.CaptureFixture[str], shape: str) -> None:
    assert "no size of an image" in problem(capsys, GLIOBLASTOMA, f"--shape={shape}")


def test_a_huge_shape_has_a_huge_peak(capsys: pytest.CaptureFixture[str]) -> None:
    assert re.match(r"predicted peak: [\d.e+]+ TB", report(capsys, GLIOBLASTOMA, "--shape", "900000x900000x900000"))


def test_files_that_are_no_images(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no such file" in problem(capsys, GLIOBLASTOMA, "--image", str(tmp_path / "missing.nii"))
    (tmp_path / "text.nii").write_text("hello")
    assert "text.nii" in problem(capsys, GLIOBLASTOMA, "--image", str(tmp_path / "text.nii"))
    both = ["--image", str(tmp_path / "text.nii"), "--shape", "2x2x2"]
    assert "give one of them" in problem(capsys, GLIOBLASTOMA, *both)


def test_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    assert "INPUTDIR" in problem(capsys, GLIOBLASTOMA)
    assert "there is no parameter" in problem(capsys, GLIOBLASTOMA, "--shape", "9x9x9", "--set", "nothing=1")
    given = ["--set", "INPUTDIR=/nowhere", "--set", "NAME=none", "--set", "OUTPUTDIR=none"]
    assert "cannot read /nowhere/none_flair.nii.gz" in problem(capsys, GLIOBLASTOMA, *given)
    report(capsys, GLIOBLASTOMA, "--shape", "9x9x9", *given)


def test_what_fails_already_when_it_is_planned_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "there is no directory" in problem(
        capsys, COHORT, "--shape", "9x9x9", "--set", f"folder={tmp_path / 'missing'}"
    )


def test_texts_cannot_control_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    program = tmp_path / "odd.imgql"
    program.write_text(SMALL.replace("deep", "deep \u202e\u2066\x1b[31m" + "x" * 500), "utf-8")
    text = report(capsys, str(program), "--shape", "50x50x50")
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    assert max(map(len, text.splitlines())) < 200


def test_programs_without_images_and_with_what_is_not_known_yet(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    program = tmp_path / "scalars.imgql"
    program.write_text('print "r" for i in range(100) do i + 1')
    assert "no images" in report(capsys, str(program))
    program.write_text(SMALL + 'print "n" for i in range(volume(flair > 3)) do i\n')
    assert "not counted: what depends on 1 result" in report(capsys, str(program), "--shape", "50x50x50")


def test_wrong_use() -> None:
    for arguments in (
        [],
        [GLIOBLASTOMA, "--workers", "0"],
        [GLIOBLASTOMA, "--workers", "x"],
        [GLIOBLASTOMA, "--nothing"],
    ):
        with pytest.raises(SystemExit) as ended:
            main(["memory", *arguments])
        assert ended.value.code == 2
