"""A plan of one task and of results that are loaded: done without Dask, in the order for which memory was planned."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.run.programs import run_script, script_of, write_image

PROGRAM = """\
import "vox1"
import "simpleitk"
cut = 0.3
large = intensity(ReadImage("large.nii"))
small = intensity(ReadImage("small.nii"))
edges = gradient(large)
print "edges" for i in range(0, 1) do volume(through(dt(gradient(edges) > cut) > 0.5, (edges + large) > 0.1))
slopes = for i in range(0, 5) do gradient(small +. i)
print "slopes" for slope in slopes do volume(slope > 0.2)
save "slopes/{}.nii" slopes
"""


@pytest.mark.parametrize("scheduler", ["threads", "sync"])
def test_what_is_loaded_for_the_end_is_not_held_while_the_task_runs(scheduler: str, tmp_path: Path) -> None:
    write_image(tmp_path / "large.nii", 0, (48, 48, 40))
    write_image(tmp_path / "small.nii", 1, (32, 32, 22))
    script = script_of(tmp_path, PROGRAM)
    shard = ("--shard", "1/1", "--workers", "1", "--scheduler", scheduler)
    assert run_script(script, *shard).status == 0
    assert run_script(script, *shard, "--set", "cut=0.31").status == 0
    records = sorted((tmp_path / "results" / "runs").glob("*.jsonl"), key=lambda path: path.stat().st_mtime_ns)
    lines = [json.loads(line) for line in records[-1].read_text("ascii").splitlines()]
    order = [(line["operator"], line["outcome"]) for line in lines if line["event"] == "node"]
    assert order.index(("vox1.volume", "computed")) < order.index(("vox1.volume", "stored"))
    assert order.count(("vox1.volume", "stored")) == 5
