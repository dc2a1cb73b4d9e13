"""The two wheels: everything is in them, and a script runs where only the runtime is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

import vlc

PROJECT = Path(__file__).parents[1]
COMPILER_ONLY = ("vlc", "lark", "jinja2", "black", "networkx")


def build(project: Path, out: Path) -> Path:
    """The wheel of a project, built from a copy of its files that git knows of."""
    copy = out / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=project, capture_output=True, text=True, check=True
    )
    for name in listed.stdout.splitlines():
        target = copy / name
        if (project / name).is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((project / name).read_bytes())
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", str(out), str(copy)]
    subprocess.run(command, check=True, cwd=out)
    (wheel,) = out.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def runtime_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(PROJECT / "runtime", tmp_path_factory.mktemp("runtime"))


def test_the_runtime_wheel_has_every_module(runtime_wheel: Path) -> None:
    inside = set(zipfile.ZipFile(runtime_wheel).namelist())
    for path in (PROJECT / "runtime").rglob("*"):
        relative = path.relative_to(PROJECT / "runtime")
        if path.suffix in (".py", ".json", ".typed") and relative.parts[0] not in ("build", "vlc_runtime.egg-info"):
            assert f"vlc_runtime/{relative.as_posix()}" in inside


def test_the_compiler_wheel_has_every_module_and_none_of_the_runtime(tmp_path: Path) -> None:
    inside = set(zipfile.ZipFile(build(PROJECT, tmp_path)).namelist())
    for path in (PROJECT / "vlc").rglob("*"):
        if path.suffix in (".py", ".lark", ".imgql", ".typed"):
            assert path.relative_to(PROJECT).as_posix() in inside
    assert "vlc/templates/script.py.jinja" in inside
    assert not any(name.startswith("vlc_runtime/") for name in inside)


def test_a_script_runs_where_only_the_runtime_is_installed(runtime_wheel: Path, tmp_path: Path) -> None:
    folder = tmp_path / "environment"
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    environment = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", runtime_wheel],
        check=True,
        env=environment,
    )
    absent = f"import importlib.util as u, sys; sys.exit(any(u.find_spec(n) for n in {COMPILER_ONLY!r}))"
    assert subprocess.run([python, "-c", absent], check=False, env=environment, cwd=tmp_path).returncode == 0
    script = tmp_path / "script.py"
    image = PROJECT / "golden" / "images" / "a.nii.gz"
    program = f'import "vox1"\nimport "simpleitk"\nprint "v" for t in [2, 5] do volume(near(ReadImage("{image}") > t))'
    script.write_text(vlc.compile(program), "utf-8")
    result = subprocess.run(
        [python, script], capture_output=True, text=True, check=False, env=environment, cwd=tmp_path
    )
    assert (result.returncode, result.stdout) == (0, "v=[12.0, 11.0]\n"), result.stderr
