"""Loops as a script writes them. A body is called once, with a stand-in for the item, and says what it computes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from vlc_runtime.node import Argument, Element, Node, free_in

_NOTHING: Any = object()


class LoopNode(Node):
    """`loop`, `keep` or `fold`: `body` is what is computed for each item of `over`.

    `elements` are the stand-ins in the body: the item, and for a fold what there is so far. `start` is what a fold
    begins with; without it (`has_start` false) it begins with the first item.
    """

    __slots__ = ("body", "elements", "form", "has_start", "over", "start")

    def __init__(
        self,
        form: str,
        over: Argument,
        elements: tuple[Element, ...],
        body: Argument,
        start: Any = _NOTHING,
    ) -> None:
        frame = sys._getframe(2)
        self.has_start = start is not _NOTHING
        parts = [over, body, *([start] if self.has_start else [])]
        super().__init__(free_in(parts) - frozenset(elements), frame.f_code, frame.f_lasti)
        self.form = form
        self.over = over
        self.elements = elements
        self.body = body
        self.start = start if self.has_start else None

    def __repr__(self) -> str:
        return f"<node {self.form}>"


def loop(body: Callable[..., Any], *, over: Any, **captured: Any) -> LoopNode:
    """The sequence of `body(item, **captured)` for every item of `over`, in order."""
    element = Element(_parameters(body)[0])
    return LoopNode("loop", over, (element,), body(element, **captured))


def keep(condition: Callable[..., Any], *, over: Any, **captured: Any) -> LoopNode:
    """The items of `over` for which `condition(item, **captured)` is true, in order."""
    element = Element(_parameters(condition)[0])
    return LoopNode("keep", over, (element,), condition(element, **captured))


def fold(step: Callable[..., Any], *, over: Any, start: Any = _NOTHING, **captured: Any) -> LoopNode:
    """`step(total, item, **captured)` from left to right over `over`, beginning with `start` or the first item."""
    total, item = (Element(name) for name in _parameters(step)[:2])
    return LoopNode("fold", over, (total, item), step(total, item, **captured), start)


def _parameters(body: Callable[..., Any]) -> tuple[str, ...]:
    return body.__code__.co_varnames[: body.__code__.co_argcount]
