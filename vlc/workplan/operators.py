"""The signatures of the operators, read from the kernels' source text.

The kernels' annotations are the only place where a signature is written. They are read with `ast`, so compiling imports
neither numpy nor SimpleITK. SimpleITK's own functions come from the table that the runtime ships.
"""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vlc.workplan import kinds
from vlc.workplan.kinds import Kind

NAMESPACES = ("arrays", "default", "geom", "scalar", "simpleitk", "strings", "test", "vox1")
"""The namespaces a program may import, besides those of packages: see own_namespaces.py. `default` always is;
`scalar` has what the generic operators do to scalars."""
_BUNDLED = frozenset(NAMESPACES)


@dataclass(frozen=True, slots=True)
class Formal:
    """A parameter of an operator. `whole`: of numbers only whole ones are taken."""

    name: str
    kind: Kind
    optional: bool = False
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Signature:
    """What the compiler knows of an operator. `operator` is what the script calls, `name` what programs call.

    `like`: the last argument of the kernel is an image that gives the grid; programs do not write it.
    `rest`: the kind of further arguments, when there may be any number.
    `reads`: positions of arguments that are paths of files to read.
    `fusion`: `pointwise` or `reduction` for what can be computed together with others, in one pass over the images.
    """

    operator: str
    name: str
    formals: tuple[Formal, ...]
    result: Kind
    rest: Kind | None = None
    like: bool = False
    reads: tuple[int, ...] = ()
    effect: bool = False
    cost: str = "heavy"
    one_grid: bool = True
    fusion: str = ""
    documentation: str = ""

    @property
    def summary(self) -> str:
        """The first line of the documentation."""
        return self.documentation.partition("\n")[0]

    @property
    def least(self) -> int:
        return sum(not formal.optional for formal in self.formals)

    @property
    def most(self) -> int | None:
        return None if self.rest is not None else len(self.formals)

    def kind_of_argument(self, position: int) -> Kind:
        if position < len(self.formals):
            return self.formals[position].kind
        return self.rest or kinds.UNKNOWN

    def __str__(self) -> str:
        shown = [f"{formal.name}: {formal.kind}{' (optional)' * formal.optional}" for formal in self.formals]
        if self.rest is not None:
            shown.append(f"...: {self.rest}")
        return f"{self.name}({', '.join(shown)}) -> {self.result}" if shown else f"{self.name} -> {self.result}"


def namespace(name: str) -> Mapping[str, Signature]:
    """The operators of a namespace by the name that programs call them. Raises UsageError for one of a package that is
    not installed, or cannot be used."""
    if name in _BUNDLED:
        return _bundled(name)
    from vlc.workplan.own_namespaces import own_namespace

    return own_namespace(name)


@cache
def _bundled(name: str) -> Mapping[str, Signature]:
    if name == "simpleitk":
        return dict(_simpleitk())
    return {signature.name: signature for signature in _read(name)}


@cache
def _by_operator(name: str) -> Mapping[str, Signature]:
    return {signature.operator: signature for signature in _bundled(name).values()}


def signature_of(operator: str) -> Signature:
    """The signature of `namespace.python_name`."""
    home, _, name = operator.partition(".")
    return _by_operator(home)[operator] if home in _BUNDLED else namespace(home)[name]


def _read(name: str) -> Iterator[Signature]:
    for path in _sources(name):
        for statement in ast.parse(path.read_text("utf-8"), str(path)).body:
            if isinstance(statement, ast.FunctionDef):
                for decorator in statement.decorator_list:
                    if isinstance(decorator, ast.Call) and _called(decorator) == "operator":
                        yield signature(name, statement, _options(decorator))


def _called(decorator: ast.expr) -> str:
    """The name of the function that makes a decorator."""
    return getattr(decorator.func, "id", "") if isinstance(decorator, ast.Call) else ""


def _sources(name: str) -> list[Path]:
    spec = importlib.util.find_spec("vlc_runtime")
    assert spec is not None and spec.submodule_search_locations
    kernels = Path(next(iter(spec.submodule_search_locations))) / "kernels"
    package = kernels / name
    return sorted(package.glob("*.py")) if package.is_dir() else [kernels / f"{name}.py"]


def _options(decorator: ast.Call) -> dict[str, Any]:
    return {keyword.arg: ast.literal_eval(keyword.value) for keyword in decorator.keywords if keyword.arg}


