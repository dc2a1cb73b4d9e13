"""`vlc memory`: what running a program would take in memory."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Sequence
from typing import Any

from vlc_runtime.collector import paused
from vlc_runtime.cores import available_cores
from vlc_runtime.errors import UsageError
from vlc_runtime.forecast import forecast
from vlc_runtime.image_files import Header, read_header
from vlc_runtime.memory_report import memory_report
from vlc_runtime.options import Outcome
from vlc_runtime.plan import Plan
from vlc_runtime.script_options import parameters_given
from vlc_runtime.source_lines import SourceLines
from vlc_runtime.store import FileStates
from vlc_runtime.volume import Geometry

from vlc.compiler import Compiled
from vlc.running import build_of

LARGEST_SIDE = 1_000_000


def report(
    compiled: Compiled,
    program: str,
    *,
    image: str | None,
    shape: str | None,
    assignments: Sequence[str],
    workers: int | None,
    partitions: int | None,
) -> tuple[str, Outcome]:
    """The text, and an outcome that has what is bound to fail, which the text leaves out.

    Every image that the program reads is taken to be as `image` is, or to have this shape; or else its
    own header is read. UsageError and FileError for options that cannot be."""
    if image is not None and shape is not None:
        raise UsageError("--image and --shape both say what the images are", "give one of them")
    assumed = read_header(image) if image is not None else header_of_shape(shape) if shape is not None else None
    build = build_of(compiled, program)
    given = parameters_given(build, [*_placeholders(build, assignments), *assignments] if assumed else assignments)
    read: Callable[[str], Header] = read_header if assumed is None else lambda path: assumed
    with paused():
        count = workers or available_cores()
        lines = SourceLines()
        content = FileStates().file_digest if assumed is None else None
        found = forecast(build(**given), read, lines, count, partitions, content)
        text = memory_report(found, count, lambda node: lines(node).declaration)
        return text, Outcome(failures=found.failures)


def header_of_shape(text: str) -> Header:
    """Images of 16-bit numbers of a size like 240x240x155. UsageError unless it is one."""
    written = re.fullmatch(r"[0-9]{1,7}(x[0-9]{1,7}){1,2}", text.lower())
    sides = [int(side) for side in text.lower().split("x")] if written else []
    if not sides or not all(1 <= side <= LARGEST_SIDE for side in sides):
        raise UsageError(f"--shape {text}: that is no size of an image", "write voxels along each axis: 240x240x155")
    return Header(Geometry.of_size(*sides), "16-bit signed integer", 1)


def _placeholders(build: Callable[..., Plan], assignments: Sequence[str]) -> list[str]:
    """Texts for the parameters without a value: no file is opened, so any name will do."""
    given = {assignment.partition("=")[0] for assignment in assignments}
    parameters: dict[str, Any] = dict(inspect.signature(build).parameters)
    return [
        f"{name}={name}"
        for name, parameter in parameters.items()
        if parameter.default is inspect.Parameter.empty and name not in given
    ]
