"""What a name means where it stands.

Scope is lexical and textual: a declaration sees what is declared before it, and declaring a name again hides the
earlier one from later text only. The user's own names come first, then `default`, then the imported namespaces.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TypeAlias

from vlc_runtime.errors import UsageError

from vlc.diagnostics import CompileError, Diagnostic, Source, did_you_mean, nearest_names
from vlc.syntax.foreign_operators import foreign_operator_hint
from vlc.syntax.hints import unknown_operator_hint
from vlc.syntax.misspellings import misspelling_hint
from vlc.syntax.nodes import Command, Expression, Import, Let, Load, Name
from vlc.workplan.kinds import NUMBER, UNKNOWN, Kind, accepts
from vlc.workplan.operators import NAMESPACES, Signature, namespace
from vlc.workplan.overloads import GENERIC
from vlc.workplan.own_namespaces import own_namespaces


@dataclass(frozen=True, slots=True, eq=False)
class Constant:
    """A top-level declaration without parameters."""

    module: Module
    index: int
    command: Let | Load

    @property
    def name(self) -> str:
        return self.command.name.text


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A declaration with parameters. Its body sees what was declared before it: there is no recursion."""

    module: Module
    index: int
    name: str
    formals: tuple[str, ...]
    body: Expression


@dataclass(frozen=True, slots=True)
class Generic:
    """One of vl2's generic operators: `+`, `<=`, `&`..."""

    symbol: str


Meaning: TypeAlias = Constant | Function | Signature | Generic


@dataclass(eq=False)
class Module:
    """The declarations of a program, imported files spliced in, or of a bundled library; filled in textual order."""

    library: str = ""
    bindings: dict[str, list[Constant | Function]] = field(default_factory=dict)
    imports: list[tuple[int, str]] = field(default_factory=list)

    def declare(self, index: int, command: Let | Load) -> Constant | Function:
        binding: Constant | Function
        if isinstance(command, Let) and command.parameters is not None:
            formals = tuple(formal.text for formal in command.parameters)
            binding = Function(self, index, command.name.text, formals, command.value)
        else:
            binding = Constant(self, index, command)
        self.bindings.setdefault(command.name.text, []).append(binding)
        return binding

    def own(self, name: str, before: int) -> Constant | Function | None:
        """The latest declaration of a name that stands before this index."""
        declared = self.bindings.get(name)
        if not declared:
            return None
        position = bisect_left(declared, before, key=lambda binding: binding.index)
        return declared[position - 1] if position else None

    def namespaces(self, before: int) -> tuple[str, ...]:
        """The namespaces imported before this index, each once, in import order."""
        return tuple(dict.fromkeys(name for index, name in self.imports if index < before))

    def names(self, before: int) -> Iterator[str]:
        for name, declared in self.bindings.items():
            if declared[0].index < before:
                yield name


def in_namespace(name: str, member: str) -> Meaning | None:
    """What a namespace calls by this name: a kernel, or a declaration of its bundled library."""
    found = namespace(name).get(member)
    return found if found is not None else _in_library(name, member)


def _in_library(name: str, member: str) -> Meaning | None:
    library = library_of(name)
    return library.own(member, len(library.bindings) + 1_000_000) if library else None


@cache
def library_of(name: str) -> Module | None:
    """The declarations that a namespace has besides its kernels, from `vlc/library/namespaces/<name>.imgql`."""
    path = Path(__file__).parents[1] / "library" / "namespaces" / f"{name}.imgql"
    if not path.is_file():
        return None
    from vlc.syntax.parser import parse

    module = Module(library=name)
    program = parse(Source(f"<{name}>", path.read_text("utf-8")), "vl2")
    for index, command in enumerate(program.commands):
        add(module, index, command)
    return module


def add(module: Module, index: int, command: Command, dialect: str = "vl2") -> Constant | Function | None:
    """Enter a command into the scope of what follows it. Raises CompileError for an unknown namespace."""
    if isinstance(command, Import):
        name = command.target.value
        if not name:
            hint = f"name a file, or one of the namespaces {', '.join(NAMESPACES)}"
            raise CompileError(Diagnostic("this import names nothing", command.target.span, hint))
        if dialect == "vl1" and name in NAMESPACES and name != "vox1":
            message = f"the namespace `{name}` is there in the vl2 dialect alone"
            hint = "what vl1 has is there without an import: VoxLogicA 1's operators and standard library"
            raise CompileError(Diagnostic(message, command.target.span, hint))
        if name not in NAMESPACES:
            _require_own(name, command, dialect)
        module.imports.append((index, name))
    elif isinstance(command, (Let, Load)):
        if dialect == "vl1" and isinstance(command, Let) and command.parameters == ():
            name = command.name.text
            raise CompileError(Diagnostic(NO_ARGUMENTS, command.name.span, f"write `let {name} = ..`"))
        return module.declare(index, command)
    return None


