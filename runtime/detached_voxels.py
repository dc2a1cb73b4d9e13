"""The files in which an image's voxels are, as its header names them: one file, a list of them, or a numbered series.

Whether a header names any is told by its text, as ITK's readers do: the ending of its name says little (a `.mha` file
may name others, and a reader that a program names takes any ending). Headers of MetaImage, NRRD and Stimulate do so;
their text is taken apart here as their own libraries do it.

Some headers must never come to MetaImage's library: a numbered series without a step ends the process in a division by
zero, and one that names too few files leaves the voxels of the others as the memory was.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from math import prod
from pathlib import Path

from vlc_runtime.errors import FileError

META_EXTENSIONS = (".mha", ".mhd")
_START = 4096
LONGEST_HEADER = 1 << 20
_MOST_PARTS = 100_000
NRRD = b"NRRD"
_STIMULATE = b"numDim:"
META_VOXELS = b"ElementDataFile"
# a key ends at white space, its value begins after a separator, on the same line; quantifiers never give back, so that
# bytes that are no header take linear time
_META_FIELD = re.compile(rb"\s*+([^\s=:]*+)[^=:]*+[=:][=: \t\r\f\v]*+([^\n]*+)\n?")
_NRRD_VOXELS = re.compile(rb"data ?file: +(.*)", re.IGNORECASE | re.DOTALL)
_NUMBERED = re.compile(r"(?:[^%]|%%)*%0?\d{0,2}[di](?:[^%]|%%)*")


def files_of_voxels(file: Path, extension: str) -> tuple[Path, ...]:
    """The files that a header names, in its order; none if the voxels are in the file itself, or if it cannot be read.

    Of a large file no more is read than its header. Raises FileError when ITK must not see the header.
    """
    try:
        with file.open("rb") as opened:
            head = opened.read(_START)
            if not _may_name_files(head, extension) or _holds_voxels(head):
                return ()
            head += opened.read(LONGEST_HEADER - len(head))
    except (OSError, ValueError):
        return ()
    return tuple(file.parent / name for name in _names(file, head))


def _names(file: Path, head: bytes) -> list[str]:
    if head.startswith(NRRD):
        return _named_by_nrrd(file, head)
    if _STIMULATE in head[:256]:
        return _named_by_stimulate(file, head)
    return _named_by_meta_image(file, head)


def _may_name_files(head: bytes, extension: str) -> bool:
    """Whether there may be a header that goes on after its beginning: it is text, of either format."""
    return head.startswith(NRRD) or META_VOXELS in head or b"\0" not in head or extension in META_EXTENSIONS


def _holds_voxels(head: bytes) -> bool:
    """Whether the header ends in what is read of the file, and the voxels follow: so it is in most large images."""
    if head.startswith(NRRD):
        return re.search(rb"\n\r?\n", head) is not None and not _nrrd_value(head)[0]
    fields = meta_fields(head) if META_VOXELS in head else ()
    return any(key == META_VOXELS and _is_local(value) and end < len(head) for key, value, end in fields)


def _named_by_meta_image(file: Path, head: bytes) -> list[str]:
    if META_VOXELS not in head:
        return []
    size: list[int] = []
    axes: int | None = None
    for key, value, end in meta_fields(head):
        if key == b"NDims":
            axes = _number(value)
        elif key == b"DimSize":
            size = [_number(word) for word in value.split()][:axes]
        elif key == META_VOXELS:
            if _is_local(value) or not value or not size or min(size) < 1:
                return []  # of what is wrong with the size, reading tells
            if value.startswith(b"LIST"):
                return _listed(file, value, head[end:], size)
            if b"%" in value:
                return _numbered(file, os.fsdecode(value).split(), size[-1])
            return [os.fsdecode(value)]
    return []


def meta_fields(head: bytes) -> Iterator[tuple[bytes, bytes, int]]:
    """The keys and values of a MetaImage header, and where what follows begins, up to the one that ends the header."""
    position = 0
    key = b""
    while key != META_VOXELS and (match := _META_FIELD.match(head, position)):
        key, position = match[1], match.end()
        yield key, match[2].strip(), position


def _is_local(value: bytes) -> bool:
    return value in (b"LOCAL", b"Local", b"local")


def _number(word: bytes) -> int:
    """A number as C reads it: what is none is 0."""
    match = re.match(rb"\s*[-+]?\d{1,18}", word)
    return int(match[0]) if match else 0


def _listed(file: Path, value: bytes, following: bytes, size: list[int]) -> list[str]:
    """The files that follow, a line each; of how many axes each is may be said, and is one less than the image's."""
    axes = _number(value.split()[1]) if len(value.split()) > 1 else 0
    axes = axes if 0 < axes <= len(size) else len(size) - 1
    wanted = prod(size[axes:])
    # what does not end in a new line is not taken for a name
    text = following[: following.rfind(b"\n") + 1].rstrip()
    lines = text.split(b"\n") if text else []
    if len(lines) < wanted or axes == len(size):  # a file of all axes is not read either
        raise FileError(
            f"{file} cannot be read: its header lists {len(lines)} files of {axes} axes, where its size needs {wanted}",
            "each name is on a line of its own, which the last one ends as well",
        )
    return [os.fsdecode(line.rstrip()) for line in lines[:wanted]]


