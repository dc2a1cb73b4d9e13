"""Results have names, labels and paths of files: what is said where two have the same."""

from __future__ import annotations

from vlc.diagnostics import CompileError, Diagnostic, Span
from vlc.workplan.kinds import UNKNOWN, Kind
from vlc.workplan.nodes import NodeId

IMAGE_SUFFIXES = (".nii", ".nii.gz", ".mha", ".mhd", ".nrrd", ".nhdr", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp")
VALUE_SUFFIXES = (".json", ".txt")


class GoalNames:
    """The names of the goals so far, each with its value and place. One value under one name twice is no mistake."""

    def __init__(self) -> None:
        self._printed: dict[str, tuple[NodeId, Span]] = {}
        self._saved: dict[NodeId, tuple[NodeId, Span]] = {}

    def printed(self, label: str, value: NodeId, span: Span) -> list[Diagnostic]:
        """Note a print; a warning where another value is printed under the label, since one hides the other by name."""
        first, place = self._printed.setdefault(label, (value, span))
        if first == value:
            return []
        message = f'another value is printed as "{label}" in {_line(place, span)}'
        hint = "give each print a label of its own: where results are asked for by name, the last one is taken"
        return [Diagnostic(message, span, hint, "warning", ((f'"{label}" is printed here first', place),))]

    def saved(self, path: NodeId, text: str, value: NodeId, kind: Kind, span: Span) -> None:
        """Note a save, unless its items have files of their own. Raises CompileError where the path is taken."""
        if not text.lower().endswith(VALUE_SUFFIXES) and (kind.is_sequence or kind == UNKNOWN):
            return
        first, place = self._saved.setdefault(path, (value, span))
        if first != value:
            message = f"another result is saved at {text} in {_line(place, span)}"
            notes = (("it is saved here first", place),)
            raise CompileError(Diagnostic(message, span, "give each save a name of its own", notes=notes))


def _line(place: Span, other: Span) -> str:
    """The line of a place, as it is told in another one."""
    line = f"line {place.source.position(place.start)[0]}"
    return line if place.source is other.source else f"{line} of {place.source.name}"
