"""The operators of a namespace as a list to read."""

from __future__ import annotations

from vlc.syntax.printer import to_text
from vlc.workplan.operators import namespace
from vlc.workplan.overloads import ARITHMETIC, COMPARISONS, LOGIC
from vlc.workplan.scope import Function, library_of

GENERIC_TEXTS = {
    **dict.fromkeys(ARITHMETIC, "on numbers and images of numbers, in any combination; on sequences item by item"),
    **dict.fromkeys(COMPARISONS, "of numbers: a bool; with images: an image of bools; on sequences item by item"),
    **dict.fromkeys(LOGIC, "of bools, or of images of bools"),
}


def listing(name: str) -> str:
    """The operators of a namespace, a line or two each, in alphabetical order."""
    lines = [f"{name}\n"]
    if name == "default":
        lines.extend(f"  {symbol}  {text}\n" for symbol, text in GENERIC_TEXTS.items())
    for _, signature in sorted(namespace(name).items()):
        lines.append(f"  {signature}\n")
        if signature.summary:
            lines.append(f"      {signature.summary}\n")
    library = library_of(name)
    if library is not None:
        for declared in library.bindings.values():
            binding = declared[-1]
            if isinstance(binding, Function):
                lines.append(f"  {binding.name}({', '.join(binding.formals)}) = {to_text(binding.body)}\n")
    return "".join(lines)
