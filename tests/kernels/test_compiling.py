"""When compiled kernels are used, and that they need no place on disk."""

import os
import subprocess
import sys

import pytest
from vlc_runtime.kernels.fast import worth_while

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


def test_small_work_is_not_worth_loading_numba() -> None:
    process = subprocess.run(
        [sys.executable, "-c", "from vlc_runtime.kernels.fast import worth_while; print(worth_while(1000))"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert process.stdout.strip() == "False"
    assert isinstance(worth_while(1000), bool)


def test_numpy_works_until_it_has_paid_for_loading_numba() -> None:
    """Small pieces of work load numba together, once they have taken as long as loading it does."""
    pytest.importorskip("numba")
    script = (
        "from vlc_runtime.kernels.fast import PRICE, worth_while\n"
        "print([worth_while(PRICE // 4) for _ in range(5)], worth_while(0))\n"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout == "[False, False, False, True, True] True\n"
