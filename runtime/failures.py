"""What is known of a computation that failed: enough to find the line of the program and the item of the loop."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: the line of the script, its declaration, the items of the loops around it, and for which
    name of which function of the script it is. `tells_line` is false where another line stands for that of the script.
    """

    operator: str
    line: int | None = None
    declaration: str = ""
    items: tuple[str, ...] = ()
    function: str = ""
    target: str = ""
    tells_line: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """A step that has no value, and why. It stands in for the value: what depends on it fails with it, nothing else.

    `arguments` describes what the kernel was given. `trace` is the Python traceback of an exception that no kernel
    should raise; `damaged` marks a stored result that could not be read back, and will be computed again. `step` is the
    key of the step that failed, by which the run finds its place; `inner` is the number of the operator at fault in a
    step of several.
    """

    message: str
    hint: str = ""
    place: Place = Place("")
    arguments: tuple[str, ...] = ()
    trace: str = ""
    damaged: bool = False
    step: bytes | None = None
    inner: int | None = None

    def at(self, place: Place) -> Failure:
        return replace(self, place=place)

    def __str__(self) -> str:
        lines = [self.message]
        if self.place.operator:
            where = f"  in {self.place.operator}"
            if self.arguments:
                where += f"({', '.join(self.arguments)})"
            lines.append(where)
        if self.place.declaration:
            tells_line = self.place.tells_line and self.place.line
            line = f", line {self.place.line} of the script" if tells_line else ""
            lines.append(f"  of `{self.place.declaration}`{line}")
        lines.extend(f"  for {item}" for item in self.place.items)
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        if self.trace:
            lines.append(self.trace)
        return "\n".join(lines)


class RunFailed(Exception):
    """Some goals could not be computed; `failures` says which and why, `results` has the others."""

    def __init__(self, failures: list[tuple[str, Failure]], results: dict[str, object]) -> None:
        super().__init__("\n".join(f"{goal}: {failure}" for goal, failure in failures))
        self.failures = failures
        self.results = results
