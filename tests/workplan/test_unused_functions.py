"""Functions that nobody calls: their names are looked up all the same, and they are told."""

from __future__ import annotations

import pytest

from vlc.compiler import plan_source
from vlc.diagnostics import Source


def warnings(program: str) -> list[str]:
    _, found = plan_source(Source("program.imgql", f'{program}\nprint "one" 1'))
    assert all(each.severity == "warning" and each.span is not None for each in found)
    return [each.message for each in found]


def test_unknown_names_in_them_are_warnings() -> None:
    assert warnings("f(a) = a + missing") == ["`missing` is not defined", "`f` is never used"]


@pytest.mark.parametrize(
    "function",
    [
        "f(a) = let b = a in b + a",
        "f(s) = for x in s do x + 1",
        "f(s) = filter x in s do x > 1",
        "f(s) = fold max s",
        "f(s) = map(negated, s)",
        "f(a) = [a, a[0], a[1:2]]",
    ],
)
def test_names_that_are_bound_or_built_in_are_known(function: str) -> None:
    found = warnings(f"negated(n) = -n\n{function}")
    assert [message for message in found if "not defined" in message] == []
    assert "`f` is never used" in found


def test_functions_that_are_called_are_not_told() -> None:
    _, found = plan_source(Source("program.imgql", 'g(a) = a + 1\nf(a) = g(a)\nprint "r" f(1)'))
    assert list(found) == []
