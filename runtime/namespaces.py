"""Namespaces of one's own: modules of plain functions with annotations, registered by the package that has them.

    [project.entry-points."vlc.namespaces"]
    lesions = "our_package.lesions"

and in a script `namespaces.lesions.mean_inside(image, mask)`. What stands in the function's signature is what stands in
that of a kernel (see operator.py). The package's version and the module's text are part of the key of every result.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, wraps
from importlib import import_module
from inspect import isfunction
from typing import Any

from vlc_runtime.errors import KernelError, UsageError
from vlc_runtime.operator import Operator
from vlc_runtime.registered import Registered, found


class Namespace:
    """The operators of a namespace, as attributes. What is not there is a UsageError when it is asked for."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, function: str) -> Operator:
        if function.startswith("_"):
            raise AttributeError(function)
        return _operator(found(self._name), function)


def __getattr__(name: str) -> Namespace:
    if name.startswith("_"):
        raise AttributeError(name)
    return Namespace(name)


@cache
def _operator(namespace: Registered, name: str) -> Operator:
    function = getattr(import_module(namespace.module), name, None)
    if not isfunction(function) or function.__module__ != namespace.module:
        raise UsageError(
            f"the namespace `{namespace.name}` of {namespace.package} has no function `{name}`",
            "install the version of the package with which the program was compiled",
        )
    return OwnOperator(namespace, function)


class OwnOperator(Operator):
    """A function of a namespace of one's own as an operator."""

    __slots__ = ()

    def __init__(self, namespace: Registered, function: Callable[..., Any]) -> None:
        super().__init__(
            _checked(f"{namespace.name}.{function.__name__}", function),
            namespace=namespace.name,
            version=namespace.version,
            cost="heavy",
            name=function.__name__,
            reads=(),
            effect=False,
            one_grid=True,
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _again, tuple(self.identifier.split("."))


def _again(namespace: str, name: str) -> Operator:
    return _operator(found(namespace), name)


def _checked(called: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with results as its annotation says: numpy's numbers become Python's, voxels those of the kind."""
    from vlc_runtime.own_results import converted

    annotation = str(function.__annotations__.get("return", "object"))

    @wraps(function)
    def checked(*arguments: Any) -> Any:
        result = function(*arguments)
        try:
            return converted(result, annotation)
        except TypeError as problem:
            raise KernelError(f"`{called}` {problem}", f"its annotation says `{annotation}`") from None

    return checked
