"""A last look at a script before it leaves the compiler: it is re-parsed, and may contain only what is ever emitted.

Should a hostile name or literal ever get past `code.py`, the script is refused here instead of running.
"""

from __future__ import annotations

import ast


class UnsafeScript(Exception):
    """The emitted text is not a script that the compiler emits: a bug of the compiler, never to be run."""


_LOOPS = frozenset({"loop", "keep", "fold"})
_GOALS = frozenset({"Print", "Save", "Effect"})
_TAIL = ast.dump(
    ast.parse(
        'def run(store="results", scheduler="threads", **parameters):\n'
        '    """Compute every goal and return {label: value}; the parameters are those of build()."""\n'
        "    return build(**parameters).run(store=store, scheduler=scheduler)\n"
        'if __name__ == "__main__":\n'
        "    command_line(build)\n"
    )
)


def verify(text: str) -> None:
    """Raise UnsafeScript unless the text has exactly the shapes that `emit` makes. Linear."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        raise UnsafeScript(f"the script does not parse: {problem}") from None
    if ast.dump(ast.Module(module.body[-2:], [])) != _TAIL:
        raise UnsafeScript("the script does not end as every script does")
    functions = 0
    for statement in module.body[:-2]:
        if isinstance(statement, ast.ImportFrom) and not functions:
            _require(statement.module in ("vlc_runtime", "vlc_runtime.kernels") and statement.level == 0, statement)
            _require(all(alias.asname is None and alias.name != "*" for alias in statement.names), statement)
        elif isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
            functions += 1
            _function(statement)
        else:
            _require(False, statement)


def _require(holds: bool, where: ast.AST) -> None:
    if not holds:
        raise UnsafeScript(f"line {getattr(where, 'lineno', '?')} of the script is of a shape that is never emitted")


def _function(function: ast.FunctionDef) -> None:
    for default in (*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)):
        _require(_is_literal(default), default)
    _require(function.args.vararg is None and function.args.kwarg is None, function)
    for statement in function.body[:-1]:
        if not isinstance(statement, ast.Assign):
            _require(False, statement)
            continue
        _require(len(statement.targets) == 1 and isinstance(statement.targets[0], ast.Name), statement)
        _expression(statement.value)
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        _require(False, last)
    elif function.name == "build":
        _plan(last.value)
    elif not isinstance(last.value, ast.Name) and not _is_literal(last.value):
        _expression(last.value)


def _plan(value: ast.expr) -> None:
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Plan"):
        raise UnsafeScript("build() does not return a Plan")
    for goal in value.args:
        if isinstance(goal, ast.Call) and isinstance(goal.func, ast.Name) and goal.func.id in _GOALS:
            _arguments(goal)
        else:
            _require(False, goal)


def _expression(value: ast.expr) -> None:
    if isinstance(value, ast.List):
        for item in value.elts:
            _require(_is_atom(item), item)
        return
    if not isinstance(value, ast.Call):
        _require(False, value)
        return
    function = value.func
    kernel = isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
    _require(kernel or (isinstance(function, ast.Name) and function.id in _LOOPS), value)
    _arguments(value)


def _arguments(call: ast.Call) -> None:
    for argument in call.args:
        _require(_is_atom(argument), argument)
    for keyword in call.keywords:
        _require(keyword.arg is not None and _is_atom(keyword.value), keyword.value)


def _is_atom(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) or _is_literal(value)


def _is_literal(value: ast.expr) -> bool:
    if isinstance(value, ast.Constant):
        return not isinstance(value.value, (bytes, complex, type(...)))
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        return isinstance(value.operand, ast.Constant) and type(value.operand.value) in (int, float)
    return (
        isinstance(value, ast.Call)
        and isinstance(value.func, ast.Name)
        and value.func.id == "float"
        and len(value.args) == 1
        and isinstance(value.args[0], ast.Constant)
        and value.args[0].value in ("inf", "-inf", "nan")
        and not value.keywords
    )
