"""The only ways to text: whatever is in a value, a name or a comment, it stays data."""

from __future__ import annotations

import ast
import builtins
import io
import keyword
import math
import re
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlc.emit.code import py_comment, py_literal, py_name
from vlc.emit.names import Names

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="\"'\\\n\r\t{}%#$ \0\u202e\u2028\x85\x1b\ud800aN", max_size=12),
    st.from_regex(r"# *(en)?coding[:=] ?[a-z0-9-]+|# fmt: (off|on|skip)", fullmatch=True),
)
SETTINGS = settings(max_examples=200, deadline=None)


@SETTINGS
@given(st.one_of(TEXTS, st.integers(), st.floats(), st.booleans(), st.none()))
def test_literals_are_read_back(value: str | float | bool | None) -> None:
    code = py_literal(value)
    assert code.isprintable(), "no character of it steers an editor or ends a line"
    back = eval(code, {"__builtins__": {"float": float}})
    assert type(back) is type(value)
    if isinstance(value, float):
        assert (
            math.isnan(back)
            if math.isnan(value)
            else (back, math.copysign(1, back))
            == (
                value,
                math.copysign(1, value),
            )
        )
    else:
        assert back == value
        assert ast.literal_eval(code) == value


@pytest.mark.parametrize("value", [b"bytes", 1j, [1], object()])
def test_other_values_have_no_literal(value: object) -> None:
    with pytest.raises(TypeError):
        py_literal(value)  # type: ignore[arg-type]


@SETTINGS
@given(TEXTS)
def test_comments_are_comments(text: str) -> None:
    lines = py_comment(text)
    source = "".join(f"    {line}\n" for line in lines)
    kinds = {token.type for token in tokenize.generate_tokens(io.StringIO(source).readline)}
    assert kinds <= {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}
    assert ast.parse(source).body == []
    for line in lines:
        assert line.isprintable() and line == line.rstrip()
        assert not re.search(r"coding[:=]", line)
        assert not re.search(r"(fmt|yapf): *(off|on|skip)|(fmt|yapf):", line, re.IGNORECASE)


def test_a_comment_says_what_the_text_says() -> None:
    assert py_comment("a = b // c\n\nd") == ["# a = b // c", "#", "# d"]


@SETTINGS
@given(st.one_of(TEXTS, st.sampled_from([*keyword.kwlist, *keyword.softkwlist, *dir(builtins), "Plan", "vox1"])))
def test_names_are_names_of_ones_own(text: str) -> None:
    name = py_name(text)
    assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name)
    assert not keyword.iskeyword(name) and not keyword.issoftkeyword(name)
    assert not hasattr(builtins, name)
    assert name not in ("Plan", "Print", "Save", "loop", "vox1", "scalar", "build", "run", "store", "over", "start")
    assert not name.startswith("__")


@SETTINGS
@given(st.lists(st.sampled_from(["a", "a_2", "a_2_2", "A", "print", "print_", "é", "e", "1", ""]), max_size=30))
def test_names_are_given_out_once(texts: list[str]) -> None:
    names = Names()
    given_out = [names.take(text) for text in texts]
    assert len(set(given_out)) == len(texts)
