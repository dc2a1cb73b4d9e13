"""The vl1 dialect compiled and run: its fixity, scope, repairs, library, parameters, and its log."""

from __future__ import annotations

import math
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.vl1.programs import VECTORS, on, run, script_of
from vlc.compiler import compile_source
from vlc.diagnostics import CompileError, Diagnostic, Source

RAMP = f'load i = "{VECTORS}/a.nii.gz"\nlet img = intensity(i)\n'


def value(text: str) -> object:
    """What a program prints that begins by loading the ramp 0..11 of 3 rows and 4 columns."""
    return run(RAMP + text)["r"]


def errors(text: str, dialect: str | None = "vl1") -> tuple[Diagnostic, ...]:
    with pytest.raises(CompileError) as caught:
        script_of(text, dialect)
    return tuple(caught.value.diagnostics)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("8 .-. 4 .-. 2", 6.0),
        ("2 .*. 3 .+. 4", 14.0),
        ("!. false .&. false", True),
        ("!. true .|. true", False),
        ("volume(N(img >. 9) & (img >. 10))", 4.0),  # everything to the right of N is its operand
        ("volume(near(img >. 9) & (img >. 10))", 1.0),
        ("volume(!(img >. 9) & (img >. 10))", 11.0),
        ("volume(I(img >. 3) | img >. 10)", 4.0),
        ("-1 .+. 3", 2.0),
        ("1 .<. 2", True),
        ("7 ./. 0", math.inf),
        ("0 .-. 7 ./. 0", -math.inf),
        ("5 .=. 5 .+. 0", True),
        ("volume(5 .<= img)", 7.0),
        ("volume(5 .>= img)", 6.0),
        ("volume(5 .< img)", 6.0),
        ("volume(5 .> img)", 5.0),
        ("max(2 .- img)", 2.0),
        ("max(6 ./ (img +. 1))", 6.0),
        ("max(0.1 .+ img) .=. 11.1", False),  # the sum is rounded to a float32
        ("vol(img >. 9)", 2.0),
        ("max(Lcc(img >. 9))", 1.0),
    ],
)
def test_expressions(expression: str, expected: object) -> None:
    assert value(f'print "r" {expression}') == expected


@pytest.mark.parametrize(
    ("declarations", "expression", "expected"),
    [
        ("let y = 1 let f(x) = x .+. y let y = 2", "f(1)", 2.0),
        ("let f(n) = n let f(n) = f(n) .+. 1", "f(3)", 4.0),
        ("let f(x) = x let x = 4", "f(2)", 2.0),
        ("let broken(a) = nowhere(a)", "1", 1.0),  # the body of a function counts when it is called
        ("let !(a) = a", "volume(!(img >. 9))", 2.0),
        ("let <<(a, b) = a .-. b", "9 << 3 << 2", 8.0),
        ("let ~(a, b, c, d) = a .+. b .*. c .+. d", "1 ~[3, 4] 2", 15.0),
        ("let Q(a) = a .*. a", "Q 3 .+. 1", 16.0),
        ("let infarct = img >. 9 let nand(a, b) = !(a & b)", "volume(nand(infarct, infarct))", 10.0),
        ("let trueMask = 2 let falseMask = 3 let information = 4", "trueMask .+. falseMask .+. information", 9.0),
        ("let near(a) = a", "volume(near(img >. 9))", 2.0),
        ("let touch(a, b) = ff", "volume(grow(img >. 9, img >. 3))", 8.0),  # the library keeps its own
        ('let s = "C:\\n"', "s", "C:\\n"),
    ],
)
def test_declarations(declarations: str, expression: str, expected: object) -> None:
    assert value(f'{declarations}\nprint "r" {expression}') == expected


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ('print "r" img + 2', "2", "wants an image of numbers"),
        ('print "r" 1 .+. true', "1 .+. true", "wants a number"),
        ('print "r" dt(img)', "img", "wants an image of bools"),
        ('print "r" nowhere', "nowhere", "is not defined"),
        ('let unused = nowhere\nprint "r" 1', "nowhere", "is not defined"),
        ('let f(a) = f(a)\nprint "r" f(1)', "f", "is not defined"),
        ('let f(a) = a\nprint "r" f(1, 2)', "f(1, 2)", "takes 1 argument"),
        ('let k = 1\nprint "r" k(1)', "k", "is a constant"),
        ('let f(a) = a\nprint "r" f', "f", "is a function"),
        ('print "r" img ~[1] img', "img ~[1] img", "takes 4 arguments"),
        ('print "r" for k in range(3) do k', "k", "expected"),
        ('print "r" a_b', "_", "is not defined"),
        ('save "out.xyz" img', '"out.xyz"', "cannot be saved"),
        ('import "nowhere.imgql"', '"nowhere.imgql"', "cannot find"),
        ('import "nowhere"', '"nowhere"', "there is no file and no namespace `nowhere`"),
    ],
)
def test_errors_have_a_place(text: str, at: str, message: str) -> None:
    (problem, *_) = errors(RAMP + text)
    assert problem.span is not None
    assert problem.span.text == at
    assert message in problem.message


