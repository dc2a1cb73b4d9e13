"""What is left of a run that stops early."""

from vlc_runtime.failures import Failure

STOPPED = Failure("this was not computed, since the run was stopped")
"""The value of what was not tried."""
