"""What programs mean: functions, closures, local names, and how much work it is to find out."""

from __future__ import annotations

import pytest

from tests.workplan.plans import error, errors, operators, plan_of, printed, same
from vlc.workplan.nodes import Literal


def value(text: str) -> object:
    """The literal that the one goal of a program folds to."""
    plan = plan_of(text)
    node = plan.nodes[plan.goals[0].node]
    assert isinstance(node, Literal)
    return node.value


def test_a_function_is_expanded_once_for_the_same_arguments() -> None:
    plan = plan_of('n = 1\nf(a, b) = a * b + a\nprint "1" f(n, 2)\nprint "2" f(n, 2) + f(n, 3)\nprint "3" f(n, 1 + 1)')
    assert operators(plan)["scalar.multiply"] == 2


def test_doubling_sixty_deep_is_sixty_nodes() -> None:
    functions = "".join(f"f{k}(x) = f{k - 1}(x) + f{k - 1}(x)\n" for k in range(1, 61))
    plan = plan_of(f'n = 1\nf0(x) = x + 1\n{functions}print "r" f60(n)')
    assert operators(plan) == {"scalar.add": 61}


def test_doubling_by_two_functions_is_not_exponential() -> None:
    functions = "".join(
        f"f{k}(x) = g{k - 1}(x) + f{k - 1}(x)\ng{k}(x) = f{k - 1}(x) * g{k - 1}(x)\n" for k in range(1, 61)
    )
    plan = plan_of(f'n = 1\nf0(x) = x + 1\ng0(x) = x + 2\n{functions}print "r" f60(n)')
    assert operators(plan) == {"scalar.add": 62, "scalar.multiply": 59}


def test_ten_thousand_calls_are_as_many_nodes() -> None:
    count = 10_000
    calls = "".join(f"v{k} = f(n, {k}.5)\n" for k in range(count))
    plan = plan_of(f'n = 1\nf(a, b) = a * b + a\n{calls}print "r" v{count - 1} + v0\nprint "all" [{_names(count)}]')
    assert operators(plan)["scalar.multiply"] == count
    assert len(plan.nodes) == 3 * count + 3


def _names(count: int) -> str:
    return ", ".join(f"v{k}" for k in range(count))


def test_a_chain_of_twenty_thousand_declarations() -> None:
    count = 20_000
    chain = "".join(f"v{k} = v{k - 1} + n\n" for k in range(1, count + 1))
    plan = plan_of(f'n = 1\nv0 = n\n{chain}print "r" v{count}')
    assert operators(plan) == {"scalar.add": count}


def test_expressions_nested_five_thousand_deep() -> None:
    depth = 5_000
    assert len(plan_of(f'n = 1\nprint "r" {"(" * depth}n{" + n)" * depth}').nodes) == depth + 1
    assert len(plan_of(f'n = 1\nf(a) = a + 1\nprint "r" {"f(" * depth}n{")" * depth}').nodes) == depth + 2
    assert len(plan_of(f'n = 1\nprint "r" {"[" * depth}n{"]" * depth}').nodes) == depth + 1
    lets = "".join(f"let a{k} = a{k - 1} + n in " for k in range(1, depth))
    assert len(plan_of(f'n = 1\na0 = n\nprint "r" {lets}a{depth - 1}').nodes) == depth


def test_functions_that_call_functions_five_thousand_deep() -> None:
    functions = "".join(f"f{k}(x) = f{k - 1}(x) + x\n" for k in range(1, 5_001))
    assert operators(plan_of(f'n = 1\nf0(x) = x\n{functions}print "r" f5000(n)')) == {"scalar.add": 5_000}


def test_kinds_of_sequences_nested_five_thousand_deep() -> None:
    depth = 5_000
    text = f'print "r" [{"[" * depth}1{"]" * depth}, {"[" * depth}"a"{"]" * depth}]'
    assert error(text).message.startswith("a sequence holds values of one kind: this is a sequence of sequence of")


def test_a_function_keeps_the_declarations_it_was_made_with() -> None:
    text = 'k = 1 + 0\nf(x) = x + k\nk = 2 + 0\ng(x) = f(x) * k\nprint "r" g(10)'
    assert value(text) == 22