@pytest.mark.parametrize(
    ("expression", "at", "hint"),
    [
        ("img > 3", "3", "write `>.`: the dot is on the side of the number"),
        ("3 + img", "3", "write `.+`"),
        ("img == 3", "3", "write `=.`"),
        ("img != 3", "3", "write `!(a =. b)`"),
        ("max(img) != 3", "max(img)", "write `!.(a .=. b)`"),
        ("max(img) - min(img)", "max(img)", "write `.-.`: between two numbers an operator has a dot at either side"),
        ("true & false", "true", "write `.&.`: between two bools"),
        ("img +. img", "img", "write `+`: between two images an operator has no dot"),
        ("max(img) >. 3", "max(img)", "write `.>.`"),
        ("!true", "true", "of a bool it is `!.`"),
        ("!. (img >. 3)", "img >. 3", "of an image it is `!`"),
        ("- img", "- img", "write `0 .- a`"),
        ("img & img", "img", "compare an image of numbers first, as in `image >. 0`"),
        ("1 .+. .5", ".", "a number begins with a digit, as in `0.5`"),
        ("img = 3", "=", "equality is `==` between images, and `.=.`, `.=`, `=.` with the dot"),
        (
            "volume(img >. 2 & img <. 5)",
            "2",
            "read from right to left here, without precedence: this is `img >. (2 & (img <. 5))`; "
            "write parentheses, as in `(img >. 2) & (img <. 5)`",
        ),
        ("(img +. 1) *. 3 - img", "3", "this is `(img +. 1) *. (3 - img)`; write parentheses, as in `((img +. 1) *. 3"),
        (
            "volume(img >. 9 ~> (img >. 2))",
            "9 ~> (img >. 2)",
            "this is `img >. (9 ~> (img >. 2))`; write parentheses, as in `(img >. 9) ~> (img >. 2)`",
        ),
        ("volume((img >. 9) ~> 2)", "(img >. 9) ~> 2", "it is `through(seeds: image of bools, mask"),
        ("img >. 3 + fooBar_baz", "_", "letters and digits in the vl1 dialect: write `fooBarBaz`"),
        (f"img >. 3 {'& img >. 3 ' * 9}", "3", "without precedence: write parentheses"),
    ],
)
def test_what_to_write_for_operands_that_do_not_fit(expression: str, at: str, hint: str) -> None:
    (problem,) = errors(f'{RAMP}print "r" {expression}')
    assert problem.span is not None and problem.span.text == at
    assert hint in problem.hint


def test_operands_that_do_not_fit_in_a_function_tell_its_call() -> None:
    (problem,) = errors(f'{RAMP}let high(a, t) = a > t\nprint "r" high(img, 3)')
    assert problem.hint.startswith("write `>.`")
    assert [span.text for _, span in problem.notes] == ["high(img, 3)"]


def test_nothing_loaded_gives_no_grid() -> None:
    (problem,) = errors('print "r" volume(tt)')
    assert "no image" in problem.message


def test_marks_of_both_dialects() -> None:
    (problem,) = errors(RAMP + 'x_y = 3\nprint "r" x_y', None)
    assert "--dialect" in problem.hint
    assert run(RAMP + 'print "r" volume(tt)', None) == {"r": 12.0}  # `load` alone tells the dialect


