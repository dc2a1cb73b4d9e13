"""`vlc plan --explain`, and plans that are deep."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from vlc.compiler import plan_source
from vlc.diagnostics import Source
from vlc.emit.explanation import traffic
from vlc.passes import PASSES, run_passes
from vlc.workplan.plan import WorkPlan, check

PROGRAM = """\
import "vox1"
a = intensity(vox1.load("a.nii")) > 1
print "x" volume(distleq(2, a))
print "y" volume(not(not(a)))
"""


def explained(folder: Path, *options: str) -> list[str]:
    (folder / "program.imgql").write_text(PROGRAM, "utf-8")
    command = [sys.executable, "-m", "vlc", "plan", "program.imgql", "--explain", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True).stdout.splitlines()


def test_laws_lines_and_sizes(tmp_path: Path) -> None:
    assert explained(tmp_path) == [
        "as written: 11 nodes, 47 bytes read and written a voxel",
        "simplify: 9 nodes, 43 bytes read and written a voxel",
        "  program.imgql:4: print y: not(not(a)) = a",
        "near_chains: nothing to do",
        "sweeps: nothing to do",
        "vectorise: nothing to do",
        "distance_thresholds: 6 nodes, 21 bytes read and written a voxel",
        "  program.imgql:3: print x: a comparison of dt is distance_leq",
        "depths: nothing to do",
        "rank_thresholds: nothing to do",
        "voxelwise_fusion: nothing to do",
    ]


def test_what_is_done_for_each_item_of_loops_is_told_apart() -> None:
    plan = plan_of('b = vox1.load("b.nii") > 1', 'print "v" for t in range(0, 9) do volume(near(a0 & (b > t)))')
    assert [each > 0 for each in traffic(plan)] == [True, True]
    sweep = plan_of('i = intensity(vox1.load("a.nii"))', 'print "v" for t in range(0, 9) do volume(i > t)')
    (once, for_each), (once_swept, for_each_swept) = traffic(sweep), traffic(run_passes(sweep, PASSES))
    assert (for_each > 0, for_each_swept) == (True, 0)
    assert once_swept > once


def test_up_to_a_pass(tmp_path: Path) -> None:
    assert explained(tmp_path, "--after", "simplify")[-1] == "  program.imgql:4: print y: not(not(a)) = a"
    assert explained(tmp_path, "--no-optimise") == ["as written: 11 nodes, 47 bytes read and written a voxel"]


def plan_of(*lines: str) -> WorkPlan:
    program = 'import "vox1"\na0 = intensity(vox1.load("a.nii")) > 1\n' + "\n".join(lines)
    return plan_source(Source("program.imgql", program))[0]


@pytest.mark.parametrize("step", ["near(a{})", "not(near(not(a{})))", "distleq(2, a{})", "and(a{}, or(a{}, a0))"])
def test_a_deep_plan(step: str) -> None:
    lines = [f"a{number + 1} = {step.replace('{}', str(number))}" for number in range(3000)]
    plan = plan_of(*lines, 'print "last" volume(a3000)')
    after = run_passes(plan, PASSES)
    check(after)
    assert len(after.nodes) < len(plan.nodes)
    assert traffic(after) < traffic(plan)


def test_a_plan_without_anything_to_do_is_the_same_plan() -> None:
    plan = plan_of('print "x" a0')
    assert run_passes(plan, PASSES) is plan
