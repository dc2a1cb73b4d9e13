"""Planning: from a plan to the steps that compute it, each under the key of its result, before anything heavy is done.

The program of the plan is run on keys instead of values. Arithmetic on scalars, `range`, `dir`, names of files are so
cheap that they are computed right away, so that loops can be unrolled, files can be digested, and a step's key says
exactly what its result depends on. What needs a result first (a loop over `range(volume(x))`) is Pending: planning is
done again when the run has that result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from vlc_runtime.arithmetic_loops import arithmetic_loop
from vlc_runtime.describe import in_brief
from vlc_runtime.digest import Digest, digest
from vlc_runtime.errors import RuntimeFailure
from vlc_runtime.failures import Failure, Place
from vlc_runtime.image_formats import content_of, ending_in_keys
from vlc_runtime.loop import LoopNode
from vlc_runtime.loop_items import ItemLabels, item_text
from vlc_runtime.node import Node
from vlc_runtime.operator import Operator, as_double
from vlc_runtime.places import place_of, place_of_loop
from vlc_runtime.program import Call, Constant, Operand, Program, Repeat
from vlc_runtime.sequences import STRUCTURAL, blocked, is_empty, items_of, selected
from vlc_runtime.shards import LEFT_OUT, Shard, ShardItems
from vlc_runtime.source_lines import SourceLine
from vlc_runtime.steps import (
    Failed,
    Items,
    Known,
    Label,
    Pending,
    Step,
    Value,
    holds_blocked,
    known,
    known_sequence,
    leaves_of,
)
from vlc_runtime.volume import Volume

LISTING = "default.list_directory"


@dataclass(frozen=True, slots=True)
class Length:
    """How many items a sequence has that a kernel computed."""

    count: int


def _index() -> Operator:
    from vlc_runtime.kernels import default

    return default.index


class Planner:
    """Plans programs. `results` has what planning waited for: values (scalars, and lists of them), the Length of other
    sequences, or a Failure."""

    def __init__(
        self,
        file_digest: Callable[[str], Digest],
        results: Mapping[Digest, Any],
        line_of: Callable[[Node], SourceLine],
        upcoming: Callable[[Sequence[str]], None] = lambda names: None,
        shard: Shard | None = None,
        leaves_out: bool = True,
    ) -> None:
        """`upcoming` hears of each sequence of strings that a loop goes over: they may be names of files. `shard`
        is whose items are planned for; those of others are not planned at all where it `leaves_out` them."""
        self.steps: dict[Digest, Step] = {}
        self.files: dict[str, Digest] = {}
        self.shared: set[Digest] = set()
        self.warnings: dict[str, None] = {}
        """What is no failure and hardly meant: folders in which nothing is found. Each is told once."""
        self._file_digest = file_digest
        self._results = results
        self._line_of = line_of
        self._upcoming = upcoming
        self._announced: set[Digest] = set()
        self._label: Label | None = None
        self._labels = ItemLabels()
        self._items: tuple[str, ...] = ()
        self._constants: dict[tuple[type, Any], Known] = {}
        self._shard = shard
        self._leaves_out = leaves_out
        self.of_shard = ShardItems()
        """What the items of the shard came to, if it is planned for one."""

    def run(self, program: Program, inputs: list[Value]) -> list[Value]:
        """The values of a program's results."""
        registers: list[Value] = inputs + [None] * (program.registers - len(inputs))  # type: ignore[list-item]
        for instruction in program.instructions:
            if isinstance(instruction, Call):
                operands = tuple(
                    [
                        registers[operand] if type(operand) is int else self._operand(operand, registers)
                        for operand in instruction.operands
                    ]
                )
                value = self.apply(instruction.node.operator, operands, instruction.node)
            else:
                value = self._repeat(instruction, registers)
            registers[instruction.target] = value
        return [self._operand(result, registers) for result in program.results]

    def _operand(self, operand: Operand, registers: list[Value]) -> Value:
        if isinstance(operand, int):
            return registers[operand]
        if isinstance(operand, Constant):
            identity = (type(operand.value), operand.value)
            constant = self._constants.get(identity)
            if constant is None or operand.value == 0:  # 0.0 and -0.0 are equal, and are two values
                constant = self._constants[identity] = known(operand.value)
            return constant
        return self._sequence([self._operand(item, registers) for item in operand])

    def _sequence(self, values: list[Value]) -> Value:
        if all(isinstance(value, Known) for value in values):
            return known_sequence(values)
        return Items(values)

    # --- operators

    def apply(self, operator: Operator, operands: tuple[Value, ...], node: Node | None) -> Value:
        """The value of an operator: at hand, or a step to do."""
        if operator.items is not None:
            without = self._without_items(operator, operands[operator.items], node)
            if without is not None:
                return without
        at_hand, written, sequences = True, False, False
        for operand in operands:
            if isinstance(operand, Step):
                at_hand = False
            elif isinstance(operand, Known):
                written = True
            elif isinstance(operand, Items):
                at_hand, sequences = False, True
            else:
                return blocked(operands)
        if written and operator.numbers:
            operands = _with_doubles(operands, operator.numbers)
        if operator.identifier in STRUCTURAL:
            found = selected(operator, operands)
            if isinstance(found, Failure):
                return self.refused(operator, node, self._items, found)
            if found is not None:
                return found
        if at_hand and operator.cost == "immediate":
            return self._compute(operator, operands, node)
        keys = [operand.key for operand in operands]  # type: ignore[union-attr]
        for position in operator.reads:
            if position < len(operands):
                content = self._content(operands[position], operator, node)
                if not isinstance(content, bytes):
                    return content
                keys[position] = content
        if sequences:
            sequence = next((value for value in operands if isinstance(value, Items) and holds_blocked(value)), None)
            if sequence is not None:
                return blocked((*operands, *leaves_of(sequence)))
        return self._step(operator, operator.key(keys), operands, node)

    def _without_items(self, operator: Operator, sequence: Value, node: Node | None) -> Value | None:
        """What an operator on the items of a sequence comes to that has none, or is none; None if it has some. Until
        that is known nothing else is computed for it: a loop over nothing needs nothing."""
        if isinstance(sequence, Step):
            return Pending((sequence,))
        if isinstance(sequence, (Pending, Failed)):
            return sequence
        if isinstance(sequence, Known) and not isinstance(sequence.value, list):
            problem = RuntimeFailure(f"{sequence.value!r} stands where a sequence is wanted")
            return self._failed(operator, node, problem)
        return known([]) if is_empty(sequence) else None

    def apply_beside(self, operator: Operator, operands: tuple[Value, ...], value: Value) -> Value:
        """Apply an operator that belongs to the loop item to which a value belongs."""
        before, items = self._label, self._items
        if isinstance(value, Step):
            self._label, self._items = value.label, value.items
        result = self.apply(operator, operands, value.node if isinstance(value, Step) else None)
        self._label, self._items = before, items
        return result

    def refused(self, operator: Operator, node: Node | None, items: tuple[str, ...], failure: Failure) -> Failed:
        """What stands for what an operator would do at a node, which it may not."""
        return Failed(failure.at(place_of(operator, node, items, self._line_of)))

    def _step(self, operator: Operator, key: Digest, operands: tuple[Value, ...], node: Node | None) -> Value:
        if key in self._results:
            return self._done(key, operator, operands, node)
        step = self.steps.get(key)
        if step is None:
            step = Step(key, operator, operands, self._label, node, self._items, len(self.steps))
            self.steps[key] = step
        elif step.label is not self._label and key not in self.shared:
            common = None
            if step.label is not None and self._label is not None:
                common = step.label.common(self._label)
            if common is None:
                self.shared.add(key)
            else:
                step.label = common
        return step

    def _done(self, key: Digest, operator: Operator, operands: tuple[Value, ...], node: Node | None) -> Value:
        """What planning waited for: a scalar or a list of them is at hand; of other sequences the length is."""
        value = self._results[key]
        if isinstance(value, Failure):
            return Failed(value)
        if isinstance(value, Length):
            step = self.steps.setdefault(
                key, Step(key, operator, operands, self._label, node, self._items, len(self.steps))
            )
            return Items([self._item(step, number, node) for number in range(value.count)])
        return Known(value, key, derived=True)

    def _item(self, step: Step, number: int, node: Node | None) -> Value:
        position = known(float(number))
        return self._step(_index(), digest("item", step.key, number), (step, position), node)

    def _compute(self, operator: Operator, operands: tuple[Value, ...], node: Node | None) -> Value:
        at_hand = [operand for operand in operands if isinstance(operand, Known)]
        try:
            value = operator.compute(*[operand.value for operand in at_hand])
        except RuntimeFailure as problem:
            return self._failed(operator, node, problem, tuple(_shown(operand.value) for operand in at_hand))
        if operator.identifier == LISTING and value == []:
            folder, pattern, *_ = (*(operand.value for operand in at_hand), "*")
            self.warnings[f"no file in {folder} matches {pattern}"] = None
        if any(operand.derived for operand in at_hand):
            keys = tuple(operand.key for operand in at_hand)
            return Known(value, operator.key(keys), derived=True)
        return known(value)

    def _failed(
        self, operator: Operator, node: Node | None, problem: RuntimeFailure, shown: tuple[str, ...] = ()
    ) -> Failed:
        return Failed(
            Failure(
                problem.message, problem.hint, place_of(operator, node, self._items, self._line_of), arguments=shown
            )
        )

    def _content(self, path: Value, operator: Operator, node: Node | None) -> Digest | Value:
        """The digest of the file that a path names."""
        if isinstance(path, Step):
            return Pending((path,))
        if not isinstance(path, Known):
            return path.key if isinstance(path, Items) else blocked((path,))
        names = path.value if isinstance(path.value, list) else [path.value]
        try:
            endings = tuple(ending_in_keys(str(name)) for name in names)
            return digest("files", tuple(self._file(name) for name in names), endings)
        except RuntimeFailure as problem:
            return self._failed(operator, node, problem, (_shown(path.value),))

    def _file(self, name: Any) -> Digest:
        if not isinstance(name, str):
            raise RuntimeFailure(f"{_shown(name)} stands where the name of a file is wanted")
        if name not in self.files:
            self.files[name] = content_of(name, self._file_digest)
        return self.files[name]

    # --- loops

    def _repeat(self, repeat: Repeat, registers: list[Value]) -> Value:
        sequence = self._operand(repeat.over, registers)
        captured = [registers[number] for number in repeat.captured]
        if repeat.node.form == "loop" and (found := arithmetic_loop(repeat.body, sequence, captured)) is not None:
            return found
        over = items_of(sequence)
        around = self._label
        if isinstance(over, Failed) and not over.failure.place.operator:
            over = Failed(over.failure.at(self._loop_place(repeat.node)))
        if not isinstance(over, Items):
            if around is None and repeat.node.form != "fold":
                self.of_shard.add_loop_over(over)
            return over
        only = self._shard if self._leaves_out and around is None and repeat.node.form == "loop" else None
        self._announce(over, only)
        if repeat.node.form == "fold":
            return self._fold(repeat, over, captured, registers)
        labels = self._labels.of(over)
        before = self._items
        variable = repeat.node.elements[-1].name
        bodies: list[Value] = []
        for number, value in enumerate(over.values):
            if only is not None and not only.has(number):
                bodies.append(LEFT_OUT)
                continue
            self._label = self._labels.within(around, labels[number])
            self._items = (*before, item_text(variable, number, value, labels[number]))
            bodies.extend(self.run(repeat.body, [value, *captured]))
        self._items = before
        self._label = around
        if around is None and self._shard is not None:
            self.of_shard.add(self._shard, bodies)
        if repeat.node.form == "keep":
            return self._kept(over, bodies, labels)
        return self._collected(bodies, labels)

    def _announce(self, over: Items, only: Shard | None) -> None:
        if over.key in self._announced:
            return
        self._announced.add(over.key)
        values = over.values if only is None else only.of(over.values)
        names = [value.value for value in values if isinstance(value, Known) and isinstance(value.value, str)]
        if names:
            self._upcoming(names)

    def _collected(self, bodies: list[Value], labels: list[Label]) -> Value:
        if all(isinstance(value, Known) for value in bodies):
            return known_sequence(bodies)
        return Items(bodies, labels)

    def _kept(self, over: Items, conditions: list[Value], labels: list[Label]) -> Value:
        needs = tuple(value for value in conditions if isinstance(value, Step))
        unknown = [value for value in conditions if isinstance(value, (Failed, Pending))]
        if unknown:
            return blocked(tuple(unknown))
        if needs:
            return Pending(needs)
        chosen = [number for number, value in enumerate(conditions) if isinstance(value, Known) and value.value is True]
        return self._collected([over.values[number] for number in chosen], [labels[number] for number in chosen])

    def _fold(self, repeat: Repeat, over: Items, captured: list[Value], registers: list[Value]) -> Value:
        items = list(over.values)
        if repeat.start is not None:
            total = self._operand(repeat.start, registers)
        elif items:
            total = items.pop(0)
        else:
            message = "a fold over an empty sequence has nothing to start from"
            return Failed(Failure(message, "give it a start", self._loop_place(repeat.node)))
        for item in items:
            (total,) = self.run(repeat.body, [total, item, *captured])
        return total

    def _loop_place(self, node: LoopNode) -> Place:
        return place_of_loop(node, self._items, self._line_of)


def _shown(value: Any) -> str:
    """An argument in an error message: planning knows small values, and what it met of results of earlier rounds."""
    return in_brief(value) if isinstance(value, Volume) else repr(value)


def _with_doubles(operands: tuple[Value, ...], positions: tuple[int, ...]) -> tuple[Value, ...]:
    """Whole numbers as doubles where a kernel takes a number: `image > 5` is one result, the 5 written or counted."""
    for position in positions:
        if position < len(operands):
            operand = operands[position]
            if isinstance(operand, Known) and type(operand.value) is int and not operand.derived:
                double = known(as_double(operand.value))
                operands = (*operands[:position], double, *operands[position + 1 :])
    return operands
