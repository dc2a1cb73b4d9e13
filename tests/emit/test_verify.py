"""The last look at a script refuses everything that the compiler never emits."""

from __future__ import annotations

from pathlib import Path

import pytest

from vlc.compiler import compile_source
from vlc.diagnostics import Source
from vlc.emit.verify import UnsafeScript, verify

PROGRAM = """import "vox1"
import "simpleitk"
level = 5
image = intensity(ReadImage("a.nii"))
volumes = for k in range(3) do volume(image > (level + k))
print "volumes" volumes
save "mask.nii" image > level
"""
SCRIPT = compile_source(Source("program.imgql", PROGRAM)).script
LINE = "    image = vox1.intensity(image_read_image)\n"


def test_what_is_emitted_passes() -> None:
    assert LINE in SCRIPT
    verify(SCRIPT)


def test_every_golden_script_passes(project: Path) -> None:
    scripts = sorted(project.glob("golden/*/program.py"))
    assert len(scripts) >= 10
    for script in scripts:
        verify(script.read_text("utf-8"))


INJECTED = {
    "a statement in build": (LINE, f"{LINE}    print(image)\n"),
    "a statement at the top": ("\n\ndef build", "\nopen('x')\n\n\ndef build"),
    "an assignment at the top": ("\n\ndef build", "\nx = 1\n\n\ndef build"),
    "an import": ("from vlc_runtime import", "import os\nfrom vlc_runtime import"),
    "an import from elsewhere": ("from vlc_runtime import", "from os import path\nfrom vlc_runtime import"),
    "a relative import": ("from vlc_runtime import", "from .vlc_runtime import"),
    "an import of everything": ("from vlc_runtime.kernels import ", "from vlc_runtime.kernels import *  # "),
    "an import under another name": ("import Plan", "import Plan as P"),
    "an import inside build": (LINE, f"{LINE}    import os\n"),
    "a late import": ("\n\ndef run", "\n\nfrom vlc_runtime import fold\n\n\ndef run"),
    "a nested attribute": ("vox1.intensity(", "vox1.intensity.compute("),
    "a builtin": ("vox1.intensity(", "eval("),
    "a method of a value": ("vox1.intensity(image_read_image)", "image_read_image.run()"),
    "a module that was not imported": ("vox1.intensity(", "os.system("),
    "stars": ("intensity(image_read_image)", "intensity(*image_read_image)"),
    "double stars": ("intensity(image_read_image)", "intensity(**image_read_image)"),
    "a call in a call": ("intensity(image_read_image)", "intensity(open('x'))"),
    "a decorator": ("def build", "@vox1\ndef build"),
    "a decorator on a body": ("def each", "@vox1\ndef each"),
    "an async function": ("def each", "async def each"),
    "a lambda": ("intensity(image_read_image)", "intensity(lambda: 1)"),
    "an f-string": ('simpleitk.ReadImage("a.nii")', 'simpleitk.ReadImage(f"{level}")'),
    "bytes": ('simpleitk.ReadImage("a.nii")', 'simpleitk.ReadImage(b"a.nii")'),
    "an ellipsis": ('simpleitk.ReadImage("a.nii")', "simpleitk.ReadImage(...)"),
    "a comprehension": ('simpleitk.ReadImage("a.nii")', "simpleitk.ReadImage([x for x in level])"),
    "a conditional": ('simpleitk.ReadImage("a.nii")', 'simpleitk.ReadImage("a" if level else "b")'),
    "an operator": ('simpleitk.ReadImage("a.nii")', "simpleitk.ReadImage(level + 1)"),
    "an attribute": ('simpleitk.ReadImage("a.nii")', "simpleitk.ReadImage(level.__class__)"),
    "a walrus": ('simpleitk.ReadImage("a.nii")', "simpleitk.ReadImage((x := 1))"),
    "a subscript": ("    image = vox1", "    level[0] = vox1"),
    "two targets": ("    image = vox1", "    image = other = vox1"),
    "an unpacking": ("    image = vox1", "    image, other = vox1"),
    "an annotated assignment": ("    image = vox1", "    image: int = vox1"),
    "a default that calls": ("level: float = 5.0", "level: float = open('x')"),
    "an annotation that calls": ("level: float = 5.0", "level: open('x') = 5.0"),
    "a return annotation that calls": ("-> Plan:", "-> open('x'):"),
    "a second tail": ("\n\ndef run", "\n\ndef build():\n    return open('x')\n\n\ndef run"),
    "another tail": ("command_line(build)", "command_line(run)"),
    "something after the tail": ("    command_line(build)\n", "    command_line(build)\nopen('x')\n"),
    "no return": ("    return Plan(", "    plan = Plan("),
    "another goal": ("Print(", "print("),
    "a keyword of Plan": ("return Plan(\n", "return Plan(\n        x=open('x'),\n"),
    "float of text": ("level: float = 5.0", 'level: float = float("5")'),
    "a rebound namespace": ("    image = vox1", "    vox1 = vox1"),
    "a rebound function": ("    image = vox1", "    loop = vox1"),
    "no python": ("def build", "def def build"),
    "a null byte": ("def build", "\0def build"),
}


@pytest.mark.parametrize("case", INJECTED)
def test_what_is_never_emitted_is_refused(case: str) -> None:
    old, new = INJECTED[case]
    changed = SCRIPT.replace(old, new, 1)
    assert changed != SCRIPT
    with pytest.raises(UnsafeScript):
        verify(changed)