NO_ARGUMENTS = "in the vl1 dialect there are no empty argument lists"


def _require_own(name: str, command: Import, dialect: str) -> None:
    """Raise CompileError unless an installed package has the namespace."""
    own = own_namespaces()
    if name not in own:
        there = (*NAMESPACES, *own)
        meant = did_you_mean(name, there) or f"the namespaces are {', '.join(there)};"
        if dialect == "vl1":  # which has looked for such a file
            hint = f"{meant} a file is looked for as `{name}` and `{name}.imgql`, beside the program first"
            message = f"there is no file and no namespace `{name}`"
            raise CompileError(Diagnostic(message, command.target.span, hint))
        hint = f'{meant} a file is imported by a path with `.` or `/`: `import "./{name}"`'
        raise CompileError(Diagnostic(f"there is no namespace `{name}`", command.target.span, hint))
    try:
        namespace(name)
    except UsageError as problem:
        raise CompileError(Diagnostic(problem.message, command.target.span, problem.hint)) from None


def look_up(name: Name, module: Module, index: int, dialect: str, given: Sequence[Kind] = ()) -> Meaning:
    """What a name means at this place of a module, locals aside. Raises CompileError.

    `given` are the kinds of the arguments, as far as they are known, by which names that may be meant are proposed.
    """
    if name.namespace:
        return _qualified(name, module.namespaces(index))
    own = module.own(name.text, index)
    if own is not None:
        return own
    if dialect == "vl1":
        found = _in_library("vl1", name.text) or in_namespace("vox1", name.text)
        if found is not None:
            return found
        raise CompileError(_unknown(name, module, index, ("vox1",), dialect, given))
    if name.text in GENERIC:
        return Generic(name.text)
    found = in_namespace("default", name.text)
    if found is not None:
        return found
    imported = module.namespaces(index)
    meanings = {candidate: meaning for candidate in imported if (meaning := in_namespace(candidate, name.text))}
    if len(meanings) > 1:
        choices = " or ".join(f"`{candidate}.{name.text}`" for candidate in meanings)
        raise CompileError(
            Diagnostic(f"`{name.text}` is in several imported namespaces", name.span, f"write {choices}")
        )
    for meaning in meanings.values():
        return meaning
    raise CompileError(_unknown(name, module, index, imported, dialect, given))


def hiding_hint(name: str, module: Module, index: int, dialect: str) -> str:
    """What to do where a value was called whose declaration hides a function of a namespace; else an empty string."""
    for home in ("vox1",) if dialect == "vl1" else ("default", *module.namespaces(index)):
        found = in_namespace(home, name)
        if isinstance(found, Function) or (isinstance(found, Signature) and found.most != 0):
            choice = "" if dialect == "vl1" else f"write `{home}.{name}`, or "
            return f"the declaration of `{name}` hides `{home}.{name}`: {choice}give what is declared another name"
    return ""


def of_numbers_hint(name: str, given: Sequence[Kind]) -> str:
    """What to do about `max(a, b)` of numbers: they are folded, while the `max` and `min` of vox1 take an image."""
    if name in ("max", "min") and len(given) > 1 and all(kind in (NUMBER, UNKNOWN) for kind in given):
        return f"of numbers write `fold {name} [{', '.join('abcdefgh'[: len(given)])}]`"
    return ""


def _qualified(name: Name, imported: Sequence[str]) -> Meaning:
    """What a name of a namespace means; one of a package has to be imported."""
    if name.namespace not in NAMESPACES and name.namespace not in imported:
        hint = did_you_mean(name.namespace, NAMESPACES) or f"the namespaces are {', '.join(NAMESPACES)}"
        if name.namespace in own_namespaces():
            hint = f'add `import "{name.namespace}"` above'
        raise CompileError(Diagnostic(f"there is no namespace `{name.namespace}`", name.span, hint))
    if name.namespace == "default" and name.text in GENERIC:
        return Generic(name.text)
    found = in_namespace(name.namespace, name.text)
    if found is None:
        hint = (
            did_you_mean(name.text, members(name.namespace)) or f"`vlc primitives {name.namespace}` lists what it has"
        )
        raise CompileError(Diagnostic(f"`{name.namespace}` has no `{name.text}`", name.span, hint))
    return found


