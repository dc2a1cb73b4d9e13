"""The functions of SimpleITK and the kinds of their arguments, known without importing SimpleITK.

The facts are in `simpleitk_functions.json`, which `simpleitk_signatures` derives from the installed SimpleITK; this
module reads them (about 10 ms, once) and needs the standard library only, so that the compiler can check programs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

TABLE = Path(__file__).with_name("simpleitk_functions.json")

_NO_VIEWER = "it opens a window"
_NO_ARRAYS = "arrays are no values of the language: images are"
_NO_SETTINGS = "it changes or asks for settings of the whole process"
EXCLUDED: Mapping[str, str] = MappingProxyType(
    {
        "Show": _NO_VIEWER,
        "ImageViewer_": _NO_VIEWER,
        "GetArrayFromImage": _NO_ARRAYS,
        "GetArrayViewFromImage": _NO_ARRAYS,
        "GetImageFromArray": _NO_ARRAYS,
        "ProcessObject_": _NO_SETTINGS,
        "LoggerBase_": _NO_SETTINGS,
    }
)
"""Functions of SimpleITK that are not operators, and why; a name that ends in `_` stands for all that begin so."""

_INTEGERS = MappingProxyType(
    {
        "uint8_t": (0, 2**8 - 1),
        "int": (-(2**31), 2**31 - 1),
        "int32_t": (-(2**31), 2**31 - 1),
        "uint32_t": (0, 2**32 - 1),
        "unsigned int": (0, 2**32 - 1),
        "uint64_t": (0, 2**64 - 1),
        "Seed": (1, 2**32 - 1),
    }
)
_KINDS = MappingProxyType(
    {
        "Image": "image",
        "double": "number",
        "float": "number",
        "bool": "bool",
        "std::string": "string",
        "Path": "string",
        "Transform": "transform",
        "VectorDouble": "sequence[number]",
        "VectorUInt8": "sequence[number]",
        "VectorUInt32": "sequence[number]",
        "VectorInt32": "sequence[number]",
        "VectorBool": "sequence[bool]",
        "VectorString": "sequence[string]",
        "VectorOfImage": "sequence[image]",
        "VectorOfTransform": "sequence[transform]",
        "VectorUIntList": "sequence[sequence[number]]",
        "DoubleDoubleMap": "sequence[sequence[number]]",
        "None": "none",
    }
)


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: its name and type in SimpleITK; its default, as text, or nothing when it must be given.

    `kind` is one of `image number integer bool string transform enumeration sequence[number] sequence[bool]
    sequence[string] sequence[image] sequence[transform] sequence[sequence[number]]`. An `integer` is a number without a
    fraction; an `enumeration` is the name of one of SimpleITK's constants as a string, or its number.
    """

    name: str
    type: str
    default: str
    kind: str

    def __str__(self) -> str:
        return f"{self.name}: {self.kind}" + (f" = {self.default}" if self.default else "")


@dataclass(frozen=True, slots=True)
class Form:
    """One of the ways to call a function. `result` is a kind, or `none` for a function that only acts."""

    parameters: tuple[Parameter, ...]
    result: str

    @property
    def minimum(self) -> int:
        """How many arguments must be given: all up to the last parameter without a default."""
        return max((index + 1 for index, parameter in enumerate(self.parameters) if not parameter.default), default=0)

    def takes(self, count: int) -> bool:
        return self.minimum <= count <= len(self.parameters)


@dataclass(frozen=True, slots=True)
class FunctionSignature:
    """A function of SimpleITK: one line about it, and its forms in the order in which they are tried."""

    name: str
    summary: str
    forms: tuple[Form, ...]

    @property
    def minimum(self) -> int:
        return min(form.minimum for form in self.forms)

    @property
    def maximum(self) -> int:
        return max(len(form.parameters) for form in self.forms)

    @property
    def result(self) -> str:
        """The kind of the result, the same for every form."""
        return self.forms[0].result

    @property
    def texts(self) -> tuple[str, ...]:
        """The forms as a user reads them."""
        return tuple(f"{self.name}({', '.join(map(str, form.parameters))})" for form in self.forms)


@cache
def functions() -> Mapping[str, FunctionSignature]:
    """Every function that is an operator, by name, in alphabetical order."""
    return MappingProxyType({name: _signature(name, entry) for name, entry in _table()["functions"].items()})


@cache
def enumerations() -> Mapping[str, Mapping[str, int]]:
    """The constants that a parameter of a type takes, by type and name."""
    return MappingProxyType({name: MappingProxyType(members) for name, members in _table()["enumerations"].items()})


def integer_range(type_name: str) -> tuple[int, int] | None:
    """The least and the greatest value of an integer type of SimpleITK; None for other types."""
    return _INTEGERS.get(type_name)


def reason_excluded(name: str) -> str:
    """Why a function of SimpleITK is no operator, or nothing."""
    for excluded, why in EXCLUDED.items():
        if name == excluded or (excluded.endswith("_") and name.startswith(excluded)):
            return why
    return ""


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = json.loads(TABLE.read_text(encoding="utf-8"))
    return table


def _signature(name: str, entry: dict[str, Any]) -> FunctionSignature:
    forms = tuple(Form(tuple(map(_parameter, form["parameters"])), _result(form["result"])) for form in entry["forms"])
    return FunctionSignature(name, entry["summary"], forms)


def _result(type_name: str) -> str:
    kind = kind_of(type_name)
    return "number" if kind == "integer" else kind


@cache
def _parameter(text: str) -> Parameter:
    """Parse `name: type` or `name: type = default`."""
    declared, _, default = text.partition(" = ")
    name, _, type_name = declared.partition(": ")
    return Parameter(name, type_name, default, kind_of(type_name))


def kind_of(type_name: str) -> str:
    """The kind of a value of a type of SimpleITK."""
    if type_name in _INTEGERS:
        return "integer"
    if type_name in _KINDS:
        return _KINDS[type_name]
    if type_name.endswith("Transform"):
        return "transform"
    return "enumeration"
