"""What the control groups of Linux, versions 1 and 2, allow the process: its own, and those around it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path


def files_of_groups(controller: str, version_2: str, version_1: str, root: Path = Path("/")) -> Iterator[Path]:
    """The paths at which the groups of the process may have a file of this name: innermost first."""
    try:
        lines = (root / "proc/self/cgroup").read_text("utf-8").splitlines()
    except OSError:
        return  # not Linux
    for line in lines:
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers == "":
            mount, file = root / "sys/fs/cgroup", version_2
        elif controller in controllers.split(","):
            mount, file = root / "sys/fs/cgroup" / controller, version_1
        else:
            continue
        # inside a container the group's own path may not be there: its root is what is mounted
        group = mount / path.lstrip("/")
        for folder in (group, *group.parents):
            yield folder / file
            if folder == mount:
                break


def text_of(file: Path) -> str:
    """What a control group says, or nothing where it says nothing."""
    try:
        return file.read_text("ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
