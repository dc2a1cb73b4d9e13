"""The first Ctrl-C interrupts, those after it are ignored; other ways of handling it are left alone."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest
from vlc_runtime.interrupts import interrupted_once, interrupts_held


@pytest.fixture(autouse=True)
def handler() -> Iterator[None]:
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt() -> None:
    """Interrupt this process, and wait until one of its threads took the signal: where the main one blocks it, that may
    be any other, and some time after kill returned."""
    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno())
        try:
            os.kill(os.getpid(), signal.SIGINT)
            reader.recv(1)
        finally:
            signal.set_wakeup_fd(before)


def test_a_second_interrupt_does_not_disturb_what_the_first_began() -> None:
    ended = False
    with pytest.raises(KeyboardInterrupt), interrupted_once():
        try:
            interrupt()
        finally:
            interrupt()
            ended = True
    assert ended
    interrupt()


def test_without_an_interrupt_all_is_as_before() -> None:
    with interrupted_once():
        pass
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_interrupts_that_are_ignored_stay_so() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupted_once():
        os.kill(os.getpid(), signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


def test_one_that_is_held_comes_at_the_end_whichever_thread_took_it() -> None:
    over = threading.Event()
    other = threading.Thread(target=over.wait)
    other.start()
    ended = False
    try:
        with pytest.raises(KeyboardInterrupt), interrupts_held():
            interrupt()
            ended = True
    finally:
        over.set()
        other.join()
    assert ended
    with pytest.raises(KeyboardInterrupt):
        interrupt()


def test_what_is_started_while_they_are_held_hears_of_none() -> None:
    text = "import signal; print(signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, []))"
    with interrupts_held():
        child = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
    assert child.stdout == "True\n"
