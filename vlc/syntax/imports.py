from vlc.syntax.parser import parse
from vlc.workplan.program import Linked


def link(source, dialect=None):
    p = parse(source, dialect)
    return Linked(p.commands, [p.dialect] * len(p.commands), source.name)


def read_source(path):
    from vlc.diagnostics import Source

    return Source(str(path), path.read_text())
