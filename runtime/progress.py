"""The line that shows how far a run is, on a terminal."""

from __future__ import annotations

import sys
import threading
import time
from typing import TextIO

from vlc_runtime.options import Progress

INTERVAL = 0.1
"""Seconds between two drawings of the line: often enough to see, too seldom to cost anything."""


class ProgressLine:
    """Draws one line over and over while a run goes on. Silent when the stream is no terminal. Thread-safe."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream or sys.stderr
        self._shown = self._stream.isatty()
        self._drawn = 0.0
        self._width = 0
        self._lock = threading.Lock()

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if not self._shown or now - self._drawn < INTERVAL:
            return
        with self._lock:
            self._drawn = now
            self._draw(line_of(progress, now))

    def _draw(self, text: str) -> None:
        self._stream.write("\r" + text.ljust(self._width))
        self._stream.flush()
        self._width = len(text)

    def clear(self) -> None:
        """Wipe the line, so that what is printed next starts on an empty one."""
        with self._lock:
            if self._width:
                self._stream.write("\r" + " " * self._width + "\r")
                self._stream.flush()
                self._width = 0


def line_of(progress: Progress, now: float) -> str:
    """What the line says: nodes done, stored and left, loop items (or the files read, of a run that is being planned),
    and the time since the start."""
    left = max(0, progress.total - progress.stored - progress.done)
    seconds = int(now - progress.started)
    text = f"{progress.done} done, {progress.stored} stored, {left} left"
    if not progress.total:
        text = f"planning: {progress.files} files read"
    if progress.loop_items:
        text += f", {progress.items_done} of {progress.loop_items} loop items"
    return f"{text}, {seconds // 60}:{seconds % 60:02d}"
