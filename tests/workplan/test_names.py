"""Names: whose comes first, and what is said about those that mean nothing or too much."""

from __future__ import annotations

from itertools import combinations

import pytest

from tests.workplan.plans import compiled, error, operators, plan_of, same
from vlc.diagnostics import CompileError
from vlc.workplan.operators import NAMESPACES
from vlc.workplan.scope import members


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('treshold = 1\nprint "r" threshold', "`threshold` is not defined", "did you mean `treshold`?"),
        ('print "r" volume(1)', "`volume` is not defined", 'add `import "vox1"` above'),
        ('print "r" BinaryThreshold(1)', "`BinaryThreshold` is not defined", 'add `import "simpleitk"` above'),
        ('import "vox1"\nprint "r" volum(tt)', "`volum` is not defined", "did you mean `volume`"),
        ('print "r" later\nlater = 1', "`later` is not defined", "it is declared further down"),
        (
            'import "vox1"\nf(a) = distlt(1, a)\ndistlt(r, a) = dt(a) < r\nprint "r" f(tt)',
            "`distlt` is not defined",
            "it is declared further down",
        ),
        ('near(a) = near(a)\nprint "r" near(1)', "`near` is not defined", 'add `import "vox1"` above'),
        ('import "simpleitk"\nprint "r" maximum(1, 2)', "`maximum` is not defined", 'add `import "scalar"` above'),
        (
            'import "simpleitk"\nprint "r" maximum(ReadImage("a.nii"), 2)',
            "`maximum` is not defined",
            "did you mean `Maximum`",
        ),
        ('print "r" vox2.volume(1)', "there is no namespace `vox2`", "did you mean `vox1`?"),
        ('print "r" vox1.volum(1)', "`vox1` has no `volum`", "did you mean `volume`"),
        ('print "r" vox1.qqqqqq(1)', "`vox1` has no `qqqqqq`", "`vlc primitives vox1` lists what it has"),
        ('n = 1\nprint "r" n = 1', "`=` is not defined", "equality is `==`"),
        ('import "vox1"\nn = 1\nprint "r" n !=. 1', "`!=.` is not defined", "there is `!=`"),
        ('print "r" 2 ** 3', "`**` is not defined", "there is no power operator: write `a * a`"),
        ('print "r" [True]', "`True` is not defined", "write `true`"),
        ('print "r" FALSE', "`FALSE` is not defined", "write `false`"),
        ('import "simpleitk"\nprint "r" Cast(1, sitkUInt8)', "`sitkUInt8` is not defined", "constants of SimpleITK"),
        ('xs = [1, 2]\nprint "r" xs[:-1]', "`:-` is not defined", "a slice has no negative bounds"),
        ('xs = [1, 2]\nprint "r" xs[1:-1]', "`:-` is not defined", "a slice has no negative bounds"),
        ('xs = [1, 2]\nn = 1\nprint "r" xs[1:-n]', "`:-` is not defined", "`:-` is read as one operator: put a space"),
        ('print "r" 3 <> 4', "`<>` is not defined", "inequality is `!=`"),
        ('print "r" 3 !== 4', "`!==` is not defined", "inequality is `!=`"),
        ('n = 3\nprint "r" 2*-n', "`*-` is not defined", "`*-` is read as one operator: put a space, `* -`"),
        ('minus(n) = 0 - n\nprint "r" 2*+3', "`*+` is not defined", ""),
        ('print "r" max(1, 2)', "`max` is not defined", "of numbers write `fold max [a, b]`"),
        ('print "r" max(tt)', "`max` is not defined", 'add `import "vox1"` above'),
        (
            'import "vox1"\nprint "r" min(1, 2, 3)',
            "`min` takes 1 argument, not 3",
            "of numbers write `fold min [a, b, c]`",
        ),
        (
            'import ""\nprint "r" 1',
            "this import names nothing",
            "name a file, or one of the namespaces arrays, default",
        ),
        (
            'min = 2\nprint "r" fold min [1, min]',
            "`min` cannot be folded with: the program declares it as a value",
            "give that declaration another name: it hides the `min` that folds numbers",
        ),
        ('import "voxx1"\nprint "r" 1', "there is no namespace `voxx1`", "did you mean `vox1`? a file is"),
        (
            'import "lib"\nprint "r" 1',
            "there is no namespace `lib`",
            "the namespaces are arrays, default, geom, scalar,",
        ),
    ],
)
def test_names_that_mean_nothing(text: str, message: str, hint: str) -> None:
    found = error(text)
    assert found.message == message
    assert found.hint.startswith(hint)


