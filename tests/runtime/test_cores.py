"""The cores that a process may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from vlc_runtime.cores import available_cores


@pytest.fixture(autouse=True)
def sixteen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: range(16), raising=False)
    monkeypatch.delenv("SLURM_CPUS_PER_TASK", raising=False)


def written(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_the_affinity_mask_counts(tmp_path: Path) -> None:
    assert available_cores(tmp_path) == 16


@pytest.mark.parametrize(
    ("text", "cores"), [("4", 4), ("0", 16), ("99", 16), ("²", 16), ("-1", 16), ("", 16), ("x", 16)]
)
def test_slurm_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, cores: int) -> None:
    monkeypatch.setenv("SLURM_CPUS_PER_TASK", text)
    assert available_cores(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("max 100000", 16), ("300000 100000", 3), ("50000 100000", 1), ("?", 16)])
def test_groups_of_version_2_count_and_those_around_them(tmp_path: Path, quota: str, cores: int) -> None:
    written(tmp_path / "proc/self/cgroup", "0::/outer/inner\n")
    written(tmp_path / "sys/fs/cgroup/outer/inner/cpu.max", "max 100000\n")
    written(tmp_path / "sys/fs/cgroup/outer/cpu.max", f"{quota}\n")
    assert available_cores(tmp_path) == cores


@pytest.mark.parametrize(("quota", "cores"), [("-1", 16), ("200000", 2)])
def test_groups_of_version_1_count(tmp_path: Path, quota: str, cores: int) -> None:
    written(tmp_path / "proc/self/cgroup", "7:memory:/other\n4:cpu,cpuacct:/group\n")
    written(tmp_path / "sys/fs/cgroup/cpu/group/cpu.cfs_quota_us", quota)
    written(tmp_path / "sys/fs/cgroup/cpu/group/cpu.cfs_period_us", "100000")
    assert available_cores(tmp_path) == cores
