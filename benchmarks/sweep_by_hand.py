"""examples/threshold_sweep.imgql as one writes it by hand, a loop over SimpleITK's filters.

python -m benchmarks.sweep_by_hand HEAD FIRST LAST CORE_FILE
"""

from __future__ import annotations

import sys

import numpy as np
import SimpleITK as sitk


def sweep(head_path: str, first: int, last: int, core_path: str) -> None:
    head = sitk.Cast(sitk.ReadImage(head_path), sitk.sitkFloat32)
    core = sitk.BinaryThreshold(head, 200.0, float("inf"), 1, 0)
    near_core = sitk.GetArrayFromImage(sitk.BinaryDilate(core, [1, 1, 1], sitk.sitkBox, 0.0, 1.0)) != 0
    volumes = []
    for threshold in range(first, last):
        components = sitk.ConnectedComponent(sitk.BinaryThreshold(head, float(threshold), float("inf"), 1, 0), True)
        labels = sitk.GetArrayViewFromImage(components)
        touched = np.zeros(int(labels.max()) + 1, np.bool_)
        touched[labels[near_core]] = True
        touched[0] = False
        volumes.append(float(np.count_nonzero(touched[labels])))
    print(f"volume by threshold={volumes}")
    print(f"core={float(np.count_nonzero(sitk.GetArrayViewFromImage(core)))}")
    sitk.WriteImage(core, core_path, useCompression=True)


if __name__ == "__main__":
    sweep(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])
