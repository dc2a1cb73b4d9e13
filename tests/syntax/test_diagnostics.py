"""How errors look, to people and to editors."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlc.diagnostics import Diagnostic, Source, Span, did_you_mean, render, to_json


def span_of(text: str, part: str, name: str = "prog.imgql") -> Span:
    start = text.index(part)
    return Span(Source(name, text), start, start + len(part))


def test_an_error_with_hint_and_note() -> None:
    text = "x = 1\ny = brian + x\n"
    span = span_of(text, "brian")
    diagnostic = Diagnostic(
        "unknown name `brian`",
        span,
        hint="did you mean `brain`?",
        notes=(("x is declared here", Span(span.source, 0, 1)),),
    )
    assert render([diagnostic]) == (
        "prog.imgql:2:5: error: unknown name `brian`\n"
        "    y = brian + x\n"
        "        ^^^^^\n"
        "  hint: did you mean `brain`?\n"
        "prog.imgql:1:1: note: x is declared here\n"
        "    x = 1\n"
        "    ^\n"
        "1 error\n"
    )


def test_counts() -> None:
    error, warning = Diagnostic("a"), Diagnostic("b", severity="warning")
    assert render([error, error, warning]) == "error: a\nerror: a\nwarning: b\n2 errors, 1 warning\n"
    assert render([]) == ""


@pytest.mark.parametrize(
    ("text", "part", "shown", "carets"),
    [
        ("\tx = bad", "bad", "        x = bad", "            ^^^"),
        ('s = "脳" + bad', "bad", '    s = "脳" + bad', "               ^^^"),
        ('s = "e\u0301" + bad', "bad", '    s = "e\u0301" + bad', "              ^^^"),
        ("x = bad(1,\n  2)\n", "bad(1,\n  2)", "    x = bad(1,", "        ^^^^^^"),
        ("x = \x1b[31m", "\x1b", "    x = \\x1b[31m", "        ^^^^"),
        ("x =", "", "    x =", "    ^"),
    ],
)
def test_carets_stand_under_the_span(text: str, part: str, shown: str, carets: str) -> None:
    lines = render([Diagnostic("m", span_of(text, part))]).splitlines()
    assert lines[1:3] == [shown, carets]


def test_an_error_at_the_end_of_the_file() -> None:
    source = Source("p", "x = ")
    assert render([Diagnostic("m", Span(source, 4, 4))]).splitlines() == [
        "p:1:5: error: m",
        "    x =",
        "        ^",
        "1 error",
    ]
    assert render([Diagnostic("m", Span(Source("p", ""), 0, 0))]).splitlines() == [
        "p:1:1: error: m",
        "    ",
        "    ^",
        "1 error",
    ]


def test_a_long_line_is_cut_around_the_span() -> None:
    text = "x = " + "a + " * 500 + "bad" + " + c" * 500
    _, shown, carets, _ = render([Diagnostic("m", span_of(text, "bad"))]).splitlines()
    assert len(shown) < 130
    assert shown[carets.index("^") :].startswith("bad")
    assert carets.strip() == "^^^"
    assert shown.strip().startswith("...")
    assert shown.endswith("...")


def test_a_long_span_is_cut() -> None:
    text = "x = " + "a + " * 500 + "a"
    _, shown, carets, _ = render([Diagnostic("m", span_of(text, text[4:]))]).splitlines()
    assert len(carets) <= len(shown) < 130


def test_colours_are_only_added() -> None:
    diagnostic = Diagnostic("m", span_of("x = bad", "bad"), hint="h")
    painted = render([diagnostic], color=True)
    assert "\x1b[1;31m^^^\x1b[0m" in painted
    assert "\x1b" not in render([diagnostic])


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40), st.text(max_size=10), st.data())
def test_any_text_renders_printable(text: str, message: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    diagnostic = Diagnostic(message, Span(Source("p", text), start, end), hint=message)
    lines = render([diagnostic]).split("\n")
    assert all(line.isprintable() for line in lines)
    assert len(lines) == 5 + bool(message)
    (entry,) = json.loads(to_json([diagnostic]))
    assert entry["message"] == message


def test_json_for_editors() -> None:
    text = "x = 1\ny = f(\n1)"
    diagnostic = Diagnostic("m", span_of(text, "f(\n1)"), notes=(("n", span_of(text, "x", "other")),))
    assert json.loads(to_json([diagnostic, Diagnostic("w", severity="warning", hint="h")])) == [
        {
            "file": "prog.imgql",
            "line": 2,
            "column": 5,
            "endLine": 3,
            "endColumn": 3,
            "severity": "error",
            "message": "m",
            "hint": "",
            "notes": [{"file": "other", "line": 1, "column": 1, "endLine": 1, "endColumn": 2, "message": "n"}],
        },
        {
            "file": None,
            "line": None,
            "column": None,
            "endLine": None,
            "endColumn": None,
            "severity": "warning",
            "message": "w",
            "hint": "h",
            "notes": [],
        },
    ]


@pytest.mark.parametrize(
    ("name", "candidates", "expected"),
    [
        ("brian", ["brain", "tumour"], "did you mean `brain`?"),
        ("intensty", ["intensity", "density"], "did you mean `intensity`?"),
        ("readimage", ["ReadImage", "ReadTransform"], "did you mean `ReadImage`?"),
        ("xyz", ["brain"], ""),
        ("brain", ["brain"], ""),
        ("brain", [], ""),
    ],
)
def test_did_you_mean(name: str, candidates: list[str], expected: str) -> None:
    assert did_you_mean(name, candidates) == expected


def test_did_you_mean_does_not_depend_on_the_order() -> None:
    names = ["nears", "neat", "near2", "year"]
    assert did_you_mean("near", names) == did_you_mean("near", reversed(names))
    assert did_you_mean("near", names).count("`") == 6
