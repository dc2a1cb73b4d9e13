"""`vlc doctor`: what a run would find on this machine."""

from __future__ import annotations

import platform
import sqlite3
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from vlc_runtime.available_memory import default_allowance
from vlc_runtime.cores import available_cores
from vlc_runtime.registered import registered
from vlc_runtime.sizes import size_text
from vlc_runtime.store.access import foreseen
from vlc_runtime.store.file_system import file_system_of, journal_for

_PACKAGES = ("voxlogica-compiler", "vlc-runtime", "numpy", "SimpleITK", "dask", "zstandard", "distributed", "numba")


def machine() -> str:
    """Versions, cores and memory."""
    lines = [f"Python {platform.python_version()} on {platform.platform()}"]
    lines.extend(f"{name} {_version(name)}" for name in _PACKAGES)
    lines.append(f"SQLite {sqlite3.sqlite_version}")
    lines.append(f"cores that this process may use: {available_cores()}")
    lines.append(f"memory that a run takes at most, unless --memory says otherwise: {size_text(default_allowance())}")
    compiled = "yes" if find_spec("numba") is not None else "no; install vlc-runtime[fast] for them"
    lines.append(f"compiled kernels: {compiled}")
    lines.extend(f"namespace {name}, of the package {package}" for name, package in sorted(registered().items()))
    return "\n".join(lines) + "\n"


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"


def store(folder: str) -> str:
    """How the store in this folder keeps, or would keep, its index, and the warning of a run, if any.

    Raises the StoreError that a run would.
    """
    description, warning = foreseen(Path(folder))
    if description is None:
        found = file_system_of(Path(folder))
        return f"store {folder}: none yet; a run makes it, {_kept(journal_for(found), found)}\n"
    line = f"store {folder}: {_kept(description.journal, description.file_system)}\n"
    return f"{line}warning: {warning}\n" if warning else line


def _kept(journal: str, file_system: str) -> str:
    return f"{journal} journal, on the file system {file_system}"
