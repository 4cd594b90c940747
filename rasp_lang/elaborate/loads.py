"""``load``: a file is run once, in a scope of its own over the predefined names; its public names
go to the scope that loads it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.elaborate import files
from rasp_lang.elaborate.files import File
from rasp_lang.elaborate.scope import Poison, Scope
from rasp_lang.elaborate.values import Value
from rasp_lang.syntax import ast

#: Files that load each other in a row: run on the host's stack.
MAX_NESTED = 50

Bindings = Sequence[tuple[str, Value]]
#: Runs a file; gives its scope and what is wrong with it.
RunFile = Callable[[File], tuple[Scope, Sequence[Diagnostic]]]


@dataclass(frozen=True, slots=True)
class _Loaded:
    """What loading a file gave."""

    bindings: Bindings
    diagnostics: Sequence[Diagnostic]
    failed: bool


class Loads:
    """The files of a session: what was loaded, and what is being loaded now."""

    def __init__(self, run_file: RunFile) -> None:
        self._run_file = run_file
        self._done: dict[str, _Loaded] = {}
        self.running: list[File] = []
        self.loaded: list[File] = []

    def load(self, statement: ast.Load, loader: File) -> tuple[Bindings, Sequence[Diagnostic]]:
        """The public names of the file that a statement loads, in the order of their last binding,
        and the warnings about it. Raises ``RaspError``: the errors in the file, then RASP0207."""
        found = self._find(statement, loader)
        first = found.identity not in self._done
        if first:
            self._done[found.identity] = self._run(found)
        done = self._done[found.identity]
        told = done.diagnostics if first else ()
        if done.failed:
            raise RaspError((*told, _failed(statement, found)))
        return done.bindings, told

    def _find(self, statement: ast.Load, loader: File) -> File:
        found = files.find(statement, loader)
        names = [file.identity for file in self.running]
        if found.identity in names:
            raise RaspError(_circle(statement, self.running[names.index(found.identity) :], found))
        if len(self.running) > MAX_NESTED:
            message = f"loads are nested more than {MAX_NESTED} deep"
            raise RaspError(Diagnostic("RASP0509", message, statement.path_span))
        return found

    def _run(self, found: File) -> _Loaded:
        self.running.append(found)
        try:
            scope, diagnostics = self._run_file(found)
        finally:
            self.running.pop()
        self.loaded.append(found)
        failed = any(diagnostic.severity == "error" for diagnostic in diagnostics)
        return _Loaded(() if failed else _public(scope), diagnostics, failed)


def _public(scope: Scope) -> Bindings:
    return tuple(
        (name, value)
        for name, value in scope.names.items()
        if not name.startswith("_") and name != "out" and not isinstance(value, Poison)
    )


def _failed(statement: ast.Load, found: File) -> Diagnostic:
    return Diagnostic(
        "RASP0207",
        f"`{found.source.name}` has errors",
        statement.path_span,
        "nothing of it is loaded",
        help="correct the errors in that file",
    )


def _circle(statement: ast.Load, running: Sequence[File], found: File) -> Diagnostic:
    chain = " -> ".join(f"`{file.source.name}`" for file in (*running, found))
    return Diagnostic(
        "RASP0206",
        "files load each other in a circle",
        statement.path_span,
        "is being loaded already",
        help="move what both need into a file of its own",
        notes=(chain,),
    )
