"""What a run takes in memory, as text: the peak, what is alive then, and the buffers of the task that takes most."""

from __future__ import annotations

from vlc_runtime.clustering import Cluster
from vlc_runtime.forecast import Forecast
from vlc_runtime.liveness import Liveness
from vlc_runtime.memory import Need
from vlc_runtime.schedule import DeclarationOf
from vlc_runtime.sizes import size_text
from vlc_runtime.steps import Step

MOST_LINES = 40
"""Lines in a list of buffers; what is left out is counted."""
LONGEST_TEXT = 60
"""Characters of a declaration that are shown."""


def memory_report(found: Forecast, workers: int, declaration: DeclarationOf) -> str:
    """The text, of some dozens of lines however long the program is; none when all of it is bound to fail."""
    schedule = found.schedule
    failed = len({goal for goal, _ in found.failures})
    without = f"  not counted: {_count(failed, 'goal')} that cannot succeed"
    if not schedule.order and failed:
        return ""
    if schedule.memory is None or schedule.liveness is None:
        rest = "What is left of this program" if failed else "This program"
        return f"{rest} has no images: it takes what its scalars take.\n{without + chr(10) if failed else ''}"
    need = schedule.memory.need(1)
    lines = [f"predicted peak: {size_text(need.bytes)} with 1 worker"]
    if workers > 1:
        lines[0] += f", at most {size_text(schedule.memory.need(workers).bytes)} with {workers}"
    steps = sum(len(task.steps) for task in schedule.order)
    lines.append(f"  {size_text(need.process)} of it for the process and its libraries")
    lines.append(f"  {_count(steps, 'step')} in {_count(len(schedule.order), 'task')}; of files only headers were read")
    if found.waiting:
        lines.append(f"  not counted: what depends on {_count(found.waiting, 'result')} that must be computed first")
    if failed:
        lines.append(without)
    if need.task is not None:
        lines += ["", "alive at the peak of 1 worker:", *_alive(found, need, declaration)]
        lines += ["", "buffers of the task at the peak, and from which to which step they are alive:"]
        lines += _buffers(schedule.liveness, need.task, declaration)
    return "\n".join(lines) + "\n"


def _alive(found: Forecast, need: Need, declaration: DeclarationOf) -> list[str]:
    memory, liveness, task = found.schedule.memory, found.schedule.liveness, need.task
    assert memory is not None and liveness is not None and task is not None
    position = memory.tasks[task].position
    buffers = [buffer for held in memory.holders(task) for buffer in liveness.outputs_of(held)]
    buffers += [buffer for buffer in liveness.buffers_of(task) if buffer.first <= position <= buffer.last]
    lines = [_line(buffer.bytes, _kind(liveness, buffer.step), buffer.step, declaration) for buffer in buffers]
    step = task.steps[position]
    working = liveness.working(step)
    return _shortened([*lines, *([_line(working, "while computing", step, declaration)] if working else [])])


def _buffers(liveness: Liveness, task: Cluster, declaration: DeclarationOf) -> list[str]:
    lines = []
    for buffer in liveness.buffers_of(task):
        end = str(buffer.last + 1) if buffer.last < len(task.steps) else "end"
        line = _line(buffer.bytes, _kind(liveness, buffer.step), buffer.step, declaration)
        lines.append(f"  {buffer.number:>3}  {buffer.first + 1:>4} - {end:<4}{line}")
    return _shortened(lines)


def _kind(liveness: Liveness, step: Step) -> str:
    extent = liveness.extents.of(step)
    size = "x".join(map(str, extent.geometry.size)) if extent.geometry is not None else "?"
    return f"{size} {extent.pixel_type}" + (f" x {extent.components}" if extent.components > 1 else "")


def _line(size: int, kind: str, step: Step, declaration: DeclarationOf) -> str:
    text = declaration(step.node) if step.node is not None else ""
    shown = "".join(character if character.isprintable() else "?" for character in text)
    shown = shown if len(shown) <= LONGEST_TEXT else shown[: LONGEST_TEXT - 3] + "..."
    return f"  {size_text(size):>8}  {kind:<22}  {step.operator.identifier:<24}  {shown}".rstrip()


def _shortened(lines: list[str]) -> list[str]:
    if len(lines) <= MOST_LINES:
        return lines
    return [*lines[:MOST_LINES], f"  and {len(lines) - MOST_LINES} more"]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"
