"""The cores that this process may use, and how tasks and the threads inside SimpleITK's filters share them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from vlc_runtime.control_groups import files_of_groups, text_of

_ITK_THREADS = "ITK_GLOBAL_DEFAULT_NUMBER_OF_THREADS"


def available_cores(root: Path = Path("/")) -> int:
    """What the machine, an affinity mask, control groups or SLURM allow."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    slurm = os.environ.get("SLURM_CPUS_PER_TASK", "")
    if slurm.isdecimal() and int(slurm):
        cores = min(cores, int(slurm))
    for file in files_of_groups("cpu", "cpu.max", "cpu.cfs_quota_us", root):
        quota, _, period = text_of(file).partition(" ")
        period = period or text_of(file.replace("cpu.cfs_quota_us", "cpu.cfs_period_us"))
        if quota.isdecimal() and period.isdecimal() and int(period):
            cores = min(cores, int(quota) // int(period))
    return max(1, cores)


def share_cores(workers: int, cores: int) -> None:
    """Let the threads inside SimpleITK's filters and so many tasks beside each other together fill these cores, not
    more.

    Processes that are started from here on share them in the same way.
    """
    threads = max(1, cores // workers)
    os.environ[_ITK_THREADS] = str(threads)
    if "SimpleITK" in sys.modules:
        from vlc_runtime.simpleitk_border import limit_threads

        limit_threads(threads)


def one_thread_of_blas() -> None:
    """Let OpenBLAS, which numpy brings along, start no threads when it is loaded, unless somebody said how many.

    It would start one for each core of the machine, whatever this process may use, and let them all wait busily for
    work that kernels never have.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def share_cores_of_worker() -> None:
    """The same in a worker of a Dask cluster that others started, unless they said how many threads filters have."""
    if _ITK_THREADS in os.environ or "distributed" not in sys.modules:
        return
    from distributed import get_worker

    try:
        threads = get_worker().state.nthreads
    except ValueError:  # this is no worker
        return
    share_cores(threads, available_cores())
