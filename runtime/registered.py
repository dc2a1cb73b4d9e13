"""Which namespaces installed packages register, and where their functions stand. Nothing of them is imported here but
the packages around their modules: the compiler reads signatures from the text."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.util import find_spec
from keyword import iskeyword
from pathlib import Path

from vlc_runtime.errors import UsageError

GROUP = "vlc.namespaces"


@dataclass(frozen=True, slots=True)
class Registered:
    """A namespace that an installed package has: its module, by name and file, and what tells its versions apart."""

    name: str
    module: str
    file: Path
    package: str
    version: str


def registered() -> Mapping[str, str]:
    """The names of the namespaces of installed packages, each with the package. Nothing of them is imported."""
    return {name: points[0][0] for name, points in _points(tuple(sys.path)).items()}


def found(name: str) -> Registered:
    """A namespace by its name. Raises UsageError when there is none, or it cannot be used."""
    return _found(name, tuple(sys.path))


@cache
def _points(_: tuple[str, ...]) -> dict[str, list[tuple[str, str, str]]]:
    """(package, its version, module) for each name, of the packages on a path for imports."""
    from importlib.metadata import entry_points  # few programs need it

    points: dict[str, list[tuple[str, str, str]]] = {}
    for point in entry_points(group=GROUP):
        if _is_name(point.name) and point.dist is not None:
            points.setdefault(point.name, []).append((point.dist.name, point.dist.version, point.value))
    return points


def _is_name(text: str) -> bool:
    """Whether programs and scripts can call a namespace so."""
    return text.isidentifier() and text.isascii() and not text.startswith("_") and not iskeyword(text)


@cache
def _found(name: str, path: tuple[str, ...]) -> Registered:
    points = _points(path).get(name, [])
    if not points:
        raise UsageError(
            f"the namespace `{name}` is not installed here", f"install the package that registers it under {GROUP}"
        )
    if len(points) > 1:
        packages = " and ".join(sorted(package for package, _, _ in points))
        raise UsageError(f"the namespace `{name}` is registered by {packages}", "uninstall all but one of them")
    package, version, module = points[0]
    file = _file_of(module)
    if file is None:
        raise UsageError(f"{package} registers the namespace `{name}`, and its module {module} is not there")
    return Registered(name, module, file, package, f"{package} {version} {_digest(file)}")


def _file_of(module: str) -> Path | None:
    """The text of a module. The packages around it are imported, the module is not."""
    try:
        spec = find_spec(module)
    except Exception:  # whatever those packages raise
        return None
    return Path(spec.origin) if spec is not None and spec.origin is not None and spec.has_location else None


def _digest(file: Path) -> str:
    """What tells the texts of a module apart; of a package all its modules count."""
    files = sorted(file.parent.rglob("*.py")) if file.name == "__init__.py" else [file]
    return sha256(b"".join(sha256(each.read_bytes()).digest() for each in files)).hexdigest()[:16]