def test_the_first_image_loaded_gives_the_grid() -> None:
    text = f'load first = "{VECTORS}/a.nii.gz"\nload second = "{VECTORS}/m.nii.gz"\nprint "r" volume(tt)'
    assert run(text) == {"r": 12.0}
    swapped = f'load unused = "{VECTORS}/m.nii.gz"\nload i = "{VECTORS}/a.nii.gz"\nprint "r" volume(border)'
    assert run(swapped) == {"r": 18.0}


def test_colour_and_grey_images_in_one_program() -> None:
    text = f'load c = "{VECTORS}/c.png"\n{RAMP}print "c" volume(red(c) >. 100)\nprint "r" max(img)'
    assert run(text) == {"c": 1.0, "r": 11.0}


# --- the library


def test_components_that_voxlogica_1_declares_and_cannot_use() -> None:
    """The image has three components; the square of four voxels is the first."""
    label = on("m", "maskCC(x >. 2, img >. 0)").array
    assert sorted(set(label.flat)) == [0.0, 2.0]
    assert on("m", "maxCC(img >. 0, img >. 0)") == 3.0
    assert on("m", "minCC(img >. 0, img >. 0)") == 1.0
    assert on("m", "minCC((img >. 0) & (x >. 2), img >. 0)") == 2.0
    assert on("m", "minCC(ff, img >. 0)") == 0.0


@pytest.mark.parametrize(
    ("region", "expected"),
    [
        ("img >. 0", False),  # in three components
        ("(img >. 0) & (x <. 3) & (y <. 3)", True),  # all of one
        ("(x =. 1) & (y =. 1)", True),  # one voxel of one
        ("(x =. 1) & ((y =. 1) | (y =. 0))", False),  # one voxel is in none
        ("(x =. 3) & (y =. 0)", False),  # in none
        ("ff", True),
        ("tt", False),
    ],
)
def test_collect(region: str, expected: bool) -> None:
    assert on("m", f"collect({region}, img >. 0)") is expected


@pytest.mark.parametrize("name", ["RegionCalculus.imgql", "RegionCalculus"])
def test_the_region_calculus_can_be_imported(name: str) -> None:
    text = f'import "{name}"\nprint "r" ntpp((x =. 0) & (y =. 0), (x <. 2) & (y <. 2))'
    assert value(text) is True


RELATIONS = {
    "dc": ("x <. 1", "x >. 2"),
    "ec": ("x <. 2", "x >. 1"),
    "po": ("x <. 2", "(x >. 0) & (x <. 3)"),
    "eq": ("x <. 2", "x <=. 1"),
    "tpp": ("x =. 1", "(x >. 0) & (x <. 3)"),
    "ntpp": ("x <. 1", "x <. 2"),
    "tppi": ("(x >. 0) & (x <. 3)", "x =. 1"),
    "ntppi": ("x <. 2", "x <. 1"),
}


@pytest.mark.parametrize("relation", RELATIONS)
def test_of_two_regions_exactly_one_relation_holds(relation: str) -> None:
    left, right = RELATIONS[relation]
    prints = "\n".join(f'print "{each}" {each}({left}, {right})' for each in RELATIONS)
    results = run(f'{RAMP}import "RegionCalculus"\n{prints}')
    assert [each for each in RELATIONS if results[each]] == [relation]


def test_no_relation_holds_of_an_empty_region() -> None:
    prints = "\n".join(f'print "{each} {side}" {each}({pair})' for each in [*RELATIONS, "p", "pp", "dr", "o"]
                       for side, pair in enumerate(("ff, tt", "tt, ff", "ff, ff")))  # fmt: skip
    assert not any(run(f'{RAMP}import "RegionCalculus"\n{prints}').values())


def test_a_library_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "mine.imgql").write_text("let twice(a) = a .+. a\n")
    assert run(f'import "stdlib.imgql"\nimport "{tmp_path}/mine"\nprint "r" twice(3) .*. 2') == {"r": 12.0}


