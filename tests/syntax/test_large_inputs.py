"""Large and hostile texts end: nothing is quadratic. (At this size a quadratic step would take minutes.)"""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vlc.diagnostics import CompileError, Source, render, to_json
from vlc.syntax.imports import read_source
from vlc.syntax.parser import parse

SIZE = 20_000


@pytest.mark.parametrize(
    "unit",
    [
        "let ",
        "x = ) ",
        "x = )\n",
        "x = (1 + 2 * ",
        "x = (1 + 2 * 3) ",
        "1 + 2 * ",
        "(",
        "+[",
        "N a ",
        "a(b,",
        "a b(c ",
        "/",
        "A+",
        "1",
        "1.",
        '"',
        '"\\',
        "{",
        "\\",
        "é",
        "for i in ",
        "fold + ",
        "let a = ",
        "load x = ",
    ],
)
@pytest.mark.parametrize("dialect", [None, "vl1"])
def test_repeated_text_ends(unit: str, dialect: str | None) -> None:
    try:
        parse(Source("large", unit * SIZE), dialect)
    except CompileError as error:
        assert len(render(error.diagnostics)) < 2000 * len(error.diagnostics)
        assert len(to_json(error.diagnostics)) < 4000 * len(error.diagnostics)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=80))
def test_any_bytes_give_a_program_or_errors(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "program.imgql"
    file.write_bytes(content)
    try:
        parse(read_source(file))
    except CompileError as error:
        assert render(error.diagnostics)
