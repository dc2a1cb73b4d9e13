"""The cores that a process may use."""

from __future__ import annotations

import os
import subprocess
import sys
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


def after_numpy(shown: str, **settings: str) -> str:
    """What a process prints that has loaded kernels, and numpy with them."""
    check = f"from vlc_runtime.kernels import vox1; import os; print({shown})"
    environment = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    command = [sys.executable, "-c", check]
    done = subprocess.run(command, env=environment | settings, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="Linux tells the threads of a process")
def test_numpy_starts_no_threads() -> None:
    assert after_numpy("len(os.listdir('/proc/self/task'))") == "1"


def test_how_many_threads_numpy_starts_can_be_said() -> None:
    assert after_numpy("os.environ['OPENBLAS_NUM_THREADS']", OPENBLAS_NUM_THREADS="2") == "2"
