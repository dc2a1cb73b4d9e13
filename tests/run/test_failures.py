"""Everything that a user can do wrong is one readable message with a status that tells; the rest is computed."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sys
from pathlib import Path

import pytest
from vlc_runtime.store import Store, list_runs
from vlc_runtime.store.runs import lines_of

from tests.run.programs import GOOD, HEAD, computed, failed, run_program, run_script, script_of, vlc_run, write_image


def test_a_missing_file(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    err = failed(run_program(tmp_path, f'{HEAD}gone = intensity(ReadImage("gone.nii"))\nprint "bad" max(gone)\n{GOOD}'))
    assert "gone.nii: No such file" in err
    assert "in simpleitk.ReadImage('gone.nii')" in err
    assert 'of `gone = intensity(ReadImage("gone.nii"))`' in err
    assert 'so print "bad" failed' in err


def test_goals_that_do_not_depend_on_the_failure_are_computed_and_kept(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    text = f'{HEAD}print "bad" max(intensity(ReadImage("gone.nii")))\n{GOOD}'
    first = run_program(tmp_path, text)
    assert first.status == 1
    assert first.out.startswith("good=")
    assert computed(tmp_path)["vox1.near"] == 1
    again = run_program(tmp_path, text)
    assert (again.status, again.out) == (1, first.out)
    assert computed(tmp_path)["vox1.near"] == 0


def test_a_truncated_image(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    whole = (tmp_path / "a.nii").read_bytes()
    (tmp_path / "cut.nii").write_bytes(whole[: len(whole) // 2])
    text = f'{HEAD}cut = intensity(ReadImage("cut.nii"))\nprint "bad" max(cut)\n{GOOD}'
    ended = run_program(tmp_path, text)
    err = failed(ended)
    assert "cut.nii" in err and "of `cut = " in err
    assert ended.out.startswith("good=")


def test_a_table_tells_line_element_and_message_of_all_failures(tmp_path: Path) -> None:
    names = ("a", "b", "c")
    for name in names:
        (tmp_path / f"{name}.nii").write_text(name)
    text = (
        f'{HEAD}print "bad"\n'
        '  for name in ["a.nii", "b.nii", "c.nii"] do volume(intensity(ReadImage(name)) > 1)\n'
        'print "gone" max(intensity(ReadImage("gone.nii")))\n'
    )
    for lines, ended in (
        (("program.imgql:4", "program.imgql:5"), vlc_run(tmp_path, text)),
        (("program.py:28", "program.py:15"), run_program(tmp_path, text)),
    ):
        assert ended.status == 1
        head, *rows, last = ended.err.splitlines()[-6:]
        assert head.split() == ["line", "element", "what", "failed"]
        element, message = head.index("element"), head.index("what failed")
        assert [row[element:message].strip() for row in rows] == [*(f"name = '{name}.nii'" for name in names), ""]
        assert [row[:element].strip() for row in rows] == [*[lines[0]] * 3, lines[1]]
        assert all(row[message:].startswith(f"{name}.nii is truncated") for row, name in zip(rows, names, strict=False))
        assert "gone.nii: No such file" in rows[-1][message:]
        assert last == "2 goals failed"


@pytest.mark.parametrize("columns", ["70", "140", ""])
def test_a_table_is_no_wider_than_what_shows_it(columns: str, tmp_path: Path) -> None:
    long = "a_folder_with_a_long_name/" * 6
    names = [f"{long}{name}.nii" for name in ("a", "b")]
    text = f'{HEAD}print "bad" for name in {json.dumps(names)} do max(intensity(ReadImage(name)))\n'
    err = run_script(script_of(tmp_path, text), columns=columns).err
    head, *rows, _ = err.splitlines()[-4:]
    assert head.split() == ["line", "element", "what", "failed"]
    assert [len(row) for row in rows] == [int(columns or 100)] * 2
    for row, name in zip(rows, ("a", "b"), strict=True):
        assert f"{name}.nii'  cannot " in row and row.endswith("directory")
        assert err.count(f"error: cannot read {long}{name}.nii: No such file or directory\n") == 1


def test_what_is_in_the_table_alone_is_there_in_full(tmp_path: Path) -> None:
    long = "a_folder_with_a_long_name/" * 6
    name = f'strings.format_string("{long}{{:.0f}}", n)'
    text = f'{HEAD}print "bad" for n in range(22) do max(intensity(ReadImage({name})))\n'
    ended = run_program(tmp_path, text)
    *_, first, second, last = ended.err.splitlines()
    assert last == "1 goal failed"
    assert first.endswith(f"cannot read {long}20: No such file or directory"), ended.err
    assert second.endswith(f"cannot read {long}21: No such file or directory")


def test_a_table_of_failures_in_no_loop_has_no_elements(tmp_path: Path) -> None:
    text = HEAD + "".join(f'print "{name}" max(intensity(ReadImage("{name}.nii")))\n' for name in ("a", "b"))
    head, *rows, _ = vlc_run(tmp_path, text).err.splitlines()[-4:]
    assert head.split() == ["line", "what", "failed"]
    assert [row.partition("  cannot read ")[0] for row in rows] == ["program.imgql:3", "program.imgql:4"]


def test_a_kind_that_is_known_at_run_time_only(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    err = failed(run_program(tmp_path, f'{HEAD}raw = ReadImage("a.nii")\nwrong = near(raw)\nprint "bad" volume(wrong)'))
    assert "in vox1.near(image 6x5x4 of float32)" in err
    assert "of `wrong = near(raw)`" in err
    assert "hint:" in err


def test_an_image_for_the_name_of_a_file(tmp_path: Path) -> None:
    """Where its kind is known at run time only: elsewhere the compiler tells."""
    write_image(tmp_path / "a.nii")
    mixed = 'pairs([ReadImage("a.nii")], ["a.nii"])'
    err = failed(run_program(tmp_path, f'{HEAD}print "v" ReadImage({mixed}[0][0])'))
    assert "error: image 6x5x4 of float32 stands where the name of a file is wanted\n" in err
    assert "in simpleitk.ReadImage(image 6x5x4 of float32)\n" in err


def test_images_of_different_grids(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / "b.nii", size=(6, 5, 5))
    text = f'{HEAD}both = intensity(ReadImage("a.nii")) + intensity(ReadImage("b.nii"))\nprint "bad" max(both)'
    err = failed(run_program(tmp_path, text))
    assert "6 x 5 x 4 against 6 x 5 x 5" in err and "a.nii" in err and "b.nii" in err
    assert "of `both = " in err


NESTED = (
    HEAD + 'files = ["a.nii", "b.nii"]\n'
    "table = for file in files do for k in range(3) do fold + (for n in [k] do test.fibonacci(k - 1) + "
    'volume(intensity(ReadImage(file)) > k))\nprint "table" table\nprint "last" table[1][2]\n'
)


def test_a_kernel_that_fails_inside_nested_loops_names_the_items(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / "b.nii", 2)
    ended = run_program(tmp_path, NESTED)
    err = failed(ended)
    assert "there is no Fibonacci number -1" in err
    assert "in test.fibonacci(-1.0)" in err
    assert "of `table = for file in files" in err
    assert "for file = 'a.nii'" in err and "for k = 0.0" in err.replace("k = 0\n", "k = 0.0\n")
    assert ended.out.startswith("last="), "what does not need the failed item is computed"


def test_vlc_run_shows_the_place_in_the_program(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / "b.nii", 2)
    err = vlc_run(tmp_path, NESTED).err
    assert err.startswith("error: there is no Fibonacci number -1\n")
    assert re.search(r"^program\.imgql:4:\d+:$", err, re.MULTILINE)
    line, carets = re.search(r"^(    .*)\n(    *\^+)$", err, re.MULTILINE).groups()  # type: ignore[union-attr]
    assert line[carets.index("^") : len(carets)] == "test.fibonacci(k - 1)"


def test_vlc_run_tells_from_where_a_function_was_called(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    (tmp_path / "lib.imgql").write_text('import "vox1"\nmean_of(i, m) = avg(i, m)\n')
    image = 'image = intensity(ReadImage("a.nii"))\n'
    text = (
        f'{HEAD}import "./lib.imgql"\n{image}print "a" mean_of(image, image > 1e9)\nprint "b" avg(image, image > 2e9)'
    )
    found = vlc_run(tmp_path, text)
    lines = found.err.splitlines()
    first = lines.index("lib.imgql:2:17:")
    assert lines[first + 3] == "called from program.imgql:5"
    assert found.err.count("called from") == 1  # where the failure is in the goal itself, its line has been told


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--set", "level=five"), "--set level=five: `five` is no number"),
        (("--set", "level=1_0"), "--set level=1_0: `1_0` is no number"),
        (("--set", "level=\N{ARABIC-INDIC DIGIT NINE}"), "is no number"),
        (("--set", "level=-1e400"), "--set level=-1e400: this is more than a double can hold"),
        (("--set", "strict=1"), "--set strict=1: `1` is no bool"),
        (("--set", "levl=5"), "--set levl=5: there is no parameter `levl`"),
        (("--set", "level"), "--set level: a value is missing"),
        (("--scheduler", "thread"), "there is no scheduler `thread`"),
        (("--scheduler", "tcp://127.0.0.1:1"), "no Dask scheduler answers at tcp://127.0.0.1:1"),
    ],
)
def test_wrong_options(options: tuple[str, ...], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT", "1s")
    text = 'level = 5\nstrict = true\nprint "r" strict & (test.fibonacci(level) < 3)'
    err = failed(run_program(tmp_path, text, *options), 2)
    assert err.startswith("error: ") and message in err


@pytest.mark.parametrize("options", [("--workers", "0"), ("--partitions", "x"), ("--nonsense",), ("extra",)])
def test_options_that_the_parser_refuses(options: tuple[str, ...], tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'print "r" 1', *options)
    assert ended.status == 2 and "usage:" in ended.err and "Traceback" not in ended.err


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    write_image(tmp_path / "a.nii")
    (tmp_path / "taken").write_text("a file, not a folder")
    text = f'{HEAD}mask = intensity(ReadImage("a.nii")) > 5\nsave "taken/mask.nii" mask\n{GOOD}'
    ended = run_program(tmp_path, text)
    err = failed(ended)
    assert "taken/mask.nii" in err and 'so save "taken/mask.nii" failed' in err
    assert ended.out.startswith("good=")


def test_a_store_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "results").write_text("a file, not a folder")
    ended = run_program(tmp_path, 'print "r" 1')
    assert ended.status == 1 and "results" in failed(ended)


def test_a_division_by_zero_at_run_time(tmp_path: Path) -> None:
    err = failed(run_program(tmp_path, 'zero = 0\nratio = 1 / zero\nprint "r" ratio'))
    assert "division by zero" in err and "in scalar.divide(1.0, 0.0)" in err and "of `ratio = 1 / zero`" in err


@pytest.mark.parametrize("bins", ["inf", "nan", "1e7"])
def test_bins_that_are_none_fail_alone(tmp_path: Path, bins: str) -> None:
    write_image(tmp_path / "a.nii")
    program = """
