"""Operators: plain functions on plain values, made callable from scripts.

A kernel is a module-level function with annotations, marked by `@operator`:

    @operator(version=1, cost="voxelwise", name="not")
    def logical_not(mask: BoolImage) -> BoolImage:
        \"\"\"1 where the mask is 0. ...\"\"\"

Calling it inside `build()` makes a Node; `logical_not.compute(volume)` computes. Annotations are the signature: the
compiler reads them (as text, without importing the module) and checks programs; the runtime converts arguments by
them (an image of any pixel type becomes float32 voxels for `NumberImage`, bools for `BoolImage`). An annotation is
one of

    float                       a number (int or float: a kernel gets what there is)
    int                         a number that must be integral; the kernel gets an int
    bool  str                   a scalar
    NumberImage  BoolImage  ColourImage  AnyImage
    Like                        an image that only gives the grid; not an argument in the language
    list[...]                   a sequence of one kind
    Counts                      how many voxels have each value: a record that passes make and use
    dict[str, object]           a record (results only)
    object                      a value of any kind
    ... | None                  the same, where the argument may be left out: the default is None
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias

from vlc_runtime.digest import Digest, digest_with_keys, encode
from vlc_runtime.errors import KernelError
from vlc_runtime.node import Apply
from vlc_runtime.volume import Volume, as_bools, as_colour, as_numbers, require_one_grid

Cost: TypeAlias = Literal["immediate", "scalar", "voxelwise", "heavy"]
"""What computing takes, which decides when and whether a result is stored:

