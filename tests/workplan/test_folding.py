"""Operators on literals are computed by the compiler, by the very kernels that would run."""

from __future__ import annotations

import pytest

from tests.workplan.plans import compiled, error, operators, plan_of
from vlc.workplan.nodes import Literal

FOLDED = {
    "1 + 2": 3.0,
    "2 * (3 + 4)": 14.0,
    "7 / 2": 3.5,
    "-(3 - 5)": 2.0,
    "1 < 2": True,
    "(1 < 2) & !(2 == 2)": False,
    "true | false": True,
    'strings.concat("a", "b")': "ab",
    "let k = 2 in k * k": 4.0,
    "scalar.maximum(3, 9)": 9.0,
}


@pytest.mark.parametrize("expression", FOLDED)
def test_literals_are_folded(expression: str) -> None:
    plan = plan_of(f'import "strings"\nimport "scalar"\nprint "r" {expression}')
    assert list(plan.nodes.values()) == [Literal(FOLDED[expression])]


def test_parameters_are_not_folded() -> None:
    assert operators(plan_of('n = 1\nprint "r" n + 1')) == {"scalar.add": 1}
    assert operators(plan_of('n = 1\nm = n\nprint "r" m * (2 + 3)')) == {"scalar.multiply": 1}


def test_images_and_effects_are_not_folded() -> None:
    text = 'import "test"\nprint "r" fibonacci(10)\nprint "i" impure(1)'
    assert operators(plan_of(text)) == {"test.fibonacci": 1, "test.impure": 1}


@pytest.mark.parametrize("expression", ["1 / 0", "2 * (1 / (1 - 1))", "for k in [1] do 1 / 0", "[1, 1 / 0][0]"])
def test_a_division_of_literals_by_zero_is_told_where_it_stands(expression: str) -> None:
    found = error(f'print "r" {expression}')
    assert found.message == "division by zero"
    assert found.span is not None and found.span.text.startswith("1 / ")


def test_a_dotted_division_by_zero_is_an_error_in_vl2_and_ieee_in_vl1() -> None:
    found = error('import "vox1"\nprint "r" 1 ./. 0')
    assert found.message == "in `./.`: division by zero"
    assert found.span is not None and found.span.text == "1 ./. 0"
    plan = compiled('print "r" 1 ./. 0', dialect="vl1").plan
    assert plan.nodes[plan.goals[0].node] == Literal(float("inf"))


def test_a_division_by_zero_inside_a_function_names_the_call() -> None:
    found = error('inverse(x) = 1 / x\nprint "r" inverse(0)')
    assert found.message == "division by zero"
    assert [(text, span.text) for text, span in found.notes] == [("`inverse` is called here", "inverse(0)")]


def test_a_division_by_a_parameter_is_left_to_the_run() -> None:
    assert operators(plan_of('zero = 0\nprint "r" 1 / zero')) == {"scalar.divide": 1}


def test_doubles_are_not_rounded() -> None:
    (node,) = plan_of('print "r" 0.1 + 0.2').nodes.values()
    assert node == Literal(0.1 + 0.2)


def test_what_a_kernel_advises_is_told() -> None:
    found = error('import "strings"\nprint "r" format_string("case{:03d}.nii.gz", 7)')
    assert found.hint == "numbers are doubles: {:.0f} writes them without decimals"
