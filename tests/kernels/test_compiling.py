"""When compiled kernels are used, and that they need no place on disk."""

import os
import subprocess
import sys

import pytest

WITHOUT = """
import sys
if {blocked}:
    sys.modules["numba"] = None
import numpy as np
from vlc_runtime.kernels.algorithms import percentiles as algorithm
from vlc_runtime.kernels.fast import worth_while
assert worth_while(1 << 40) is not {blocked}
image = (np.arange(300000, dtype=np.float32) * 7 % 30011 / 3).reshape(3, 100, 1000)
algorithm._STEPS_OF_A_KEY = 1 << 20
print(algorithm.percentiles(image, image > 1, 0.3).sum(dtype=np.float64).hex(), "numba.core" in sys.modules)
"""


def run(blocked: bool, **environment: str) -> list[str]:
    process = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(blocked=blocked)],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, **environment},
    )
    return process.stdout.split()


def test_numba_is_used_where_it_is_and_not_missed_where_it_is_not() -> None:
    pytest.importorskip("numba")
    plain, compiled = run(blocked=True), run(blocked=False)
    assert plain[0] == compiled[0]
    assert (plain[1], compiled[1]) == ("False", "True")


def test_compiling_needs_no_place_on_disk() -> None:
    pytest.importorskip("numba")
    # of all the places that numba tries, leave one that never applies
    uncached = run(blocked=False, NUMBA_CACHE_LOCATOR_CLASSES="ZipCacheLocator")
    assert uncached == run(blocked=False)


def asked(before: str) -> list[str]:
    """What `worth_while` says, in a process of its own, to PRICE, PRICE_LATER and PRICE_LATER - 1 steps."""
    script = (
        "from vlc_runtime.kernels import fast\n"
        f"{before}\n"
        "print(*(fast.worth_while(steps) for steps in (fast.PRICE, fast.PRICE_LATER, fast.PRICE_LATER - 1)))\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_a_new_process_loads_numba_for_much_work_only() -> None:
    pytest.importorskip("numba")
    assert asked("fast.RENT = 1e9") == ["True", "False", "False"]


def test_a_process_that_has_computed_for_long_loads_numba_for_less() -> None:
    pytest.importorskip("numba")
    assert asked("fast.RENT = 0.0") == ["True", "True", "False"]


def test_a_loaded_numba_is_used_whatever_the_work() -> None:
    pytest.importorskip("numba")
    assert asked("import numba") == ["True", "True", "True"]


def test_no_work_is_worth_while_where_numba_is_missing() -> None:
    assert asked("import sys\nsys.modules['numba'] = None\nfast.RENT = 0.0") == ["False", "False", "False"]
