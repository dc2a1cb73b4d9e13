"""What doing a step before its turn takes, and which steps wait for theirs."""

from __future__ import annotations

from vlc_runtime.forecast import forecast
from vlc_runtime.image_files import Header
from vlc_runtime.session import Session
from vlc_runtime.source_lines import SourceLines
from vlc_runtime.tasks import task_call
from vlc_runtime.volume import Geometry

from tests.vl1.programs import plan_of

PROGRAM = """
import "vox1"
import "simpleitk"
number = 2 + 3
flair = intensity(ReadImage("flair.mha"))
bright = flair > number
written = WriteImage(flair, "written.mha")
print "volume" volume(bright) + volume(near(bright))
save "bright.nii.gz" bright
"""


def ahead_of(side: int) -> dict[str, int | None]:
    header = Header(Geometry.of_size(side, side, side), "32-bit float", 1)
    schedule = forecast(plan_of(PROGRAM, "vl2"), lambda path: header, SourceLines(), 1, None).schedule
    calls = [
        task_call(
            Session(None), task, set(), {}, lambda step: False, lambda path: None, None, liveness=schedule.liveness
        )
        for task in schedule.order
    ]
    return {task.operator.name: task.ahead for call in calls for task in call.tasks}


def test_a_step_takes_its_result_and_what_it_works_with() -> None:
    found = ahead_of(128)
    assert found["ReadImage"] == 4 * 128**3  # nothing is known of the file
    assert found["near"] is not None
    assert found["near"] > 128**3
    assert found["volume"] == 0
    assert found["saved"] is not None


def test_effects_have_their_place_among_others() -> None:
    assert ahead_of(128)["WriteImage"] is None


def test_scalars_wait_for_their_turn() -> None:
    assert ahead_of(128)["add"] is None


def test_small_images_are_not_worth_handing_over() -> None:
    assert set(ahead_of(20).values()) == {None}
