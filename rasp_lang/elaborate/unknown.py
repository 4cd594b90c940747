"""Unknown names in code that was not run: functions never called, branches never taken.

What was run has reported its own errors; here the scopes are read off the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.diagnostics.suggest import did_you_mean
from rasp_lang.elaborate.reserved import FORMS
from rasp_lang.elaborate.scope import Scope
from rasp_lang.elaborate.targets import bound_by
from rasp_lang.syntax import ast


@dataclass(frozen=True, slots=True)
class UnknownName:
    """A name that is bound nowhere. ``certain``: its statement cannot end without using it."""

    name: ast.Name
    certain: bool
    visible: Sequence[str]

    def diagnostic(self) -> Diagnostic:
        """RASP0201 where it is certain, else the warning RASP0204."""
        name = self.name.id
        action = did_you_mean(name, (*self.visible, *FORMS))
        if self.certain:
            message, label = f"unknown name `{name}`", "not in scope here"
            return Diagnostic("RASP0201", message, self.name.span, label, action)
        message = f"unknown name `{name}` in code that is not run"
        return Diagnostic("RASP0204", message, self.name.span, "is an error once it is run", action)


@dataclass(frozen=True, slots=True)
class _Region:
    """Syntax that shares its names: the file, a function, a comprehension. ``certain`` is lost in
    whatever may not be run."""

    names: frozenset[str]
    doubtful: bool
    certain: bool
    parent: _Region | None = None

    def knows(self, name: str) -> bool:
        region: _Region | None = self
        while region is not None:
            if name in region.names or region.doubtful:
                return True
            region = region.parent
        return False

    def visible(self) -> list[str]:
        found: list[str] = []
        region: _Region | None = self
        while region is not None:
            found.extend(region.names)
            region = region.parent
        return found

    def maybe(self) -> _Region:
        return replace(self, certain=False)

    def inner(self, names: Iterable[str], doubtful: bool = False) -> _Region:
        return _Region(frozenset(names), doubtful, False, self)


_Work = tuple[ast.Expression | ast.Statement, _Region]


def unknown_names(
    statements: Sequence[ast.Statement], scope: Scope, *, certain: bool
) -> Iterator[UnknownName]:
    """The uses of unknown names in statements of a scope, in source order. ``certain``: the
    statements were run, as far as they came."""
    names = frozenset(scope.visible())
    doubtful = any(level.doubtful for level in scope.chain())
    region = _Region(names, doubtful, certain)
    pending: list[_Work] = [(statement, region) for statement in reversed(statements)]
    while pending:
        node, region = pending.pop()
        if isinstance(node, ast.Name):
            if not region.knows(node.id):
                yield UnknownName(node, region.certain, region.visible())
        else:
            pending.extend(reversed(list(_parts(node, region))))


def _parts(node: ast.Expression | ast.Statement, region: _Region) -> Iterator[_Work]:
    """The parts of a node with the region that each is in."""
    match node:
        case ast.Binary(left=left, right=right):
            yield from ((left, region), (right, region))
        case ast.Unary(operand=operand):
            yield (operand, region)
        case ast.Ternary():
            yield (node.then, region.maybe())
            yield (node.condition, region)
            yield (node.otherwise, region.maybe())
        case ast.Index(value=value, index=index):
            yield from ((value, region), (index, region))
        case ast.Call(function=function, arguments=arguments):
            yield from ((part, region) for part in (function, *arguments))
        case ast.BuiltinCall(arguments=parts) | ast.ListDisplay(items=parts):
            yield from ((part, region) for part in parts)
        case ast.Select(key=key, query=query):
            yield from ((key, region), (query, region))
        case ast.DictDisplay(items=items):
            yield from ((part, region) for item in items for part in item)
        case ast.ListComprehension() | ast.DictComprehension():
            yield from _comprehension(node, region)
        case _:
            yield from _statement_parts(node, region)


def _comprehension(
    node: ast.ListComprehension | ast.DictComprehension, region: _Region
) -> Iterator[_Work]:
    inner = region.inner(target.id for target in node.targets)
    if isinstance(node, ast.ListComprehension):
        yield (node.element, inner)
    else:
        yield from ((node.key, inner), (node.value, inner))
    yield (node.iterable, region)


def _statement_parts(node: ast.Expression | ast.Statement, region: _Region) -> Iterator[_Work]:
    match node:
        case ast.ExpressionStatement(value=value) | ast.SetExample(value=value):
            yield (value, region)
        case ast.Assign(values=values):
            yield from ((value, region) for value in values)
        case ast.For(iterable=iterable, body=body):
            yield (iterable, region)
            yield from ((part, region.maybe()) for part in body)
        case ast.FunctionDefinition():
            bound = bound_by(node.body)
            parameters = {parameter.id for parameter in node.parameters}
            inner = region.inner(bound.names | parameters, bound.loads)
            yield from ((part, inner) for part in (*node.body, *node.returns))
