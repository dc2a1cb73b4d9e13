"""The border to SimpleITK: the only place where a Volume becomes a SimpleITK image and back.

SimpleITK is imported on first use, because importing it costs a tenth of a second that no script should pay before it
has to. ITK has no per-call settings for its threads, so the number of threads and the threader are process-wide;
`limit_threads` is called by whoever starts computing, before the first filter runs. Never fork a process that has used
SimpleITK: its threads do not survive.
"""

from __future__ import annotations

import importlib
import locale
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from types import ModuleType
from typing import Any

import numpy as np
from vlc_runtime.collector import paused
from vlc_runtime.errors import KernelError
from vlc_runtime.volume import Geometry, Volume


class _Reading:
    """Held while ITK reads a file: its readers are known to crash in concurrent threads. One of them, that of
    Stimulate's images, leaves the process another locale than it found."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._locale = ""

    def __enter__(self) -> None:
        self._lock.acquire()
        self._locale = locale.setlocale(locale.LC_ALL)

    def __exit__(self, *_: object) -> None:
        if locale.setlocale(locale.LC_ALL) != self._locale:
            locale.setlocale(locale.LC_ALL, self._locale)
        self._lock.release()


READING = _Reading()
"""One for the process, because the factories of ITK's readers are."""

_LOADING = threading.Lock()
"""Held while SimpleITK is made ready for threads."""

_THREAD_COUNT = threading.Lock()
"""Held while ITK's process-wide number of threads is changed."""


class _Voxels:
    """What a numpy array refers to as its base: the image that owns the memory, so that any view of the array, however
    far it travels from its Volume, keeps the image alive. `GetArrayViewFromImage` alone does not."""

    def __init__(self, image: Any, shape: tuple[int, ...]) -> None:
        view = library().GetArrayViewFromImage(image).reshape(shape)
        self.image = image
        self.__array_interface__ = view.__array_interface__


@cache
def library() -> ModuleType:
    """The module SimpleITK, with the threader that needs no pool that outlives its call, ready for threads."""
    with _LOADING:
        with paused():
            module = importlib.import_module("SimpleITK")
        module.ProcessObject.SetGlobalDefaultThreader("Platform")
        _make_global_objects(module)
        return module


def _make_global_objects(module: ModuleType) -> None:
    """Do once what makes ITK create its process-wide objects.

    ITK creates each on its first use and keeps them in one map without a lock (SingletonIndex): two threads that filter
    or write an image for the first time leave that map damaged, and the process crashes much later, mostly at its end.
    """
    module.ProcessObject.GetGlobalWarningDisplay()
    module.ImageFileReader().GetRegisteredImageIOs()
    module.Abs(module.Image(1, 1, module.sitkFloat32))


def limit_threads(count: int) -> None:
    """Let each filter of SimpleITK use at most `count` threads. For the whole process; call it before computing."""
    if count < 1:
        raise ValueError(f"{count} threads")
    with _THREAD_COUNT:
        library().ProcessObject.SetGlobalDefaultNumberOfThreads(count)


@contextmanager
def one_thread() -> Iterator[None]:
    """Filters that start inside use one thread: for those whose result depends on how the image is divided.

    A filter takes the process-wide count when it starts, and there is no other way to the filters that some filters
    use inside. One caller at a time; filters that others start meanwhile are slower, and give the same results.
    """
    process = library().ProcessObject
    with _THREAD_COUNT:
        count = process.GetGlobalDefaultNumberOfThreads()
        process.SetGlobalDefaultNumberOfThreads(1)
        try:
            yield
        finally:
            process.SetGlobalDefaultNumberOfThreads(count)


def is_image(value: object) -> bool:
    """Whether the value is an image of SimpleITK."""
    return isinstance(value, library().Image)


def is_opaque(image: Any) -> bool:
    """Whether the voxels are complex numbers or labels: only SimpleITK's own functions can make something of them."""
    kind: str = image.GetPixelIDTypeAsString()
    return "complex" in kind or "label" in kind


def from_image(image: Any, source: str = "") -> Volume:
    """The Volume that views the voxels of a SimpleITK image, in its own pixel type. Nothing is copied.

    The components of a vector image become the last axis. The array keeps the image alive.
    Raises KernelError for complex numbers and label maps, and for an image without voxels.
    """
    sitk = library()
    if is_opaque(image):
        raise KernelError(
            f"an image of {image.GetPixelIDTypeAsString()} stands where an image of numbers is wanted",
            "turn it into numbers, as with ComplexToModulus or LabelMapToLabel",
        )
    geometry = geometry_of(image)
    if geometry.voxels == 0:
        raise KernelError(f"an image without voxels ({geometry})")
    if not image.IsUnique():
        # Taking a view separates an image from those that share its voxels. It must be this one that gets new voxels:
        # another Volume may be viewing those of the image it was handed.
        image = sitk.Image(image)
    components = image.GetNumberOfComponentsPerPixel()
    shape = geometry.shape + ((components,) if components > 1 else ())
    return Volume(np.asarray(_Voxels(image, shape)), geometry, components, source, keep_alive=image)


def to_image(volume: Volume) -> Any:
    """The SimpleITK image of a Volume; bools become uint8 0 and 1.

    A Volume that views a SimpleITK image gives that very image, without a copy: it must not be changed.
    Raises KernelError for a voxel type that SimpleITK has not.
    """
    sitk = library()
    if isinstance(volume._keep_alive, sitk.Image):
        return volume._keep_alive
    return private_image(volume)


def private_image(volume: Volume) -> Any:
    """A new image with a copy of the voxels, which shares nothing with any other. Errors as of `to_image`.

    Copied from the array: to copy a SimpleITK image while a filter reads it in another thread is an error there.
    """
    sitk = library()
    array = np.ascontiguousarray(volume.array)
    if array.dtype == np.bool_:
        array = array.view(np.uint8)
    if not array.dtype.isnative:
        array = array.astype(array.dtype.newbyteorder("="))
    if array.dtype.kind not in "iuf" or array.dtype == np.float16:
        raise KernelError(f"an image of {array.dtype} has no counterpart in SimpleITK")
    if volume.geometry.voxels == 0:
        raise KernelError(f"an image without voxels ({volume.geometry})")
    image = sitk.GetImageFromArray(array, isVector=volume.components > 1)
    image.SetSpacing(volume.geometry.spacing)
    image.SetOrigin(volume.geometry.origin)
    image.SetDirection(volume.geometry.direction)
    return image


def geometry_of(image: Any) -> Geometry:
    """The grid of a SimpleITK image, or of an ImageFileReader that has read a header."""
    return Geometry(image.GetSize(), image.GetSpacing(), image.GetOrigin(), image.GetDirection())


def reason(error: Exception) -> str:
    """What SimpleITK or ITK says in an exception, without source positions and addresses: one line."""
    lines = [line.strip() for line in str(error).splitlines()]
    text = " ".join(line for line in lines if line and not line.startswith("Exception thrown in SimpleITK"))
    text = re.sub(r"\S+\.(?:cxx|hxx|h):\d+:\s*", "", text)
    text = re.sub(r"\b(?:sitk::|ITK )ERROR:\s*", "", text)
    text = re.sub(r"\w+\(0x[0-9a-f]+\):\s*", "", text)
    return re.sub(r"\s+", " ", text).strip() or type(error).__name__
