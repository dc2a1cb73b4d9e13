"""What a terminal shows of a run, and what anything else is spared."""

from __future__ import annotations

import io

import pytest
from vlc_runtime.options import Progress
from vlc_runtime.progress import ProgressLine, line_of


@pytest.mark.parametrize(
    ("progress", "text"),
    [
        (Progress(files=12, started=0.0), "planning: 12 files read, 1:05"),
        (Progress(files=12, total=9, stored=2, done=3, started=0.0), "3 done, 2 stored, 4 left, 1:05"),
        (
            Progress(total=9, done=3, loop_items=4, items_done=1, started=0.0),
            "3 done, 0 stored, 6 left, 1 of 4 loop items, 1:05",
        ),
    ],
)
def test_the_line_says_how_far_a_run_is(progress: Progress, text: str) -> None:
    assert line_of(progress, 65.0) == text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_line_is_drawn_over_itself_and_wiped() -> None:
    terminal = Terminal()
    line = ProgressLine(terminal)
    line(Progress(files=3))
    line.clear()
    drawn, wiped = terminal.getvalue().split("\r")[1], terminal.getvalue().split("\r")[2]
    assert drawn.startswith("planning: 3 files read")
    assert wiped == " " * len(drawn)


def test_what_is_no_terminal_gets_no_line() -> None:
    stream = io.StringIO()
    line = ProgressLine(stream)
    line(Progress(total=3))
    line.clear()
    assert stream.getvalue() == ""