def test_a_function_does_not_see_the_names_of_its_caller() -> None:
    assert value('a = 1 + 0\nf(x) = x + a\ng(a) = f(a)\nprint "r" g(10)') == 11
    assert value('a = 1 + 0\nf(x) = x + a\nprint "r" let a = 5 in f(10)') == 11
    assert error('f(x) = x + hidden\ng(hidden) = f(1)\nprint "r" g(2)').message == "`hidden` is not defined"


def test_parameters_hide_declarations_and_lets_hide_parameters() -> None:
    assert value('x = 1 + 0\nf(x) = x * 2\nprint "r" f(5)') == 10
    assert value('f(x) = let x = x + 1 in x * x\nprint "r" f(2)') == 9


def test_a_let_ends_with_its_body() -> None:
    assert value('a = 1 + 0\nprint "r" (let a = 10 in a + 1) + a') == 12
    assert value('a = 1 + 0\nprint "r" (let a = (let a = 7 in a + a) in a + 1) + a') == 16


def test_redeclaring_counts_for_later_text_only() -> None:
    goals = printed('a = 1 + 0\nb = a + 0\na = a + 1\na = a + 1\nprint "a" a\nprint "b" b\nprint "3" 3\nprint "1" 1')
    assert goals["a"] == goals["3"]
    assert goals["b"] == goals["1"]


def test_a_function_may_be_redeclared_by_itself() -> None:
    assert value('f(x) = x + 1\nf(x) = f(x) * 2\nprint "r" f(1)') == 4


def test_there_is_no_recursion() -> None:
    found = error('f(x) = f(x)\nprint "r" f(1)')
    assert found.message == "`f` is not defined"
    assert found.hint == "there is no recursion: a declaration sees only what stands before it"
    assert error('a = a + 1\nprint "r" a').hint.startswith("there is no recursion")


def test_there_is_no_mutual_recursion() -> None:
    found = error('f(x) = g(x)\ng(x) = f(x)\nprint "r" g(1)')
    assert found.message == "`g` is not defined"
    assert found.hint == "it is declared further down: a declaration sees only what stands before it"


def test_a_loop_in_a_function_in_a_loop_sees_the_right_items() -> None:
    assert same(
        "n = 3\nrows(k) = for i in range(k) do i * k\n"
        'print "1" for i in range(n) do rows(i)\nprint "2" for a in range(n) do for b in range(a) do b * a'
    )


def test_operators_of_ones_own_are_functions() -> None:
    assert value('+++(a, b) = a * 10 + b\nprint "r" 1 +++ 2') == 12
    assert value('~~(a) = a + 1\nprint "r" ~~ 4') == 5


def test_constants_and_functions_are_told_apart() -> None:
    assert error('a = 1\nprint "r" a(2)').message == "`a` is a constant, not a function"
    found = error('f(x, y) = x\nprint "r" f')
    assert found.message == "`f` is a function and stands here without its arguments"
    assert found.hint == "write `f(x, y)`"
    assert error('f(x) = x(1)\nprint "r" f(2)').message == "`x` is a value here, not a function"


@pytest.mark.parametrize("name", ["sequence", "concat", "GaussianSource"])
def test_functions_of_any_number_of_arguments_are_no_constants(name: str) -> None:
    head = 'import "strings"\nimport "simpleitk"\n'
    found = error(f'{head}print "r" {name}')
    assert found.message == f"`{name}` is a function and stands here without its arguments"
    assert found.hint.startswith(f"write `{name}()` for none")


def test_a_function_wants_all_its_arguments() -> None:
    found = error('f(x, y) = x + y\nprint "r" f(1)')
    assert found.message == "`f` takes 2 arguments, not 1"
    assert found.hint == "it is declared as `f(x, y)`"
    assert error('f() = 1\nprint "r" f(1)').message == "`f` takes 0 arguments, not 1"


def test_a_function_without_parameters_is_called_or_refused() -> None:
    assert value('f() = 1 + 1\nprint "r" f()') == 2


def test_every_goal_and_declaration_is_checked() -> None:
    found = errors('a = one\nb = two\nc = a + 1\nprint "r" three\nprint "s" c')
    assert [each.message for each in found] == [f"`{name}` is not defined" for name in ("one", "two", "three")]
