"""A session: one program, or one conversation, over one graph.

A file is run as a whole: each statement that fails is reported and its names are poisoned, so that
nothing is reported twice. In a conversation (the REPL) a statement that fails changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files as resources
from pathlib import Path
from typing import Any

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.elaborate.bindings import BINDING_STEPS
from rasp_lang.elaborate.calls import CALL_STEPS, Drawing
from rasp_lang.elaborate.code import compile_expression, compile_statement
from rasp_lang.elaborate.defaults import default_warnings, short_inputs
from rasp_lang.elaborate.failure import Poisoned
from rasp_lang.elaborate.files import File
from rasp_lang.elaborate.loads import Loads
from rasp_lang.elaborate.machine import Machine
from rasp_lang.elaborate.natives import predefined
from rasp_lang.elaborate.nodes import Nodes
from rasp_lang.elaborate.problems import Problems, without_ignored
from rasp_lang.elaborate.reserved import PROTECTED, RESERVED
from rasp_lang.elaborate.scope import POISON, Scope
from rasp_lang.elaborate.steps import EXPRESSION_STEPS
from rasp_lang.elaborate.targets import bound_by
from rasp_lang.elaborate.unknown import unknown_names
from rasp_lang.elaborate.values import Selector, Sop, Value, kind_of
from rasp_lang.graph import Atom, Graph
from rasp_lang.source import Source
from rasp_lang.syntax import ast, parse

_STEPS = {**EXPRESSION_STEPS, **BINDING_STEPS, **CALL_STEPS}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one statement did, for the REPL to show.

    ``kind`` is a value's kind (``s-op selector value list dict function``), ``result`` for
    ``s(input)`` (``value`` is the list, ``applied`` the s-op or selector), ``draw`` (``value`` is
    the s-op, ``tokens`` its input or None), ``set example`` (``value`` is a string or list), or
    ``command`` for the other commands. ``name`` is what is shown for the value; ``statement`` is
    the syntax. A ``load`` has an outcome for each name that it bound.
    """

    kind: str
    name: str | None
    value: Any
    statement: ast.Statement
    tokens: tuple[Atom, ...] | None = None
    applied: Sop | Selector | None = None