immediate   nanoseconds on scalars (arithmetic, strings, `range`): computed while the run is planned, never stored
scalar      a scalar of unknown cost from scalars: a task, stored
voxelwise   one pass over memory: recomputing is cheaper than loading; stored only when it is a goal
heavy       everything else: stored
"""

EXACT_DOUBLES = 1 << 53
"""Whole numbers up to this one are doubles."""

_SCALARS = frozenset({"float", "int", "bool", "str"})
_IMAGE_CONVERSIONS: dict[str, Callable[[Volume], Volume]] = {
    "NumberImage": as_numbers,
    "BoolImage": as_bools,
    "ColourImage": as_colour,
    "AnyImage": lambda image: image,
    "Like": lambda image: image,
}


class Operator:
    """A kernel with its identity. Immutable. `gives_scalar`: the result is a number, a bool or a string."""

    __slots__ = (
        "_conversions",
        "_identity",
        "_rest",
        "cost",
        "effect",
        "function",
        "gives_scalar",
        "identifier",
        "items",
        "name",
        "numbers",
        "one_grid",
        "reads",
        "scratch",
        "version",
        "writes",
    )

    def __init__(
        self,
        function: Callable[..., Any],
        *,
        namespace: str,
        version: int | str,
        cost: Cost,
        name: str,
        reads: tuple[int, ...],
        writes: tuple[int, ...] = (),
        effect: bool,
        one_grid: bool,
        scratch: float = 0.0,
        items: int | None = None,
    ) -> None:
        self._identity = b""  # encoded when first asked for: most operators of a namespace never are
        self.function = function
        self.identifier = f"{namespace}.{function.__name__}"
        self.name = name
        self.version = version
        self.cost: Cost = cost
        self.reads = reads
        self.writes = writes
        self.effect = effect
        self.one_grid = one_grid
        self.scratch = scratch
        self.items = items
        self.numbers = _number_positions(function)
        """Positions of arguments that are numbers, for which 5 and 5.0 are one value."""
        self.gives_scalar = getattr(function, "__annotations__", {}).get("return") in _SCALARS
        conversions, self._rest = _conversions_of(function)
        self._conversions = conversions

    def __call__(self, *arguments: Any) -> Apply:
        """Build a node. Only scripts call this; nothing is computed."""
        frame = sys._getframe(1)
        return Apply(self, arguments, frame.f_code, frame.f_lasti)

    def key(self, keys: Sequence[Digest]) -> Digest:
        """The key of the result for arguments with these keys."""
        if not self._identity:
            self._identity = encode(self.identifier) + encode(self.version)
        return digest_with_keys(self._identity, keys)

    def compute(self, *arguments: Any) -> Any:
        """Compute the result of plain values: arguments are converted by the annotations, images must share a grid."""
        if self.one_grid and len(arguments) > 1:
            images = [argument for argument in arguments if isinstance(argument, Volume)]
            if len(images) > 1:
                require_one_grid(images)
        return self.function(*self.converted(arguments))

    def compute_each(self, columns: Sequence[Sequence[Any]], count: int) -> list[Any]:
        """The results of so many rows of arguments that are no images, given as columns."""
        if not columns:
            return [self.function() for _ in range(count)]
        converted = [
            column if conversion is None else [conversion(argument) for argument in column]
            for column, conversion in zip(columns, self._conversions_for(len(columns)), strict=False)
        ]
        return list(map(self.function, *converted))

    def converted(self, arguments: Sequence[Any]) -> list[Any]:
        """The arguments as the function takes them. Raises KernelError for what it can not take."""
        conversions = self._conversions
        if len(arguments) > len(conversions):
            conversions = self._conversions_for(len(arguments))
        return [
            argument if conversion is None else conversion(argument)
            for argument, conversion in zip(arguments, conversions, strict=False)
        ]

    def _conversions_for(self, count: int) -> tuple[Callable[[Any], Any] | None, ...]:
        """Those of so many arguments."""
        conversions = self._conversions
        if count > len(conversions):
            conversions += (self._rest,) * (count - len(conversions))
        return conversions

    @property
    def gives_image(self) -> bool:
        """Whether the kernel says that its result is an image."""
        return self.function.__annotations__.get("return") in _IMAGE_CONVERSIONS

    def __reduce__(self) -> tuple[Any, ...]:
        return _find, (self.function.__module__, self.function.__name__)

    def __repr__(self) -> str:
        return f"<operator {self.identifier}>"


def operator(
    *,
    version: int = 1,
    cost: Cost = "heavy",
    name: str = "",
    reads: tuple[int, ...] = (),
    writes: tuple[int, ...] = (),
    effect: bool = False,
    one_grid: bool = True,
    scratch: float = 0.0,
    items: int | None = None,
) -> Callable[[Callable[..., Any]], Operator]:
    """Mark a function as a kernel.

    version    part of the key of every result: raise it whenever a result may change
    name       the operator's name in the language, when it is not the function's
    reads      positions of arguments that are paths of files which the kernel reads: the content counts, not the name
    writes     positions of arguments that are paths of files which the kernel writes
    effect     the kernel acts on the world (writes a file, prints): never answered from the store
    one_grid   images among the arguments must lie on one grid (checked before the kernel runs)
    scratch    bytes a voxel that computing takes for a while, beyond the arguments and the result, as measured on heads
    items      position of a sequence, each item of which makes one of the result: of none there are none, whatever else
               is given, and nothing of that is computed
    """

    def mark(function: Callable[..., Any]) -> Operator:
        return Operator(
            function,
            namespace=namespace_of(function.__module__),
            version=version,
            cost=cost,
            name=name or function.__name__,
            reads=reads,
            writes=writes,
            effect=effect,
            one_grid=one_grid,
            scratch=scratch,
            items=items,
        )

    return mark


def namespace_of(module: str) -> str:
    """The namespace of the kernels of a module.

    Under `kernels` it is the module or package there, whatever file of the package a kernel stands in:
    `vlc_runtime.kernels.vox1.distance` belongs to `vox1`. Any other module is a namespace by its own last name.
    """
    _, kernels, below = module.partition(".kernels.")
    return below.partition(".")[0] if kernels else module.rpartition(".")[2]


def _find(module: str, name: str) -> Operator:
    found = getattr(sys.modules.get(module) or __import__(module, fromlist=[name]), name)
    assert isinstance(found, Operator)
    return found


def _conversions_of(
    function: Callable[..., Any],
) -> tuple[tuple[Callable[[Any], Any] | None, ...], Callable[[Any], Any] | None]:
    positional: list[Callable[[Any], Any] | None] = []
    rest: Callable[[Any], Any] | None = None
    for parameter in inspect.signature(function).parameters.values():
        conversion = _conversion(_annotation(parameter))
        if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
            rest = conversion
        else:
            positional.append(conversion)
    return tuple(positional), rest


def _number_positions(function: Callable[..., Any]) -> tuple[int, ...]:
    parameters = inspect.signature(function).parameters.values()
    return tuple(position for position, each in enumerate(parameters) if _annotation(each) == "float")


def _annotation(parameter: inspect.Parameter) -> str:
    """What an argument is, as text, whether it may be left out or not."""
    annotation = parameter.annotation
    text: str = annotation if isinstance(annotation, str) else getattr(annotation, "__name__", str(annotation))
    return text.removesuffix(" | None")


def _conversion(annotation: str) -> Callable[[Any], Any] | None:
    if annotation in _IMAGE_CONVERSIONS:
        return _image_argument(annotation)
    if annotation.startswith("list[") and annotation[5:-1] in _IMAGE_CONVERSIONS:
        convert = _image_argument(annotation[5:-1])
        return lambda items: [convert(item) for item in items]
    return {"int": integral, "float": number, "list[float]": numbers}.get(annotation)


def _image_argument(annotation: str) -> Callable[[Any], Volume]:
    convert = _IMAGE_CONVERSIONS[annotation]

    def checked(value: Any) -> Volume:
        if not isinstance(value, Volume):
            raise KernelError(f"a {type(value).__name__} stands where an image is wanted")
        return convert(value)

    return checked


def as_double(value: Any) -> Any:
    """A whole number as the double it is where a kernel takes a number: `image > 5` is one result, the 5 written or
    counted. Anything else, and what no double is, as it is."""
    return float(value) if type(value) is int and abs(value) <= EXACT_DOUBLES else value


def number(value: Any) -> Any:
    """A number as it is, or None for one that is left out; anything else, as files may hold it, is a KernelError."""
    if value is None or isinstance(value, (int, float)):
        return value
    raise KernelError(f"{value!r} stands where a number is wanted")


def numbers(value: Any) -> list[Any]:
    """A sequence of numbers as it is; anything else is a KernelError."""
    if not isinstance(value, list):
        raise KernelError(f"{value!r} stands where a sequence is wanted")
    for place, item in enumerate(value):
        if item is None or not isinstance(item, (int, float)):
            raise KernelError(f"{item!r} stands where a number is wanted", f"it is item {place} of the sequence")
    return value


def integral(value: Any) -> int:
    """The int that a number is, exactly; anything else is a KernelError."""
    if (
        isinstance(value, bool)
        or not isinstance(value, (int, float))
        or not (isinstance(value, int) or value.is_integer())
    ):
        raise KernelError(f"{value!r} stands where a whole number is wanted")
    return int(value)
