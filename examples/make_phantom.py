"""Make head-like FLAIR images with two bright lesions each, and the masks of those lesions.

    python examples/make_phantom.py --cases 3 --output data

writes data/case01_flair.nii.gz, data/case01_truth.nii.gz, ... The same seed gives the same voxels everywhere. The heads
are skull-stripped, as in the BraTS collections: 0 outside the brain, which does not reach the border of the image.
Needs numpy and SimpleITK alone.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]

WHITE_MATTER, GREY_MATTER, FLUID = 160.0, 215.0, 55.0
RIM, CORE = 275.0, 370.0
"""Brightness of a lesion at its surface, where it blurs into the tissue around, and from half way in."""
NOISE = 9.0
SMALLEST_SIDE = 24


def make_case(size: tuple[int, int, int], seed: int) -> tuple[NDArray[np.int16], NDArray[np.bool_]]:
    """(FLAIR image, mask of the lesions), arrays of shape (z, y, x) for a size of (x, y, z) voxels."""
    random = np.random.default_rng(seed)
    shape = (size[2], size[1], size[0])
    z, y, x = unit_coordinates(shape)
    folds = smooth_field(random, shape, 11)
    depth = 1.0 - np.sqrt((x / 0.66) ** 2 + (y / 0.80) ** 2 + (z / 0.78) ** 2) + 0.04 * folds
    brain = depth > 0
    left = lesion(random, (z, y, x), -1.0, smooth_field(random, shape, 7))
    right = lesion(random, (z, y, x), 1.0, smooth_field(random, shape, 7))
    inwards = np.maximum(left, right)
    truth: NDArray[np.bool_] = (inwards > 0) & (depth > 0.08)

    tissue = np.full(shape, WHITE_MATTER, np.float32)
    tissue[(depth < 0.16) & (folds > -0.6)] = GREY_MATTER
    ventricle = ((np.abs(x) - 0.09) / 0.06) ** 2 + ((y + 0.02) / 0.26) ** 2 + ((z - 0.08) / 0.13) ** 2
    tissue[ventricle < 1] = FLUID
    tissue[truth] = RIM + (CORE - RIM) * np.minimum(1, 2 * inwards[truth])
    tissue += 12.0 * smooth_field(random, shape, 4)  # the coil's bias field
    tissue += NOISE * random.standard_normal(shape, dtype=np.float32)
    tissue[~brain] = 0
    return np.rint(np.clip(tissue, 0, 32767)).astype(np.int16), truth


def lesion(random: np.random.Generator, places: tuple[Field, Field, Field], side: float, irregularity: Field) -> Field:
    """How far inside one lesion each voxel is, at most about 1, negative outside.

    An ellipsoid in the hemisphere of this side (-1 or 1), whose surface a smooth field pushes in and out.
    """
    z, y, x = places
    centre = (random.uniform(-0.25, 0.3), random.uniform(-0.35, 0.35), side * random.uniform(0.28, 0.36))
    radii = random.uniform(0.13, 0.21, size=3)
    distance = ((z - centre[0]) / radii[0]) ** 2 + ((y - centre[1]) / radii[1]) ** 2 + ((x - centre[2]) / radii[2]) ** 2
    inwards: Field = (1 - distance - 0.35 * irregularity).astype(np.float32)
    return inwards


def unit_coordinates(shape: tuple[int, ...]) -> tuple[Field, Field, Field]:
    """Open grids of coordinates from -1 to 1 along z, y and x."""
    z, y, x = (np.linspace(-1, 1, extent, dtype=np.float32) for extent in shape)
    return z[:, None, None], y[None, :, None], x[None, None, :]


def smooth_field(random: np.random.Generator, shape: tuple[int, ...], cells: int) -> Field:
    """Random values on a coarse grid, interpolated: a smooth field with mean 0 and values mostly in -1..1."""
    field: Field = random.uniform(-1.5, 1.5, size=(cells + 1,) * 3).astype(np.float32)
    for axis, extent in enumerate(shape):
        position = np.linspace(0, cells, extent, dtype=np.float32)
        cell = np.minimum(position.astype(np.intp), cells - 1)
        fraction = position - cell
        weight = (fraction * fraction * (3 - 2 * fraction)).reshape((-1,) + (1,) * (2 - axis))
        before, after = np.take(field, cell, axis), np.take(field, cell + 1, axis)
        field = before + (after - before) * weight
    return field


def write(path: Path, voxels: NDArray[np.generic]) -> None:
    """Write an image of 1 mm voxels."""
    import SimpleITK as sitk

    sitk.WriteImage(sitk.GetImageFromArray(voxels), str(path), True)


def size_of(text: str) -> tuple[int, int, int]:
    """The size that `240x240x155` says."""
    parts = text.lower().split("x")
    if len(parts) != 3 or not all(part.isdecimal() and int(part) >= SMALLEST_SIDE for part in parts):
        raise argparse.ArgumentTypeError(f"{text!r}: a size is like 240x240x155, each side at least {SMALLEST_SIDE}")
    return int(parts[0]), int(parts[1]), int(parts[2])


def number_of_cases(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 9999:
        raise argparse.ArgumentTypeError(f"{text!r}: a number of cases is 1 to 9999")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Make head-like FLAIR images with two bright lesions each.")
    parser.add_argument("--cases", type=number_of_cases, default=1, metavar="N", help="how many heads (default: 1)")
    parser.add_argument("--output", type=Path, default=Path("data"), metavar="DIR", help="where to (default: data)")
    parser.add_argument("--size", type=size_of, default=(240, 240, 155), metavar="XxYxZ", help="default: 240x240x155")
    parser.add_argument("--seed", type=int, default=1, help="the first case's seed; the next has the next (default: 1)")
    options = parser.parse_args(arguments)
    if options.seed < 0:
        parser.error("a seed is not negative")
    try:
        options.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        parser.error(f"cannot make {options.output}: {error.strerror}")
    digits = max(2, len(str(options.cases)))
    for case in range(1, options.cases + 1):
        flair, truth = make_case(options.size, options.seed + case - 1)
        stem = f"case{case:0{digits}d}"
        try:
            write(options.output / f"{stem}_flair.nii.gz", flair)
            write(options.output / f"{stem}_truth.nii.gz", truth.astype(np.uint8))
        except RuntimeError as error:
            parser.exit(1, f"cannot write to {options.output}: {str(error).splitlines()[-1]}\n")
        print(
            f"{stem}: {np.count_nonzero(flair)} voxels of brain, {np.count_nonzero(truth)} of lesion "
            f"({case} of {options.cases})",
            file=sys.stderr,
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