class Session:
    """Runs statements one after the other in one top-level scope.

    ``main`` is the file of a program; without one the session is a conversation, and ``load`` looks
    in the working directory first.
    """

    def __init__(self, main: File | None = None) -> None:
        self.main = main or File(Source("<input>", ""), Path(), "<input>")
        self.nodes = Nodes()
        self._problems = Problems()
        self._loads = Loads(self._run_loaded)
        self._loads.running.append(self.main)
        self._last_loaded: tuple[str, ...] = ()
        self._files = {self.main.source: self.main}
        self.base = predefined(self.nodes)
        self._machine = Machine(_STEPS, self.nodes, self.base, self._load, self._warn)
        for statement in _library():
            self._machine.execute(compile_statement(statement), self.base)
        self.base.names["out"] = self.base.names["tokens"]
        self.nodes.all_predefined()
        self.scope = Scope(self.base, "file")

    @property
    def names(self) -> tuple[str, ...]:
        """The public names by their last binding: not ``_x``, not what was loaded."""
        scope = self.scope
        return tuple(
            name
            for name in scope.names
            if not name.startswith("_") and name != "out" and name not in scope.loaded
        )

    @property
    def files(self) -> tuple[File, ...]:
        """The main file, then the loaded ones in the order in which they were done."""
        return (self.main, *self._loads.loaded)

    def value(self, name: str) -> Value | None:
        """What a name is bound to, predefined names included; None if it is unknown."""
        found = self.scope.find(name)
        return None if found is POISON else found  # type: ignore[return-value]

    def graph(self) -> Graph:
        """The nodes so far."""
        return self.nodes.graph()

    def run_file(
        self,
        module: ast.Module,
        diagnostics: Iterable[Diagnostic],
        letters: Sequence[Atom],
    ) -> tuple[Diagnostic, ...]:
        """Run the statements of the main file, all of them or up to ``exit``; what is wrong, the
        diagnostics of the parser included, in source order. ``letters`` are tokens that the
        program is tried on for warnings."""
        self._problems.extend(diagnostics)
        self._run_statements(module, self.scope)
        self.nodes.take_suggested_names()
        if not self._problems.failed:
            known = self._problems.places("RASP0552")
            self._problems.extend(default_warnings(self.graph(), short_inputs(letters), known))
        return self._problems.in_order(self.main.source)

    def run_statement(self, statement: ast.Statement) -> tuple[Outcome, ...]:
        """Run one statement of a conversation. Raises ``RaspError``."""
        self._machine.applied = None
        self._machine.execute(compile_statement(statement), self.scope)
        return tuple(self._outcomes(statement))

    def take_warnings(self) -> tuple[Diagnostic, ...]:
        """The warnings since they were last taken."""
        return without_ignored(self._problems.take())

    def evaluate_expression(self, expression: ast.Expression) -> Value:
        """An expression in the top-level scope. Raises ``RaspError``."""
        found: Value = self._machine.execute(compile_expression(expression), self.scope)
        return found

    def _run_statements(self, module: ast.Module, scope: Scope) -> None:
        ends = [isinstance(statement, ast.Exit) for statement in module.statements]
        run = module.statements[: ends.index(True)] if True in ends else module.statements
        for statement in run:
            if scope is self.scope:
                self._problems.statement = statement.span
            self._attempt(statement, scope)
        self._report_unknown_names(run, scope, certain=True)
        self._report_unknown_names(module.statements[len(run) :], scope, certain=False)

    def _attempt(self, statement: ast.Statement, scope: Scope) -> None:
        try:
            self._machine.execute(compile_statement(statement), scope)
            return
        except RaspError as error:
            self._problems.extend(error.diagnostics)
        except Poisoned:
            pass
        bound = bound_by([statement])
        for name in bound.names - RESERVED - PROTECTED:
            scope.bind(name, POISON)
        scope.doubtful |= bound.loads

    def _report_unknown_names(
        self, statements: Sequence[ast.Statement], scope: Scope, *, certain: bool
    ) -> None:
        known = self._problems.places("RASP0201")
        for unknown in unknown_names(statements, scope, certain=certain):
            if unknown.name.span not in known:
                self._problems.add(unknown.diagnostic())

    def _load(self, statement: ast.Load) -> Sequence[tuple[str, Value]]:
        loader = self._files.get(statement.span.source, self.main)
        bindings, warnings = self._loads.load(statement, loader)
        self._problems.extend(warnings)
        self._last_loaded = tuple(name for name, _ in bindings)
        return bindings

    def _run_loaded(self, file: File) -> tuple[Scope, Sequence[Diagnostic]]:
        scope = Scope(self.base, "file")
        self._files[file.source] = file
        parsed = file.parsed()
        if any(found.severity == "error" for found in parsed.diagnostics):
            return scope, parsed.diagnostics
        outer, self._problems = self._problems, Problems()
        try:
            self._problems.extend(parsed.diagnostics)
            self._run_statements(parsed.module, scope)
            return scope, self._problems.in_order(file.source)
        finally:
            self._problems = outer

    def _warn(self, found: Diagnostic) -> None:
        self._problems.add(found)

    def _outcomes(self, statement: ast.Statement) -> Iterable[Outcome]:
        shown = self._machine.shown
        if isinstance(statement, ast.ExpressionStatement):
            yield self._shown(statement, shown)
        elif isinstance(statement, ast.Assign):
            for name in dict.fromkeys(target.id for target in statement.targets):
                yield self._bound(name, statement)
        elif isinstance(statement, ast.FunctionDefinition):
            yield self._bound(statement.name.id, statement)
        elif isinstance(statement, ast.SetExample):
            yield Outcome("set example", None, shown, statement)
        elif isinstance(statement, ast.Load):
            yield from (self._bound(name, statement) for name in self._last_loaded)
        elif not isinstance(statement, ast.For):
            yield Outcome("command", None, None, statement)

    def _bound(self, name: str, statement: ast.Statement) -> Outcome:
        value = self.scope.names[name]
        return Outcome(kind_of(value), name, value, statement)  # type: ignore[arg-type]

    def _shown(self, statement: ast.ExpressionStatement, shown: Any) -> Outcome:
        if isinstance(shown, Drawing):
            return Outcome("draw", None, shown.sop, statement, shown.tokens)
        expression = statement.value
        name = expression.id if isinstance(expression, ast.Name) else "out"
        applied = self._machine.applied
        kind = "result" if applied else kind_of(shown)
        return Outcome(kind, name, shown, statement, applied=applied)


@cache
def _library() -> tuple[ast.Statement, ...]:
    text = resources(__package__).joinpath("library.rasp").read_text("utf-8")
    return parse(Source("library.rasp", text)).module.statements
