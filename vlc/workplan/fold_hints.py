"""What to do where the start of a fold swallowed what was to be folded: `fold + 10 [1]`, `fold + start (s)`."""

from __future__ import annotations

import re

from vlc.syntax import nodes as syntax
from vlc.syntax.hints import list_after_fold_hint

_FOLD_BEFORE = re.compile(r"\bfold\s+(\S+)\s*(\(\s*)?\Z")


def index_in_fold_hint(indexed: syntax.Index | syntax.Slice) -> str:
    """What to do about an index in what is folded: `fold + 10 [1]` has no list."""
    span, start = indexed.span, indexed.sequence.span
    fold = _FOLD_BEFORE.search(start.source.text, max(0, start.start - 40), start.start)
    if fold is None:
        return ""
    items = start.source.text[start.end : span.end].lstrip(") \t\n")
    return list_after_fold_hint(fold[1], start.text, items if len(items) <= 40 else "[..]")


def start_alone_hint(fold: syntax.Fold) -> str:
    """What to do about a fold that may have a start, and has no sequence: `fold + 0`."""
    start = " ".join(fold.over.span.text.split())
    over = fold.over
    stands_alone = isinstance(over, syntax.Number) or (isinstance(over, syntax.Call) and over.form == "call")
    # a name before a parenthesis would be a call, and an operator would take the parenthesis for its operand
    written = start if stands_alone else f"({start})"
    shown = written if len(written) <= 40 else "START"
    return f"if this is the start, the sequence is missing: write `fold {fold.operator.text} {shown} ([..])`"


def call_in_fold_hint(call: syntax.Call) -> str:
    """What to do about a call in what is folded: `fold + start (s)` has no start."""
    name = call.function.span
    fold = _FOLD_BEFORE.search(name.source.text, max(0, name.start - 40), name.start)
    if fold is None or len(call.arguments) != 1:
        return ""
    return f"a parenthesis after a name is a call: where a fold starts there, write `fold {fold[1]} ({name.text}) (..)`"
