"""What failed in a run, told at its end: each failure with its place in the program, and all of them as a table."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from vlc_runtime.failures import Failure, Place
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.stopped import STOPPED

if TYPE_CHECKING:
    from vlc_runtime.options import Outcome

MOST_IN_FULL = 20
"""Failures told with all that is known of them; of the others the table has the whole message."""
MOST_LISTED = 20
"""Warnings that are told, and files of a goal that are named as not saved."""
TABLE_WIDTH = 100
"""Characters in a line of the table where there is no terminal that says how many it has."""
LEAST_WIDTH = 20
_GAP = "..."
_HEAD = ("line", "element", "what failed")


@dataclass(frozen=True, slots=True)
class Program:
    """What the caller knows of the program that a script was compiled from.

    `excerpt` is the text to show under a failure, or ''; `show_line` says what to call a line of the script.
    """

    excerpt: Callable[[Failure], str]
    show_line: Callable[[SourceLine], str]


SCRIPT_ALONE = Program(lambda failure: "", str)


def print_failures(outcome: Outcome, script: str, program: Program = SCRIPT_ALONE) -> None:
    """Tell standard error what failed, after what looks as if it were not meant; nothing when there is nothing."""
    for warning in outcome.warnings[:MOST_LISTED]:
        _say(f"warning: {warning}")
    if more := len(outcome.warnings[MOST_LISTED:]):
        _say(f"warning: {more} more of this kind")
    failures = outcome.failures
    if not failures:
        return
    # of a run that stopped at a failure, that failure is what there is to tell
    told = [each for each in failures if each[1].message != STOPPED.message] or failures
    first: dict[Failure, Failure] = {}
    goals_of: dict[Failure, list[str]] = {}
    for goal, failure in told:
        first.setdefault(_wherever(failure), failure)
        goals_of.setdefault(first[_wherever(failure)], []).append(goal)
    for failure, goals in list(goals_of.items())[:MOST_IN_FULL]:
        _say(f"error: {failure}")
        sys.stderr.write(program.excerpt(failure))
        if names := [goal for goal in dict.fromkeys(goals) if goal]:  # a shard has parts of goals
            _say(f"  so {' and '.join(names)} failed")
    if len(goals_of) > 1:
        # what no line of the program stands for has one of the script, which has no file where the program is run
        name = script if program is SCRIPT_ALONE else "the script"
        width = shutil.get_terminal_size((TABLE_WIDTH, 0)).columns
        _say("\n".join(failure_table(list(goals_of), name, program.show_line, width)))
    for each in outcome.partly_saved:
        _say(f"{each.goal}: {each.done} of {_counted(each.items, 'item')} were saved")
        if each.missing:
            _say(f"  not saved: {_listed(each.missing)}")
    _say(_count_of_goals(outcome, {goal for goal, _ in told} - {""}))


def _count_of_goals(outcome: Outcome, failed: set[str]) -> str:
    """How many goals failed, were left when the run was stopped, and were computed: each is counted once."""
    left = {goal for goal, _ in outcome.failures} - failed - {""}
    text = f"{_counted(len(failed), 'goal')} failed" if failed else "a part of this shard failed"
    if left:
        were = "was" if len(left) == 1 else "were"
        text += f", {len(left)} more {were} not computed, since the run was stopped"
    return text + ("; the others were computed" if len(outcome.shown) > len(outcome.partly_saved) else "")


def _counted(count: int, name: str) -> str:
    return f"{count} {name}{'s' * (count != 1)}"


def _listed(files: Sequence[str]) -> str:
    more = len(files) - MOST_LISTED
    return ", ".join(files[:MOST_LISTED]) + (f", and {more} more" if more > 0 else "")


def _wherever(failure: Failure) -> Failure:
    """The failure without the line: what two declarations need of one element fails once."""
    return replace(failure, place=Place(failure.place.operator, items=failure.place.items), step=None)


def failure_table(
    failures: Sequence[Failure], script: str, show_line: Callable[[SourceLine], str], width: int
) -> list[str]:
    """A line of text for each failure, under a head; `script` is the name of the script, whose lines `show_line` names.

    What is wrong comes last; the columns before it are as wide as their longest cell. There is one of elements when one
    of the failures is that of a loop's element. What does not fit into `width` lacks its middle where it has been told
    in full; elsewhere it is as long as it is.
    """
    rows = [_row(failure, script, show_line) for failure in failures]
    shortened, whole = rows[:MOST_IN_FULL], rows[MOST_IN_FULL:]
    columns = [column for column in (0, 1) if any(row[column] for row in rows)]
    head = max(len(row[0]) for row in (_HEAD, *rows)) + 2 if 0 in columns else 0
    most = max(LEAST_WIDTH, (width - head) // 2 - 2)  # of elements: what failed has the other half
    cells = [_HEAD, *((line, _without_middle(element, most), what) for line, element, what in shortened)]
    widths = {column: max(len(row[column]) for row in cells) for column in columns}
    left = max(LEAST_WIDTH, width - sum(widths.values()) - 2 * len(widths))
    cells = [*((line, element, _without_middle(what, left)) for line, element, what in cells), *whole]
    return ["  ".join([*(row[column].ljust(widths[column]) for column in columns), row[2]]) for row in cells]


def _without_middle(text: str, width: int) -> str:
    """The text in so many characters: its begin says what is wrong, and the names of files end it."""
    if len(text) <= width:
        return text
    end = (width - len(_GAP)) // 2
    return f"{text[: width - len(_GAP) - end]}{_GAP}{text[-end:]}"


def _row(failure: Failure, script: str, show_line: Callable[[SourceLine], str]) -> tuple[str, str, str]:
    place = failure.place
    line = show_line(SourceLine(script, place.function, place.line, place.target)) if place.line is not None else ""
    return line, ", ".join(place.items), " ".join(failure.message.split())


def _say(text: str) -> None:
    print(text, file=sys.stderr)
