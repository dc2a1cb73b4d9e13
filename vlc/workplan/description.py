"""One operator, whole, to read: kinds, documentation, and what it asks of its arguments."""

from __future__ import annotations

from collections.abc import Iterator

from vlc.diagnostics import CompileError, Diagnostic, did_you_mean
from vlc.syntax.printer import to_text
from vlc.workplan import kinds
from vlc.workplan.kinds import Kind
from vlc.workplan.listing import GENERIC_TEXTS
from vlc.workplan.operators import NAMESPACES, Signature, namespace
from vlc.workplan.own_namespaces import own_namespaces
from vlc.workplan.scope import Function, library_of

_WANTED = {
    kinds.NUMBER: "a number",
    kinds.BOOL: "a bool",
    kinds.STRING: "a string",
    kinds.NUMBER_IMAGE: "an image of numbers, which become float32; bools count as 0 and 1",
    kinds.BOOL_IMAGE: "an image of bools; of what SimpleITK returns whole numbers too, where any but 0 is true",
    kinds.COLOUR_IMAGE: "an image of 3 or 4 components of colour",
    kinds.ANY_IMAGE: "an image of any pixel type",
    kinds.UNKNOWN: "a value of any kind",
}


def description(name: str) -> str:
    """All operators of a name, which may be qualified, or be what scripts call the operator; CompileError if none is.

    Several namespaces may have one.
    """
    wanted, _, rest = name.partition(".")
    every = (*NAMESPACES, *own_namespaces())
    places = (wanted,) if rest and wanted in every else every
    unqualified = rest if len(places) == 1 else name
    found = [text for place in places for text in _described(place, unqualified)]
    if not found:
        raise CompileError(_unknown(name))
    return "\n".join(found)


def _described(place: str, name: str) -> Iterator[str]:
    if place == "default" and name in GENERIC_TEXTS:
        yield f"default.{name}\n\n  {GENERIC_TEXTS[name]}\n"
    for called, signature in sorted(namespace(place).items()):
        if called == name or signature.operator == f"{place}.{name}":
            yield "".join(_whole(place, signature))
    library = library_of(place)
    declared = library.bindings.get(name, []) if library is not None else []
    if declared and isinstance(binding := declared[-1], Function):
        formals = ", ".join(binding.formals)
        yield f"{place}.{binding.name}({formals}) = {to_text(binding.body)}\n\n  Defined in the language, as here.\n"


def _whole(place: str, signature: Signature) -> Iterator[str]:
    yield f"{place}.{signature}\n"
    if signature.documentation:
        yield "\n"
    for line in signature.documentation.splitlines():
        yield f"  {line}".rstrip() + "\n"
    required = list(_requirements(signature))
    if required:
        yield "\n"
    for line in required:
        yield f"  {line}\n"
    if signature.operator != f"{place}.{signature.name}":
        yield f"\n  Scripts call it {signature.operator}.\n"


def _requirements(signature: Signature) -> Iterator[str]:
    """What the language requires of the arguments, a line each, and of all of them together."""
    for position, formal in enumerate(signature.formals):
        text = _wanted(formal.kind, formal.whole)
        if position in signature.reads:
            text += ", the name of a file to read, whose content counts"
        yield f"{formal.name}: {text}{'; may be left out' * formal.optional}"
    if signature.rest is not None:
        yield f"further arguments, as many as you like: {_wanted(signature.rest)}"
    given = [formal.kind for formal in signature.formals] + ([signature.rest] * 2 if signature.rest else [])
    if signature.one_grid and sum(kind.is_image for kind in given) > 1:
        yield "The images must lie on one grid."
    if signature.like:
        yield "It takes the grid of the images that it meets in the expression."
    if signature.effect:
        yield "A declaration that calls it is a goal, and is never answered from the store."


def _wanted(kind: Kind, whole: bool = False) -> str:
    if whole and not kind.is_sequence:
        return "a whole number"
    return _WANTED.get(kind, f"a {kind}")


def _unknown(name: str) -> Diagnostic:
    operators = {signature for place in NAMESPACES for signature in namespace(place)}
    hint = did_you_mean(name, {*NAMESPACES, *operators}) or "`vlc primitives` lists all operators"
    return Diagnostic(
        f"there is no operator `{name}` and no namespace of that name; there are {', '.join(NAMESPACES)}", hint=hint
    )
