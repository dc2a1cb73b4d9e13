"""Ctrl-C, of which the first counts: what it begins, the end of a run, must come to its own end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


def interrupt_once(number: int, frame: FrameType | None) -> None:
    """A handler of signals: raises KeyboardInterrupt, and lets those that follow be ignored.

    A second one, raised while Python's own locks are given back after the first, could leave one held for ever.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Let the first Ctrl-C in the body interrupt it, and none after that.

    Where interrupts are handled in another way, as in a job in the background, that is left as it is.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, interrupt_once)
    try:
        yield
    finally:
        if signal.getsignal(signal.SIGINT) is interrupt_once:
            signal.signal(signal.SIGINT, signal.default_int_handler)
