"""What cannot succeed as the headers of images tell, before anything is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from vlc_runtime.digest import Digest
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.failures import Failure
from vlc_runtime.grids import READERS, Grids
from vlc_runtime.image_files import Header
from vlc_runtime.steps import Known, Step


class Headers:
    """Reads each header once, also one that cannot be read."""

    def __init__(self, read: Callable[[str], Header]) -> None:
        self._read = read
        self._found: dict[str, Header | RuntimeFailure] = {}

    def __call__(self, path: str) -> Header:
        if path not in self._found:
            try:
                self._found[path] = self._read(path)
            except RuntimeFailure as problem:
                self._found[path] = problem
        found = self._found[path]
        if isinstance(found, RuntimeFailure):
            raise found
        return found


def failures_by_headers(steps: Iterable[Step], headers: Headers | None, grids: Grids) -> dict[Digest, Failure]:
    """The failures of the steps, given each after its inputs, that cannot succeed as the headers of files tell: those
    that meet different grids, those that read what is no image, if `headers` are to be looked at for that, and those
    that need one of them. Linear in the steps."""
    if headers is None:
        return grids.failures(steps)
    found: dict[Digest, Failure] = {}
    possible: list[Step] = []
    for step in steps:
        failure = next((found[each.key] for each in step.sources if each.key in found), None)
        if failure is None:
            failure = _failure_to_read(step, headers)
        if failure is None:
            possible.append(step)
        else:
            found[step.key] = failure
    return found | grids.failures(possible)


def _failure_to_read(step: Step, headers: Headers) -> Failure | None:
    path = step.inputs[0] if step.operator.identifier in READERS else None
    if not isinstance(path, Known):
        return None
    try:
        for name in path.value if isinstance(path.value, list) else [path.value]:
            headers(name)
    except RuntimeFailure as problem:
        return Failure(problem.message, problem.hint, arguments=(repr(path.value),), step=step.key)
    return None
