"""A last look at a script before it leaves the compiler: it is re-parsed, and may contain only what is ever emitted.

Should a hostile name or literal ever get past `code.py`, the script is refused here instead of running.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping


class UnsafeScript(Exception):
    """The emitted text is not a script that the compiler emits: a bug of the compiler, never to be run."""


_BUILDING = frozenset({"loop", "keep", "fold", "fused"})
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
    imported: dict[str, str] = {}
    functions: set[str] = {"run"}
    for statement in module.body[:-2]:
        if isinstance(statement, ast.ImportFrom) and len(functions) == 1:
            imported.update(_imported(statement))
        elif isinstance(statement, ast.FunctionDef) and not statement.decorator_list:
            _require(statement.name not in functions and statement.name not in imported, statement)
            functions.add(statement.name)
            _function(statement, imported)
        else:
            _require(False, statement)


def _require(holds: bool, where: ast.AST) -> None:
    if not holds:
        raise UnsafeScript(f"line {getattr(where, 'lineno', '?')} of the script is of a shape that is never emitted")


def _imported(statement: ast.ImportFrom) -> dict[str, str]:
    """The names that a statement imports, each with the module it is from."""
    module = statement.module
    if module not in ("vlc_runtime", "vlc_runtime.kernels") or statement.level != 0:
        _require(False, statement)
        return {}
    _require(all(alias.asname is None and alias.name != "*" for alias in statement.names), statement)
    return {alias.name: module for alias in statement.names}


def _function(function: ast.FunctionDef, imported: Mapping[str, str]) -> None:
    _require(_is_type(function.returns, ("Plan",)), function)
    arguments = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    for argument in arguments:
        _require(argument.arg not in imported and _is_type(argument.annotation, ("bool", "float", "str")), argument)
    for default in (*function.args.defaults, *(d for d in function.args.kw_defaults if d is not None)):
        _require(_is_literal(default), default)
    _require(function.args.vararg is None and function.args.kwarg is None, function)
    for statement in function.body[:-1]:
        if not isinstance(statement, ast.Assign):
            _require(False, statement)
            continue
        target = statement.targets[0]
        _require(len(statement.targets) == 1, statement)
        _require(isinstance(target, ast.Name) and target.id not in imported, statement)
        _expression(statement.value, imported)
    last = function.body[-1]
    if not isinstance(last, ast.Return) or last.value is None:
        _require(False, last)
    elif function.name == "build":
        _plan(last.value)
    elif not isinstance(last.value, ast.Name) and not _is_literal(last.value):
        _expression(last.value, imported)


def _is_type(annotation: ast.expr | None, allowed: tuple[str, ...]) -> bool:
    return annotation is None or (isinstance(annotation, ast.Name) and annotation.id in allowed)


def _plan(value: ast.expr) -> None:
    if not (isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "Plan"):
        raise UnsafeScript("build() does not return a Plan")
    for goal in value.args:
        if isinstance(goal, ast.Call) and isinstance(goal.func, ast.Name) and goal.func.id in _GOALS:
            _arguments(goal)
        else:
            _require(False, goal)


def _expression(value: ast.expr, imported: Mapping[str, str]) -> None:
    if isinstance(value, ast.List):
        for item in value.elts:
            _require(_is_atom(item), item)
        return
    if not isinstance(value, ast.Call):
        _require(False, value)
        return
    function = value.func
    kernel = (
        isinstance(function, ast.Attribute)
        and not function.attr.startswith("_")
        and (_is_namespace(function.value, imported))
    )
    _require(kernel or (isinstance(function, ast.Name) and function.id in _BUILDING), value)
    _arguments(value)


def _is_namespace(value: ast.expr, imported: Mapping[str, str]) -> bool:
    """Whether this is a namespace of the runtime, or `namespaces.name` for one of a package."""
    if isinstance(value, ast.Attribute):
        package = value.value
        return (
            isinstance(package, ast.Name)
            and package.id == "namespaces"
            and imported.get("namespaces") == "vlc_runtime"
            and not value.attr.startswith("_")
        )
    return isinstance(value, ast.Name) and imported.get(value.id) == "vlc_runtime.kernels"


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
