"""Parameters of the script: declarations of one literal, and what strings of vl1 programs name with a `$`."""

from __future__ import annotations

from vlc.syntax import nodes as syntax
from vlc.workplan.builder import Builder
from vlc.workplan.nodes import NodeId, Parameter
from vlc.workplan.plan import Origin
from vlc.workplan.templates import template_parts


class Parameters:
    """The parameters of a program, interned in its Builder. `special` are names that stand for one without being
    declared, with its default."""

    def __init__(self, builder: Builder, special: dict[str, str]) -> None:
        self._builder = builder
        self._special = special
        self._declared: dict[str, list[Parameter]] = {}

    def declare(self, name: str, default: bool | float | str, origin: Origin) -> NodeId:
        """The parameter that a declaration of a literal makes. Of several with one name, each has a number from the
        second on; a name that Python would not have makes none, but a literal."""
        name = name.removeprefix("$")
        if not name.isidentifier():
            return self._builder.literal(default)
        self._builder.origin = origin
        known = self._declared.setdefault(name, [])
        parameter = Parameter(name if not known else f"{name}_{len(known) + 1}", default)
        known.append(parameter)
        return self._builder.intern(parameter)

    def is_special(self, name: str) -> bool:
        return name in self._special

    def special(self, name: syntax.Name) -> NodeId:
        """The parameter that a special name stands for."""
        self._builder.origin = Origin(self._builder.origin.paragraph, name.span)
        return self._builder.intern(Parameter(name.text.removeprefix("$"), self._special[name.text]))

    def filled(self, text: syntax.String, paragraph: int) -> NodeId:
        """A string; in a vl1 string each `$NAME` is a parameter of the script."""
        builder = self._builder
        builder.origin = Origin(paragraph, text.span, "path")
        if not text.template or "$" not in text.value:
            return builder.literal(text.value)
        parts: list[NodeId] = []
        for piece, is_name in template_parts(text.value):
            parts.append(self._named(piece) if is_name else builder.literal(piece))
        return parts[0] if len(parts) == 1 else builder.apply("strings.concat", parts)

    def _named(self, name: str) -> NodeId:
        """The parameter of a name: the one that the program declares above, or else one that has to be given."""
        declared = self._declared.get(name)
        return self._builder.intern(declared[-1] if declared else Parameter(name, None))


def literal_value(expression: syntax.Expression) -> bool | float | str | None:
    """The value of a literal that is the same wherever it stands; None for any other expression."""
    match expression:
        case syntax.Number(value) | syntax.Boolean(value):
            return value
        case syntax.String(value, _, template) if not (template and "$" in value):
            return value
    return None
