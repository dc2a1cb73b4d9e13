"""The words of the error about an ambiguous chain: its readings, with the parentheses to write."""

from __future__ import annotations

from collections.abc import Sequence

from vlc.syntax.precedence import COMPARISON, conflict, level

_LONGEST_OPERAND = 32
_LONGEST_CHAIN = 6
_HINT = "write the parentheses that you mean"


def both_readings(operands: Sequence[str], operators: Sequence[str]) -> tuple[str, str]:
    """(message, hint) about a chain of texts that has a conflict. A long chain is cut to where the conflict is."""
    at = next(index for index in range(len(operators) - 1) if conflict(operators[index], operators[index + 1]))
    levels = [level(operator) for operator in operators]
    if levels[at] == levels[at + 1] == COMPARISON:
        left, middle, right = (_short(text) for text in operands[at : at + 3])
        first, second = operators[at : at + 2]
        readings = (
            f"`({left} {first} {middle}) {second} {right}` or `({left} {first} {middle}) & ({middle} {second} {right})`"
        )
        return f"comparisons do not chain: this could be {readings}", _HINT
    if None in levels or len(operands) > _LONGEST_CHAIN or _compares_twice(levels):
        operands, operators = operands[at : at + 3], operators[at : at + 2]
    texts = [_short(text) for text in operands]
    operators = [_short(text) for text in operators]
    if None in map(level, operators):
        left, middle, right = texts
        first, second = operators
        readings = f"`({left} {first} {middle}) {second} {right}` or `{left} {first} ({middle} {second} {right})`"
        return f"operators without a common precedence: this could be {readings}", _HINT
    flat, usual = _flat(texts, operators), _by_precedence(texts, operators)
    return f"this chain has two readings: `{flat}` from left to right, `{usual}` by precedence", _HINT


def from_the_right(texts: Sequence[str], operators: Sequence[str]) -> tuple[str, str]:
    """A chain as vl1 reads it, and as precedence does."""
    texts = [_short(text) for text in texts]
    read = texts[-1]
    for index in reversed(range(len(operators))):
        read = f"{texts[index]} {operators[index]} {f'({read})' if index < len(operators) - 1 else read}"
    return read, _by_precedence(texts, operators)


def _compares_twice(levels: Sequence[int | None]) -> bool:
    """Whether precedence would put a comparison beside a comparison."""
    last: int | None = None
    for current in levels:
        if current == COMPARISON and last == COMPARISON:
            return True
        if current is not None and current <= COMPARISON:
            last = current
    return False


def _short(text: str) -> str:
    """An operand on one line, its middle left out when it is long."""
    text = " ".join(text.split())
    if len(text) <= _LONGEST_OPERAND:
        return text
    return f"{text[:18]}...{text[-11:]}"


def _flat(operands: Sequence[str], operators: Sequence[str]) -> str:
    text = operands[0]
    for index, operator in enumerate(operators):
        text = f"{text} {operator} {operands[index + 1]}"
        if index < len(operators) - 1 and operators[index + 1] != operator:
            text = f"({text})"
    return text


def _by_precedence(operands: Sequence[str], operators: Sequence[str]) -> str:
    """By two stacks: a pending operator is applied when the next one binds no tighter."""
    values: list[tuple[str, str | None]] = [(operands[0], None)]  # text, and its operator where it is compound
    pending: list[str] = []

    def apply() -> None:
        operator = pending.pop()
        (right, right_operator), (left, left_operator) = values.pop(), values.pop()
        if left_operator not in (None, operator):
            left = f"({left})"
        if right_operator is not None:
            right = f"({right})"
        values.append((f"{left} {operator} {right}", operator))

    for operator, operand in zip(operators, operands[1:], strict=True):
        while pending and (level(pending[-1]) or 0) >= (level(operator) or 0):
            apply()
        pending.append(operator)
        values.append((operand, None))
    while pending:
        apply()
    return values[0][0]
