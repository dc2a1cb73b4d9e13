"""Each pass alone on the programs of its .test file: the plan that it leaves, as text.

A case is a name, what it shows, a program (after the lines that all share), and the plan:

    [case double_negation]
    print "x" not(not(a))
    [plan]
    ...

`pytest tests/passes/test_rewrites.py --snapshot-update` rewrites the plans; read the diff.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from vlc.compiler import compile_source, plan_source
from vlc.diagnostics import Source
from vlc.emit.plan_text import to_text
from vlc.passes import PASSES
from vlc.workplan.plan import check

SHARED = """\
import "vox1"
image = intensity(vox1.load("image.nii"))
other = intensity(vox1.load("other.nii"))
a = image > 1
b = image > 2
c = other > 3
"""
FILES = sorted(Path(__file__).parent.glob("*.test"))
_CASE = re.compile(r"^\[case (\w+)\]\n(.*?)^\[plan\]\n(.*?)(?=^\[case |\Z)", re.MULTILINE | re.DOTALL)


def cases() -> list[tuple[Path, str, str, str]]:
    return [(path, *found) for path in FILES for found in _CASE.findall(path.read_text("utf-8"))]


@pytest.mark.parametrize(("path", "name", "program", "expected"), cases(), ids=lambda value: str(value)[:40])
def test_case(path: Path, name: str, program: str, expected: str, request: pytest.FixtureRequest) -> None:
    (only,) = [each for each in PASSES if each.__name__ == path.stem]
    plan, _ = plan_source(Source("program.imgql", SHARED + program))
    before = to_text(plan)
    after = only(plan)
    check(after)
    assert only(after) is after, "a second time, there is nothing left to do"
    text = to_text(after)
    assert after is plan or text != before
    compile_source(Source("program.imgql", SHARED + program), passes=(only,))
    if request.config.getoption("--snapshot-update"):
        _update(path, name, text)
    else:
        assert text.strip() == expected.strip()


def _update(path: Path, name: str, text: str) -> None:
    def updated(found: re.Match[str]) -> str:
        plan = f"{text}\n" if found[1] == name else found[3]
        return f"[case {found[1]}]\n{found[2]}[plan]\n{plan}"

    path.write_text(_CASE.sub(updated, path.read_text("utf-8")).rstrip() + "\n", "utf-8")


def test_every_pass_has_its_cases() -> None:
    assert [path.stem for path in FILES] == sorted(each.__name__ for each in PASSES)
    for path in FILES:
        assert path.read_text("utf-8").count("[case ") == len(_CASE.findall(path.read_text("utf-8"))) >= 4
