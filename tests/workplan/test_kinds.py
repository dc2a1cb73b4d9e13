"""Kinds: which kernel an operator is for which kinds, and one message with carets for whatever does not fit."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.workplan.plans import error, errors, plan_of
from vlc.compiler import compile_source
from vlc.diagnostics import CompileError, Source
from vlc.workplan.kinds import (
    ANY_IMAGE,
    IMAGES,
    NUMBER,
    UNKNOWN,
    Kind,
    accepts,
    join,
    kind_from_text,
    may_be_image,
    sequence_of,
)
from vlc.workplan.nodes import Apply, Loop

HEAD = """import "vox1"
import "simpleitk"
import "strings"
raw = ReadImage("raw.nii")
image = intensity(raw)
mask = image > 5
n = 3
b = true
s = "text"
numbers = range(n)
masks = for k in numbers do image > k
"""


def operator_and_kind(expression: str) -> str:
    """`operator(arguments) : kind` of an expression; a loop is `for operator(arguments)`."""
    plan = plan_of(f'{HEAD}print "r" {expression}')
    goal = plan.goals[-1].node
    node, form = plan.nodes[goal], ""
    while isinstance(node, Loop):
        node, form = plan.nodes[node.body], f"{form}for "
    assert isinstance(node, Apply)
    return f"{form}{node.operator} : {plan.kinds[goal]}"


GENERIC = {
    "n + n": "scalar.add : number",
    "n + b": "scalar.add : number",
    "image + image": "vox1.add : image of numbers",
    "image + mask": "vox1.add : image of numbers",
    "mask + mask": "vox1.add : image of numbers",
    "raw + image": "vox1.add : image of numbers",
    "image + n": "vox1.add_vs : image of numbers",
    "n + image": "vox1.add_vs : image of numbers",
    "image - n": "vox1.sub_vs : image of numbers",
    "n - image": "vox1.sub_sv : image of numbers",
    "n * image": "vox1.mul_vs : image of numbers",
    "image / n": "vox1.div_vs : image of numbers",
    "n / image": "vox1.div_sv : image of numbers",
    "n / n": "scalar.divide : number",
    "-n": "scalar.multiply : number",
    "-image": "vox1.mul_vs : image of numbers",
    "n < n": "scalar.less : bool",
    "n == n": "scalar.equal : bool",
    "b == b": "scalar.equal : bool",
    "image < image": "vox1.less : image of bools",
    "image < n": "vox1.lt_sv : image of bools",
    "n < image": "vox1.gt_sv : image of bools",
    "image <= n": "vox1.leq_sv : image of bools",
    "n <= image": "vox1.geq_sv : image of bools",
    "image > n": "vox1.gt_sv : image of bools",
    "n > image": "vox1.lt_sv : image of bools",
    "image >= n": "vox1.geq_sv : image of bools",
    "n >= image": "vox1.leq_sv : image of bools",
    "image == n": "vox1.eq_sv : image of bools",
    "n != image": "vox1.neq_sv : image of bools",
    "raw > n": "vox1.gt_sv : image of bools",
    "b & b": "scalar.logical_and : bool",
    "b || b": "scalar.logical_or : bool",
    "!b": "scalar.logical_not : bool",
    "mask & mask": "vox1.logical_and : image of bools",
    "raw | mask": "vox1.logical_or : image of bools",
    "!mask": "vox1.logical_not : image of bools",
    "!raw": "vox1.logical_not : image of bools",
    "numbers + n": "for scalar.add : sequence of number",
    "n - numbers": "for scalar.subtract : sequence of number",
    "numbers < numbers": "for scalar.less : sequence of bool",
    "masks + image": "for vox1.add : sequence of image of numbers",
    "[numbers, numbers] * n": "for for scalar.multiply : sequence of sequence of number",
    "-numbers": "for scalar.multiply : sequence of number",
}


@pytest.mark.parametrize("expression", GENERIC)
def test_generic_operators(expression: str) -> None:
    assert operator_and_kind(expression).replace("scalar.negate", "scalar.multiply") == GENERIC[expression]


def kind(expression: str) -> str:
    plan = plan_of(f'{HEAD}print "r" {expression}')
    return str(plan.kinds[plan.goals[-1].node])


KINDS = {
    "numbers": "sequence of number",
    "masks": "sequence of image of bools",
    "[image, mask]": "sequence of image",
    "[]": "sequence of value of any kind",
    "[[], [n]]": "sequence of sequence of number",
    "masks[0]": "image of bools",
    "numbers[1:2]": "sequence of number",
    "[numbers][0][0]": "number",
    "filter k in numbers do k > 1": "sequence of number",
    "map(volume, masks)": "sequence of number",
    "fold + numbers": "number",
    "fold max numbers": "number",
    "fold && [b, b]": "bool",
    "fold + [image, image]": "image of numbers",
    "fold + [mask, mask]": "image of numbers",
    "fold & masks": "image of bools",
    'fold + "" (for t in [s] do t)': "string",
    "fold + [numbers, numbers]": "value of any kind",
    "MinimumMaximum(raw)": "sequence of number",
    "intensity(raw)": "image of numbers",
    "strings.concat(s, s)": "string",
}


@pytest.mark.parametrize("expression", KINDS)
def test_kinds_of_expressions(expression: str) -> None:
    assert kind(expression) == KINDS[expression]


WRONG = {
    "n + s": "`+` takes numbers or images of numbers; join strings with `strings.concat`; "
    "this is a number and a string | n + s",
    "s < s": "`<` takes numbers or images of numbers; this is a string and a string | s < s",
    "image & mask": "`&` takes bools or images of bools; compare an image of numbers first, as in `image > 0`; "
    "this is an image of numbers and an image of bools | image & mask",
    "mask & b": "`&` takes two bools, or two images of bools; this is an image of bools and a bool | mask & b",
    "n & b": "`&` takes bools or images of bools; this is a number and a bool | n & b",
    "!n": "`!` takes bools or images of bools; this is a number | !n",
    "-s": "`-` takes a number or an image of numbers; this is a string | -s",
    "[s] + n": "`+` takes numbers or images of numbers; join strings with `strings.concat`; "
    "this is a string and a number | [s] + n",
    "[n, s]": "a sequence holds values of one kind: this is a string, and the first is a number | s",
    "[n, b]": "a sequence holds values of one kind: this is a bool, and the first is a number | b",
    "[image, n]": "a sequence holds values of one kind: this is a number, and the first is an image of numbers | n",
    "[numbers, n]": "a sequence holds values of one kind: this is a number, and the first is a sequence of number | n",
    "n[0]": "a sequence is wanted here, and this is a number | n",
    "image[0]": "a sequence is wanted here, and this is an image of numbers | image",
    "numbers[s]": "an index is a number, and this is a string | s",
    "numbers[b:]": "the end of a slice is a number, and this is a bool | b",
    "numbers[:s]": "the end of a slice is a number, and this is a string | s",
    "for k in n do k": "a sequence is wanted here, and this is a number | n",
    "for k in s do k": "a sequence is wanted here, and this is a string | s",
    "filter k in numbers do k": "the condition of a filter is a bool, and this is a number | k",
    "filter m in masks do m": "the condition of a filter is a bool, and this is an image of bools | m",
    "fold + n": "a sequence is wanted here, and this is a number | n",
    "fold < numbers": "`<` cannot be folded with | <",
    "fold && numbers": "`&&` takes bools or images of bools; this is a bool and a number | fold && numbers",
    "fold + [s]": "`fold +` takes numbers, and this combines a number and a string | fold + [s]",
    'fold * "" (for t in [s] do t)': "`fold *` takes numbers, and this combines a string and a string "
    '| fold * "" (for t in [s] do t)',
    "fold max [image]": "`fold max` takes numbers, and this combines an image of numbers and an image of numbers "
    "| fold max [image]",
    "fold / numbers": "`fold /` has nothing to start from | fold / numbers",
    "map(volume, n)": "a sequence is wanted here, and this is a number | n",
    "map(n, numbers)": "`n` is not a function of one argument | n",
    "map(volume)": "`map` takes the name of a function and a sequence | map(volume)",
    "map(near, numbers)": "`near` wants an image of bools, and this is a number | numbers",
    "volume(image)": "`volume` wants an image of bools, and this is an image of numbers | image",
    "volume(fold + numbers)": "`volume` wants an image of bools, and this is a number | fold + numbers",
    "near()": "`near` takes 1 argument, not 0 | near()",
    "near(mask, mask)": "`near` takes 1 argument, not 2 | near(mask, mask)",
    "BinaryThreshold(raw, s)": "`BinaryThreshold` wants a number as argument 2, and this is a string | s",
    "ReadImage(image)": "`ReadImage` wants the name of a file, and this is an image of numbers | image",
    "ReadImage([1])": "`ReadImage` wants the name of a file, and this is a sequence of number | [1]",
    "load(n)": "`load` wants the name of a file, and this is a number | n",
    "ReadImage()": "`ReadImage` takes 1 to 3 arguments, not 0 | ReadImage()",
    "range(s)": "`range` wants a number, and this is a string | s",
    "range()": "`range` takes 1 to 2 arguments, not 0 | range()",
    "range(1, 2, 3)": "`range` takes 1 to 2 arguments, not 3 | range(1, 2, 3)",
    "subsequence([1, 2], 1, 2, 3)": "`subsequence` takes 2 to 3 arguments, not 4 | subsequence([1, 2], 1, 2, 3)",
    "arrays.count_pixels(raw, 1, 2)": "`count_pixels` takes 1 to 2 arguments, not 3 | arrays.count_pixels(raw, 1, 2)",
    'dir("a", 1)': "`dir` wants a string as argument 2, and this is a number | 1",
    'WriteImage(raw, "x.nii")': 'this has no value to print | WriteImage(raw, "x.nii")',
}


@pytest.mark.parametrize("expression", WRONG)
def test_what_does_not_fit(expression: str) -> None:
    found = error(f'{HEAD}print "r" {expression}')
    assert found.span is not None
    assert f"{found.message} | {found.span.text}" == WRONG[expression]


def test_a_problem_inside_a_function_names_the_calls_that_led_there() -> None:
    found = error(f'{HEAD}f(a) = a + 1\ng(a) = f(a) * 2\nprint "r" g(s)')
    assert found.span is not None and found.span.text == "a + 1"
    assert [(text, span.text) for text, span in found.notes] == [
        ("`f` is called here", "f(a)"),
        ("`g` is called here", "g(s)"),
    ]


def test_a_problem_inside_the_bundled_library_points_at_the_users_own_text() -> None:
    found = error(
        'import "vox1"\nimport "simpleitk"\nimage = intensity(ReadImage("a.nii"))\nprint "r" pair("a" .+. 1)'.replace(
            "pair", ""
        )
    )
    assert found.span is not None and found.span.text == '"a" .+. 1'
    assert found.span.source.name == "program.imgql"
    assert found.message == "in `.+.`: `add` wants a number as argument 1, and this is a string"


def test_a_mistake_is_told_once_however_often_it_is_used() -> None:
    assert len(errors(f'{HEAD}wrong = n + s\na = wrong + 1\nprint "1" wrong\nprint "2" a')) == 1


def test_a_function_is_checked_for_each_kind_of_argument() -> None:
    assert kind("[f(n)]".replace("f(n)", "let d = 2 in d * n")) == "sequence of number"
    text = f'{HEAD}f(a) = a + 1\nprint "1" f(n)\nprint "2" f(image)\nprint "3" f(numbers)\n'
    plan = plan_of(text)
    assert [str(plan.kinds[goal.node]) for goal in plan.goals] == ["number", "image of numbers", "sequence of number"]


ATOMS = ("n", "b", "s", "image", "mask", "raw", "numbers", "masks", "1", '"t"', "[]", "tt", "border")
FORMS = (
    "({} + {})",
    "({} < {})",
    "({} & {})",
    "(!{})",
    "(-{})",
    "[{}, {}]",
    "{}[0]",
    "{}[{}:]",
    "(for k in {} do [k, {}])",
    "(filter k in {} do {})",
    "(fold + {} ({}))",
    "(fold max {})",
    "volume({})",
    "near({})",
    "map(volume, {})",
    "(let n = {} in {})",
    "percentiles({}, {}, n)",
    "Cast({}, {})",
    "strings.concat({}, {})",
)


def _filled(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(st.sampled_from(FORMS), children, children).map(lambda parts: parts[0].format(parts[1], parts[2]))


@settings(max_examples=300, deadline=None)
@given(st.recursive(st.sampled_from(ATOMS), _filled, max_leaves=6))
@example("Cast(tt, (n + []))")
def test_every_expression_compiles_or_is_told_to_be_wrong(expression: str) -> None:
    """No combination of kinds is a traceback; the kind found is one that the language has."""
    source = Source("program.imgql", f'{HEAD}print "r" {expression}')
    try:
        result = compile_source(source, passes=())
    except CompileError as problem:
        assert all(each.span is not None and each.message for each in problem.diagnostics)
        return
    for found in result.plan.kinds.values():
        assert kind_from_text(str(found)) == found


ALL_KINDS = st.builds(Kind, st.sampled_from([NUMBER.name, UNKNOWN.name, "string", "bool", *(k.name for k in IMAGES)]))
NESTED = st.builds(lambda kind, depth: Kind(kind.name, depth), ALL_KINDS, st.integers(0, 3))


@given(NESTED, NESTED)
@settings(max_examples=200, deadline=None)
def test_laws_of_kinds(left: Kind, right: Kind) -> None:
    assert accepts(left, left)
    assert join([left, right]) == join([right, left])
    joined = join([left, right])
    if joined is not None:
        assert join([joined, left]) == joined
        assert accepts(joined, left) or UNKNOWN.name in str(left)
    assert kind_from_text(str(left)) == left
    assert sequence_of(left).item == left
    assert may_be_image(left) == accepts(ANY_IMAGE, left)


def test_kinds_of_deep_sequences_compare_without_recursion() -> None:
    deep = kind_from_text("sequence of " * 100_000 + "number")
    assert deep == kind_from_text(str(deep)) and len({deep, sequence_of(deep)}) == 2
    assert accepts(deep, deep) and join([deep, deep]) == deep


@pytest.mark.parametrize(
    ("expression", "hint"),
    [
        ("fold + 10 [1]", "write `fold + 10 ([1])`"),
        ("fold + (n) [1:2]", "write `fold + n ([1:2])`"),
        ("fold + n (numbers)", "write `fold + (n) (..)`"),
        ("fold + 0", "write `fold + 0 ([..])`"),
        ("fold * n", "write `fold * (n) ([..])`"),
        ("fold * (n + 1)", "write `fold * (n + 1) ([..])`"),
        ("fold * n + 1", "write `fold * (n + 1) ([..])`"),
        ("n [1]", ""),
    ],
)
def test_what_the_start_of_a_fold_swallows_is_told(expression: str, hint: str) -> None:
    found = error(f'{HEAD}print "r" {expression}')
    assert hint in found.hint and bool(hint) is bool(found.hint)


def test_a_bool_goes_with_images_as_an_image() -> None:
    assert "`vox1.bconstant(b)`" in error(f'{HEAD}print "r" b & mask').hint
    assert kind("vox1.bconstant(b) & mask") == "image of bools"


def test_what_is_folded_after_a_start_stands_in_parentheses() -> None:
    assert kind("fold + 10 ([1, 2])") == kind("fold + (n) (numbers)") == kind("fold + n numbers") == "number"
