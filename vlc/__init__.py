"""vlc: an ahead-of-time compiler for VoxLogicA's image query language."""

__version__ = "0.1.0"
__all__ = ["__version__", "compile"]


def compile(source: str, name: str = "program.imgql") -> str:
    """Compile the text of a program to the text of a Python script.

    `name` is what messages call the program. Raises `vlc.diagnostics.CompileError`.
    """
    from vlc.compiler import compile_source
    from vlc.diagnostics import Source

    return compile_source(Source(name, source)).script
