"""What to say of a file that is not there: where it was looked for, and what its name may lack."""

from __future__ import annotations

import os


def where_looked(path: str) -> str:
    """A hint for a path where nothing is: relative paths start from the folder in which the run was started, and `~` is
    a name like others."""
    if is_in_home(path):
        whole = os.path.expanduser(path)  # noqa: PTH111 - a Path refuses unknown users
        return f"`~` is not expanded here: write {'the whole path' if whole == path else whole}"
    if os.path.isabs(path):  # noqa: PTH117
        return ""
    return f"relative paths start from the folder of the run: {_absolute(path)} was looked for"


def where_file_was_looked_for(path: str) -> str:
    """`where_looked`; a name without a folder may be one that `dir` gave."""
    hint = where_looked(path)
    if not hint or is_in_home(path):
        return hint
    return f"{hint}; if the name is from `dir`, its fourth argument `true` gives full ones"


def is_in_home(path: str) -> bool:
    """Whether a path is one that a shell would take for one in the home folder of somebody."""
    first, slash, _ = path.partition("/")
    return first.startswith("~") and (first == "~" or slash == "/")


def _absolute(path: str) -> str:
    folder, name = os.path.split(path)
    return os.path.join(os.path.realpath(folder), name)  # noqa: PTH118 - a Path would follow a link to the file too
