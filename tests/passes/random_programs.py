"""Random programs over all operators, made from the operators' signatures: what a pass may meet.

An expression of a kind is a name in scope, a literal, an operator of that result on expressions of its parameters'
kinds, a function of the library, or something of a loop. Nothing keeps a program from failing: numbers are any, images
may lie on different grids. So failures are part of what passes have to keep.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st

from vlc.workplan import kinds
from vlc.workplan.kinds import Kind
from vlc.workplan.operators import Signature, namespace

NUMBERS = ("-2", "-0.0", "0", "0.5", "1", "1.5", "2", "3", "5", "7.25", "40", "1e-45", "1e39", "radius", "bound")
POSITIONS = ("0", "1", "2")
LEFT_OUT = frozenset({"vox1.load", "vox1.extract", "geom.blank", "test.timewaste", "arrays.confusion_matrix"})
"""Operators that read files, take long, or give nothing to compare; those that give other grids are in TEMPLATES."""
NAMESPACES = ("vox1", "scalar", "default", "arrays", "geom")

NUMBER_IMAGE, BOOL_IMAGE, NUMBER, BOOL = kinds.NUMBER_IMAGE, kinds.BOOL_IMAGE, kinds.NUMBER, kinds.BOOL
NUMBERS_OF = kinds.sequence_of(NUMBER)
REGIONS = kinds.sequence_of(BOOL_IMAGE)
KINDS = (NUMBER_IMAGE, BOOL_IMAGE, NUMBER, BOOL, kinds.COLOUR_IMAGE, kinds.COUNTS, NUMBERS_OF, REGIONS)
_SHORT = {"i": NUMBER_IMAGE, "r": BOOL_IMAGE, "n": NUMBER, "b": BOOL, "s": NUMBERS_OF, "q": REGIONS}
_COMPARISONS = ("<", "<=", ">", ">=", "==", "!=")

TEMPLATES: dict[Kind, tuple[str, ...]] = {
    NUMBER_IMAGE: (
        "({i} + {i})", "({i} - {n})", "({n} * {i})", "({i} / {i})", "(-{i})", "pdt({r})", "mask({i}, tt)",
        "mask(mask({i}, {r}), {r})", "(let m = {r} in mask((mask({i}, m) * {n}) - mask({i}, m), m))",
        "(let m = {r} in mask({n} / mask({i} / {i}, m), m))", "norm({n}, {i})", "booleanToNumber({n}, {r})",
        "ifN({b}, {i}, {i})",
        "overlayB({r}, {i}, {i})", "divZ({i}, {i}, {i})", "maskCC({r}, {r})", "intensity(extract({i}, [2, 2], [0, 0]))",
        "intensity(rgb({i}, {i}, {i}))",
    ),
    BOOL_IMAGE: (
        "({i} {c} {n})", "({n} {c} {i})", "({i} {c} {i})", "({r} {c} {n})", "!{r}", "({r} & {r})", "({r} | {r})",
        "({r} \\ {r})", "not(near(not({r})))", "near(near(near({r})))", "interior(interior({r}))", "touch({r}, {r})",
        "grow({r}, {r})", "({r} ~> {r})", "surrounded({r}, {r})", "mayReach({r}, {r})", "distleq({n}, {r})",
        "distgeq({n}, {r})", "erode({r}, {n})", "dilate({r}, {n})", "imopen({r}, {n})", "imclose({r}, {n})",
        "smoothen({r}, {n})", "(dt({r}) {c} {n})",
        "(percentiles({i}, {r}, {n}) {c} {n})", "(percentiles({i}, {r}, 0.5) {c} 0.5)",
        "(let ranks = percentiles({i}, {r}, {n}) in ((ranks {c} {n}) & (ranks {c} 0.5)))",
        "(let ranks = percentiles({i}, {r}, 0.5) in ((ranks > 0.25) | ((ranks {c} 0.75) & !(ranks {c} {n}))))",
        "(let m = {r} in (!(({r} & m) | {r}) & m))", "(let m = {r} in (m & ((mask({i}, m) {c} {n}) ~> ({r} & m))))",
        "(let m = {r} in (xor({r} & m, mask({i}, m) {c} {i}) & m))",
        "and({r}, tt)", "or(ff, {r})", "xor(tt, {r})", "and(or({r}, {r}), {r})", "bconstant({b})",
        "ifB({b}, {r}, {r})", "B+({r})", "{q}[0]", "index({q}, {p})",
    ),
    NUMBER: (
        "({n} + {n})", "({n} - {n})", "({n} * {n})", "({n} / {n})", "(-{n})", "volume({r})", "max({i})",
        "avg({i}, {r})",
        "maxCC({r}, {r})", "minCC({r}, {r})", "(fold + {s})", "(fold max {s})", "(fold * {n} {s})", "index({s}, {p})",
        "(subsequence({s}, 1))[0]", "argmax({s})", "volume(touch({i} {c} {n}, {r}))", "volume(grow({r}, {i} {c} {n}))",
    ),
    BOOL: ("({n} {c} {n})", "({b} && {b})", "(!{b})", "emptyB({r})", "eqB({r}, {r})", "leqB({r}, {r})"),
    kinds.COLOUR_IMAGE: ("rgb({i}, {i}, {i})", "overlayColor({r}, rgb({i}, {i}, {i}), {n}, {n}, {n})"),
    kinds.COUNTS: ("value_counts({i})",),
    kinds.RANK_HISTOGRAM: ("rank_histogram({i}, {r})",),
    NUMBERS_OF: (
        "[{n}, {n}]", "range(0, 3)", "range(0, 9)", "({s} + {n})", "({s})[0:1]", "subsequence({s}, 0, 1)",
        "(for t in range(0, 9) do volume({i} {c} (t / 2)))",
        "(for t in range(0, 9) do volume(and({r}, {i} {c} t)))",
        "(for t in range(0, 9) do volume(or(not({r}), {r} & ({i} {c} t))))",
        "(for t in range(0, 9) do volume(touch({i} {c} (t - 2), {r})))",
        "(for t in range(0, 9) do volume(not(grow({r}, {i} {c} t))))",
        "(for t in range(0, 9) do volume(touch({r} & ({i} {c} (t / 2)), {r})))",
        "(for t in range(0, 9) do volume(touch({i} {c} (6 / (t - 2)), {r})))",
        "(for t in range(0, 9) do volume(between(t / 3, {n}, {i})))",
        "(for t in range(0, 9) do volume({r} & not(between({n}, t, {i}))))",
        "(for t in [4, 1, 2, 3, 0, 5, 6, {n}] do volume(touch({i} {c} (0 - t), {r})))",
        "(for t in range(0, 9) do volume(percentiles({i}, {r}, {n}) {c} (t / 8)))",
        "(for t in range(0, 9) do volume(dilate({r}, t / 2)))",
        "(for t in {s} do volume({i} {c} t))",
    ),
    REGIONS: (
        "[{r}, {r}]", "({q})[0:1]", "(for t in range(0, 9) do touch({i} {c} (t / 2), {r}))",
        "(for t in range(0, 9) do ({i} {c} t))",
    ),
}  # fmt: skip
"""What the language has besides its operators: generic ones, the library, and the shapes that passes look for."""


def signatures() -> list[Signature]:
    """The operators that random programs are made of."""
    return [
        each
        for name in NAMESPACES
        for each in namespace(name).values()
        if each.operator not in LEFT_OUT and not each.effect and not each.reads and each.name.isidentifier()
        if each.result in KINDS and all(_makeable(formal.kind) for formal in each.formals)
    ]


def _makeable(kind: Kind) -> bool:
    return kind in KINDS or kind == kinds.ANY_IMAGE


OPERATORS: dict[Kind, list[Signature]] = {
    kind: [each for each in signatures() if each.result == kind] for kind in KINDS
}


@dataclass
class _Program:
    """A program being written: `scope` has the names by kind, `depth` says how deep an expression may still nest."""

    draw: Callable[[st.SearchStrategy[object]], object]
    scope: dict[Kind, list[str]] = field(default_factory=dict)
    variables: int = 0

    def choice(self, options: Sequence[str]) -> str:
        return str(self.draw(st.sampled_from(options)))

    def expression(self, kind: Kind, depth: int) -> str:
        if kind == kinds.ANY_IMAGE:
            kind = self.draw(st.sampled_from((NUMBER_IMAGE, BOOL_IMAGE, kinds.COLOUR_IMAGE)))  # type: ignore[assignment]
        if kind == NUMBER_IMAGE and self.draw(st.integers(0, 9)) == 0:
            kind = BOOL_IMAGE
        names = self.scope.get(kind, [])
        ways = ("name", "name", "template", "operator", "loop") if depth > 0 else ("name",)
        way = self.choice(ways)
        if way == "name" and names:
            return self.choice(names)
        if depth <= 0 and kind in (NUMBER, BOOL):
            return self.choice(NUMBERS if kind == NUMBER else ("true", "false"))
        if way == "loop" and kind in (NUMBERS_OF, REGIONS):
            return self.loop(kind, depth)
        if way == "operator" and OPERATORS[kind]:
            return self.application(self.draw(st.sampled_from(OPERATORS[kind])), depth)  # type: ignore[arg-type]
        return self.filled(self.choice(TEMPLATES[kind]), depth)

    def filled(self, template: str, depth: int) -> str:
        parts = []
        for piece in template.split("{"):
            letter, brace, rest = piece.partition("}")
            if not brace:
                parts.append(piece)
                continue
            if letter == "c":
                parts.append(self.choice(_COMPARISONS))
            elif letter == "p":
                parts.append(self.choice(POSITIONS))
            else:
                parts.append(self.expression(_SHORT[letter], depth - 1))
            parts.append(rest)
        return "".join(parts)

    def application(self, signature: Signature, depth: int) -> str:
        formals = [formal for formal in signature.formals if not formal.optional]
        given = [self.expression(formal.kind, depth - 1) for formal in formals]
        name = f"{signature.operator.partition('.')[0]}.{signature.name}"
        return f"{name}({', '.join(given)})" if given else name

    def loop(self, kind: Kind, depth: int) -> str:
        """A loop or filter; its item is in scope in the body."""
        over = self.expression(NUMBERS_OF, depth - 1)
        self.variables += 1
        name = f"v{self.variables}"
        before = self.scope.get(NUMBER, [])
        self.scope[NUMBER] = [*before, name, name]
        keeps = kind == NUMBERS_OF and self.draw(st.integers(0, 3)) == 0
        body = self.expression(BOOL if keeps else kind.item or NUMBER, depth - 1)
        self.scope[NUMBER] = before
        return f"(filter {name} in {over} do {body})" if keeps else f"(for {name} in {over} do {body})"


@st.composite
def programs(draw: st.DrawFn, signature: Signature | None = None) -> str:
    """Declarations that use those before them, the first of an operator if one is given, and goals that print some."""
    program = _Program(draw)
    lines = [
        *(f'import "{name}"' for name in NAMESPACES if name != "default"),
        "radius = 1.5",
        "bound = 0.5",
        'i0 = intensity(vox1.load("i"))',
        'i1 = intensity(vox1.load("j"))',
        "r0 = i0 > bound",
    ]
    program.scope = {NUMBER_IMAGE: ["i0", "i1"], BOOL_IMAGE: ["r0"], NUMBER: ["radius", "bound"]}
    goals: list[str] = []
    if signature is not None:
        lines.append(f"d = {program.application(signature, 2)}")
        program.scope.setdefault(signature.result, []).append("d")
        goals.append("d")
    for number in range(draw(st.integers(2, 8))):
        kind = draw(st.sampled_from((*KINDS, BOOL_IMAGE, BOOL_IMAGE, NUMBERS_OF, NUMBERS_OF, NUMBER)))
        lines.append(f"d{number} = {program.expression(kind, draw(st.integers(1, 4)))}")
        program.scope.setdefault(kind, []).append(f"d{number}")
        if draw(st.booleans()):
            goals.append(f"d{number}")
    goals.append(f"d{number}")
    return "\n".join([*lines, *(f'print "{place}" {goal}' for place, goal in enumerate(goals))]) + "\n"
