"""Standard input, output and error as a command finds them: closed by who started it, or on a disk that is full."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

from vlc_runtime.errors import FileError


def open_standard_streams() -> None:
    """Let what was closed lead nowhere, for this process and those that it starts.

    Python has None for a stream that is closed, and `print` takes that for standard output. And the next file that is
    opened would get the free number: what a library in C tells standard error would be written into a result.
    """
    while (file := os.open(os.devnull, os.O_RDWR)) <= 2:
        os.set_inheritable(file, True)
    os.close(file)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - open as long as the process
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115
    elif type(sys.stderr) is io.TextIOWrapper:
        sys.stderr = _StandardError(sys.stderr.buffer, sys.stderr.encoding, "backslashreplace", line_buffering=True)
    if isinstance(sys.stdout, io.TextIOWrapper):  # names of files may be no text of its encoding
        sys.stdout.reconfigure(errors="backslashreplace")


class _StandardError(io.TextIOWrapper):
    """Standard error, on which no run depends: where it takes no more, as on a disk that is full, or where its
    reader has gone, nothing is lost but what would have been told."""

    def write(self, text: str, /) -> int:
        try:
            return super().write(text)
        except OSError:
            _lead_nowhere(self)
            return len(text)

    def flush(self) -> None:
        try:
            super().flush()
        except OSError:
            _lead_nowhere(self)


@contextmanager
def reaching_output() -> Iterator[None]:
    """What the body prints has been written when it ends. FileError where standard output takes no more, as on a disk
    that is full; BrokenPipeError where its reader has gone. Either way nothing more is written to it."""
    try:
        yield
        sys.stdout.flush()
    except OSError as error:
        if error.filename is not None or isinstance(error, FileNotFoundError):  # it is of another file
            raise
        _lead_nowhere(sys.stdout)
        if isinstance(error, BrokenPipeError):
            raise
        reason = error.strerror or error
        raise FileError(f"standard output cannot be written: {reason}") from None


def _lead_nowhere(stream: TextIO) -> None:
    """Let what waits to be written, and would fail once more when Python ends, go nowhere."""
    with suppress(OSError, ValueError):  # it is no file of the system
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