import "vox1"
import "simpleitk"
a = intensity(ReadImage("a.nii"))
bins = 100
print "other" volume(a > 2)
print "alike" max(crossCorrelation(2, a, a, a > 2, 0, 9, bins))
"""
    ended = run_program(tmp_path, program, "--set", f"bins={bins}")
    assert ended.status == 1 and ended.out.startswith("other=")
    assert "Traceback" not in ended.err and 'so print "alike" failed' in ended.err


def test_an_index_outside_a_sequence(tmp_path: Path) -> None:
    err = failed(run_program(tmp_path, 'n = 3\nprint "r" (for k in range(n) do test.fibonacci(k))[n]'))
    assert "position 3 is outside a sequence of 3 elements" in err


def test_failures_as_json(tmp_path: Path) -> None:
    ended = run_program(tmp_path, 'n = -1\nwrong = test.fibonacci(n)\nprint "r" wrong\nprint "s" 1', "--json")
    assert ended.status == 1
    told = json.loads(ended.out)
    assert told["printed"] == [{"label": "s", "value": 1.0}]
    (failure,) = told["failed"]
    assert failure["operator"] == "test.fibonacci" and failure["declaration"] == "wrong = test.fibonacci(n)"


def test_a_dry_run_tells_the_mismatches_of_grids_that_a_run_tells(tmp_path: Path) -> None:
    write_image(tmp_path / "left.nii")
    write_image(tmp_path / "right.nii", size=(6, 5, 3))
    program = (
        'import "vox1"\nimport "simpleitk"\nleft = ReadImage("left.nii") > 1\nright = ReadImage("right.nii") > 1\n'
        'print "fine" volume(left)\nprint "both" volume(left & right)\n'
        'print "loop" for i in range(volume(left & right)) do i\n'
    )
    dry, real = run_program(tmp_path, program, "--dry-run", "--quiet"), run_program(tmp_path, program, "--quiet")
    assert dry.status == real.status != 0
    assert "error: images on different grids meet" in dry.err
    assert dry.err == real.err.replace("; the others were computed", "")
    assert dry.out.startswith("3 to compute, 0 stored\n")  # what needs no mismatch: read, compare, count
    assert real.out.startswith("fine=")


def test_a_dry_run_tells_of_headers_that_cannot_be_read(tmp_path: Path) -> None:
    write_image(tmp_path / "good.nii")
    (tmp_path / "text.nii").write_text("no image at all" * 50)
    program = (
        'import "vox1"\nimport "simpleitk"\nprint "good" volume(ReadImage("good.nii") > 1)\n'
        'print "text" volume(ReadImage("text.nii") > 1)\n'
        'print "loop" for i in range(volume(ReadImage("text.nii") > 2)) do i\n'
    )
    dry, real = run_program(tmp_path, program, "--dry-run", "--quiet"), run_program(tmp_path, program, "--quiet")
    assert dry.status == real.status == 1
    assert "error: text.nii is not a NIfTI image, whatever its name says" in dry.err
    assert dry.err == real.err.replace("; the others were computed", "")
    assert real.out.startswith("good=")


@pytest.mark.parametrize("name", ["huge.nii", "huge.nii.gz", "huge.hdr"])
def test_a_file_too_short_for_its_size_is_not_counted_on(tmp_path: Path, name: str) -> None:
    """Its header announces 32000^3 voxels: the run is not refused for the memory that they would take."""
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / ("huge.hdr" if name == "huge.hdr" else "huge.nii"))
    place = tmp_path / ("huge.hdr" if name == "huge.hdr" else "huge.nii")
    content = bytearray(place.read_bytes())
    content[42:48] = (32000).to_bytes(2, "little") * 3
    place.write_bytes(content)
    if name == "huge.nii.gz":
        (tmp_path / name).write_bytes(gzip.compress(content))
        place.unlink()
    program = f'{HEAD}print "bad" volume(near(intensity(ReadImage("{name}")) > 5))\n{GOOD}'
    for options in (["--no-store"], ["--memory", "8 GB"], ["--dry-run"]):
        ended = run_program(tmp_path, program, "--quiet", *options)
        file = name.replace(".hdr", ".img")
        assert re.search(
            rf"error: {file} is truncated: its header announces \d{{14,15}} bytes, \d+ are there", failed(ended)
        )
        assert ended.out.startswith("good=") or options == ["--dry-run"]


@pytest.mark.parametrize("name", ["huge.mha", "huge.mhd", "huge.nrrd"])
def test_nor_is_one_of_another_format(tmp_path: Path, name: str) -> None:
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / name)
    content = (tmp_path / name).read_bytes()
    huge = content.replace(b"= 6 5 4", b"= 32000 32000 32000").replace(b"sizes: 6 5 4", b"sizes: 32000 32000 32000")
    (tmp_path / name).write_bytes(huge)
    program = f'{HEAD}print "bad" volume(near(intensity(ReadImage("{name}")) > 5))\n{GOOD}'
    told = set()
    for options in (["--no-store"], ["--dry-run"]):
        ended = run_program(tmp_path, program, "--quiet", *options)
        told.add(failed(ended).partition("\n")[0])
        assert ended.out.startswith("good=") or options == ["--dry-run"]
    (message,) = told
    assert f"{name} is truncated: its header announces 131072000000000 bytes of voxels" in message


@pytest.mark.parametrize("read", ['"s.mhd"', '"s.foo", 3, "MetaImageIO"'])
@pytest.mark.parametrize("numbers", ["1 4", "1 4 0"])
def test_a_series_without_a_step_fails_by_itself(tmp_path: Path, read: str, numbers: str) -> None:
    """MetaImage's library divides by the step, which ended the process."""
    write_image(tmp_path / "a.nii")
    for number in range(1, 5):
        (tmp_path / f"s{number}.raw").write_bytes(bytes(20))
    header = "ObjectType = Image\nNDims = 3\nDimSize = 5 4 4\nElementType = MET_UCHAR\n"
    (tmp_path / read.split('"')[1]).write_text(f"{header}ElementDataFile = s%d.raw {numbers}\n")
    program = f'{HEAD}print "bad" max(intensity(ReadImage({read})))\n{GOOD}'
    ended = run_program(tmp_path, program, "--quiet")
    assert "its header names a series of files whose numbers do not grow" in failed(ended)
    assert ended.out.startswith("good=")
    if "foo" not in read:
        assert failed(run_program(tmp_path, program, "--dry-run", "--quiet")).startswith(ended.err.partition("\n")[0])


