"""Which file system a folder lies on: SQLite's write-ahead log needs shared memory, which network ones do not give."""

from __future__ import annotations

import re
import sqlite3
from pathlib import Path

LOCAL = frozenset(
    (
        *("apfs", "bcachefs", "btrfs", "ext2", "ext3", "ext4", "f2fs", "hfs", "jfs", "nilfs2", "overlay", "ramfs"),
        *("reiserfs", "tmpfs", "ufs", "xfs", "zfs"),
    )
)

WAL_IS_SOUND_FROM = (3, 51, 3)
"""Before this version, SQLite could corrupt a database when its write-ahead log was reset."""


def file_system_of(folder: Path, mounts: str | None = None) -> str:
    """The type of the file system under a folder, or "unknown". `mounts` is the text of /proc/self/mountinfo."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return "unknown"
    resolved = folder.resolve()
    deepest, found = -1, "unknown"
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        point = Path(re.sub(r"\\([0-7]{3})", lambda match: chr(int(match[1], 8)), fields[4]))
        # a later mount on the same point hides the earlier one
        if len(point.parts) >= deepest and resolved.is_relative_to(point):
            deepest, found = len(point.parts), after.split()[0]
    return found


def journal_for(file_system: str, version: tuple[int, ...] = sqlite3.sqlite_version_info) -> str:
    """ "wal" where the write-ahead log is sound, else "rollback"."""
    return "wal" if file_system in LOCAL and version >= WAL_IS_SOUND_FROM else "rollback"
