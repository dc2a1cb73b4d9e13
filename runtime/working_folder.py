"""The folder in which a command was started, which may be removed meanwhile, as by who tidies up scratch space."""

from __future__ import annotations

import os

NO_WORKING_FOLDER = (
    "the folder in which this was started is no longer there",
    "change to a folder that is, and start it again",
)
"""What there is to say, and to do."""


def working_folder_is_gone(error: OSError) -> bool:
    """Whether that is what an error means. It names no file then: relative names could not be made absolute."""
    if not isinstance(error, FileNotFoundError) or error.filename is not None:
        return False
    try:
        os.getcwd()  # noqa: PTH109 - that it can be asked for is all that matters
    except FileNotFoundError:
        return True
    return False
