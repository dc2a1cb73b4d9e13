"""How much memory this process may use."""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from vlc_runtime.control_groups import files_of_groups, text_of
from vlc_runtime.errors import UsageError
from vlc_runtime.sizes import size_of

SHARE = 0.8
"""What a run takes of the memory there is, unless it is told."""
LEAST = 10**6
"""Less is a slip: no process gets along with it."""


def memory_of(text: str) -> int:
    """The bytes that an amount of memory says. UsageError for what is none, or too little for anything."""
    try:
        size = size_of(text)
    except UsageError:
        size = 0
    if size < LEAST:
        raise UsageError(f"`{text}` is no size of memory", "write a number and a unit: 500MB, 4GB, 1.5GiB")
    return size


def high_water() -> int:
    """The most bytes that this process has had in memory so far. On Linux, what its parent had when it began counts."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def default_allowance(root: Path = Path("/")) -> int:
    """What a run may take unless it is told: a share of what the machine, its control group or SLURM allows."""
    limits = [_physical(), *_of_control_groups(root), *_of_slurm(os.environ)]
    return int(SHARE * min(limits))


def _physical() -> int:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def _of_slurm(environment: Mapping[str, str]) -> Iterator[int]:
    """SLURM writes megabytes of 2^20 bytes; 0 stands for all there is."""
    node = environment.get("SLURM_MEM_PER_NODE", "")
    if node.isdecimal() and int(node):
        yield int(node) << 20
    each, count = environment.get("SLURM_MEM_PER_CPU", ""), environment.get("SLURM_CPUS_ON_NODE", "")
    if each.isdecimal() and count.isdecimal() and int(each) and int(count):
        yield int(each) * int(count) << 20


def _of_control_groups(root: Path) -> Iterator[int]:
    """The limits of the control groups that the process is in, and of those around them."""
    for file in files_of_groups("memory", "memory.max", "memory.limit_in_bytes", root):
        text = text_of(file)
        if text.isdecimal() and int(text):  # else it is `max`
            yield int(text)
