"""`python -m vlc` is the command `vlc`."""

import sys

from vlc.cli import main

sys.exit(main())
