"""The runtime of scripts that vlc compiled: exactly the names that a script may import.

Importing it loads neither numpy nor Dask: the compiler shares the digests, and `--help` should be quick.
"""

from vlc_runtime.command_line import command_line
from vlc_runtime.cores import one_thread_of_blas
from vlc_runtime.fused import fused
from vlc_runtime.loop import fold, keep, loop
from vlc_runtime.plan import Effect, Plan, Print, Save

one_thread_of_blas()

__version__ = "0.1.0"
__all__ = ["Effect", "Plan", "Print", "Save", "command_line", "fold", "fused", "keep", "loop"]
