"""Reading programs from files, and finding the files that programs import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from vlc.diagnostics import CompileError, Diagnostic, Source, Span

LIBRARY = Path(__file__).parents[1] / "library"
"""The folder of the programs that come with vlc."""

SUFFIX = ".imgql"


def read_source(path: Path, *, name: str | None = None, at: Span | None = None) -> Source:
    """A program's text: UTF-8, a byte order mark dropped, line ends made `\\n`. `name` is what messages call it.

    Raises CompileError, placed at the import `at` that asked for the file, where it cannot be read or is not UTF-8.
    """
    name = name if name is not None else str(path)
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise CompileError(Diagnostic(f"there is no file {name}", at)) from None
    except IsADirectoryError:
        raise CompileError(Diagnostic(f"{name} is a folder, not a program", at)) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise CompileError(Diagnostic(f"cannot read {name}: {reason}", at)) from None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        message = f"{name} is not UTF-8 text: byte 0x{content[error.start]:02x} in line {line}"
        raise CompileError(Diagnostic(message, at, "save it in the UTF-8 encoding")) from None
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def candidates(target: str, importing: Path | None, search: Sequence[Path]) -> Iterator[Path]:
    """Where an import may lie, in the order of the looking: beside the importing file, in the working directory, in the
    folders to search, in vlc's library; in each as written, then with the suffix."""
    folders = [Path(), *search, LIBRARY]
    if importing is not None:
        folders.insert(0, importing)
    if Path(target).is_absolute():
        folders = [Path()]
    seen = set()
    for folder in folders:
        for spelling in (target, target + SUFFIX):
            path = folder / spelling
            if path not in seen:
                seen.add(path)
                yield path


def is_file(path: Path) -> bool:
    """Whether a path leads to a file; a path that the system cannot even ask for leads nowhere."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def shown_name(path: Path) -> str:
    """What messages call a file: its path, but a program of vlc's library by its name, wherever vlc is installed."""
    if path.is_relative_to(LIBRARY):
        return f"<{str(path.relative_to(LIBRARY)).removesuffix(SUFFIX)}>"
    return str(path)
