"""Ctrl-C, of which the first counts: what it begins, the end of a run, must come to its own end."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import NoReturn

INTERRUPTED = 130
"""The exit status of what was interrupted: 128 and the number of the signal, as shells have it."""


class InterruptOnce:
    """A handler of signals: raises KeyboardInterrupt at the first, and lets those that follow be.

    A second one, raised while Python's own locks are given back after the first, could leave one held for ever.
    """

    def __init__(self) -> None:
        self._first = [True]

    @property
    def interrupted(self) -> bool:
        return not self._first

    def __call__(self, number: int, frame: FrameType | None) -> None:
        try:
            self._first.pop()  # in one step: a handler may be interrupted by the next signal anywhere else
        except IndexError:
            return
        raise KeyboardInterrupt


@contextmanager
def interrupted_once() -> Iterator[None]:
    """Let the first Ctrl-C in the body interrupt it, and none after that, to the end of the process.

    Where interrupts are handled in another way, as in a job in the background, that is left as it is.
    """
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    handler = InterruptOnce()
    signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        if not handler.interrupted:
            signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def interrupts_held() -> Iterator[None]:
    """Let a Ctrl-C in the body wait for its end. What is started in it, threads and processes, hears of none until it
    asks to: of a whole group that is interrupted, as by a terminal, only this process says what that means."""
    from multiprocessing import resource_tracker

    resource_tracker.ensure_running()  # whoever starts it, as the first process to be spawned does, lets interrupts in
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.getsignal(signal.SIGINT) if threading.current_thread() is threading.main_thread() else None
    held: list[tuple[int, FrameType | None]] = []  # another thread, that does not block it, takes it for this one
    if callable(handler):
        signal.signal(signal.SIGINT, lambda number, frame: held.append((number, frame)))
    try:
        yield
    finally:
        if callable(handler):
            signal.signal(signal.SIGINT, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        if held and callable(handler):
            handler(*held[0])


def leave(status: int) -> NoReturn:
    """End the process. One that was interrupted ends here and now: Python, while it tidies up, forgets who handles
    interrupts, and one more would take the process before its status is told. Any other ends without the last looks for
    cycles: they go through all modules, and take a tenth of a short run."""
    if status == INTERRUPTED:
        with suppress(OSError):  # the reader may have gone
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(status)
    gc.freeze()
    sys.exit(status)
