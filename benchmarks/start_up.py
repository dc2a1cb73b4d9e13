"""What has to be waited for before anything is done: the compiler's start, the script's, the runtime's import."""

from __future__ import annotations

import tempfile
from pathlib import Path

from benchmarks.figures import Figure, alternate, figure
from benchmarks.processes import python
from benchmarks.settings import Settings

PROGRAM = 'print "answer" 6 * 7\n'


def measure(settings: Settings) -> list[Figure]:
    """Whole processes against one that does nothing, and imports against those of the libraries underneath."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "one_line.imgql").write_text(PROGRAM)
        python("-m", "vlc", "compile", "one_line.imgql", "-o", "one_line.py", folder=folder)
        costs = alternate(
            {
                "nothing": lambda: python("-c", "pass", folder=folder),
                "compile": lambda: python("-m", "vlc", "compile", "one_line.imgql", folder=folder),
                "help": lambda: python("one_line.py", "--help", folder=folder),
                "run": lambda: python("one_line.py", "--quiet", folder=folder),
                "runtime": lambda: python("-c", "import vlc_runtime", folder=folder),
                "libraries": lambda: python("-c", "import SimpleITK, dask", folder=folder),
            },
            2 * settings.rounds,
        )
    seconds = {way: [cost.seconds for cost in measured] for way, measured in costs.items()}
    topic, nothing = "start-up", "python -c pass"
    return [
        figure(topic, "vlc compile, one line", "s", seconds["compile"], nothing, seconds["nothing"], 0.5),
        figure(topic, "script --help", "s", seconds["help"], nothing, seconds["nothing"]),
        figure(topic, "script of one line", "s", seconds["run"], nothing, seconds["nothing"]),
        figure(topic, "import vlc_runtime", "s", seconds["runtime"], "import SimpleITK, dask", seconds["libraries"]),
    ]
