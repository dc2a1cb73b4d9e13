"""`python -m vlc` is the command `vlc`."""

from vlc.cli import program

program()
