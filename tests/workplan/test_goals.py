"""Goals: what is printed, saved and done, and what is said of declarations that are not."""

from __future__ import annotations

import pytest
from vlc_runtime.image_saving import WRITABLE_EXTENSIONS

from tests.workplan.plans import compiled, error, errors
from vlc.diagnostics import CompileError
from vlc.workplan.plan import Effect, Print, Save

HEAD = 'import "vox1"\nimport "simpleitk"\nraw = ReadImage("a.nii")\nmask = intensity(raw) > 5\n'


def test_goals_are_in_the_order_of_the_program() -> None:
    goals = compiled(f'{HEAD}print "a" 1\nsave "b.nii" mask\nprint "c" volume(mask)').plan.goals
    assert [type(goal) for goal in goals] == [Print, Save, Print]


def test_print_option_adds_goals_after_the_others() -> None:
    plan = compiled('n = 1\na = n + 1\nprint "first" n', extra_goals=["a", "n"]).plan
    assert [goal.label for goal in plan.goals if isinstance(goal, Print)] == ["first", "a", "n"]


def test_print_option_takes_the_last_declaration_of_a_name() -> None:
    plan = compiled('a = "old"\nb = a\na = "new"\nprint "b" b', extra_goals=["a"]).plan
    assert plan.goals[0].node != plan.goals[1].node


@pytest.mark.parametrize("name", ["missing", "", "a b"])
def test_print_option_wants_a_declaration(name: str) -> None:
    found = error('f(x) = x\na = 1\nprint "a" a', [name])
    assert found.message == f"--print {name}: there is no declaration `{name}` to print"


def test_print_option_wants_a_value() -> None:
    found = error('f(x) = x\nprint "a" f(1)', ["f"])
    assert found.message == "--print f: `f` is a function, and a function has no value to print"
    assert found.hint == "declare a value of it, `value = f(..)`, and print that: --print value"
    assert compiled('f(x) = x\nvalue = f(1)\nprint "a" f(1)', ["value"])


def test_a_program_without_goals_compiles_with_a_warning() -> None:
    found = compiled("a = 1 + 1")
    assert "return Plan()" in found.script
    assert [each.severity for each in found.warnings] == ["warning", "warning"]
    assert found.warnings[0].message == "the program has no goal, so its script computes nothing"
    assert found.warnings[1].message == "`a` is never used"


def test_unused_declarations_are_told_and_not_computed() -> None:
    found = compiled(f'{HEAD}unused = volume(mask)\nused = 1\nf(x) = x\nprint "u" used + f(1)')
    told = [(each.message, each.span.text if each.span else "") for each in found.warnings]
    assert ("`unused` is never used", "unused") in told
    assert not any("`used`" in message or "`f`" in message for message, _ in told)
    assert "volume" not in found.script


def test_of_an_unused_declaration_it_is_told_where_its_name_is_declared_again() -> None:
    (warning,) = compiled('x = 3\n\nx = 4\nprint "x" x').warnings
    assert warning.message == "`x` is never used" and warning.span is not None and warning.span.start == 0
    assert warning.hint == "line 3 declares it again, and what follows that line means the later one"


def test_unused_declarations_are_checked() -> None:
    assert error(f'{HEAD}unused = volume(raw, raw)\nprint "u" 1').message == "`volume` takes 1 argument, not 2"


def test_a_declaration_that_writes_a_file_is_a_goal() -> None:
    found = compiled(f'{HEAD}written = WriteImage(raw, "x.nii")')
    assert [type(goal) for goal in found.plan.goals] == [Effect]
    assert not any("written" in each.message or "no goal" in each.message for each in found.warnings)


def test_effects_inside_functions_and_loops_are_goals_of_the_declaration_that_uses_them() -> None:
    plan = compiled(
        f"{HEAD}keep(image, path) = WriteImage(image, path)\n"
        'first = keep(raw, "x.nii")\nall = for path in ["y.nii", "z.nii"] do keep(raw, path)'
    ).plan
    assert [type(goal) for goal in plan.goals] == [Effect, Effect]


def test_a_function_that_nobody_calls_writes_nothing() -> None:
    plan = compiled(f'{HEAD}keep(image) = WriteImage(image, "x.nii")\nprint "v" volume(mask)').plan
    assert [type(goal) for goal in plan.goals] == [Print]


def test_a_name_of_ones_own_is_no_effect() -> None:
    plan = compiled(f'{HEAD}WriteImage(image, path) = 1\nwritten = WriteImage(raw, "x")\nprint "v" 1').plan
    assert [type(goal) for goal in plan.goals] == [Print]


