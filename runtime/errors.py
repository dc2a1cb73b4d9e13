"""The errors a script can report. Every message is one readable sentence; a hint says what to do."""

from __future__ import annotations

from typing import Any


class RuntimeFailure(Exception):
    """Something a user can cause and can mend: reported as a message, never as a Python traceback."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.message, self.hint)


class KernelError(RuntimeFailure):
    """A kernel was given values for which its operator has no meaning."""


class GeometryMismatch(KernelError):
    """Two images that meet in one operator do not lie on one grid."""


class FusedFailure(KernelError):
    """What one of several operators that are computed together raised: which one, by number, and what it was given."""

    def __init__(self, problem: RuntimeFailure, number: int, operands: list[object]) -> None:
        super().__init__(problem.message, problem.hint)
        self.problem = problem
        self.number = number
        self.operands = operands

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.problem, self.number, self.operands)


class FileError(RuntimeFailure):
    """A file cannot be read or written, or does not hold what its name says."""


class StoreError(RuntimeFailure):
    """The result store cannot be used."""


class WorkerLost(RuntimeFailure):
    """A process that computes for the run ended before its work did."""


class UsageError(RuntimeFailure):
    """An option of the command line is wrong."""


class NotEnoughMemory(RuntimeFailure):
    """What is to be computed does not fit into the memory that is allowed."""