def test_smoothing_keeps_thick_parts() -> None:
    thin = on("p", "smoothen(img >. 0, 1.5)").array
    assert np.array_equal(thin, on("p", "dilate(erode(img >. 0, 1.4), 1.5)").array)


@pytest.mark.parametrize("text", ["let f() = 3", 'let f = 3\nprint "a" f()'])
def test_there_are_no_empty_argument_lists(text: str) -> None:
    with pytest.raises(CompileError) as caught:
        compile_source(Source("program.imgql", text), dialect="vl1")
    assert "in the vl1 dialect there are no empty argument lists" in str(caught.value)


def test_namespaces_of_vl2_are_not_there() -> None:
    text = 'import "strings"\nimport "vox1"\nprint "a" concat("a", "b")'
    with pytest.raises(CompileError) as caught:
        compile_source(Source("program.imgql", text), dialect="vl1")
    first, second = caught.value.diagnostics
    assert first.message == "the namespace `strings` is there in the vl2 dialect alone"
    assert second.message == "`concat` is not defined"
    assert second.hint == "`strings` of the vl2 dialect has it, which vl1 does not"


# --- parameters and the command line

PARAMETERS = (
    'load i = "$FOLDER/$NAME.nii.gz"\nlet threshold = 8\nprint "above" volume(intensity(i) >. threshold)\n'
    'save "$OUTPUT/deep/$NAME_mask.nii.gz" intensity(i) >. threshold\n'
    'print "third" 1 ./. 3\nprint "whole" 3 .+. 4\nprint "yes" true\nprint "text" "$NAME"\nprint "none" 0 ./. 0\n'
    'print "much" 1 ./. 0\n'
)


def command(program: Path, *options: str) -> subprocess.CompletedProcess[str]:
    arguments = [sys.executable, "-m", "vlc", "run", str(program), "--no-store", "--quiet", *options]
    return subprocess.run(arguments, cwd=program.parent, capture_output=True, text=True, check=False)


def test_parameters_and_the_log_of_voxlogica_1(tmp_path: Path) -> None:
    program = tmp_path / "program.imgql"
    program.write_text(PARAMETERS)
    given = ["--set", f"FOLDER={VECTORS}", "--set", "NAME=a", "--set", f"OUTPUT={tmp_path}"]
    result = command(program, *given, "--set", "threshold=9", "--vl1-log")
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines() == [
        "[user] above=2.0",
        "[user] third=0.3333333333",
        "[user] whole=7.0",
        "[user] yes=true",
        '[user] text="a"',
        "[user] none=nan",
        "[user] much=infinity",
    ]
    assert (tmp_path / "deep" / "a_mask.nii.gz").is_file()
    plain = command(program, *given)
    assert plain.stdout.splitlines()[:5] == ["above=3.0", "third=0.3333333333333333", "whole=7.0", "yes=True", "text=a"]


def test_a_name_in_a_string_is_the_parameter_that_the_program_declares(tmp_path: Path) -> None:
    program = tmp_path / "program.imgql"
    program.write_text(
        f'let HOME = "{VECTORS}"\nlet case = "a"\nload i = "$HOME/$case.nii.gz"\nprint "text" "of $case"\n'
        'print "most" max(intensity(i))\nsave "$case.txt" 1 .+. 2\n'
    )
    result = command(program)
    assert (result.returncode, result.stdout.splitlines()[:2]) == (0, ["text=of a", "most=11.0"]), result.stderr
    assert (tmp_path / "a.txt").is_file()
    assert "is never used" not in result.stderr
    assert "of b" in command(program, "--set", "case=b").stdout


def test_a_parameter_without_a_value_is_an_error_before_anything_runs(tmp_path: Path) -> None:
    program = tmp_path / "program.imgql"
    program.write_text(PARAMETERS)
    result = command(program, "--set", f"FOLDER={VECTORS}", "--set", f"OUTPUT={tmp_path}")
    assert result.returncode == 2
    assert result.stdout == ""
    assert "`NAME` has no value" in result.stderr
    assert "--set NAME=" in result.stderr
    assert not (tmp_path / "deep").exists()
    with pytest.raises(TypeError, match="NAME"):
        run(PARAMETERS, FOLDER=str(VECTORS), OUTPUT=str(tmp_path))