@pytest.mark.skipif(sys.platform == "darwin", reason="names of files are UTF-8 there")
def test_a_name_that_is_not_utf_8_fails_alone(tmp_path: Path) -> None:
    write_image(tmp_path / "images" / "a.nii")
    shutil.copy(tmp_path / "images" / "a.nii", os.fsencode(tmp_path / "images") + b"/b\xff.nii")
    text = (
        f'{HEAD}files = dir("images", "*.nii", false, true)\n'
        'print "files" files\n'
        'print "volumes" for file in files do volume(intensity(ReadImage(file)) > 5)\n'
        'save "out/{}.nii" for file in files do near(intensity(ReadImage(file)) > 5)\n'
    )
    ended = run_program(tmp_path, text, "--profile")
    assert r"images/b\udcff.nii: its name is not UTF-8" in failed(ended)
    assert 'so print "volumes" and save "out/{}.nii" failed' in ended.err
    assert r"b\udcff.nii" in ended.out and "volumes" not in ended.out
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["a.nii"]


def test_the_record_counts_what_failed_without_being_tried(tmp_path: Path) -> None:
    """What planning refuses, and what headers foresee, each once, whatever needs it."""
    write_image(tmp_path / "a.nii")
    write_image(tmp_path / "b.nii", size=(7, 5, 4))
    text = (
        f'{HEAD}a = intensity(ReadImage("a.nii")) > 5\nb = intensity(ReadImage("b.nii")) > 5\n'
        f'files = dir("none")\n{GOOD}'
        'print "grids" volume(a & b)\nprint "again" volume(near(a & b))\nprint "n" files\nprint "m" [files, files]\n'
    )
    for _ in range(2):
        ended = run_program(tmp_path, text)
        assert (ended.status, ended.err.count("error: ")) == (1, 2), ended.err
    with Store.open(tmp_path / "results", read_only=True) as store:
        assert [(run.status, run.failed) for run in list_runs(store)] == [("failed", 2)] * 2
        told = [line for line in lines_of(store.layout.record(list_runs(store)[0].id)) if line.get("message")]
    assert sorted(line["operator"] for line in told)[0] == "default.list_directory"
    assert all(re.fullmatch(r"program\.py:\d+", line["source"]) for line in told)
