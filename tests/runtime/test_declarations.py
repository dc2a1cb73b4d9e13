"""A node's declaration is the comment above its line, and many nodes are told theirs in linear time."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from vlc_runtime.declarations import Declarations
from vlc_runtime.execute import declaration_of

from vlc import compile as compile_program

PROGRAM = """\
import "test"
let
  spread =
    fibonacci(3) +

    fibonacci(4)
let each = for number in range(0, 3) do fibonacci(number) + spread
print "each" each
print "spread" spread * fibonacci(5)
"""


def nodes_of(script: str, folder: Path) -> list[Any]:
    """The nodes of a script's plan, each once, bodies of loops too."""
    path = folder / "script.py"
    path.write_text(script, "utf-8")
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[Any, None] = {}
    pending: list[Any] = [goal.value for goal in module.build().goals]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(node)
        elif hasattr(node, "free") and node not in found:
            found[node] = None
            pending.extend(getattr(node, name) for name in ("over", "body") if hasattr(node, name))
            pending.extend(getattr(node, "arguments", ()))
    return list(found)


def test_each_node_has_the_comment_above_it(tmp_path: Path) -> None:
    nodes = nodes_of(compile_program(PROGRAM), tmp_path)
    told = Declarations()
    assert [told(node) for node in nodes] == [declaration_of(node) for node in nodes]
    assert {told(node) for node in nodes} >= {
        "let",
        "let each = for number in range(0, 3) do fibonacci(number) + spread",
        'print "spread" spread * fibonacci(5)',
    }


def test_many_nodes_of_one_function_have_each_its_own(tmp_path: Path) -> None:
    lets = "".join(f"let x_{number} = fibonacci({number})\n" for number in range(2000))
    prints = "".join(f'print "{number}" x_{number}\n' for number in range(2000))
    told = Declarations()
    found = [told(node) for node in nodes_of(compile_program(f'import "test"\n{lets}{prints}'), tmp_path)]
    assert sorted(found) == sorted(f"let x_{number} = fibonacci({number})" for number in range(2000))
