"""Loops in loops: random ones against Python, which has lexical scope too; of numbers, and of numbers of voxels."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
import SimpleITK as sitk
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.run.programs import write_image
from vlc.compiler import compile_source
from vlc.diagnostics import Source

Number: TypeAlias = tuple[str, Any]
"""An expression as (text in the language, text in Python)."""


def value_of(text: str, **options: Any) -> Any:
    """What the goal `r` of a program comes to."""
    names: dict[str, Any] = {"__name__": "script"}
    exec(compile(compile_source(Source("program.imgql", text)).script, "script.py", "exec"), names)
    return names["build"]().run(store=None, **({"scheduler": "sync"} | options))["r"]


@st.composite
def expressions(draw: st.DrawFn, measured: bool = False) -> Number:
    """A number made of loops, filters and folds in each other; variables are used where they are in scope. `measured`:
    it may be the number of voxels of `x` above another number, `above` in Python."""
    fresh = itertools.count()

    def number(scope: tuple[str, ...], depth: int) -> Number:
        choices: list[Callable[[], Number]] = [lambda: _number(draw(st.integers(0, 3)))]
        if scope:
            choices += [lambda: (name := draw(st.sampled_from(scope)), name)] * 4
        if depth:
            choices += [lambda: plus(scope, depth), lambda: folded(scope, depth), lambda: folded(scope, depth)]
        if depth and measured:
            choices += [lambda: volume(scope, depth)] * 4
        return draw(st.sampled_from(choices))()

    def volume(scope: tuple[str, ...], depth: int) -> Number:
        bound = number(scope, depth - 1)
        return f"(volume(x > {bound[0]}))", f"above({bound[1]})"

    def plus(scope: tuple[str, ...], depth: int) -> Number:
        left, right = number(scope, depth - 1), number(scope, depth - 1)
        return f"({left[0]} + ({right[0]} * 10))", f"({left[1]} + {right[1]} * 10)"

    def folded(scope: tuple[str, ...], depth: int) -> Number:
        items = sequence(scope, depth - 1)
        return f"(fold + 0 ({items[0]}))", f"sum({items[1]})"

    def sequence(scope: tuple[str, ...], depth: int) -> Number:
        kind = draw(st.sampled_from(["items", "loop", "loop", "filter"] if depth > 0 else ["items", "range"]))
        if kind == "range":
            return "range(3)", "[0, 1, 2]"
        if kind == "items":
            parts = [number(scope, depth - 1 if depth > 0 else 0) for _ in range(draw(st.integers(1, 2)))]
            return f"[{', '.join(p[0] for p in parts)}]", f"[{', '.join(p[1] for p in parts)}]"
        over = sequence(scope, depth - 1)
        name = draw(st.sampled_from(scope)) if scope and draw(st.booleans()) else f"v{next(fresh)}"
        inner = (*(each for each in scope if each != name), name)
        if kind == "loop":
            body = number(inner, depth - 1)
            return f"(for {name} in {over[0]} do {body[0]})", f"[{body[1]} for {name} in {over[1]}]"
        bound = number(inner[:-1], depth - 1)
        return (
            f"(filter {name} in {over[0]} do {name} <= {bound[0]})",
            f"(lambda bound: [{name} for {name} in {over[1]} if {name} <= bound])({bound[1]})",
        )

    return number((), 6)


def _number(value: int) -> Number:
    return str(value), str(value)


@settings(max_examples=150, deadline=None)
@given(expressions())
def test_random_loops_are_what_python_says(expression: Number) -> None:
    text, python = expression
    assert value_of(f'print "r" [{text}]') == [eval(python)]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("image") / "x.nii"
    write_image(path)
    return path


@settings(max_examples=80, deadline=None)
@given(expression=expressions(measured=True), partitions=st.integers(1, 9))
def test_random_loops_over_images_are_what_python_says(image: Path, expression: Number, partitions: int) -> None:
    text, python = expression
    voxels = sitk.GetArrayFromImage(sitk.ReadImage(str(image)))

    def above(bound: float) -> float:
        return float((voxels > bound).sum())

    head = f'import "vox1"\nimport "simpleitk"\nx = intensity(ReadImage("{image}"))\n'
    found = value_of(f'{head}print "r" [{text}]', scheduler="threads", workers=2, partitions=partitions)
    assert found == [eval(python, {"above": above})]


def test_a_loop_over_the_item_of_two_loops() -> None:
    text = 'print "r" for i in range(2) do for j in range(3) do for k in [j] do k * 10'
    assert value_of(text) == [[[0], [10], [20]], [[0], [10], [20]]]


def test_a_fold_in_the_middle_of_loops() -> None:
    text = 'print "r" for i in range(2) do for j in range(2) do fold + (for k in [j, i] do k + i)'
    assert value_of(text) == [[i + i + j + i for j in range(2)] for i in range(2)]


def test_a_loop_over_items_of_unknown_kind() -> None:
    assert value_of('print "r" for i in [] do for j in i do j') == []
