"""What can be saved, and under which endings of names."""

from __future__ import annotations

from pathlib import PurePath

from vlc.diagnostics import CompileError, Diagnostic
from vlc.syntax import nodes as syntax
from vlc.workplan import kinds
from vlc.workplan.goal_names import IMAGE_SUFFIXES, VALUE_SUFFIXES
from vlc.workplan.kinds import Kind
from vlc.workplan.types import leaf

_WRITTEN = tuple(suffix for suffix in IMAGE_SUFFIXES if suffix != ".nhdr")
"""The endings of images that are written: the runtime only reads NRRD images in several files."""

_TRANSFORM_SUFFIXES = (".tfm", ".txt", ".xfm", ".hdf", ".h5", ".hdf5", ".mat")
"""Those by which SimpleITK's WriteTransform knows a format."""


def check_savable(command: syntax.Save, kind: Kind) -> None:
    """Raise CompileError for a value that cannot be saved, or not under this name."""
    is_sequence, kind = kind.is_sequence, leaf(kind)
    if kind == kinds.UNKNOWN:
        return
    if kind == kinds.NOTHING:
        raise CompileError(Diagnostic("this has no value to save", command.value.span))
    if kind == kinds.OTHER:
        message = "a transform of SimpleITK cannot be saved: only images, numbers, strings and sequences of them can"
        raise CompileError(Diagnostic(message, command.value.span, _transform_hint(command, is_sequence)))
    wanted = _WRITTEN if kind.is_image else VALUE_SUFFIXES
    if not command.path.value.lower().endswith(wanted):
        what = "an image" if kind.is_image else f"a {kind}"
        raise CompileError(
            Diagnostic(
                f"{what} cannot be saved as `{PurePath(command.path.value).name}`",
                command.path.span,
                f"the name ends in one of {' '.join(wanted)}",
            )
        )


def _transform_hint(command: syntax.Save, is_sequence: bool) -> str:
    """How the transform is written to a file: as an effect, under a name of which SimpleITK knows the format."""
    if is_sequence:
        return 'write each of them by itself, as in `written = simpleitk.WriteTransform(s[0], "t.tfm")`'
    path = command.path.value
    if not path.endswith(_TRANSFORM_SUFFIXES):
        path = f"{path.removesuffix(PurePath(path).suffix)}.tfm"
    value = " ".join(command.value.span.text.split())
    shown = f'{value if len(value) <= 30 else "t"}, "{path if len(path) <= 40 else "t.tfm"}"'
    return f"write it with `written = simpleitk.WriteTransform({shown})`"
