"""A node's line is the one that builds it, its declaration the comment above; many nodes are told theirs."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from vlc_runtime.plan import Plan, Save
from vlc_runtime.source_lines import SourceLines

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


def plan_of(script: str, folder: Path) -> Plan:
    """The plan that a script builds."""
    path = folder / "script.py"
    path.write_text(script, "utf-8")
    spec = importlib.util.spec_from_file_location("script", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    plan: Plan = module.build()
    return plan


def nodes_of(script: str, folder: Path) -> list[Any]:
    """The nodes of a script's plan, each once, bodies of loops too."""
    found: dict[Any, None] = {}
    pending: list[Any] = [goal.value for goal in plan_of(script, folder).goals]
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
    script = compile_program(PROGRAM)
    told = SourceLines()
    lines = [told(node) for node in nodes_of(script, tmp_path) if node.code is not None]
    written = script.splitlines()
    for line in lines:
        assert line.line is not None
        text = written[line.line - 1].strip()
        assert text.startswith(line.target) and line.target
        assert str(line) == f"script.py:{line.line}"
        assert line.function in ("build", *(word.partition("(")[0] for word in script.split("def ")))
    assert {line.declaration for line in lines} >= {
        "let",
        "let each = for number in range(0, 3) do fibonacci(number) + spread",
        'print "spread" spread * fibonacci(5)',
    }


def test_many_nodes_of_one_function_have_each_its_own(tmp_path: Path) -> None:
    lets = "".join(f"let x_{number} = fibonacci({number})\n" for number in range(2000))
    prints = "".join(f'print "{number}" x_{number}\n' for number in range(2000))
    told = SourceLines()
    found = [told(node).declaration for node in nodes_of(compile_program(f'import "test"\n{lets}{prints}'), tmp_path)]
    assert sorted(found) == sorted(f"let x_{number} = fibonacci({number})" for number in range(2000))


def test_the_statement_of_a_save_is_its_text_in_one_line(tmp_path: Path) -> None:
    long = "folder/" * 14 + "f, (ü).json"
    script = compile_program(
        f'import "test"\nlet x = fibonacci(3)\nsave "a.json" x\nsave "{long}" [x, 1]\nprint "x" x\n'
    )
    goals = [goal for goal in plan_of(script, tmp_path).goals if isinstance(goal, Save)]
    told = SourceLines()
    first, second = (told(goal.statement) for goal in goals)
    assert first.declaration == first.target == 'Save("a.json", x)'
    assert second.declaration.startswith(f'Save("{long}", ') and "  " not in second.declaration
    lines = script.splitlines()
    assert first.line is not None and lines[first.line - 1].strip() == 'Save("a.json", x),'
    assert second.line == first.line + 1 and lines[first.line].strip() == "Save("
    assert first.function == "build"


def test_goals_on_one_line_have_each_its_own_text(tmp_path: Path) -> None:
    script = (
        'from vlc_runtime import Plan, Save\n\n\ndef build() -> Plan:\n    return Plan(Save("é", 1), Save("b", 2))\n'
    )
    told = SourceLines()
    lines = [told(goal.statement) for goal in plan_of(script, tmp_path).goals if isinstance(goal, Save)]
    assert [(line.declaration, line.line) for line in lines] == [('Save("é", 1)', 5), ('Save("b", 2)', 5)]
