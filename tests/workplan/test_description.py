"""`vlc primitives NAME` shows an operator whole."""

from __future__ import annotations

import pytest
from vlc_runtime.kernels import default, vox1

from vlc.cli import main
from vlc.workplan.description import description
from vlc.workplan.listing import listing
from vlc.workplan.operators import NAMESPACES, namespace


def test_kinds_the_whole_documentation_and_what_the_arguments_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["primitives", "dt"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("vox1.dt(mask: image of bools) -> image of numbers\n")
    documentation = vox1.dt.function.__doc__
    assert documentation is not None
    for line in documentation.splitlines():
        assert line.strip() in text
    assert "mask: an image of bools; of what SimpleITK returns whole numbers too" in text


def test_what_several_namespaces_have_is_shown_of_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["primitives", "load"]) == 0
    both = capsys.readouterr().out
    assert both == f"{description('default.load')}\n{description('vox1.load')}"
    assert "path: a string, the name of a file to read" in both


def test_names_of_scripts_symbols_and_what_is_written_in_the_language() -> None:
    assert description("logical_not") == f"{description('scalar.logical_not')}\n{description('vox1.not')}"
    assert "Scripts call it vox1.logical_not." in description("vox1.not")
    assert description("<=").startswith("default.<=\n\n  of numbers: a bool")
    assert description("touch").startswith("vox1.touch(a, b) = through(near(b), a)\n")


def test_what_is_required() -> None:
    assert "position: a whole number" in description("default.index")
    assert "The images must lie on one grid." in description("through")
    assert "The images must lie on one grid." not in description("near")
    assert "It takes the grid of the images that it meets" in description("border")
    assert "recursive: a bool; may be left out" in description("dir")
    assert "A declaration that calls it is a goal" in description("WriteImage")
    assert "compressionLevel: a whole number; may be left out" in description("WriteImage")
    assert "further arguments, as many as you like: " in description("sequence")


def test_every_operator_has_a_description_with_all_of_its_text() -> None:
    for place in NAMESPACES:
        for name, signature in namespace(place).items():
            text = description(f"{place}.{name}")
            assert str(signature) in text
            assert signature.summary in text


def test_a_namespace_is_listed_as_before(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["primitives", "vox1"]) == 0
    assert capsys.readouterr().out == listing("vox1")
    assert main(["primitives"]) == 0
    assert capsys.readouterr().out == "".join(map(listing, NAMESPACES))


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("neer", "did you mean `near`"),
        ("vox2", "did you mean `vox1`"),
        ("qqqq", "`vlc primitives` lists"),
        ("vox1.dir", "lists"),
    ],
)
def test_what_there_is_not(capsys: pytest.CaptureFixture[str], name: str, hint: str) -> None:
    assert main(["primitives", name]) == 1
    err = capsys.readouterr().err
    assert f"there is no operator `{name}` and no namespace of that name" in err
    assert hint in err


def test_kernels_and_signatures_agree_on_whole_numbers() -> None:
    assert [formal.whole for formal in namespace("default")["index"].formals] == [False, True]
    assert default.index.function.__annotations__["position"] == "int"
