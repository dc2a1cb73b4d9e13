"""Namespaces of one's own, of which installed packages have the functions: their signatures, read from the text.

The runtime imports them, and says how they are registered: see vlc_runtime/namespaces.py.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from functools import cache

from vlc_runtime.errors import UsageError
from vlc_runtime.registered import Registered, found, registered

from vlc.workplan.operators import NAMESPACES, Signature, signature


def own_namespaces() -> tuple[str, ...]:
    """The names of the namespaces of installed packages; a bundled one of the same name is what the name means."""
    return tuple(sorted(set(registered()) - set(NAMESPACES)))


def own_namespace(name: str) -> Mapping[str, Signature]:
    """The functions of a namespace by name. Raises UsageError when it is not installed, or cannot be used."""
    return _signatures(found(name))


@cache
def _signatures(namespace: Registered) -> Mapping[str, Signature]:
    where = f"the namespace `{namespace.name}` of {namespace.package} cannot be used"
    try:
        module = ast.parse(namespace.file.read_text("utf-8"), str(namespace.file))
    except (OSError, SyntaxError, ValueError) as problem:
        raise UsageError(f"{where}: {problem}") from None
    if not any(_is_future(statement) for statement in module.body):
        hint = "write `from __future__ import annotations` at its top: annotations are read as text"
        raise UsageError(f"{where}: {namespace.module} has annotations that are no text", hint)
    functions = [each for each in module.body if isinstance(each, ast.FunctionDef) and not each.name.startswith("_")]
    found_signatures = {}
    for function in functions:
        arguments = function.args
        if arguments.posonlyargs or arguments.kwonlyargs or arguments.kwarg:
            raise UsageError(f"{where}: `{function.name}` has arguments that are not plain ones")
        try:
            found_signatures[function.name] = signature(namespace.name, function, {})
        except KeyError as problem:
            hint = "write float, int, bool, str, NumberImage, BoolImage, ColourImage, AnyImage, or list[..] of one"
            raise UsageError(f"{where}: `{function.name}` has an annotation {problem} of no kind", hint) from None
        if not found_signatures[function.name].formals:
            raise UsageError(f"{where}: `{function.name}` has no parameters, and a value is no operator")
    return found_signatures


def _is_future(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.ImportFrom)
        and statement.module == "__future__"
        and any(alias.name == "annotations" for alias in statement.names)
    )
