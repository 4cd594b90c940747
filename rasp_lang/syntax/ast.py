"""The syntax tree: frozen nodes, each with the span of the text that it was read from.

Equality compares structure only; spans are left out, so that printing and parsing again gives an
equal tree.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from rasp_lang.source import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What all nodes have: the span of their text."""

    span: Span = field(compare=False, repr=False)


# --- expressions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """An int, float or string literal. (``True`` and ``False`` are names.)"""

    value: int | float | str


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name, ``True`` and ``False`` included."""

    id: str


@dataclass(frozen=True, slots=True)
class ListDisplay(Node):
    """``[a, b]``."""

    items: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class DictDisplay(Node):
    """``{key: value}``, pairs in source order."""

    items: tuple[tuple[Expression, Expression], ...]


@dataclass(frozen=True, slots=True)
class ListComprehension(Node):
    """``[element for targets in iterable]``."""

    element: Expression
    targets: tuple[Name, ...]
    iterable: Expression


@dataclass(frozen=True, slots=True)
class DictComprehension(Node):
    """``{key: value for targets in iterable}``."""

    key: Expression
    value: Expression
    targets: tuple[Name, ...]
    iterable: Expression


@dataclass(frozen=True, slots=True)
class Unary(Node):
    """``operator`` is ``not``, ``-`` or ``+``; its own place is ``operator_span``."""

    operator: str
    operand: Expression
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Binary(Node):
    """``operator`` is one of ``^ * / % + - == != < > <= >= and or in``."""

    operator: str
    left: Expression
    right: Expression
    operator_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Ternary(Node):
    """``then if condition else otherwise``."""

    then: Expression
    condition: Expression
    otherwise: Expression


@dataclass(frozen=True, slots=True)
class Index(Node):
    """``value[index]``."""

    value: Expression
    index: Expression


@dataclass(frozen=True, slots=True)
class Call(Node):
    """``function(arguments)``."""

    function: Expression
    arguments: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class BuiltinCall(Node):
    """``round indicator range zip len aggregate`` before ``(``: always the built-in form, with the
    right number of arguments."""

    form: str
    arguments: tuple[Expression, ...]
    form_span: Span = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Select(Node):
    """``select(key, query, comparison)``; ``comparison`` is one of ``== != < > <= >=``."""

    key: Expression
    query: Expression
    comparison: str


Expression = (
    Literal
    | Name
    | ListDisplay
    | DictDisplay
    | ListComprehension
    | DictComprehension
    | Unary
    | Binary
    | Ternary
    | Index
    | Call
    | BuiltinCall
    | Select
)


# --- statements -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ExpressionStatement(Node):
    """An expression alone; a call of ``draw`` is one of these."""

    value: Expression


@dataclass(frozen=True, slots=True)
class Assign(Node):
    """``a, b = v1, v2;`` with at least one target and one value."""

    targets: tuple[Name, ...]
    values: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class FunctionDefinition(Node):
    """``def name(parameters) { body return returns; }``."""

    name: Name
    parameters: tuple[Name, ...]
    body: tuple[Statement, ...]
    returns: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for targets in iterable { body }``."""

    targets: tuple[Name, ...]
    iterable: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Load(Node):
    """``load "path";`` with the place of the string."""

    path: str
    path_span: Span = field(compare=False, repr=False)


# --- REPL commands --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SetExample(Node):
    """``set [s-op|selector] example e``; ``which`` is ``both``, ``s-op`` or ``selector``."""

    which: str
    value: Expression


@dataclass(frozen=True, slots=True)
class ShowExample(Node):
    """``show [s-op|selector] example``; ``which`` as in ``SetExample``."""

    which: str


@dataclass(frozen=True, slots=True)
class SwitchExamples(Node):
    """``[s-op|selector] examples on|off``; ``which`` as in ``SetExample``."""

    which: str
    on: bool


@dataclass(frozen=True, slots=True)
class SwitchFullDisplay(Node):
    """``full seq display on|off``."""

    on: bool


@dataclass(frozen=True, slots=True)
class Exit(Node):
    """``exit`` or ``quit``."""


Command = SetExample | ShowExample | SwitchExamples | SwitchFullDisplay | Exit
Statement = ExpressionStatement | Assign | FunctionDefinition | For | Load | Command


@dataclass(frozen=True, slots=True)
class Module(Node):
    """A whole text."""

    statements: tuple[Statement, ...]
