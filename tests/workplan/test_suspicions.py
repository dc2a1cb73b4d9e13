"""What compiles with a warning, since it is hardly what was meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.workplan.plans import compiled, errors
from vlc.compiler import compile_file
from vlc.diagnostics import Diagnostic, render

HEAD = 'import "vox1"\nimport "simpleitk"\ng = intensity(ReadImage("a.nii"))\n'


def warnings(text: str, head: str = HEAD, dialect: str | None = None) -> list[Diagnostic]:
    """The warnings of a program, each of which must render with carets."""
    found = list(compiled(f"{head}{text}", dialect=dialect).warnings)
    assert all(each.severity == "warning" for each in found)
    assert all(each.span is None or "^" in render([each]) for each in found)
    return found


def warning(text: str, head: str = HEAD, dialect: str | None = None) -> Diagnostic:
    (found,) = warnings(text, head, dialect)
    return found


# Names of namespaces that are declared further down


@pytest.mark.parametrize(
    "text",
    [
        'a = g + y\ny = 2\nprint "a" max(a) + y',
        'f(q) = q + y\ny = 2\nprint "a" max(f(g)) + y',
        'print "a" max(g + y)\ny(q) = q\nprint "b" y(1)',
        'save "a.nii" g + y\ny = 2\nprint "b" y + y',
        'print "a" (fold max (for y in [1] do y)) + max(g * y)\ny = 2\nprint "b" y',
    ],
)
def test_a_value_of_a_namespace_that_is_declared_further_down(text: str) -> None:
    found = warning(text)
    assert found.span is not None and found.span.text == "y"
    line, _ = found.notes[0][1].source.position(found.notes[0][1].start)
    assert found.message == f"this is the `y` of `vox1`, not the one that is declared in line {line}"
    assert "move it above this line, or write `vox1.y`" in found.hint


@pytest.mark.parametrize(
    "text",
    [
        'y = 2\nprint "a" y',
        'y = max(g * y)\nprint "a" y',
        'print "a" max(g * vox1.y)\ny = 2\nprint "b" y',
        'print "a" fold max (for y in [1, 2] do y)\ny = 2\nprint "b" y',
        'y = 2\na = y\ny = 3\nprint "a" a + y',
        'f(y) = y\ny = 2\nprint "a" f(y)',
        'volume = volume(g > 1)\nprint "a" volume',
        'print "a" volume(g > 1)\nvolume(q) = q\nprint "b" volume(2)',
    ],
)
def test_names_that_mean_what_they_say(text: str) -> None:
    assert warnings(text) == []


def test_each_such_name_is_told_once() -> None:
    text = 'print "a" max(g * y + x)\nprint "b" max(g * y + x)\nx = 1\ny = 2\nprint "c" x + y'
    assert [each.span.text for each in warnings(text) if each.span] == ["y", "x"]


def test_the_warning_is_told_beside_the_errors_that_it_explains() -> None:
    found = errors('import "vox1"\na = y + 1\ny = 2\nprint "a" a')
    assert [each.severity for each in found] == ["warning", "error"]


def test_vl1_has_no_qualified_names_to_propose() -> None:
    text = 'load i = "a.nii"\nlet a = intensity(i) + x\nlet x = 2\nprint "a" max(a) .+. x'
    found = warning(text, "", "vl1")
    assert found.message.startswith("this is the `x` of `vox1`")
    assert "give the declaration another name" in found.hint


def test_files_that_are_imported_may_mean_the_namespace(tmp_path: Path) -> None:
    (tmp_path / "lib.imgql").write_text('import "vox1"\nleft(image) = mask(image, x < 5)\n')
    program = tmp_path / "p.imgql"
    program.write_text(f'{HEAD}import "lib.imgql"\nx = 3\nprint "a" max(left(g)) + x\n')
    assert compile_file(program).warnings == []


# Images of which the bytes are loaded


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ('a = load("x.nii.gz")\nprint "a" a', 'load("x.nii.gz")'),
        ('print "a" default.load("X.PNG")', 'default.load("X.PNG")'),
        ('p = "x.mha"\nf(q) = [q, load(p)]\nprint "a" f(1)[0]', "load(p)"),
    ],
)
def test_loading_the_bytes_of_an_image(text: str, at: str) -> None:
    found = warning(text)
    assert found.message == "`load` gives the bytes of this file, which is an image by its name"
    assert found.span is not None and found.span.text == at
    assert found.hint == "read an image with `ReadImage`"


def test_what_the_bytes_of_an_image_are_used_for_is_told_beside() -> None:
    found = errors('import "vox1"\na = load("x.nii")\nprint "a" volume(a > 3)')
    assert [each.severity for each in found] == ["warning", "error"]
    assert found[0].hint == "read an image with `simpleitk.ReadImage`"


@pytest.mark.parametrize(
    "text",
    [
        'print "a" load("x.json")',
        'print "a" max(intensity(vox1.load("x.nii")))',
        'load(p) = p\nprint "a" load("x.nii")',
        'print "a" for p in dir("d", "*.nii") do load(p)',
        'p = "x.nii"\nprint "a" [for p in ["x.txt"] do load(p), [p]]',
    ],
)
def test_other_loads(text: str) -> None:
    assert warnings(text) == []
