"""Amounts of bytes, as people write and read them: MB is 10^6 bytes, MiB 2^20."""

from __future__ import annotations

import re

from vlc_runtime.errors import UsageError

_UNITS = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9, "t": 10**12}
_BINARY_UNITS = {"ki": 2**10, "mi": 2**20, "gi": 2**30, "ti": 2**40}
_SHOWN = ((10**12, "TB"), (10**9, "GB"), (10**6, "MB"), (10**3, "kB"))
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt]?i?)b?", re.IGNORECASE | re.ASCII)


def size_of(text: str) -> int:
    """The bytes that a size says, as in 500MB, 4G or 1.5GiB; a number alone counts bytes. UsageError else."""
    match = _SIZE.fullmatch(text.strip())
    unit = (_UNITS | _BINARY_UNITS).get(match.group(2).lower()) if match else None
    if match is None or unit is None:
        raise UsageError(f"`{text}` is no size", "write a number and a unit: 500MB, 4GB, 1.5GiB")
    return int(float(match.group(1)) * unit)


def size_text(count: int) -> str:
    """Bytes in the unit that fits, to three digits: 35.7 MB."""
    unit, name = next(((unit, name) for unit, name in _SHOWN if count >= 0.9995 * unit), (1, "B"))
    return f"{count / unit:.3g} {name}" if count < 999.5 * unit else f"{count / unit:.0f} {name}"
