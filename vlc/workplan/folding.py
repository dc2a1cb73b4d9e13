"""Literal folding: an operator on literals is computed when its node is made, by the very kernel that would run."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module

from vlc.workplan import kinds
from vlc.workplan.nodes import Literal, Node
from vlc.workplan.operators import Signature, signature_of


class CannotFold(Exception):
    """The operator has no value for these literals: the program is wrong, and the message says why."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.hint = hint


FOLDABLE = frozenset({"scalar", "strings", "default"})


def fold(operator: str, arguments: Sequence[Node], signature: Signature | None) -> Literal | None:
    """The literal that an application is, or None when it has to be computed at run time. Raises CannotFold."""
    if not arguments or any(not isinstance(argument, Literal) for argument in arguments):
        return None
    home, _, name = operator.partition(".")
    if home not in FOLDABLE:
        return None
    signature = signature or signature_of(operator)
    if signature.cost != "immediate" or signature.reads or signature.effect or signature.result not in kinds.SCALARS:
        return None
    from vlc_runtime.errors import RuntimeFailure

    kernel = getattr(import_module(f"vlc_runtime.kernels.{home}"), name)
    try:
        value = kernel.compute(*[argument.value for argument in arguments if isinstance(argument, Literal)])
    except RuntimeFailure as problem:
        raise CannotFold(problem.message, problem.hint) from None
    return Literal(value)
