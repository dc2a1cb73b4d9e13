"""Programs of several files, on a real disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from vlc.compiler import compile_file
from vlc.diagnostics import CompileError, Diagnostic, Source, render
from vlc.syntax.imports import Linked, link, read_source
from vlc.syntax.nodes import Import, Let


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(path: str, text: str) -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def names(linked: Linked) -> list[str]:
    return [
        command.name.text if isinstance(command, Let) else f"import {command.target.value}"
        for command in linked.commands
        if isinstance(command, Let | Import)
    ]


def link_file(path: str, dialect: str | None = None) -> Linked:
    return link(read_source(Path(path)), dialect=dialect)


def errors_of(path: str) -> tuple[Diagnostic, ...]:
    with pytest.raises(CompileError) as caught:
        link_file(path)
    return caught.value.diagnostics


def test_a_file_stands_where_it_is_imported_with_spans_of_its_own() -> None:
    write("main.imgql", 'a = 1\nimport "./lib.imgql"\nc = 3')
    write("lib.imgql", "b = 2")
    linked = link_file("main.imgql")
    assert names(linked) == ["a", "b", "c"]
    assert [command.span.source.name for command in linked.commands] == ["main.imgql", "lib.imgql", "main.imgql"]
    assert linked.commands[1].span.text == "b = 2"
    assert [file.source.name for file in linked.files] == ["main.imgql", "lib.imgql"]
    assert linked.dialect == "vl2"


def test_namespaces_stay_imports() -> None:
    write("vox1", "a = 1")
    write("main.imgql", 'import "vox1"')
    assert names(link_file("main.imgql")) == ["import vox1"]


def test_suffix_and_order_of_the_looking(folder: Path) -> None:
    write("programs/main.imgql", 'import "./lib"\nimport "./other"\nimport "./third"')
    write("programs/lib.imgql", "beside = 1")
    write("lib.imgql", "in_working_directory = 1")
    write("other.imgql", "in_working_directory = 1")
    write("shelf/other.imgql", "in_search = 1")
    write("shelf/third.imgql", "in_search = 1")
    linked = link(read_source(Path("programs/main.imgql")), search=[folder / "shelf"])
    assert names(linked) == ["beside", "in_working_directory", "in_search"]


def test_nested_imports_are_beside_their_own_file() -> None:
    write("main.imgql", 'import "libs/one.imgql"')
    write("libs/one.imgql", 'import "./two.imgql"\none = two')
    write("libs/two.imgql", "two = 2")
    assert names(link_file("main.imgql")) == ["two", "one"]


def test_once_under_every_path_and_cycles_are_harmless(folder: Path) -> None:
    write("main.imgql", f'import "a.imgql"\nimport "./a.imgql"\nimport "{folder}/a"\nimport "link.imgql"\nm = 1')
    write("a.imgql", 'import "main.imgql"\nimport "b.imgql"\na = 1')
    write("b.imgql", 'import "a.imgql"\nb = 1')
    Path("link.imgql").symlink_to("a.imgql")
    assert names(link_file("main.imgql")) == ["b", "a", "m"]


def test_a_program_without_a_file_imports_from_the_working_directory() -> None:
    write("lib.imgql", "b = 2")
    assert names(link(Source("<stdin>", 'import "lib.imgql"'))) == ["b"]


def test_the_standard_library_of_vl1_is_bundled() -> None:
    write("main.imgql", 'import "stdlib.imgql"\nload x = "a"')
    linked = link_file("main.imgql")
    assert names(linked) == ["import vox1"]
    assert linked.files[1].source.name == "<stdlib>"


def test_an_unmarked_file_is_vl2_whatever_imports_it() -> None:
    write("main.imgql", 'import "lib.imgql"\nimport "marked.imgql"\nimport "plain"\nload x = "a"')
    write("lib.imgql", "let f(a,b) = (a - b) - b")
    write("marked.imgql", "// dialect: vl1\nlet g(a,b) = a - b - !a & b")
    write("plain.imgql", "let h(a) = a")
    linked = link_file("main.imgql")
    assert [file.dialect for file in linked.files] == ["vl1", "vl2", "vl1", "vl2"]
    assert linked.dialect_of(linked.files[2].source) == "vl1"
    assert names(linked) == ["f", "g", "h"]
    assert [source.name for source in linked.unmarked] == ["lib.imgql", "plain.imgql"]
    assert linked.warnings == ()


def test_the_dialect_that_is_given_is_that_of_unmarked_files_too() -> None:
    write("main.imgql", 'import "lib.imgql"\nimport "marked.imgql"\nlet x = 1')
    write("lib.imgql", "let f(a,b) = a - b - !a & b")
    write("marked.imgql", "// dialect: vl2\nlet g(a, b) = (a - b) - b")
    linked = link_file("main.imgql", "vl1")
    assert [file.dialect for file in linked.files] == ["vl1", "vl1", "vl2"]
    assert not linked.unmarked


def test_an_unmarked_file_that_vl1_reads_otherwise_is_told_of() -> None:
    write("main.imgql", 'import "lib.imgql"\nload x = "a"')
    write("lib.imgql", "let k = 10 .-. 3 .-. 2")
    (warning,) = link_file("main.imgql").warnings
    assert warning.severity == "warning"
    assert warning.message.startswith("lib.imgql does not say its dialect: it is read as vl2")
    assert warning.span is not None
    assert warning.span.text == '"lib.imgql"'
    write("lib.imgql", "// dialect: vl2\nlet k = 10 .-. 3 .-. 2")
    assert link_file("main.imgql").warnings == ()


@pytest.mark.parametrize("text", ["let f(a,b) = a & b - a", "let f(a) = near(a)", "let f(a) = (a"])
def test_an_error_in_an_unmarked_file_tells_how_it_was_read(text: str) -> None:
    write("main.imgql", 'import "lib.imgql"\nload x = "a"\nprint "v" f(1)')
    write("lib.imgql", text)
    with pytest.raises(CompileError) as caught:
        compile_file("main.imgql")
    notes = [note for each in caught.value.diagnostics for note, _ in each.notes]
    assert any(note.startswith("lib.imgql is read as vl2, since it does not say its dialect") for note in notes)


def test_an_absent_file_tells_where_it_was_looked_for() -> None:
    write("programs/main.imgql", 'a = 1\nimport "./absent"\nimport "gone.imgql"')
    first, second = errors_of("programs/main.imgql")
    assert first.message == "cannot find the file ./absent to import"
    assert first.span is not None
    assert first.span.text == '"./absent"'
    assert first.hint.startswith("looked for programs/absent, programs/absent.imgql, absent, absent.imgql, <absent>")
    assert "gone.imgql" in second.message


def test_syntax_errors_of_all_files_are_told_at_once() -> None:
    write("main.imgql", 'import "a.imgql"\nimport "b.imgql"\nimport "c.imgql"')
    write("a.imgql", "x = (1")
    write("b.imgql", "y = 1 + 2 * 3\nz = )")
    text = render(errors_of("main.imgql"))
    assert [line.split(" ")[0] for line in text.splitlines() if ": error:" in line] == [
        "a.imgql:1:5:",
        "b.imgql:1:5:",
        "b.imgql:2:5:",
        "main.imgql:3:8:",
    ]


def test_a_chain_of_two_thousand_files() -> None:
    for index in range(2000):
        write(f"f{index}.imgql", f'import "f{index + 1}.imgql"\nx{index} = 1')
    write("f2000.imgql", "last = 1")
    assert len(link_file("f0.imgql").commands) == 2001


@pytest.mark.parametrize("target", ["a\0.imgql", "x" * 5000 + ".imgql", ".", "..", "/", "./"])
def test_hostile_targets(target: str) -> None:
    with pytest.raises(CompileError):
        link(Source("<stdin>", f'import "{target}"'))


def test_reading_drops_the_byte_order_mark_and_normalises_line_ends() -> None:
    Path("p.imgql").write_bytes(b"\xef\xbb\xbfa = 1\r\nb = 2\rc = 3\n")
    source = read_source(Path("p.imgql"))
    assert source.text == "a = 1\nb = 2\nc = 3\n"
    assert source.name == "p.imgql"


def test_bytes_that_are_no_text() -> None:
    Path("p.imgql").write_bytes(b"a = 1\nb = \xff")
    with pytest.raises(CompileError) as caught:
        read_source(Path("p.imgql"))
    (error,) = caught.value.diagnostics
    assert error.message == "p.imgql is not UTF-8 text: byte 0xff in line 2"


@pytest.mark.parametrize(
    ("path", "message"), [("absent.imgql", "there is no file absent.imgql"), (".", ". is a folder, not a program")]
)
def test_files_that_cannot_be_read(path: str, message: str) -> None:
    with pytest.raises(CompileError) as caught:
        read_source(Path(path))
    assert caught.value.diagnostics[0].message == message


def test_an_imported_file_that_is_no_text_is_an_error_at_the_import() -> None:
    write("main.imgql", 'import "p.imgql"')
    Path("p.imgql").write_bytes(b"\xff\xfe")
    (error,) = errors_of("main.imgql")
    assert error.span is not None
    assert error.span.text == '"p.imgql"'


@pytest.mark.parametrize(
    ("word", "command"),
    [("load", 'load a = "a.nii"'), ("print", 'print "a" 1'), ("save", 'save "a.nii" x')],
)
@pytest.mark.parametrize("main", ["// dialect: vl1\n", ""])
def test_an_imported_vl1_file_only_declares(word: str, command: str, main: str) -> None:
    write("lib.imgql", f"// dialect: vl1\nlet x = 1\n{command}\nlet y = 2\n")
    write("main.imgql", f'{main}import "lib.imgql"\nlet z = 3')
    (found,) = errors_of("main.imgql")
    assert found.message == f"a vl1 program that is imported cannot {word}: it may only declare with `let`, and import"
    assert found.span is not None and found.span.text == command and found.span.source.name == "lib.imgql"
    assert found.hint == f"move this `{word}` to the program that imports the file"


def test_an_imported_vl2_file_may_print() -> None:
    write("lib.imgql", 'print "a" 1')
    write("main.imgql", 'import "lib.imgql"')
    assert len(link_file("main.imgql").commands) == 1
