"""What has a meaning, and hardly the one that was meant: warnings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from vlc.diagnostics import CompileError, Diagnostic
from vlc.syntax import nodes as syntax
from vlc.workplan.goal_names import IMAGE_SUFFIXES
from vlc.workplan.operators import Signature
from vlc.workplan.references import calls_in, free_names_of
from vlc.workplan.scope import Constant, Meaning, Module, in_namespace, look_up

Dialects: TypeAlias = Callable[[Module, int], str]


def suspicions(commands: Sequence[syntax.Command], module: Module, dialect_at: Dialects) -> list[Diagnostic]:
    """All of them, in the order of the text of each file."""
    found = [
        *_used_before_declared(commands, module, dialect_at),
        *_bytes_of_images(commands, module, dialect_at),
    ]
    return sorted(found, key=lambda each: each.span.start if each.span else 0)


# Names of namespaces that are declared further down


def _used_before_declared(commands: Sequence[syntax.Command], module: Module, dialect_at: Dialects) -> list[Diagnostic]:
    """Names that mean a value of a namespace, such as `x` of vox1, where the same file declares the name further down.

    Each is told once, where it is used first. Names of functions are left out: `volume = volume(mask)` is usual.
    """
    suspects = set(_values_of_namespaces(module))
    found: list[Diagnostic] = []
    for index, command in enumerate(commands if suspects else ()):
        for name in sorted(_free_names(command), key=lambda each: each.span.start):
            if name.namespace or name.text not in suspects or module.own(name.text, index) is not None:
                continue
            later = _declared_later(name, commands, module, index)
            if later is None:
                continue
            dialect = dialect_at(module, index)
            home = _home_of_value(name, module, index, dialect)
            if home:
                suspects.remove(name.text)
                found.append(_early(name, later, home, dialect))
    return found


def _values_of_namespaces(module: Module) -> Iterator[str]:
    """The names that the program declares and that may be values of a namespace."""
    homes = dict.fromkeys(("default", "vox1", *(name for _, name in module.imports)))
    for name in module.bindings:
        if any(_is_value(in_namespace(home, name)) for home in homes):
            yield name


def _is_value(meaning: Meaning | None) -> bool:
    if isinstance(meaning, Signature):
        return meaning.most == 0
    return isinstance(meaning, Constant) and bool(meaning.module.library)


def _free_names(command: syntax.Command) -> Iterator[syntax.Name]:
    if isinstance(command, syntax.Let):
        formals = frozenset(formal.text for formal in command.parameters or ())
        return free_names_of(command.value, formals)
    return free_names_of(command.value) if isinstance(command, (syntax.Print, syntax.Save)) else iter(())


def _declared_later(
    name: syntax.Name, commands: Sequence[syntax.Command], module: Module, index: int
) -> syntax.Let | syntax.Load | None:
    """The declaration of a name that follows a command in the same file: other files may call their own things so."""
    for binding in module.bindings[name.text]:
        command = commands[binding.index]
        if binding.index > index and command.span.source is name.span.source:
            assert isinstance(command, (syntax.Let, syntax.Load))
            return command
    return None


def _home_of_value(name: syntax.Name, module: Module, index: int, dialect: str) -> str:
    """The namespace of which a name means a value; an empty string where it means anything else."""
    try:
        meaning = look_up(name, module, index, dialect)
    except CompileError:
        return ""
    if not _is_value(meaning):
        return ""
    if isinstance(meaning, Signature):
        return meaning.operator.partition(".")[0]
    return meaning.module.library if isinstance(meaning, Constant) else ""


def _early(name: syntax.Name, later: syntax.Let | syntax.Load, home: str, dialect: str) -> Diagnostic:
    line, _ = later.name.span.source.position(later.name.span.start)
    keep = f"write `{home}.{name.text}`" if dialect == "vl2" else "give the declaration another name"
    return Diagnostic(
        f"this is the `{name.text}` of `{home}`, not the one that is declared in line {line}",
        name.span,
        f"a declaration counts for later text only: move it above this line, or {keep} if this is meant",
        severity="warning",
        notes=((f"`{name.text}` is declared here", later.name.span),),
    )


# Images of which the bytes are loaded


def _bytes_of_images(commands: Sequence[syntax.Command], module: Module, dialect_at: Dialects) -> Iterator[Diagnostic]:
    """Calls of vl2's `load` on a file whose name is that of an image. In vl1 it does load images."""
    for index, command in enumerate(commands):
        if not isinstance(command, (syntax.Let, syntax.Print, syntax.Save)) or "load" not in command.span.text:
            continue
        for call in calls_in(command.value):
            name = call.function
            if name.text != "load" or len(call.arguments) != 1:
                continue
            is_image = _names_image(call.arguments[0], command, module, index)
            if is_image and _is_load(name, module, index, dialect_at(module, index)):
                reader = "ReadImage" if "simpleitk" in module.namespaces(index) else "simpleitk.ReadImage"
                message = "`load` gives the bytes of this file, which is an image by its name"
                yield Diagnostic(message, call.span, f"read an image with `{reader}`", severity="warning")


def _names_image(path: syntax.Expression, command: syntax.Command, module: Module, index: int) -> bool:
    """Whether a path, a text or the name of a parameter, ends as those of images do."""
    text = path
    if isinstance(path, syntax.Name) and not path.namespace:
        declared = module.own(path.text, index)
        if isinstance(declared, Constant) and isinstance(declared.command, syntax.Let):
            text = declared.command.value
    if not isinstance(text, syntax.String) or not text.value.lower().endswith(IMAGE_SUFFIXES):
        return False
    return text is path or any(
        name is path for name in _free_names(command)
    )  # a loop's variable may hide the parameter


def _is_load(name: syntax.Name, module: Module, index: int, dialect: str) -> bool:
    try:
        meaning = look_up(name, module, index, dialect)
    except CompileError:
        return False
    return isinstance(meaning, Signature) and meaning.operator == "default.load"
