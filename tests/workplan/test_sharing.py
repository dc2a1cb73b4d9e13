"""Equal expressions are one node wherever they stand, and names, comments and order change no node."""

from __future__ import annotations

import pytest

from tests.workplan.plans import operators, plan_of, printed, same
from vlc.workplan.nodes import Apply, Loop

X = 'import "vox1"\nimport "simpleitk"\nimage = intensity(ReadImage("a.nii"))\nn = 3\n'

EQUAL = {
    "in two functions": 'f(a) = near(a > 5)\ng(b) = volume(near(b>5))\nprint "1" volume(f(image))\nprint "2" g(image)',
    "inside and outside a function": 'f(a) = a * n + 1\nprint "1" f(n)\nprint "2" n * n + 1',
    "through lets": 'print "1" let a = n + 1 in a * a\nprint "2" (n + 1) * (n + 1)',
    "through declarations": 'a = n + 1\nb = a * 2\nprint "1" b\nprint "2" (n + 1) * 2',
    "two loops": 'print "1" for i in range(n) do i * n\nprint "2" for j in range(n) do j * n',
    "a loop and map": 'f(a) = a * n\nprint "1" map(f, range(n))\nprint "2" for i in range(n) do i * n',
    "a loop and arithmetic item by item": 'print "1" range(n) * n\nprint "2" for i in range(n) do i * n',
    "a loop in a function": 'f(m) = for i in range(m) do i + m\nprint "1" f(n)\nprint "2" for k in range(n) do k + n',
    "shadowing": 'print "1" let n = n + 1 in n\nprint "2" n + 1',
    "loop variables that shadow": (
        'print "1" for i in range(n) do for i in range(i) do i * 2\n'
        'print "2" for i in range(n) do for j in range(i) do j * 2'
    ),
    "filters": 'print "1" filter i in range(n) do i > 1\nprint "2" filter k in range(n) do k > 1',
    "folds": 'print "1" fold + 2 range(n)\nprint "2" let two = 2 in fold + two range(n)',
    "operators under two names": 'print "1" (n > 1) & (n < 3)\nprint "2" (n > 1) && (n < 3)',
    "qualified names": 'print "1" vox1.volume(image > n)\nprint "2" volume(image > n)',
}


@pytest.mark.parametrize("case", EQUAL)
def test_equal_expressions_are_one_node(case: str) -> None:
    assert same(X + EQUAL[case])


DIFFERENT = {
    "the order of a subtraction": ("n - 1", "1 - n"),
    "a number and a string": ("1", '"1"'),
    "a bool and a number": ("true", "1"),
    "zero and minus zero": ("0", "-0.0"),
    "two literals": ("n + 1", "n + 2"),
    "two loops": ("for i in range(n) do i", "for i in range(n) do n"),
    "outer and inner variables": (
        "for i in range(n) do for j in range(n) do i",
        "for i in range(n) do for j in range(n) do j",
    ),
    "a loop and a filter": ("for i in range(n) do i > 1", "filter i in range(n) do i > 1"),
    "folds from elsewhere": ("fold + 1 range(n)", "fold + range(n)"),
    "nesting": ("[[n], [n]]", "[[n, n]]"),
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_different_expressions_are_different_nodes(case: str) -> None:
    first, second = DIFFERENT[case]
    assert not same(f'{X}print "1" {first}\nprint "2" {second}')


def test_parameters_of_equal_value_are_different_nodes() -> None:
    assert not same('a = 1\nb = 1\nprint "1" a\nprint "2" b')


PROGRAM = """import "vox1"
import "simpleitk"
image = intensity(ReadImage("a.nii"))
smooth(region, radius) = dt(region) <=. radius
bright = image > 5
wide = smooth(bright, 2)
print "volumes" for k in range(3) do volume(smooth(image > k, 2) & wide)
print "volume" volume(wide)
"""

REWRITTEN = {
    "comments": PROGRAM.replace("\n", " // a word\n"),
    "blank lines": PROGRAM.replace("\n", "\n\n\n"),
    "renamed declarations": PROGRAM.replace("bright", "hyper").replace("wide", "tumour"),
    "renamed functions and parameters": PROGRAM.replace("smooth", "grow").replace("region", "r"),
    "renamed loop variables": PROGRAM.replace(" k", " threshold"),
    "inserted declarations": PROGRAM.replace("wide =", "unused = volume(near(bright))\nwide ="),
    "reordered declarations": PROGRAM.replace(
        'image = intensity(ReadImage("a.nii"))\nsmooth(region, radius) = dt(region) <=. radius\n',
        'smooth(region, radius) = dt(region) <=. radius\nimage = intensity(ReadImage("a.nii"))\n',
    ),
    "inlined declarations": PROGRAM.replace("bright = image > 5\n", "").replace("smooth(bright", "smooth(image > 5"),
    "reordered goals": "\n".join([*PROGRAM.splitlines()[:-2], PROGRAM.splitlines()[-1], PROGRAM.splitlines()[-2]]),
}


@pytest.mark.parametrize("change", REWRITTEN)
def test_what_does_not_change_the_meaning_changes_no_id(change: str) -> None:
    text = REWRITTEN[change]
    assert text != PROGRAM
    assert set(plan_of(text).nodes) == set(plan_of(PROGRAM).nodes)
    assert printed(text) == printed(PROGRAM)


def test_ids_are_the_same_in_every_version() -> None:
    """A pinned id: results that people have stored are found again under what is made of such ids."""
    node = printed('a = 1\nprint "r" a + 2.5')["r"]
    assert node.hex() == "956be0dfd19521a338df95a50c0cb6b25e3d9c475cd5bfeda66fbbe6281e0c16"


def test_what_depends_on_no_item_is_made_outside_the_loop() -> None:
    plan = plan_of(f'{X}print "r" for i in range(n) do volume(near(image > 5)) + i')
    (near,) = [each for each, node in plan.nodes.items() if isinstance(node, Apply) and node.operator == "vox1.near"]
    assert plan.free[near] == 0


def test_a_loop_that_depends_on_no_outer_item_is_hoisted() -> None:
    inner = "for j in range(n) do j * 2"
    plan = plan_of(f'n = 3\nprint "1" {inner}\nprint "2" for i in range(n) do for k in range(n) do {inner}')
    depths = sorted(node.depth for node in plan.nodes.values() if isinstance(node, Loop))
    assert depths == [0, 0, 0]
    assert operators(plan)["scalar.multiply"] == 1


def test_a_loop_stands_at_the_smallest_depth_that_it_can() -> None:
    plan = plan_of('n = 3\nprint "r" for i in range(n) do for j in range(n) do for k in range(i) do k + i')
    assert sorted(node.depth for node in plan.nodes.values() if isinstance(node, Loop)) == [0, 1, 1]
