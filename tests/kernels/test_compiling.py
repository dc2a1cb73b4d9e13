"""When compiled kernels are used, and that they need no place on disk."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import SimpleITK as sitk

from vlc.compiler import compile_source
from vlc.diagnostics import Source

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
    """What `worth_while` says, in a process of its own, to PRICE and to PRICE - 1 steps."""
    script = (
        "from vlc_runtime.kernels import fast\n"
        f"{before}\n"
        "print(*(fast.worth_while(steps) for steps in (fast.PRICE, fast.PRICE - 1)))\n"
    )
    return subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()


def test_numba_is_loaded_for_much_work_only() -> None:
    pytest.importorskip("numba")
    assert asked("") == ["True", "False"]


def test_a_loaded_numba_is_used_whatever_the_work() -> None:
    pytest.importorskip("numba")
    assert asked("fast.load()") == ["True", "True"]


def test_no_work_is_worth_while_where_numba_is_missing() -> None:
    assert asked("import sys\nsys.modules['numba'] = None") == ["False", "False"]


@pytest.mark.parametrize(("count", "loaded"), [(2, "False"), (4, "True")])
def test_a_run_loads_numba_where_all_its_work_is_worth_it(tmp_path: Path, count: int, loaded: str) -> None:
    """Each of the cross-correlations is less than PRICE alone; what is stored is no work."""
    pytest.importorskip("numba")
    sitk.WriteImage(sitk.GetImageFromArray(np.arange(8000, dtype=np.float32).reshape(20, 20, 20)), tmp_path / "a.nii")
    text = (
        'import "vox1"\nimport "simpleitk"\na = intensity(ReadImage("a.nii"))\n'
        f'print "r" for k in range({count}) do max(crossCorrelation(1, a, a, a > k, 0, 8000, 20))\n'
    )
    (tmp_path / "program.py").write_text(compile_source(Source("program.imgql", text)).script)
    script = (
        "import sys\nfrom vlc_runtime.kernels import fast\nimport vlc_runtime.memory\nimport program\n"
        "fast.PRICE = vlc_runtime.memory.PRICE = 3 * 8000 * 20\nprogram.run()\nprint('numba.core' in sys.modules)\n"
    )
    for expected in (loaded, "False"):
        ended = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ
        )
        assert ended.stdout.split()[-1] == expected


ONCE = """
from vlc_runtime.kernels import fast
fast.load()
import numpy as np
from vlc_runtime.kernels.algorithms.bounded_distance import within
from vlc_runtime.kernels.algorithms.components import reach_through
from vlc_runtime.kernels.fast import block_codes, block_graph, digital_ball
mask = np.random.default_rng(0).random((20, 30, 40)) < 0.3
locked = mask.copy()
locked.flags.writeable = False
for each in (mask, locked, mask[:, 5:], mask[::2]):
    reach_through(each, each)
    for radius in (1.0, 2.0, 5.0):
        within(each, radius, (1.0, 1.0, 1.5), strict=False)
functions = (block_codes.fill_codes, block_codes.select, block_graph.components_of_codes, digital_ball.unite)
print(*(len(function.signatures) for function in functions))
"""


def test_a_function_is_compiled_once_whatever_the_mask() -> None:
    pytest.importorskip("numba")
    said = subprocess.run([sys.executable, "-c", ONCE], capture_output=True, text=True, check=True).stdout
    assert said.split() == ["1"] * 4
