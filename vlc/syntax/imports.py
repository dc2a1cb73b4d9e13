"""Programs of several files: an import of a file is the text of that file at that place, once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from vlc.diagnostics import CompileError, Diagnostic, Source, Span
from vlc.syntax.files import candidates, is_file, read_source, shown_name
from vlc.syntax.nodes import Command, Import, Let, Load, Print, Program, Save
from vlc.syntax.parser import parse
from vlc.syntax.tokens import Dialect
from vlc.syntax.unmarked import is_unmarked, other_meaning, with_notes

__all__ = ["Linked", "link", "read_source"]


@dataclass(frozen=True, slots=True, eq=False)
class Linked(Program):
    """A program with the commands of its imported files in place. `files` are its files as parsed, the first its own.

    A command's file is its span's source; `dialect` is that of the program's own file. `unmarked` are those that do not
    say their dialect and may have been meant for another, with where they are imported; `warnings` tell of some.
    """

    files: tuple[Program, ...]
    unmarked: Mapping[Source, Span]
    warnings: tuple[Diagnostic, ...]

    def dialect_of(self, source: Source) -> Dialect:
        """The dialect of one of the files."""
        return next(file.dialect for file in self.files if file.source is source)


@dataclass(slots=True)
class _Open:
    """A file whose commands are being spliced in."""

    program: Program
    folder: Path | None
    rest: Iterator[Command]


def link(source: Source, *, dialect: str | None = None, search: Sequence[Path] = ()) -> Linked:
    """Parse a program and what it imports.

    A target without `.` and `/` is a namespace and stays an Import (in vl1 only where no such file is found). Any other
    is a file: looked up beside the importing file, in the working directory, in `search`, in vlc's library, with and
    without the suffix. A file is spliced in once, however often and under whatever path it is imported, and its own
    import of a file that is being read is harmless. An imported file that says nothing about its dialect is in
    `dialect`, or vl2, whatever imports it. As in VoxLogicA 1, an imported vl1 file may only declare and import.

    Raises CompileError with all syntax errors of all files and all imports that cannot be found.
    """
    own = _path_of(source)
    program = parse(source, dialect)
    files = [program]
    seen = {own.resolve()} if own is not None else set()
    commands: list[Command] = []
    errors: list[Diagnostic] = []
    warnings: list[Diagnostic] = []
    unmarked: dict[Source, Span] = {}
    stack = [_Open(program, own.parent if own is not None else None, iter(program.commands))]
    while stack:
        current = stack[-1]
        command = next(current.rest, None)
        if command is None:
            stack.pop()
            continue
        if not isinstance(command, Import):
            if len(stack) > 1 and current.program.dialect == "vl1" and not isinstance(command, Let):
                errors.append(_no_declaration(command))
            commands.append(command)
            continue
        try:
            path = _find(command, current, search)
            if path is None:
                commands.append(command)
            elif path.resolve() not in seen:
                seen.add(path.resolve())
                imported_source = read_source(path, name=shown_name(path), at=command.target.span)
                if dialect is None and current.program.dialect == "vl1" and is_unmarked(imported_source):
                    unmarked[imported_source] = command.target.span
                imported = parse(imported_source, None, unmarked=program.dialect if dialect is not None else "vl2")
                if imported_source in unmarked:
                    warning = other_meaning(imported, command.target.span)
                    warnings.extend([warning] if warning is not None else [])
                files.append(imported)
                stack.append(_Open(imported, path.parent, iter(imported.commands)))
        except CompileError as error:
            errors.extend(error.diagnostics)
    if errors:
        raise with_notes(CompileError(*errors), unmarked)
    return Linked(tuple(commands), source, program.dialect, tuple(files), unmarked, tuple(warnings))


def _no_declaration(command: Load | Print | Save) -> Diagnostic:
    word = type(command).__name__.lower()
    return Diagnostic(
        f"a vl1 program that is imported cannot {word}: it may only declare with `let`, and import",
        command.span,
        f"move this `{word}` to the program that imports the file",
    )


def _path_of(source: Source) -> Path | None:
    """The file of a source; None for one that has none, such as `<stdin>`."""
    return None if source.name.startswith("<") else Path(source.name)


def _find(command: Import, current: _Open, search: Sequence[Path]) -> Path | None:
    """The file that an import means; None where it means a namespace."""
    target = command.target.value
    is_namespace = "." not in target and "/" not in target
    if is_namespace and (current.program.dialect == "vl2" or not target):
        return None
    looked: list[Path] = []
    for path in candidates(target, current.folder, search):
        if is_file(path):
            return path
        looked.append(path)
    if is_namespace:
        return None
    places = ", ".join(dict.fromkeys(shown_name(path) for path in looked))
    raise CompileError(
        Diagnostic(f"cannot find the file {target} to import", command.target.span, f"looked for {places}")
    )