def signature(namespace_name: str, function: ast.FunctionDef, options: Mapping[str, Any]) -> Signature:
    """The signature of a function, with the options of its decorator. Raises KeyError with an annotation that says no
    kind."""
    arguments = function.args
    required = len(arguments.args) - len(arguments.defaults)
    formals = [
        Formal(argument.arg, _kind(argument.annotation), position >= required, _is_whole(argument.annotation))
        for position, argument in enumerate(arguments.args)
        if _text(argument.annotation) != "Like"
    ]
    return Signature(
        operator=f"{namespace_name}.{function.name}",
        name=options.get("name") or function.name,
        formals=tuple(formals),
        result=_kind(function.returns),
        rest=_kind(arguments.vararg.annotation) if arguments.vararg else None,
        like=len(formals) < len(arguments.args),
        reads=tuple(options.get("reads", ())),
        effect=options.get("effect", False),
        cost=options.get("cost", "heavy"),
        one_grid=options.get("one_grid", True),
        fusion=next((name for each in function.decorator_list if (name := _called(each)) in _FUSIONS), ""),
        documentation=ast.get_docstring(function) or "",
    )


_FUSIONS = frozenset({"pointwise", "reduction"})
_KINDS = {
    "float": kinds.NUMBER,
    "int": kinds.NUMBER,
    "bool": kinds.BOOL,
    "str": kinds.STRING,
    "NumberImage": kinds.NUMBER_IMAGE,
    "BoolImage": kinds.BOOL_IMAGE,
    "ColourImage": kinds.COLOUR_IMAGE,
    "AnyImage": kinds.ANY_IMAGE,
    "Counts": kinds.COUNTS,
    "RankHistogram": kinds.RANK_HISTOGRAM,
    "dict": kinds.RECORD,
    "None": kinds.NOTHING,
    "object": kinds.UNKNOWN,
}


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation is not None else "object"


def _is_whole(annotation: ast.expr | None) -> bool:
    return _text(annotation).removesuffix(" | None") == "int"


def _kind(annotation: ast.expr | None) -> Kind:
    text, depth = _text(annotation), 0
    while text.startswith("list[") and text.endswith("]"):
        text, depth = text[5:-1], depth + 1
    alternatives = {_KINDS[part.partition("[")[0]] for part in text.split(" | ") if part != "None" or text == "None"}
    kind = alternatives.pop() if len(alternatives) == 1 else kinds.UNKNOWN
    for _ in range(depth):
        kind = kinds.sequence_of(kind)
    return kind


_TABLE_KINDS = {
    "image": kinds.ANY_IMAGE,
    "number": kinds.NUMBER,
    "integer": kinds.NUMBER,
    "bool": kinds.BOOL,
    "string": kinds.STRING,
    "none": kinds.NOTHING,
    "transform": kinds.OTHER,
}


def _simpleitk() -> Iterator[tuple[str, Signature]]:
    from vlc_runtime.kernels import simpleitk_table, simpleitk_traits

    for name, entry in simpleitk_table.functions().items():
        yield (
            name,
            Signature(
                operator=f"simpleitk.{name}",
                name=name,
                formals=tuple(_formal(entry, position) for position in range(entry.maximum)),
                result=_table_kind(entry.result),
                reads=(0,) if name in simpleitk_traits.READS_A_FILE else (),
                effect=name in simpleitk_traits.WRITES_A_FILE,
                cost="voxelwise" if name in simpleitk_traits.VOXELWISE else "heavy",
                one_grid=name not in simpleitk_traits.SEVERAL_GRIDS,
                documentation="\n".join([entry.summary, "", *entry.texts]),
            ),
        )


def _formal(entry: Any, position: int) -> Formal:
    """The parameter at a position: of any kind where the forms of the function disagree."""
    parameters = [form.parameters[position] for form in entry.forms if position < len(form.parameters)]
    found = {_table_kind(parameter.kind) for parameter in parameters}
    return Formal(
        parameters[0].name,
        found.pop() if len(found) == 1 else kinds.UNKNOWN,
        optional=position >= entry.minimum,
        whole=all(parameter.kind == "integer" for parameter in parameters),
    )


def _table_kind(text: str) -> Kind:
    if text.startswith("sequence["):
        return kinds.sequence_of(_table_kind(text[len("sequence[") : -1]))
    return _TABLE_KINDS.get(text, kinds.UNKNOWN)
