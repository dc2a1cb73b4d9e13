"""Images on different grids, found from the headers of their files before anything is computed.

Most operators keep the grid of the images they are given, so the files in which a step's grid was read are known
without computing it. Headers are read only where two files meet in one operator.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import numpy as np
from vlc_runtime.digest import Digest
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.failures import Failure
from vlc_runtime.fused_operator import FusedOperator
from vlc_runtime.image_files import Header, read_header
from vlc_runtime.kernels import simpleitk_traits
from vlc_runtime.kernels.algorithms.extraction import without_short_axes
from vlc_runtime.operator import Operator
from vlc_runtime.steps import Known, Step
from vlc_runtime.volume import Geometry, grid_mismatch

READERS = frozenset({"simpleitk.ReadImage", "vox1.load"})
OTHER_GRID = frozenset({"vox1.extract", "vox1.load", *(f"simpleitk.{name}" for name in simpleitk_traits.OTHER_GRID)})
"""Operators of these namespaces whose images do not lie on the grid of their arguments."""


@dataclass(frozen=True, slots=True)
class Origin:
    """A file from which a grid is read, and the operator that reads it (one of them drops axes of one voxel)."""

    reader: str
    path: str


class Grids:
    """Finds the steps in which different grids meet. Each header is read once, by `read`."""

    def __init__(self, read: Callable[[str], Header] = read_header) -> None:
        self._read = read
        self._headers: dict[Origin, Header | None] = {}

    def failures(self, steps: Iterable[Step]) -> dict[Digest, Failure]:
        """The failure of each of these steps, given each after its inputs, that cannot succeed.

        Those are the steps whose images lie on different grids, as far as headers tell, and those that need one.
        Linear in the number of steps. A file that cannot be read is left to the step that reads it.
        """
        origins: dict[Digest, Origin | None] = {}
        failures: dict[Digest, Failure] = {}
        for step in steps:
            if failures:
                failed = next((failures[each.key] for each in step.sources if each.key in failures), None)
                if failed is not None:
                    failures[step.key] = failed
                    continue
            if len(step.sources) > 1:  # nothing meets otherwise
                given = [_origin_of(each, origins) if isinstance(each, Step) else None for each in step.inputs]
                failure = self._failure(step.operator, given)
                if failure is not None:
                    failures[step.key] = replace(failure, step=step.key)
            _origin_of(step, origins)
        return failures

    def _failure(self, operator: Operator, given: list[Origin | None]) -> Failure | None:
        if not isinstance(operator, FusedOperator):
            problem = self._problem(operator, given)
            return Failure(problem.message, problem.hint) if problem is not None else None
        origins = list(given)
        for number, each in enumerate(operator.instructions):
            meeting = [origins[operand] for operand in each.operands if isinstance(operand, int)]
            problem = self._problem(each.operator, meeting)
            if problem is not None:
                return Failure(problem.message, problem.hint, inner=number)
            origins.append(next((origin for origin in meeting if origin is not None), None))
        return None

    def _problem(self, operator: Operator, meeting: list[Origin | None]) -> RuntimeFailure | None:
        different = [origin for origin in dict.fromkeys(meeting) if origin is not None]
        if len(different) < 2 or not operator.one_grid:
            return None
        images = [(geometry, each.path) for each in different if (geometry := self._geometry(each)) is not None]
        return grid_mismatch(images)

    def _geometry(self, origin: Origin) -> Geometry | None:
        header = self.header(origin)
        return header.geometry if header is not None else None

    def header(self, origin: Origin) -> Header | None:
        """What the image is that is read there; None when that cannot be told."""
        if origin not in self._headers:
            self._headers[origin] = self._header(origin)
        return self._headers[origin]

    def _header(self, origin: Origin) -> Header | None:
        try:
            header = self._read(origin.path)
        except RuntimeFailure:
            return None
        if origin.reader == "vox1.load":
            no_voxels = np.broadcast_to(np.float32(0), header.geometry.shape)
            return replace(header, geometry=without_short_axes(no_voxels, header.geometry)[1])
        return header


def _origin_of(step: Step, known: dict[Digest, Origin | None]) -> Origin | None:
    """The file whose grid the image has that a step gives; None if that is unknown, or if it gives none.

    Notes the answer in `known`, and that of what it follows: steps that are stored were not met before.
    """
    if step.key in known:
        return known[step.key]
    pending = [step]
    while pending:
        each = pending[-1]
        if each.key in known:
            pending.pop()
            continue
        sources = _grid_sources(each)
        missing = [source for source in sources if source.key not in known]
        if missing:
            pending.extend(missing)
            continue
        found = (known[source.key] for source in sources)
        known[each.key] = _own_origin(each) or next((origin for origin in found if origin is not None), None)
        pending.pop()
    return known[step.key]


def _own_origin(step: Step) -> Origin | None:
    path = step.inputs[0] if step.inputs else None
    if step.operator.identifier in READERS and isinstance(path, Known) and isinstance(path.value, str):
        return Origin(step.operator.identifier, path.value)
    return None


def _grid_sources(step: Step) -> list[Step]:
    """The inputs of which one has the grid of the step's image."""
    if not keeps_grid(step.operator):
        return []
    return [each for each in step.inputs if isinstance(each, Step)]


def keeps_grid(operator: Operator) -> bool:
    """Whether an operator gives an image on the grid of the images it is given."""
    if not (operator.one_grid and operator.gives_image):
        return False
    return operator.identifier.startswith(("vox1.", "simpleitk.")) and operator.identifier not in OTHER_GRID
