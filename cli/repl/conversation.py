"""What the REPL says to a statement, in the 2021 REPL's forms. Knows no terminal."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rasp_lang import display
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.display import Example, ShownFunction, ShownSelector, ShownSop
from rasp_lang.elaborate import (
    DictValue,
    FunctionValue,
    ListValue,
    NativeFunction,
    Outcome,
    Selector,
    Session,
    Sop,
    Value,
)
from rasp_lang.interpret import evaluate
from rasp_lang.syntax import ast
from raspc.repl.drawing import drawing_text
from raspc.repl.naming import own_name

GREETING = "RASP 0.1\nrunning example is: hello"


@dataclass(frozen=True, slots=True)
class Reply:
    """The answer to one statement: text without a line break at its end (empty: nothing is said),
    what is wrong, and whether the conversation is over."""

    text: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    over: bool = False


class Conversation:
    """A session with its running examples and switches. ``s-op`` and ``selector`` have an example
    and a switch each."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._examples: dict[str, Example] = {"s-op": "hello", "selector": "hello"}
        self._shows = {"s-op": True, "selector": True}
        self._full = False

    def reply(self, statement: ast.Statement) -> Reply:
        """Run a statement and say what came of it. A statement that fails changes nothing."""
        return self._run(statement, self._answer)

    def absorb(self, statement: ast.Statement) -> Reply:
        """Run a statement of a file: nothing is said, examples and switches stay as they are."""
        return self._run(statement, lambda outcome: "")

    def _run(self, statement: ast.Statement, answer: Callable[[Outcome], str]) -> Reply:
        if isinstance(statement, ast.Exit):
            return Reply(over=True)
        try:
            outcomes = self.session.run_statement(statement)
            text = "\n".join(filter(None, map(answer, outcomes)))
        except RaspError as error:
            return Reply("", (*self.session.take_warnings(), *error.diagnostics))
        return Reply(text, self.session.take_warnings())

    def introduce(self, names: Iterable[str]) -> str:
        """What names stand for, without examples: what the REPL says after a load."""
        known = ((name, self.session.value(name)) for name in names)
        return "\n".join(
            self._named(name, value, examples=False) for name, value in known if value is not None
        )

    def _answer(self, outcome: Outcome) -> str:
        statement = outcome.statement
        match outcome.kind:
            case "command":
                return self._command(statement)
            case "set example":
                for kind in _kinds(statement.which):  # type: ignore[union-attr]
                    self._examples[kind] = _example(outcome.value)
                return ""
            case "draw":
                example = outcome.tokens or self._examples["s-op"]
                return drawing_text(self.session.graph(), outcome.value.node, example)
            case "result":
                return self._result(outcome)
        return self._named(
            outcome.name or "out", outcome.value, examples=not isinstance(statement, ast.Load)
        )

    def _command(self, statement: ast.Statement) -> str:
        match statement:
            case ast.ShowExample(which):
                return "\n".join(
                    f"\t{kind} example: {display.example_text(self._examples[kind])}"
                    for kind in _kinds(which)
                )
            case ast.SwitchExamples(which, on):
                self._shows.update(dict.fromkeys(_kinds(which), on))
            case ast.SwitchFullDisplay(on):
                self._full = on
        return ""

    def _result(self, outcome: Outcome) -> str:
        """The answer to ``s(input)``."""
        call = outcome.statement.value  # type: ignore[union-attr]
        given = _example(self.session.evaluate_expression(call.arguments[0]))  # type: ignore[union-attr]
        if isinstance(outcome.applied, Selector):
            return display.call_text(given, ShownSelector("out", given, outcome.value))
        return display.call_text(given, ShownSop("out", given, outcome.value, self._full))

    def _named(self, name: str, value: Value, *, examples: bool) -> str:
        viewer = _Viewer(self.session, self._examples, self._shows if examples else {}, self._full)
        shown = viewer.shown(value, name)
        return "\n".join([display.named_text(name, shown), *viewer.failures])


class _Viewer:
    """Turns values into what ``display`` shows, and collects the examples that have no value."""

    def __init__(
        self, session: Session, examples: dict[str, Example], shows: dict[str, bool], full: bool
    ) -> None:
        self._session = session
        self._examples = examples
        self._shows = shows
        self._full = full
        self.failures: list[str] = []

    def shown(self, value: Value, name: str | None = None) -> object:
        match value:
            case Sop(node):
                own = name or own_name(self._session.nodes.builder, node)
                example = self._examples["s-op"]
                return ShownSop(own, example, self._values("s-op", node, own), self._full)
            case Selector(node):
                own = name or own_name(self._session.nodes.builder, node)
                example = self._examples["selector"]
                return ShownSelector(own, example, self._values("selector", node, own))
            case ListValue():
                return [self.shown(item) for item in value]
            case DictValue():
                return {key: self.shown(item) for key, item in value.items()}
            case FunctionValue() | NativeFunction():
                return ShownFunction(_place(value), value.name, value.parameters)
        return value

    def _values(self, kind: str, node: int, name: str) -> list[Any] | None:
        """The values on the running example; None where it is not asked for or is no legal input,
        which is then said beside the definition."""
        if not self._shows.get(kind):
            return None
        example = self._examples[kind]
        try:
            (values,) = evaluate(self._session.graph(), [node], tuple(example))
        except RaspError as error:
            given = display.example_text(example)
            reason = error.diagnostics[0].message
            self.failures.append(f" \t Example: {name}({given}) has no value: {reason}")
            return None
        return list(values)


def _place(function: FunctionValue | NativeFunction) -> str:
    """Where a function was defined: ``console``, or the file."""
    if isinstance(function, NativeFunction) or function.library:
        return "library"
    source = function.body.definition.span.source.name
    return "console" if source.startswith("<") else source


def _kinds(which: str) -> tuple[str, ...]:
    return ("s-op", "selector") if which == "both" else (which,)


def _example(value: Value) -> Example:
    return value if isinstance(value, str) else list(value)  # type: ignore[arg-type]
