"""`python -m vlc` is the command `vlc`."""

import sys

from vlc.cli import program

sys.exit(program())
