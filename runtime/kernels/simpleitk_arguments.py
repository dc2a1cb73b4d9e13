"""Values of the language as arguments of SimpleITK's functions, by the functions' own overloads.

A number that must be an integer is converted when it has no fraction and fits; lists become vectors; the name of a
constant becomes its number. The first form whose every parameter takes its argument is
called. Nothing is dropped, rounded, wrapped or guessed: what fits no form is a KernelError that shows the forms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any

from vlc_runtime.errors import KernelError
from vlc_runtime.kernels.simpleitk_table import Form, FunctionSignature, Parameter, enumerations, integer_range
from vlc_runtime.simpleitk_border import is_image, library
from vlc_runtime.volume import Volume


class Misfit(Exception):
    """A value cannot be an argument of a type; the message says what it is and what is wanted."""


def converted(signature: FunctionSignature, arguments: Sequence[Any]) -> tuple[Form, list[Any]]:
    """The form that takes the arguments, and the arguments as SimpleITK takes them, but for images, which have yet to
    cross the border: that may copy, and is for the form that is called. Raises KernelError."""
    misfits: list[str] = []
    for form in signature.forms:
        if not form.takes(len(arguments)):
            continue
        try:
            return form, [_convert(form.parameters[index], index, value) for index, value in enumerate(arguments)]
        except Misfit as misfit:
            misfits.append(str(misfit))
    forms = "; ".join(signature.texts)
    if not misfits:
        raise KernelError(f"{signature.name} takes {_counts(signature)}, not {len(arguments)}", f"it is {forms}")
    if len(misfits) == 1:
        raise KernelError(f"{signature.name}: {misfits[0]}", f"it is {forms}")
    given = ", ".join(map(described, arguments))
    raise KernelError(f"{signature.name} has no form that takes ({given})", f"its forms are {forms}")


def described(value: Any) -> str:
    """A value in an error message: its kind, and the value itself when it is short."""
    if isinstance(value, Volume):
        return {"bool": "image of bools", "number": "image", "colour": "image of vectors"}[value.kind]
    if isinstance(value, (list, tuple)):
        return f"sequence of {len(value)}"
    if isinstance(value, (bool, int, float, str)):
        return repr(value)
    return type(value).__name__


def _counts(signature: FunctionSignature) -> str:
    low, high = signature.minimum, signature.maximum
    if low == high:
        return f"{low} argument{'s' if low != 1 else ''}"
    return f"{low} to {high} arguments"


def _convert(parameter: Parameter, index: int, value: Any) -> Any:
    try:
        return _conversion(parameter.type)(value)
    except Misfit as misfit:
        raise Misfit(f"argument {index + 1} ({parameter.name}) is {described(value)}: {misfit}") from None


def _conversion(type_name: str) -> Callable[[Any], Any]:
    bounds = integer_range(type_name)
    if bounds is not None:
        return lambda value: _integer(value, bounds, type_name)
    if type_name in _CONVERSIONS:
        return _CONVERSIONS[type_name]
    if type_name.endswith("Transform"):
        return lambda value: _opaque(value, type_name)
    return lambda value: _constant(value, type_name)


def _image(value: Any) -> Any:
    # an opaque image holds complex numbers or labels, from another of SimpleITK's functions
    if not isinstance(value, Volume) and not is_image(value):
        raise Misfit("an image is wanted")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Misfit("a number is wanted")
    try:
        return float(value)
    except OverflowError:
        raise Misfit("a number that a double can hold is wanted") from None


def _integer(value: Any, bounds: tuple[int, int], type_name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or value != value:
        raise Misfit("a whole number is wanted")
    if value in (float("inf"), float("-inf")) or value != int(value):
        raise Misfit("a whole number is wanted")
    low, high = bounds
    if not low <= value <= high:
        if type_name == "Seed" and value == 0:
            raise Misfit("seed 0 is the clock in SimpleITK, and a result must not depend on the clock")
        raise Misfit(f"a whole number from {low} to {high} is wanted")
    return int(value)


def _bool(value: Any) -> bool:
    if not isinstance(value, bool):
        raise Misfit("true or false is wanted")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Misfit("a string is wanted")
    return value


def _constant(value: Any, type_name: str) -> int:
    """An enumeration's number, from the name of a constant or from a number that is one."""
    members = enumerations()[type_name]
    if isinstance(value, str):
        if value in members:
            return members[value]
    elif not isinstance(value, bool) and isinstance(value, (int, float)) and value in members.values():
        return int(value)
    raise Misfit(f"one of {', '.join(members)} is wanted")


def _opaque(value: Any, type_name: str) -> Any:
    if not isinstance(value, getattr(library(), type_name)):
        raise Misfit("a transform is wanted")
    return value


def _items(value: Any, convert: Callable[[Any], Any], what: str) -> list[Any]:
    if not isinstance(value, (list, tuple)):
        raise Misfit(f"a sequence of {what} is wanted")
    converted_items = []
    for position, item in enumerate(value):
        try:
            converted_items.append(convert(item))
        except Misfit as misfit:
            raise Misfit(f"element {position} is {described(item)}: {misfit}") from None
    return converted_items


def _sequence(type_name: str, what: str) -> Callable[[Any], list[Any]]:
    return lambda value: _items(value, _conversion(type_name), what)


def _pairs(value: Any) -> dict[float, float]:
    """A map from numbers to numbers, as a sequence of pairs."""
    pairs = _items(value, _sequence("double", "numbers"), "pairs of numbers")
    if any(len(pair) != 2 for pair in pairs):
        raise Misfit("a sequence of pairs [from, to] is wanted")
    return {pair[0]: pair[1] for pair in pairs}


_CONVERSIONS: MappingProxyType[str, Callable[[Any], Any]] = MappingProxyType(
    {
        "Image": _image,
        "double": _number,
        "float": _number,
        "bool": _bool,
        "std::string": _text,
        "Path": _text,
        "VectorDouble": _sequence("double", "numbers"),
        "VectorUInt8": _sequence("uint8_t", "numbers"),
        "VectorUInt32": _sequence("uint32_t", "numbers"),
        "VectorInt32": _sequence("int32_t", "numbers"),
        "VectorBool": _sequence("bool", "bools"),
        "VectorString": _sequence("std::string", "strings"),
        "VectorOfImage": _sequence("Image", "images"),
        "VectorOfTransform": _sequence("Transform", "transforms"),
        "VectorUIntList": lambda value: _items(value, _sequence("uint32_t", "numbers"), "points"),
        "DoubleDoubleMap": _pairs,
    }
)