def members(name: str) -> list[str]:
    """Every name that a namespace has."""
    library = library_of(name)
    return [*namespace(name), *(library.bindings if library else ())]


def _unknown(
    name: Name, module: Module, index: int, searched: tuple[str, ...], dialect: str, given: Sequence[Kind]
) -> Diagnostic:
    homes = [home for home in NAMESPACES if home not in searched and _offers(home, name.text, given)]
    message = f"`{name.text}` is not defined"
    if advice := misspelling_hint(name.text, name.span, dialect):
        return Diagnostic(message, name.span, advice)
    later = next((each for each in module.bindings.get(name.text, ()) if each.index >= index), None)
    if later is not None and (later.index > index or not homes):
        why = "there is no recursion" if later.index == index else "it is declared further down"
        return Diagnostic(message, name.span, f"{why}: a declaration sees only what stands before it")
    if homes and dialect == "vl1":
        places = " and ".join(f"`{home}`" for home in homes)
        return Diagnostic(message, name.span, f"{places} of the vl2 dialect has it, which vl1 does not")
    if homes:
        imports = " or ".join(f'`import "{home}"`' for home in homes)
        return Diagnostic(message, name.span, of_numbers_hint(name.text, given) or f"add {imports} above")
    candidates = [*module.names(index)]
    for home in dict.fromkeys((*searched, "default")):
        candidates.extend(members(home))
    hint = _near(name.text, candidates, searched, given)
    if not any(map(str.isalnum, name.text)):
        known = candidates + (list(GENERIC) if dialect == "vl2" else [])
        prefixes = [each for each in candidates if _takes_one(each, module, index, searched)] + ["-"]
        hint = (
            _dotted(name.text, candidates)
            or foreign_operator_hint(name.text, dialect)
            or unknown_operator_hint(name.text, known, prefixes + (["!"] if dialect == "vl2" else []))
            or hint
        )
    return Diagnostic(message, name.span, hint)


def _offers(home: str, name: str, given: Sequence[Kind]) -> bool:
    """Whether a namespace has the name. Of those of scalars, which generic operators have too, whether it may take what
    is given."""
    meaning = in_namespace(home, name)
    if home != "scalar" or not isinstance(meaning, Signature):
        return meaning is not None
    return bool(given) and all(accepts(meaning.kind_of_argument(place), kind) for place, kind in enumerate(given))


def _takes_one(name: str, module: Module, index: int, searched: tuple[str, ...]) -> bool:
    """Whether a name means something that takes one operand, as what stands before an operand does."""
    meaning = module.own(name, index) or next(filter(None, (in_namespace(home, name) for home in searched)), None)
    if isinstance(meaning, Function):
        return len(meaning.formals) == 1
    return isinstance(meaning, Signature) and meaning.least <= 1 and meaning.most != 0


def _near(name: str, candidates: list[str], searched: tuple[str, ...], given: Sequence[Kind]) -> str:
    """The candidates that are spelled almost so, and take what is given; or what the nearest takes instead."""
    refusing: dict[str, Signature] = {}
    for home in searched:
        for member, signature in namespace(home).items() if given else ():
            if not all(accepts(signature.kind_of_argument(position), kind) for position, kind in enumerate(given)):
                refusing[member] = signature
    hint = did_you_mean(name, [candidate for candidate in candidates if candidate not in refusing])
    nearest = nearest_names(name, candidates)
    if hint or not nearest:
        return hint
    return f"`{nearest[0]}` takes other values: it is `{refusing[nearest[0]]}`"


def _dotted(symbol: str, candidates: list[str]) -> str:
    """What to do about an operator that there is with other dots."""
    found = sorted({f"`{each}`" for each in candidates if each.strip(".") == symbol.strip(".") != ""})
    if symbol == "=":
        beside = f" between images, and {', '.join(found)} with the dot on the side of a number" if found else ""
        return f"equality is `==`{beside}"
    return f"there is {' and '.join(found)}: the dot is on the side of the number" if found else ""