@pytest.mark.parametrize(
    "goal",
    ["save 'm.nii.gz' mask", "save 'm.PNG' mask", "save 'a/{}.mha' [mask]", "save 'n.json' 1", "save 'n.txt' [true]"],
)
def test_what_can_be_saved(goal: str) -> None:
    text = goal.replace("'", '"')
    assert isinstance(compiled(f"{HEAD}{text}").plan.goals[0], Save)


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        ("save 'm.json' mask", "an image cannot be saved as `m.json`"),
        ("save 'm' mask", "an image cannot be saved as `m`"),
        ("save 'd/m.nii.zip' [mask]", "an image cannot be saved as `m.nii.zip`"),
        ("save 'm.nhdr' mask", "an image cannot be saved as `m.nhdr`"),
        ("save 'n.nii' 1", "a number cannot be saved as `n.nii`"),
        ("save 'n.png' ['a']", "a string cannot be saved as `n.png`"),
    ],
)
def test_what_cannot_be_saved(goal: str, message: str) -> None:
    text = goal.replace("'", '"')
    assert error(f"{HEAD}{text}").message == message


@pytest.mark.parametrize(
    ("path", "written"), [("o/t.tfm", "o/t.tfm"), ("t.txt", "t.txt"), ("o/t.json", "o/t.tfm"), ("t", "t.tfm")]
)
def test_a_transform_is_written_not_saved(path: str, written: str) -> None:
    transform = f"{HEAD}t = AffineTransform(3)\n"
    found = error(f'{transform}save "{path}" t')
    assert found.message.startswith("a transform of SimpleITK cannot be saved")
    advice = f'written = simpleitk.WriteTransform(t, "{written}")'
    assert found.hint == f"write it with `{advice}`"
    assert [type(goal) for goal in compiled(transform + advice).plan.goals] == [Effect]


def test_transforms_of_a_sequence_are_not_saved_either() -> None:
    assert "WriteTransform(s[0]" in error(f'{HEAD}s = [AffineTransform(3)]\nsave "s.json" s').hint
    assert compiled(f'{HEAD}s = [AffineTransform(3)]\nw = simpleitk.WriteTransform(s[0], "t.tfm")')


def test_an_effect_has_no_value_to_save() -> None:
    assert error(f'{HEAD}save "a.json" WriteImage(raw, "a.nii")').message == "this has no value to save"


def test_mistakes_are_told_in_the_order_of_the_text() -> None:
    found = errors(f'{HEAD}print "z" zzz\nunused = yyy\nsave "m.json" mask\nimport "nowhere"')
    starts = [each.span.start for each in found if each.span is not None]
    assert len(starts) == 4 and starts == sorted(starts)


@pytest.mark.parametrize(("text", "extra"), [('print "n" 1\n\nprint "n" 2', []), ('print "n" 1\n\nn = 2', ["n"])])
def test_a_label_of_two_values_is_a_warning_at_the_second(text: str, extra: list[str]) -> None:
    (found,) = compiled(text, extra).warnings
    assert found.message == 'another value is printed as "n" in line 1'
    assert found.span is not None and found.span.source.position(found.span.start)[0] == 3
    assert "label of its own" in found.hint and found.notes[0][1].text == '"n"'


def test_one_value_may_be_printed_twice() -> None:
    assert compiled('n = 1\nprint "n" n\nprint "n" n\nprint "m" 2', ["n"]).warnings == []


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("save 'm.nii' mask", "save 'm.nii' raw"),
        ("save 'n.json' 1", "save 'n.json' [1, 2]"),
        ("save 'n.json' [1]", "save 'n.json' [2]"),
    ],
)
def test_two_results_saved_at_one_path_are_an_error_at_the_second(first: str, second: str) -> None:
    found = error(f"{HEAD}{first}\n{second}".replace("'", '"'))
    name = first.split("'")[1]
    assert found.message == f"another result is saved at {name} in line 5"
    assert found.span is not None and found.span.text == f'"{name}"'
    assert found.span.source.position(found.span.start)[0] == 6
    assert found.hint == "give each save a name of its own"


def test_two_results_saved_at_one_path_with_parameters_are_an_error() -> None:
    text = 'load a = "a.nii" save "$OUT/m.nii" intensity(a) save "$OUT/m.nii" intensity(a) >. 1'
    with pytest.raises(CompileError, match="another result is saved at"):
        compiled(text, dialect="vl1")


def test_items_of_two_sequences_may_go_to_one_folder_and_one_result_may_be_saved_twice() -> None:
    items = 'save "m/{}.nii" [mask]\nsave "m/{}.nii" [raw]\nsave "m/i.nii" [mask]\nsave "m/i.nii" [raw]'
    assert len(compiled(f'{HEAD}{items}\nsave "m.nii" mask\nsave "m.nii" mask').plan.goals) == 6


def test_every_ending_that_an_image_may_have_is_one_that_the_runtime_writes() -> None:
    hint = error(f'{HEAD}save "m.xyz" mask').hint
    assert set(hint.removeprefix("the name ends in one of ").split()) == set(WRITABLE_EXTENSIONS)
