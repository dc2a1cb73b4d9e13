"""Names for the nodes of a plan, taken from the source.

A name depends on its own paragraph alone (the declaration's name, then what the source calls the part), so an edit
elsewhere renames nothing.
"""

from __future__ import annotations

from collections.abc import Mapping

from vlc.emit.code import Code, py_name
from vlc.workplan.nodes import Literal, NodeId, Parameter
from vlc.workplan.plan import Origin, WorkPlan


class Names:
    """The names of one function of the script; each is given out once."""

    def __init__(self, taken: set[str] | None = None) -> None:
        self._taken: set[str] = set(taken or ())
        self._next: dict[str, int] = {}

    def take(self, text: str, fallback: str = "value") -> Code:
        base = py_name(text, fallback)
        name, count = base, self._next.get(base, 1)
        while name in self._taken:
            count += 1
            name = Code(f"{base}_{count}")
        self._next[base] = count
        self._taken.add(name)
        return name


def name_build(plan: WorkPlan, owners: Mapping[NodeId, int]) -> dict[NodeId, Code]:
    """The names in `build()`: parameters first, then each paragraph's result, then its parts.

    `owners` has the paragraph of each node that build() computes."""
    names = Names()
    given: dict[NodeId, Code] = {
        identifier: names.take(node.name) for identifier, node in plan.nodes.items() if isinstance(node, Parameter)
    }
    for identifier in owners:
        if not plan.origins[identifier].hint:
            given[identifier] = names.take(plan.paragraphs[owners[identifier]].name)
    for identifier, paragraph in owners.items():
        if identifier not in given:
            hint = plan.origins[identifier].hint
            given[identifier] = names.take(f"{py_name(plan.paragraphs[paragraph].name)}_{_snake(hint)}")
    return given


def local_name(plan: WorkPlan, origin: Origin, names: Names) -> Code:
    """The name of what comes from there in a function of its own: its paragraph goes without saying."""
    return names.take(_snake(origin.hint) or plan.paragraphs[origin.paragraph].name)


def _snake(text: str) -> str:
    """`ReadImage` as `read_image`: names of values are in lower case, as Python's style has it."""
    pieces: list[str] = []
    for position, character in enumerate(text):
        previous = text[position - 1] if position else ""
        following = text[position + 1] if position + 1 < len(text) else ""
        if character.isupper() and previous and (previous.islower() or (previous.isupper() and following.islower())):
            pieces.append("_")
        pieces.append(character.lower())
    return "".join(pieces)


def is_inline(plan: WorkPlan, identifier: NodeId) -> bool:
    """Whether a node is written where it is used and has no line of its own."""
    return isinstance(plan.nodes[identifier], (Literal, Parameter))
