"""`python -m vlc_runtime.store`: the same commands where the compiler is not installed."""

import sys

from vlc_runtime.store.command_line import main

if __name__ == "__main__":
    sys.exit(main())
