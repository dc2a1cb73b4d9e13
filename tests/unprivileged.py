"""Being somebody whom permissions bind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def unprivileged(folder: Path) -> Iterator[None]:
    """Be somebody whom the folder refuses: root is refused nothing."""
    if os.geteuid() != 0:
        yield
        return
    while folder != folder.parent and folder != Path("/tmp"):
        folder.chmod(folder.stat().st_mode | 0o055)
        folder = folder.parent
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)
