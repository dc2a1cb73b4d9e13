"""What is emitted is as black leaves it, so that nobody's formatter ever changes a script."""

from __future__ import annotations

import black
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vlc.compiler import plan_source
from vlc.diagnostics import Source
from vlc.emit import render as rendering
from vlc.emit.module import script_of
from vlc.emit.render import render

words = st.sampled_from(["a", "threshold", "the_brightest_part_of_the_image", "x" * 60, "m", "k" * 25])
strings = st.text(st.sampled_from("ab'\"\\ \n{}#é"), max_size=90)


@st.composite
def programs(draw: st.DrawFn) -> str:
    """Programs with long and short names, strings of every quoting, many arguments, loops with many captures."""
    names = draw(st.lists(words, min_size=2, max_size=5, unique=True))
    lines = ['import "strings"']
    for name in names:
        text = draw(strings).replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        lines.append(f'{name} = "{text}"' if draw(st.booleans()) else f"{name} = {draw(st.integers(0, 10**9))}")
    arguments = draw(st.lists(st.sampled_from(names), min_size=1, max_size=9))
    lines.append(f"joined = strings.concat({', '.join(arguments)})")
    lines.append(f"again = for {draw(words)}_item in range(3) do strings.concat(joined, {', '.join(arguments)})")
    lines.append(f"listed = [{', '.join(['joined'] * draw(st.integers(1, 12)))}]")
    lines.append(f'print "{draw(words)}" again')
    lines.append('print "listed" listed')
    return "\n".join(lines)


@settings(max_examples=120, deadline=None)
@given(programs())
def test_black_changes_nothing(program: str) -> None:
    plan, _ = plan_source(Source("program.imgql", program))
    text = render(script_of(plan)[0])
    assert black.format_str(text, mode=black.Mode()) == text


def test_long_scripts_do_without_black(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ["a = 1", *(f"b{n} = a + {n}" for n in range(rendering.BLACK_LINES))]
    lines.append(f'print "all" [{", ".join(f"b{n}" for n in range(rendering.BLACK_LINES))}]')
    plan, _ = plan_source(Source("program.imgql", "\n".join(lines)))
    script, _ = script_of(plan)
    monkeypatch.setattr(black, "format_str", None)
    text = render(script)
    monkeypatch.undo()
    assert black.format_str(text, mode=black.Mode()) == text
