"""What the README shows is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vlc.compiler import compile_source
from vlc.diagnostics import Source
from vlc.running import run_compiled

PROJECT = Path(__file__).parents[1]
README = (PROJECT / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def test_the_program_compiles_to_the_script_that_is_shown_and_prints_what_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (program,) = blocks("")
    (script,) = blocks("python")
    compiled = compile_source(Source("sweep.imgql", program))
    assert script in compiled.script
    monkeypatch.chdir(PROJECT)
    assert run_compiled(compiled, "sweep.imgql", ["--quiet", "--store", str(tmp_path / "store")]) == 0
    (printed,) = re.findall(r"^    (volume by threshold=.*), \.\.\.$", README, re.MULTILINE)
    assert capsys.readouterr().out.startswith(printed)


def test_links_lead_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", README):
        assert (PROJECT / target).exists(), target


@pytest.mark.parametrize("page", sorted(path.name for path in (PROJECT / "docs").glob("*.md")))
def test_links_in_the_docs_lead_somewhere(page: str) -> None:
    text = (PROJECT / "docs" / page).read_text("utf-8")
    for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
        assert (PROJECT / "docs" / target).exists(), target
