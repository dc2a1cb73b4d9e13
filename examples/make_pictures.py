"""Make the two small colour pictures that colour.imgql and region_calculus.imgql are about.

    python examples/make_pictures.py --output examples/data

writes items.png, three coloured things on a noisy grey table, and regions.png, six rows with a green and a red region
each, which lie to each other in six ways. The same voxels every time. Needs numpy and SimpleITK alone.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]

ROW = 40
LEFT, RIGHT = (0, 255, 0), (255, 0, 0)
"""The colours of the two regions of a row; where both are, the colour is that of both."""
ROWS = (
    ((10, 30), (50, 70)),  # apart
    ((10, 40), (40, 70)),  # side by side
    ((10, 45), (35, 70)),  # overlapping
    ((20, 60), (20, 60)),  # the same
    ((20, 45), (20, 70)),  # one in the other, at its edge
    ((30, 50), (20, 70)),  # one well inside the other
)
"""First and last column of both regions, from the top row to the bottom one."""


def items() -> Picture:
    """120 rows of 160 columns: a disc, a square and a triangle, which none of the picture's borders touches."""
    random = np.random.default_rng(1)
    y, x = np.mgrid[:120, :160]
    grey = 190 - 0.3 * x + random.normal(0, 6, y.shape)
    picture = np.repeat(grey[..., None], 3, axis=2)
    things = {
        (205, 60, 45): (x - 38) ** 2 + (y - 40) ** 2 < 22**2,
        (50, 90, 200): (abs(x - 115) < 20) & (abs(y - 38) < 20),
        (70, 160, 60): (y > 70) & (y < 108) & (abs(x - 80) < (y - 70) * 0.8),
    }
    for colour, inside in things.items():
        picture[inside] = np.array(colour) + random.normal(0, 6, (np.count_nonzero(inside), 1))
    specks = random.random(y.shape) < 0.004
    picture[specks] = (60, 40, 90)
    picture[:14, :9] = (90, 70, 60)  # a corner of something else on the table
    return np.clip(np.rint(picture), 0, 255).astype(np.uint8)


def regions() -> Picture:
    """Six rows of 40 x 80 pixels; blue is 40 times the number of the row."""
    picture = np.zeros((ROW * len(ROWS), 80, 3), np.uint8)
    for number, pair in enumerate(ROWS):
        row = picture[number * ROW : (number + 1) * ROW]
        row[..., 2] = 40 * number
        for (first, last), colour in zip(pair, (LEFT, RIGHT), strict=True):
            # the region that is larger is also higher, so that one can be well inside the other
            margin = 12 if last - first < 35 else 6
            row[margin : ROW - margin, first:last] |= np.array(colour, np.uint8)
    return picture


def main(arguments: Sequence[str] | None = None) -> int:
    import SimpleITK as sitk

    parser = argparse.ArgumentParser(description="Make the pictures of the examples.")
    parser.add_argument("--output", type=Path, default=Path("examples/data"), metavar="DIR")
    folder = parser.parse_args(arguments).output
    folder.mkdir(parents=True, exist_ok=True)
    for name, picture in (("items", items()), ("regions", regions())):
        sitk.WriteImage(sitk.GetImageFromArray(picture, isVector=True), str(folder / f"{name}.png"), True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
