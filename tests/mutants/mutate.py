"""Small changes to a module, one at a time: each is a fault that a test should see.

A change is known by its function and by what stands there before and after, so that lines may move.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_REACHED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Mod: ast.Mult, ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr, ast.LShift: ast.RShift, ast.RShift: ast.LShift, ast.FloorDiv: ast.Mult,
}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """`text` is the whole module with one change, and `name` says which."""

    name: str
    text: str


def mutants(text: str) -> Iterator[Mutant]:
    """All mutants of a module, in the order of their places. Annotations, docstrings and messages stay."""
    tree = ast.parse(text)
    for at, (owner, node) in enumerate(_places(tree)):
        for number in range(len(list(_changes(node)))):
            changed = copy.deepcopy(tree)
            twin = list(_places(changed))[at][1]
            made = list(_changes(twin))[number]
            before = ast.unparse(node)
            _replace(changed, twin, made)
            yield Mutant(
                f"{owner}: `{_short(before)}` -> `{_short(ast.unparse(made))}`", ast.unparse(changed)
            )


def _places(tree: ast.Module) -> Iterator[tuple[str, ast.AST]]:
    for one in tree.body:
        if isinstance(one, ast.FunctionDef):
            yield from _of_function(one.name, one)
        elif isinstance(one, ast.ClassDef):
            for inner in one.body:
                if isinstance(inner, ast.FunctionDef):
                    yield from _of_function(f"{one.name}.{inner.name}", inner)


def _of_function(owner: str, function: ast.FunctionDef) -> Iterator[tuple[str, ast.AST]]:
    for statement in function.body:
        yield from ((owner, node) for node in ast.walk(statement) if any(True for _ in _changes(node)))


def _changes(node: ast.AST) -> Iterator[ast.AST]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]) if type(op) in _COMPARED:
            yield ast.Compare(left, [_COMPARED[type(op)]()], [right])
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            yield values[0]
        case ast.UnaryOp(op=ast.Not(), operand=inner):
            yield inner
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _REACHED and not _is_text(node):
            yield ast.BinOp(left, _REACHED[type(op)](), right)
        case ast.Constant(value=bool(value)):
            yield ast.Constant(not value)
        case ast.Constant(value=int(value)):
            yield ast.Constant(value + 1)
        case ast.IfExp(body=one, orelse=other):
            yield one
            yield other
        case ast.If(test=test) if not isinstance(test, ast.Constant):
            yield ast.If(ast.Constant(False), node.body, node.orelse)
        case ast.Expr(value=ast.Call()):
            yield ast.Pass()
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))


def _is_text(node: ast.BinOp) -> bool:
    """Whether it joins texts or types: then another operator is no fault but nonsense."""
    sides = (node.left, node.right)
    return any(isinstance(s, ast.JoinedStr) or isinstance(getattr(s, "value", None), str) for s in sides)


def _replace(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for node in ast.walk(tree):
        for name, value in ast.iter_fields(node):
            if value is old:
                setattr(node, name, new)
            elif isinstance(value, list):
                value[:] = [new if one is old else one for one in value]
    ast.fix_missing_locations(tree)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 90 else line[:87] + "..."
