"""From a linked program to its WorkPlan: declarations in order, goals, what is never used."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from vlc.diagnostics import CompileError, Diagnostic, Span
from vlc.syntax import nodes as syntax
from vlc.syntax.imports import Linked
from vlc.syntax.unmarked import with_notes
from vlc.workplan import kinds
from vlc.workplan.goal_names import GoalNames
from vlc.workplan.kinds import Kind
from vlc.workplan.nodes import NodeId
from vlc.workplan.plan import Effect, Goal, Paragraph, Print, Save, WorkPlan, goal_nodes, needed
from vlc.workplan.reduce import SPECIAL_FORMS, Poisoned, Reducer
from vlc.workplan.references import effectful, free_names, loads_image, reached
from vlc.workplan.savable import check_savable
from vlc.workplan.scope import Constant, Function, Module, add, look_up
from vlc.workplan.suspicions import suspicions


def reduce_program(linked: Linked, extra_goals: Sequence[str] = ()) -> tuple[WorkPlan, list[Diagnostic]]:
    """The WorkPlan of a program, and warnings. Raises CompileError with everything that is wrong.

    `extra_goals` are names of declarations to print, as `--print` asks.
    """
    try:
        plan, warnings = _Reduction(linked, extra_goals).plan()
    except CompileError as problem:
        raise with_notes(problem, linked.unmarked) from None
    return plan, [*linked.warnings, *warnings]


class _Reduction:
    def __init__(self, linked: Linked, extra_goals: Sequence[str]) -> None:
        self._linked = linked
        self._name = linked.source.name
        dialects = {file.source: file.dialect for file in linked.files}
        self._dialects = [dialects[command.span.source] for command in linked.commands]
        self._module = Module()
        self._problems: list[Diagnostic] = []
        self._paragraphs: list[Paragraph] = [Paragraph("library", "")]
        self._goals: list[Goal] = []
        self._goal_names = GoalNames()
        self._repeated: list[Diagnostic] = []
        self._declared = self._declare()
        self._extra = self._extra_goals(extra_goals)
        self._reducer = Reducer(self._dialect, _special_strings(self._name))

    def _dialect(self, module: Module, index: int) -> str:
        if module.library:
            return "vl2"
        return self._dialects[index] if index < len(self._dialects) else self._linked.dialect

    def _declare(self) -> dict[int, Constant | Function]:
        declared = {}
        for index, command in enumerate(self._linked.commands):
            self._attempt(lambda command=command: _check_formals(command))  # type: ignore[misc]
            try:
                binding = add(self._module, index, command, self._dialects[index])
            except CompileError as problem:
                self._problems.extend(problem.diagnostics)
                continue
            if binding is not None:
                declared[index] = binding
        return declared

    def _extra_goals(self, names: Sequence[str]) -> list[syntax.Print]:
        commands = []
        for name in names:
            binding = self._module.own(name, len(self._linked.commands))
            if isinstance(binding, Function):
                message = f"--print {name}: `{name}` is a function, and a function has no value to print"
                let = "" if self._linked.dialect == "vl2" else "let "
                call = f"{name}({'..' if binding.formals else ''})"
                hint = f"declare a value of it, `{let}value = {call}`, and print that: --print value"
                raise CompileError(Diagnostic(message, hint=hint))
            if not isinstance(binding, Constant):
                raise CompileError(Diagnostic(f"--print {name}: there is no declaration `{name}` to print"))
            span = binding.command.name.span
            commands.append(syntax.Print(syntax.String(name, span), binding.command.name, span))
        return commands

    def plan(self) -> tuple[WorkPlan, list[Diagnostic]]:
        acting = effectful(self._declared.values(), self._module)
        live = self._live(acting)
        constants = [each for each in self._declared.values() if isinstance(each, Constant)]
        for index, command in [
            *enumerate(self._linked.commands),
            *((len(self._linked.commands), e) for e in self._extra),
        ]:
            binding = self._declared.get(index)
            if isinstance(binding, Constant) and binding in live and command is binding.command:
                self._constant(binding, binding in acting)
            elif isinstance(command, (syntax.Print, syntax.Save)):
                self._attempt(lambda index=index, command=command: self._goal(index, command))  # type: ignore[misc]
        warnings = self._repeated if self._goals or self._problems else [self._no_goals()]
        builder = self._reducer.builder
        warnings.extend(builder.effects.undone(builder.nodes, builder.origins))
        for constant in constants:
            if constant not in live:
                self._constant(constant, False)
                warnings.extend(self._unused(constant))
        for function in self._declared.values():
            if isinstance(function, Function) and function not in self._reducer.expanded:
                warnings.extend(self._unknown_names(function))
                if function not in live:
                    warnings.extend(self._unused(function))
        suspected = suspicions(self._linked.commands, self._module, self._dialect)
        if self._problems:  # which the suspicions may explain
            raise CompileError(*sorted([*self._problems, *suspected], key=_place))
        return self._finished(), [*suspected, *warnings]

    def _live(self, acting: set[Constant | Function]) -> set[Constant | Function]:
        """What the goals reach, and the first image that is loaded: its grid is that of what meets no image."""
        goals: list[tuple[syntax.Expression, int]] = [
            (command.value, index)
            for index, command in enumerate(self._linked.commands)
            if isinstance(command, (syntax.Print, syntax.Save))
        ]
        goals += [
            (save.path, index) for index, save in enumerate(self._linked.commands) if isinstance(save, syntax.Save)
        ]
        goals += [(command.value, len(self._linked.commands)) for command in self._extra]
        for each in acting:
            if isinstance(each, Constant) and isinstance(each.command, syntax.Let):
                goals.append((each.command.value, each.index))
        live = reached(goals, self._module) | {each for each in acting if isinstance(each, Constant)}
        first = next((each for each in self._declared.values() if loads_image(each, self._module)), None)
        return live | ({first} if first is not None else set())

    def _attempt(self, action: Callable[[], None]) -> None:
        try:
            action()
        except CompileError as problem:
            self._problems.extend(problem.diagnostics)
        except Poisoned:
            pass  # what is wrong was reported where it was declared

    def _constant(self, constant: Constant, acts: bool) -> None:
        def reduce() -> None:
            paragraph = self._paragraph(constant.name, constant.command.span)
            self._reducer.constant(constant, paragraph)
            if acts:
                value = self._reducer.make.closed(self._reducer.values[constant], constant.command.span)
                if self._reducer.builder.effects.acts(value):
                    self._goals.append(Effect(value, constant.command.span))
                    self._do_effects([value])
                else:
                    self._do_effects([])

        self._attempt(reduce)

    def _do_effects(self, goals: Sequence[NodeId]) -> None:
        """Make goals of the effects that were made just now, and that these new goals may leave undone."""
        builder = self._reducer.builder
        for effect in builder.effects.left(builder.nodes, builder.free, goals):
            span = builder.origins[effect].span
            assert span is not None  # an effect is a call
            closed = self._reducer.make.closed(effect, span)
            builder.effects.reach(builder.nodes, [closed])
            self._goals.append(Effect(closed, span))

    def _paragraph(self, name: str, span: Span) -> int:
        self._paragraphs.append(Paragraph(name, span.text, span))
        return len(self._paragraphs) - 1

    def _goal(self, index: int, command: syntax.Print | syntax.Save) -> None:
        reducer = self._reducer
        if isinstance(command, syntax.Print):
            paragraph = self._paragraph(_goal_name("print", command.label.value), command.span)
            node = reducer.goal(command.value, self._module, index, paragraph)
            self._check_printable(reducer.builder.kinds[node], command.value.span)
            self._repeated.extend(self._goal_names.printed(command.label.value, node, command.label.span))
            self._goals.append(Print(command.label.value, node, command.span))
            self._do_effects([node])
        else:
            stem = PurePath(command.path.value).name.partition(".")[0]
            paragraph = self._paragraph(_goal_name("save", stem), command.span)
            node = reducer.goal(command.value, self._module, index, paragraph)
            path = reducer.parameters.filled(command.path, paragraph)
            kind = reducer.builder.kinds[node]
            check_savable(command, kind)
            self._goal_names.saved(path, command.path.value, node, kind, command.path.span)
            self._goals.append(Save(path, node, command.span))
            self._do_effects([path, node])

    def _check_printable(self, kind: Kind, span: Span) -> None:
        if kind == kinds.NOTHING:
            raise CompileError(Diagnostic("this has no value to print", span))

    def _no_goals(self) -> Diagnostic:
        return Diagnostic(
            "the program has no goal, so its script computes nothing",
            hint='add `print "label" expression` or `save "file.nii.gz" expression`, or compile with --print NAME',
            severity="warning",
        )

    def _unknown_names(self, function: Function) -> list[Diagnostic]:
        """What a function that nobody calls would fail for: a warning, since the program runs without it."""
        dialect = self._dialect(self._module, function.index)
        found: list[Diagnostic] = []
        for name in free_names(function):
            if name.text in SPECIAL_FORMS or name.text.startswith("$"):
                continue
            try:
                look_up(name, self._module, function.index, dialect)
            except CompileError as problem:
                found.extend(replace(each, severity="warning") for each in problem.diagnostics)
        return sorted(found, key=_place)

    def _unused(self, declared: Constant | Function) -> list[Diagnostic]:
        command = self._linked.commands[declared.index]
        assert isinstance(command, (syntax.Let, syntax.Load))
        if command.span.source is not self._linked.source:
            return []  # an imported file is a library: nobody uses all of it
        name = declared.name
        printable = isinstance(declared, Constant) and name.isidentifier()
        hint = f'`print "{name}" {name}` would make it a goal' if printable else ""
        again = next((each.index for each in self._module.bindings[name] if each.index > declared.index), None)
        if again is not None and (later := self._linked.commands[again].span).source is command.span.source:
            line, _ = later.source.position(later.start)
            hint = f"line {line} declares it again, and what follows that line means the later one"
        return [Diagnostic(f"`{name}` is never used", command.name.span, hint, severity="warning")]

    def _finished(self) -> WorkPlan:
        builder = self._reducer.builder
        roots: list[NodeId] = [root for goal in self._goals for root in goal_nodes(goal)]
        kept = needed(builder.nodes, roots)
        ordered = {identifier: node for identifier, node in builder.nodes.items() if identifier in kept}
        return WorkPlan(
            nodes=ordered,
            kinds={identifier: builder.kinds[identifier] for identifier in ordered},
            free={identifier: builder.free[identifier] for identifier in ordered},
            goals=tuple(self._goals),
            paragraphs=tuple(self._paragraphs),
            origins={identifier: builder.origins[identifier] for identifier in ordered},
            elements={identifier: name for identifier, name in builder.elements.items() if identifier in kept},
            source_name=self._name,
        )


def _goal_name(command: str, label: str) -> str:
    """What the values of a goal are called after in the script."""
    return f"{command} {label if any(map(str.isalnum, label)) else 'value'}"


def _check_formals(command: syntax.Command) -> None:
    """Raise CompileError for a function with two parameters of one name."""
    if isinstance(command, syntax.Let) and command.parameters:
        seen: set[str] = set()
        for formal in command.parameters:
            if formal.text in seen:
                message = f"`{command.name.text}` has two parameters `{formal.text}`"
                raise CompileError(Diagnostic(message, formal.span))
            seen.add(formal.text)


def _place(diagnostic: Diagnostic) -> tuple[str, int]:
    return (diagnostic.span.source.name, diagnostic.span.start) if diagnostic.span else ("", 0)


def _special_strings(program: str) -> dict[str, str]:
    """VoxLogicA-2's `$` names. They are parameters: folders are those of the place where the script runs."""
    path = PurePath(program)
    return {"$stem": path.stem, "$file": path.name, "$filename": path.name, "$dir": ".", "$cwd": "."}
