"""What the control groups of Linux, versions 1 and 2, allow the process: its own, and those around it.

Every run asks, also one that finds all in the store: so files are read by the system's calls alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

_MOST = 1 << 16
"""Bytes of such a file that are read: more than any has."""


def files_of_groups(controller: str, version_2: str, version_1: str, root: Path = Path("/")) -> Iterator[str]:
    """The paths at which the groups of the process may have a file of this name: innermost first."""
    top = str(root).rstrip("/")
    for line in text_of(f"{top}/proc/self/cgroup").splitlines():  # not there where this is not Linux
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            mount, file = f"{top}/sys/fs/cgroup", version_2
        elif controller in controllers.split(","):
            mount, file = f"{top}/sys/fs/cgroup/{controller}", version_1
        else:
            continue
        # inside a container the group's own path may not be there: its root is what is mounted
        names = [name for name in path.split("/") if name]
        for depth in range(len(names), -1, -1):
            yield "/".join((mount, *names[:depth], file))


def text_of(file: str) -> str:
    """What a control group says, or nothing where it says nothing."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    except (OSError, ValueError):
        return ""
    try:
        return os.read(descriptor, _MOST).decode("utf-8", "replace").strip()
    except OSError:
        return ""
    finally:
        os.close(descriptor)
