"""Memory of dead results is taken over, and that of living ones never."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
from kernel_images import volume
from vlc_runtime.kernels import vox1
from vlc_runtime.kernels.algorithms.buffers import LARGEST_KEPT, MOST_KEPT, SMALLEST_KEPT, empty

SHAPE = (SMALLEST_KEPT // 4 // 1024, 1024)


def test_a_dead_array_leaves_its_memory_to_the_next_of_its_size() -> None:
    array = empty(SHAPE, np.float32)
    address = array.ctypes.data
    del array
    assert empty(SHAPE, np.uint32).ctypes.data == address


def test_a_view_keeps_the_memory() -> None:
    array = empty(SHAPE, np.float32)
    array[...] = 7
    view = array.reshape(-1)[5:9][::2]
    del array
    others = [empty(SHAPE, np.float32) for _ in range(MOST_KEPT + 2)]
    for index, other in enumerate(others):
        other[...] = index
        assert not np.shares_memory(other, view)
    assert view.tolist() == [7, 7]
    assert [float(other.max()) for other in others] == [float(index) for index in range(len(others))]


def test_arrays_are_like_those_of_numpy() -> None:
    for shape in ((3, 4), SHAPE, (0, 5), ()):
        for dtype in (np.float32, np.uint32, np.bool_):
            array = empty(shape, dtype)
            assert (array.shape, array.dtype) == (shape, np.dtype(dtype))
            assert array.flags.c_contiguous
            assert array.flags.writeable
            assert array.flags.aligned
    assert empty((LARGEST_KEPT + 1,), np.uint8).size == LARGEST_KEPT + 1


def test_results_of_many_threads_do_not_mix() -> None:
    image = volume(np.ones(SHAPE, np.float32))

    def chain(number: int) -> bool:
        result = vox1.constant.compute(0, image)
        for _ in range(5):
            result = vox1.add_vs.compute(result, number)
        return bool((result.array == 5 * number).all())

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(chain, range(12)))