def test_a_file_that_is_imported_like_a_namespace() -> None:
    assert error('import "lib"\nprint "r" 1').hint.endswith(
        'a file is imported by a path with `.` or `/`: `import "./lib"`'
    )


def test_an_import_counts_for_later_text_only() -> None:
    assert error('print "r" volume(tt)\nimport "vox1"').hint == 'add `import "vox1"` above'


def test_no_two_bundled_namespaces_share_a_name() -> None:
    """So that any of them can be imported together without qualifying a name."""
    for first, second in combinations(set(NAMESPACES) - {"default"}, 2):
        assert not set(members(first)) & set(members(second)), f"{first} and {second}"


def test_qualified_names_need_no_import() -> None:
    assert operators(plan_of('print "r" test.fibonacci(10)')) == {"test.fibonacci": 1}


def test_ones_own_names_come_before_those_of_namespaces() -> None:
    text = 'import "vox1"\nn = 1\nvolume(x) = x + 1\nprint "1" volume(n)\nprint "2" n + 1'
    assert same(text)


def test_the_default_namespace_comes_before_imported_ones() -> None:
    assert operators(plan_of('n = 2\nimport "arrays"\nprint "r" range(n)')) == {"default.integer_range": 1}


@pytest.mark.parametrize("symbol", ["&&", "||", "&", "|", "+", "<="])
def test_ones_own_operators_count_everywhere(symbol: str) -> None:
    text = f'n = 1\n{symbol}(a, b) = a * b\nprint "1" n {symbol} 2\nprint "2" n * 2'
    assert same(text)


def test_ones_own_negation_counts() -> None:
    assert same('n = 1\n!(a) = a * 2\nprint "1" !n\nprint "2" n * 2')


def test_an_operator_of_ones_own_counts_for_later_text_only() -> None:
    text = 'b = true\nbefore(x) = x && b\n&&(x, y) = x | y\nprint "1" before(b)\nprint "2" b & b'
    assert same(text)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('min = 3\nprint "r" min(image)', "`min` is a constant, not a function"),
        ('f(min) = min(image)\nprint "r" f(1)', "`min` is a value here, not a function"),
        ('print "r" for min in [1] do min(image)', "`min` is a value here, not a function"),
    ],
)
def test_a_function_that_a_declaration_hides(text: str, message: str) -> None:
    found = error(f'import "vox1"\nimage = intensity(vox1.load("a.nii"))\n{text}')
    assert found.message == message
    assert found.hint.startswith("the declaration of `min` hides `vox1.min`: write `vox1.min`, or give")


def test_a_function_that_is_not_imported_is_not_hidden() -> None:
    assert error('min = 3\nprint "r" min(2)').hint == "write `min`"


def test_vl1_has_no_other_name_for_what_is_hidden() -> None:
    with pytest.raises(CompileError) as caught:
        compiled('load i = "a.nii" let min = 3 print "r" min(intensity(i))', dialect="vl1")
    (found,) = caught.value.diagnostics
    assert found.hint == "the declaration of `min` hides `vox1.min`: give what is declared another name"


SEVERAL = 'import "vox1"\nimport "simpleitk"\nn = 3\nraw = ReadImage("a.nii")\nmask = raw > n\n'


@pytest.mark.parametrize("argument", ["3", "n", "local", "volume(mask)"])
def test_what_takes_other_values_is_not_proposed(argument: str) -> None:
    found = error(f'{SEVERAL}print "r" let local = n in sqrt({argument})')
    assert found.message == "`sqrt` is not defined"
    assert found.hint.startswith("`Sqrt` takes other values: it is `Sqrt(")


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("sqrt(raw)", "did you mean `Sqrt`?"),
        ("sqrt(MinimumMaximum(raw)[0])", "did you mean `Sqrt`?"),  # the kind is not seen in the text
        ("volum(raw, 3)", "did you mean `volume`"),
    ],
)
def test_what_takes_what_is_given_is_proposed(call: str, hint: str) -> None:
    assert error(f'{SEVERAL}print "r" {call}').hint.startswith(hint)
