"""Effects are done wherever they stand: as goals, if nothing else computes them."""

from __future__ import annotations

import pytest

from tests.workplan.plans import compiled
from vlc.compiler import compile_source
from vlc.diagnostics import Source
from vlc.workplan.nodes import Apply, Literal
from vlc.workplan.plan import Effect, Print, WorkPlan, needed

HEAD = 'import "simpleitk"\nimport "vox1"\nimport "test"\nimage = ReadImage("a.nii")\n'


def written(plan: WorkPlan) -> list[str]:
    """The paths that the effects of a plan write, by goals in order; of effects of several paths, none."""
    paths = []
    for goal in plan.goals:
        node = plan.nodes[goal.node]
        if isinstance(goal, Effect) and isinstance(node, Apply) and node.operator == "simpleitk.WriteImage":
            path = plan.nodes[node.arguments[1]]
            assert isinstance(path, Literal)
            paths.append(str(path.value))
    return paths


def everywhere(plan: WorkPlan) -> int:
    """How many effects the goals are made of."""
    reached = needed(plan.nodes, [goal.node for goal in plan.goals])
    nodes = [plan.nodes[each] for each in reached]
    return sum(isinstance(node, Apply) and node.operator in ("simpleitk.WriteImage", "test.impure") for node in nodes)


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ('w = let q = WriteImage(image, "A.nii") in 3\nprint "w" w', ["A.nii"]),
        ('k(u) = 3\ny = k(WriteImage(image, "A.nii"))', ["A.nii"]),
        ('k(u) = 3\nprint "y" k(WriteImage(image, "A.nii"))', ["A.nii"]),
        ('k(u) = 3\nsave "y.json" k(WriteImage(image, "A.nii"))', ["A.nii"]),
        ('f(u) = let q = WriteImage(image, "A.nii") in u\nprint "y" f(1) + f(2)', ["A.nii"]),
        ('z = [WriteImage(image, "B.nii"), WriteImage(image, "C.nii")][0]', ["B.nii", "C.nii"]),
        ('z = for i in range(2) do let q = WriteImage(image, "A.nii") in i\nprint "z" z', ["A.nii"]),
        ('z = for i in [WriteImage(image, "B.nii"), WriteImage(image, "C.nii")] do 1', ["B.nii", "C.nii"]),
        ('w = let q = WriteImage(tt, "A.nii") in 3', ["A.nii"]),
        ('p = WriteImage(image, "A.nii")\nq = let r = WriteImage(image, "B.nii") in p', ["A.nii", "A.nii", "B.nii"]),
    ],
)
@pytest.mark.parametrize("with_passes", [False, True])
def test_what_no_value_depends_on_is_written(text: str, paths: list[str], with_passes: bool) -> None:
    if with_passes:
        plan = compile_source(Source("program.imgql", HEAD + text)).plan
    else:
        found = compiled(HEAD + text)
        plan = found.plan
        assert not any("nothing would do" in each.message for each in found.warnings)
    assert written(plan) == paths


def test_other_effects_than_files_are_done_too() -> None:
    plan = compiled(f'{HEAD}w = let q = impure("said") in 3\nprint "w" w').plan
    assert [type(goal) for goal in plan.goals] == [Effect, Print] and everywhere(plan) == 1


def test_a_loop_of_which_one_item_is_taken_does_the_effects_of_all() -> None:
    plan = compiled(f'{HEAD}z = (for p in ["x.nii", "y.nii"] do WriteImage(image, p))[0]').plan
    assert [type(goal) for goal in plan.goals] == [Effect] and everywhere(plan) == 1


def test_an_effect_that_a_goal_does_is_no_goal_besides() -> None:
    loops = "for i in range(2) do for p in ['x.nii', 'y.nii'] do WriteImage(image, p)".replace("'", '"')
    for text in (loops, f"let all = {loops} in all", 'let q = WriteImage(tt, "A.nii") in q', 'impure("A")'):
        found = compiled(f"{HEAD}z = {text}")
        assert len(found.plan.goals) == 1 and not found.warnings, text


def test_an_effect_that_depends_on_an_item_and_is_needed_by_nothing_is_told() -> None:
    text = 'z = for p in ["x.nii", "y.nii"] do\n  let q = WriteImage(image, p) in 1\nprint "z" z'
    (found,) = compiled(HEAD + text).warnings
    assert found.message.startswith("nothing would do this `WriteImage`: it depends on the item of a loop")
    assert found.span is not None and found.span.text == "WriteImage(image, p)"
    assert "`for i in .. do WriteImage(..)`" in found.hint and found.severity == "warning"


def test_an_effect_of_which_a_loop_selects_one_is_told() -> None:
    text = 'z = for p in ["x.nii", "y.nii"] do [WriteImage(image, p), WriteImage(image, "z.nii")][1]'
    (found,) = compiled(HEAD + text).warnings
    assert "nothing would do" in found.message


def test_an_effect_in_a_fold_whose_total_changes_its_kind_is_told_of_nowhere() -> None:
    text = (
        "let +(total, item) = (impure(total) * item) - total\ns = [intensity(image), intensity(image)]\nz = fold + 0 s"
    )
    assert not compiled(HEAD + text).warnings


@pytest.mark.parametrize(
    "text",
    [
        'print "n" impure(1) * 0',
        'print "v" volume((intensity(image) > impure(1)) & (intensity(image) > impure(1)))',
        'print "l" for i in [1, 2, 3] do volume(image > (i + (0 * impure(i))))',
        'print "f" fold + 0 (for i in range(3) do impure(i) - impure(i))',
        'm = intensity(image) > 3\nprint "i" (for i in [m, impure(m)] do i & (m | impure(m)))[0]',
    ],
)
def test_passes_lose_no_effect(text: str) -> None:
    before = compiled(HEAD + text).plan
    after = compile_source(Source("program.imgql", HEAD + text)).plan
    assert everywhere(before) == everywhere(after) > 0