def _numbered(file: Path, words: list[str], slices: int) -> list[str]:
    """The files of `name%d.raw first last step`. Without the last and the step, a file a slice."""
    name, numbers = words[0], [_number(word.encode("utf-8", "surrogateescape")) for word in words[1:]]
    first = numbers[0] if numbers else 1
    last = numbers[1] if len(numbers) > 1 else first + slices - 1
    step = numbers[2] if len(numbers) > 2 else (last - first) // slices if len(numbers) > 1 else 1
    if not _NUMBERED.fullmatch(name) or len(numbers) > 3:
        problem = "names a series of files in a way that is not understood"
    elif step < 1:
        problem = "names a series of files whose numbers do not grow"
    elif slices > _MOST_PARTS or len(range(first, last + 1, step)) < slices:
        problem = f"names {len(range(first, last + 1, step))} files of voxels, where its size needs {slices}"
    else:
        return [name % number for number in range(first, first + slices * step, step)]
    raise FileError(
        f"{file} cannot be read: its header {problem}: {' '.join(words)}",
        f"write the first number, the last and the step, as in slice%03d.raw 1 {slices} 1",
    )


def _named_by_stimulate(file: Path, head: bytes) -> list[str]:
    if match := re.search(rb"stimFileName:\s*(\S+)", head):
        return [os.fsdecode(match[1])]
    return [file.name.removesuffix(".spr") + ".sdt"]


def _named_by_nrrd(file: Path, head: bytes) -> list[str]:
    value, following = _nrrd_value(head)
    text = os.fsdecode(value)
    if re.fullmatch(r"LIST(\s+\d+)?", text):
        return [os.fsdecode(line) for line in following if line]
    if match := re.fullmatch(r"(.*%.*d.*?)\s+(-?\d{1,9})\s+(-?\d{1,9})\s+(-?\d{1,9})(?:\s+\d+)?\s*", text):
        first, last, step = int(match[2]), int(match[3]), int(match[4])
        if not _NUMBERED.fullmatch(match[1]):
            raise FileError(f"{file} cannot be read: it names a series of files in no way that is known: {text}")
        numbers = range(first, last + (1 if step > 0 else -1), step) if step else range(0)
        return [match[1] % number for number in numbers[:_MOST_PARTS]]
    return [text] if text else []


def _nrrd_value(head: bytes) -> tuple[bytes, list[bytes]]:
    """What an NRRD header says of where the voxels are, and the lines after that; nothing if it does not."""
    lines = [line.removesuffix(b"\r") for line in head.split(b"\n")]
    for number, line in enumerate(lines):
        if not line:  # the end of the header
            break
        if match := _NRRD_VOXELS.fullmatch(line):
            return match[1], lines[number + 1 :]
    return b"", []
