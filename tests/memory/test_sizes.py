"""How amounts of memory are written, and how much a process may use."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from vlc_runtime.available_memory import default_allowance, memory_of
from vlc_runtime.errors import UsageError
from vlc_runtime.sizes import size_of, size_text


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("500MB", 500_000_000),
        ("500 mb", 500_000_000),
        ("4G", 4_000_000_000),
        ("1.5GiB", 3 << 29),
        ("64k", 64_000),
        ("2Ti", 2 << 40),
        (" 1GB ", 1_000_000_000),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert size_of(text) == size


@pytest.mark.parametrize(
    "text",
    ["", "0", "0GB", "12Q", "12", "-1GB", "GB", "1e9", "nan", "inf GB", "1..5GB", "1GBB", "1 G B", "0.0001K", "٣GB"],
)
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(UsageError, match="no size of memory"):
        memory_of(text)


@given(st.integers(1000, 10**18))
def test_a_size_that_is_shown_can_be_given(size: int) -> None:
    assert abs(size_of(size_text(size)) - size) <= size // 180


def machine(root: Path, groups: str, **limits: str) -> Path:
    (root / "proc/self").mkdir(parents=True)
    (root / "proc/self/cgroup").write_text(groups)
    for path, text in limits.items():
        file = root / "sys/fs/cgroup" / path.replace("__", "/").replace("_DOT_", ".")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text + "\n")
    return root


@pytest.fixture(autouse=True)
def no_slurm(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SLURM_MEM_PER_NODE", "SLURM_MEM_PER_CPU", "SLURM_CPUS_ON_NODE"):
        monkeypatch.delenv(name, raising=False)


def test_a_control_group_of_version_2_and_those_around_it(tmp_path: Path) -> None:
    root = machine(
        tmp_path, "0::/jobs/17\n", jobs__17__memory_DOT_max="max", jobs__memory_DOT_max="1000000", memory_DOT_max="max"
    )
    assert default_allowance(root) == 800_000


def test_a_control_group_of_version_1(tmp_path: Path) -> None:
    root = machine(
        tmp_path,
        "5:cpu,cpuacct:/x\n4:memory:/jobs/17\n",
        memory__jobs__17__memory_DOT_limit_in_bytes="2000000",
        memory__memory_DOT_limit_in_bytes="9223372036854771712",
    )
    assert default_allowance(root) == 1_600_000


def test_inside_a_container_the_group_s_own_path_is_not_there(tmp_path: Path) -> None:
    root = machine(tmp_path, "0::/docker/abc\n", memory_DOT_max="3000000")
    assert default_allowance(root) == 2_400_000


@pytest.mark.parametrize("groups", ["", "nonsense", "0::", "::::\n0::/..\n"])
@pytest.mark.parametrize("limit", ["", "max", "many", "-5", "0", "\x00"])
def test_odd_groups_and_limits_leave_the_machine_s_own(tmp_path: Path, groups: str, limit: str) -> None:
    assert default_allowance(machine(tmp_path, groups, memory_DOT_max=limit)) == default_allowance(tmp_path / "none")


@pytest.mark.parametrize(
    "job",
    [{"SLURM_MEM_PER_NODE": "10"}, {"SLURM_MEM_PER_CPU": "5", "SLURM_CPUS_ON_NODE": "2"}],
    ids=lambda job: next(iter(job)),
)
def test_slurm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, job: dict[str, str]) -> None:
    everything = default_allowance(tmp_path)
    for name, value in job.items():
        monkeypatch.setenv(name, value)
    assert default_allowance(tmp_path) == int(0.8 * (10 << 20)) < everything


@pytest.mark.parametrize("value", ["0", "", "10G", "-1"])
def test_slurm_says_0_for_all_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("SLURM_MEM_PER_NODE", value)
    assert default_allowance(tmp_path) > 10 << 20
