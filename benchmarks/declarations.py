"""Programs of many declarations: `let x_i = x_(i-1) + 1`, compiled, and run, against plain Python."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import python
from benchmarks.settings import Settings

LARGEST = 100_000
COMPILE_SECONDS, COMPILE_MEGABYTES, RUN_SECONDS = 15.0, 1500.0, 5.0


def chain(count: int) -> str:
    """A program of `count` declarations, each of which needs the one before."""
    lets = "".join(f"let x_{number} = x_{number - 1} + 1\n" for number in range(1, count))
    return f'let x_0 = 1\n{lets}print "last" x_{count - 1}\n'


def plain(count: int) -> str:
    """The same as a Python function with a statement a declaration, as a person in a hurry would generate it."""
    lines = "".join(f"    x_{number} = add(x_{number - 1}, 1.0)\n" for number in range(1, count))
    return (
        f"def add(a, b):\n    return a + b\n\n\ndef build(x_0=1.0):\n{lines}    return x_{count - 1}\n\n\n"
        'print("last", build(), sep="=")\n'
    )


def measure(settings: Settings) -> list[Figure]:
    """For each size: compiling against Python's own compiling of the script, running against the plain function."""
    figures = []
    for count in settings.counts:
        with tempfile.TemporaryDirectory() as name:
            figures += _of_size(count, Path(name), settings.rounds if count < LARGEST else min(settings.rounds, 3))
    return figures


def _of_size(count: int, folder: Path, rounds: int) -> list[Figure]:
    (folder / "chain.imgql").write_text(chain(count))
    (folder / "plain.py").write_text(plain(count))
    python("-m", "vlc", "compile", "chain.imgql", "-o", "chain.py", folder=folder)
    costs = alternate(
        {
            "vlc": lambda: python("-m", "vlc", "compile", "chain.imgql", "-o", "chain.py", folder=folder),
            "python": lambda: python("-c", "compile(open('chain.py').read(), 'chain.py', 'exec')", folder=folder),
            "script": lambda: python("chain.py", "--quiet", "--no-store", folder=folder),
            "plain": lambda: python("plain.py", folder=folder),
        },
        rounds,
    )
    if {cost.output for cost in (*costs["script"], *costs["plain"])} != {f"last={float(count)}\n"}:
        raise AssertionError(f"the chain of {count} declarations came to something else")
    largest = count == LARGEST
    seconds = {way: [cost.seconds for cost in measured] for way, measured in costs.items()}
    peaks = {way: [cost.peak for cost in measured] for way, measured in costs.items()}
    topic = f"{count} declarations"
    own, by_hand = "Python's compile()", "a plain Python function"
    return [
        figure(topic, "compile", "s", seconds["vlc"], own, seconds["python"], largest * COMPILE_SECONDS),
        figure(topic, "compile, peak memory", "MB", peaks["vlc"], own, peaks["python"], largest * COMPILE_MEGABYTES),
        figure(topic, "run", "s", seconds["script"], by_hand, seconds["plain"], largest * RUN_SECONDS),
        figure(topic, "run, peak memory", "MB", peaks["script"], by_hand, peaks["plain"]),
    ]
