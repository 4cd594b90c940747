"""Which names a piece of syntax binds in its own scope, whether or not it is run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rasp_lang.syntax import ast


@dataclass(frozen=True, slots=True)
class Bound:
    """The names, and whether a ``load`` may bind more."""

    names: frozenset[str]
    loads: bool


def bound_by(statements: Iterable[ast.Statement]) -> Bound:
    """What some statements bind: targets, loop variables, functions. A ``for`` has no scope of its
    own, so what stands in it counts."""
    names: set[str] = set()
    loads = False
    pending = list(statements)
    while pending:
        statement = pending.pop()
        if isinstance(statement, ast.Assign):
            names.update(target.id for target in statement.targets)
        elif isinstance(statement, ast.FunctionDefinition):
            names.add(statement.name.id)
        elif isinstance(statement, ast.For):
            names.update(target.id for target in statement.targets)
            pending.extend(statement.body)
        elif isinstance(statement, ast.Load):
            loads = True
    return Bound(frozenset(names), loads)
