"""`tt`, `border`, `x` and `constant` take the grid of the image they meet."""

from __future__ import annotations

import pytest

from tests.workplan.plans import compiled, error
from vlc.workplan.nodes import Apply, Element, NodeId
from vlc.workplan.plan import WorkPlan

HEAD = """import "vox1"
import "simpleitk"
first = intensity(ReadImage("first.nii"))
second = intensity(ReadImage("second.nii"))
f(m) = volume(m & near(border))
"""
GIVES_GRID = ("vox1.tt", "vox1.ff", "vox1.border", "vox1.x", "vox1.constant")


def grid(expression: str) -> str:
    """The file of the image whose grid `tt` or its kin takes in an expression; `item` for that of a loop."""
    plan = compiled(f'{HEAD}print "r" {expression}').plan
    (node,) = [node for node in plan.nodes.values() if isinstance(node, Apply) and node.operator in GIVES_GRID]
    return _file(plan, node.arguments[-1])


def _file(plan: WorkPlan, image: NodeId) -> str:
    pending = [image]
    while pending:
        node = plan.nodes[pending.pop()]
        if isinstance(node, Element):
            return "item"
        if isinstance(node, Apply):
            if node.operator == "simpleitk.ReadImage":
                path = plan.nodes[node.arguments[0]]
                return "item" if isinstance(path, Element) else str(getattr(path, "value", ""))
            pending.extend(node.arguments[:1])
    raise AssertionError("no image gives the grid")


TAKES = {
    "volume(tt & (second > 1))": "second.nii",
    "volume((second > 1) & tt)": "second.nii",
    "volume((first > 1) & tt)": "first.nii",
    "volume(near(near(border)) & (second > 1))": "second.nii",
    "volume(x > second)": "second.nii",
    "volume(constant(1) <= second)": "second.nii",
    "f(second > 1)": "second.nii",
    "let t = near(tt) in volume(t & (second > 1))": "second.nii",
    "for m in [second > 1, second > 2] do volume(m & border)": "item",
    'for file in ["a.nii", "b.nii"] do f(intensity(ReadImage(file)) > 1)': "item",
    "for k in range(2) do volume(tt & (second > k))": "second.nii",
    "volume(tt)": "first.nii",
    "for k in range(2) do volume(tt) + k": "first.nii",
    "volume(tt) / volume(second > 1)": "second.nii",
    "volume((second > 3) & (x > volume(first > 2)))": "second.nii",
    "volume((x > volume(first > 2)) & (second > 3))": "second.nii",
    "let t = near(x > volume(first > 2)) in volume(t & (second > 3))": "second.nii",
    "volume(x > volume(second > 2))": "second.nii",
    "x > volume(second > 2)": "second.nii",
    "volume((x > (max(first) + max(second))) & (second > 3))": "second.nii",
    "crossCorrelation(3, second, second, tt, min(first), max(first), 20)": "second.nii",
    "[x > volume(second > 2)]": "second.nii",
    "for m in [second > 1, second > 2] do x > volume(m)": "item",
    "for m in [second > 1, second > 2] do volume(x > volume(m))": "item",
    "fold + 0 (for m in [second > 1, second > 2] do x * volume(m))": "item",
    # the item of a loop, and what is made for it, mean nothing outside the loop
    "volume(x > (fold + (for m in [second > 1, second > 2] do volume(m))))": "second.nii",
    "x > (for m in [second > 1, second > 2] do [volume(m)])[0][0]": "second.nii",
    "x > volume(fold & (for k in range(2) do second > k))": "second.nii",
    "for a in [first > 1] do x > (fold + (for m in [second > 1] do volume(m)))": "second.nii",
    "Cast(tt, fold + (for k in [] do k))": "first.nii",
}


@pytest.mark.parametrize("expression", TAKES)
def test_whose_grid_is_taken(expression: str) -> None:
    assert grid(expression) == TAKES[expression]


def test_one_declaration_takes_the_grid_of_each_of_its_uses() -> None:
    plan = compiled(f'{HEAD}edge = near(border)\nprint "1" edge & (first > 1)\nprint "2" edge & (second > 1)').plan
    borders = [node for node in plan.nodes.values() if isinstance(node, Apply) and node.operator == "vox1.border"]
    assert sorted(_file(plan, node.arguments[0]) for node in borders) == ["first.nii", "second.nii"]


@pytest.mark.parametrize(
    "expression",
    [
        "(volume(first > 1) + volume(second > 1)) * x",
        '(fold + (for f in dir("scans") do volume(intensity(ReadImage(f)) > 1))) * x',
        "(for m in [first > 1, second > 1] do volume(m))[0] * x",
    ],
)
def test_grids_that_may_differ_are_refused(expression: str) -> None:
    found = error(f'{HEAD}print "r" {expression}')
    assert found.message == "images of several grids meet here, so this has no one grid to take"
    assert found.span is not None and found.span.text.endswith("* x")


def test_images_of_a_sequence_may_take_different_grids() -> None:
    plan = compiled(f'{HEAD}print "r" [near(border) & (first > 1), x > volume(second > 1)]').plan
    nodes = [node for node in plan.nodes.values() if isinstance(node, Apply) and node.operator in GIVES_GRID]
    assert {node.operator: _file(plan, node.arguments[-1]) for node in nodes} == {
        "vox1.border": "first.nii",
        "vox1.x": "second.nii",
    }


def test_all_that_vl1_loads_lies_on_one_grid() -> None:
    text = (
        'load a = "a.nii"\nload b = "b.nii"\nlet count(i) = volume(intensity(i) >. 1)\n'
        'print "r" volume(tt) ./. (count(a) .+. count(b))\n'
    )
    nodes = compiled(text, dialect="vl1").plan.nodes.values()
    assert any(isinstance(node, Apply) and node.operator == "vox1.tt" for node in nodes)


def test_images_that_have_met_are_on_one_grid() -> None:
    assert grid("volume((first + second > 1) & (x > (volume(first > 1) + volume(second > 1))))") == "first.nii"


def test_without_an_image_there_is_no_grid() -> None:
    found = error('import "vox1"\nprint "r" volume(tt)')
    assert found.message == "no image gives this expression a grid"
    assert found.hint == "load an image, or combine it with one"
