"""Syntax trees for tests: written fully parenthesised, and drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Iterator

from hypothesis import strategies as st

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Source, Span
from rasp_lang.syntax import ast, parse, parse_expression

NOWHERE = Span(Source("nowhere", ""), 0, 0)


def expression(text: str) -> ast.Expression:
    """The tree of an expression that has no error."""
    tree, diagnostics = parse_expression(Source("test", text))
    assert tree is not None, [d.message for d in diagnostics]
    return tree


def statements(text: str) -> tuple[ast.Statement, ...]:
    """The statements of a program that has no error."""
    parsed = parse(Source("test", text))
    assert not [d for d in parsed.diagnostics if d.severity == "error"]
    return parsed.module.statements


def codes(text: str) -> list[str]:
    """The codes that a program gets, in order."""
    return [diagnostic.code for diagnostic in parse(Source("test", text)).diagnostics]


def places(text: str) -> list[tuple[str, int, int]]:
    """Code, line and column of each diagnostic of a program."""
    return [place(diagnostic) for diagnostic in parse(Source("test", text)).diagnostics]


def place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    assert diagnostic.span is not None
    return diagnostic.code, diagnostic.span.line, diagnostic.span.column


def grouped(node: ast.Expression) -> str:
    """The tree as text with every operation in parentheses; calls and displays as written."""
    match node:
        case ast.Unary(operator, operand):
            return f"({operator} {grouped(operand)})"
        case ast.Binary(operator, left, right):
            return f"({grouped(left)} {operator} {grouped(right)})"
        case ast.Ternary(then, condition, otherwise):
            return f"({grouped(then)} if {grouped(condition)} else {grouped(otherwise)})"
        case ast.Index(value, index):
            return f"{grouped(value)}[{grouped(index)}]"
        case ast.Call(function, arguments):
            return f"{grouped(function)}({', '.join(map(grouped, arguments))})"
        case ast.BuiltinCall(form, arguments):
            return f"<{form}>({', '.join(map(grouped, arguments))})"
        case ast.Select(key, query, comparison):
            return f"<select>({grouped(key)}, {grouped(query)}, {comparison})"
        case ast.ListDisplay(items):
            return f"[{', '.join(map(grouped, items))}]"
        case ast.DictDisplay(items):
            return "{" + ", ".join(f"{grouped(k)}: {grouped(v)}" for k, v in items) + "}"
        case ast.ListComprehension(element, targets, iterable):
            names = ", ".join(name.id for name in targets)
            return f"[{grouped(element)} for {names} in {grouped(iterable)}]"
        case ast.DictComprehension(key, value, targets, iterable):
            names = ", ".join(name.id for name in targets)
            pair = f"{grouped(key)}: {grouped(value)}"
            return "{" + f"{pair} for {names} in {grouped(iterable)}" + "}"
        case ast.Name(name):
            return name
        case ast.Literal(value):
            return f'"{value}"' if isinstance(value, str) else repr(value)


def walk(node: object) -> Iterator[ast.Node]:
    """All nodes below a node, itself included."""
    if isinstance(node, ast.Node):
        yield node
        for field in type(node).__dataclass_fields__:
            yield from walk(getattr(node, field))
    elif isinstance(node, tuple):
        for item in node:
            yield from walk(item)


# --- drawn trees ----------------------------------------------------------------------------------

#: Names that look like something else: forms, heads of commands, beginnings of keywords.
_NAMES = ("a", "tokens", "x1", "_y", "set", "show", "example", "examples", "on", "s", "op",
          "load", "exit", "full", "round", "select", "iff", "notx", "in_", "ands", "True",
          "e3")  # fmt: skip
_TEXTS = st.text(st.characters(exclude_characters='"\n\r', exclude_categories=["Cs"]), max_size=5)

names = st.sampled_from(_NAMES).map(lambda name: ast.Name(name, span=NOWHERE))
_atoms = st.one_of(
    st.integers(0, 10**20).map(lambda value: ast.Literal(value, span=NOWHERE)),
    st.floats(0, allow_infinity=False, allow_nan=False).map(
        lambda value: ast.Literal(abs(value), span=NOWHERE)
    ),
    _TEXTS.map(lambda value: ast.Literal(value, span=NOWHERE)),
    names,
)
_TARGETS = st.lists(names, min_size=1, max_size=2).map(tuple)
_COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
_OPERATORS = (*"^*/%+-", *_COMPARISONS, "and", "or", "in")
_FORMS = (("round", 1, 1), ("indicator", 1, 1), ("range", 1, 3), ("zip", 1, 3), ("len", 1, 1),
          ("aggregate", 2, 3))  # fmt: skip


def _larger(inner: st.SearchStrategy[ast.Expression]) -> st.SearchStrategy[ast.Expression]:
    def several(least: int, most: int) -> st.SearchStrategy[tuple[ast.Expression, ...]]:
        return st.lists(inner, min_size=least, max_size=most).map(tuple)

    def built_in(form: tuple[str, int, int]) -> st.SearchStrategy[ast.Expression]:
        name, least, most = form
        return several(least, most).map(
            lambda items: ast.BuiltinCall(name, items, form_span=NOWHERE, span=NOWHERE)
        )

    return st.one_of(
        st.builds(ast.Unary, st.sampled_from(("not", "-", "+")), inner,
                  operator_span=st.just(NOWHERE), span=st.just(NOWHERE)),
        st.builds(ast.Binary, st.sampled_from(_OPERATORS), inner, inner,
                  operator_span=st.just(NOWHERE), span=st.just(NOWHERE)),
        st.builds(ast.Ternary, inner, inner, inner, span=st.just(NOWHERE)),
        st.builds(ast.Index, inner, inner, span=st.just(NOWHERE)),
        st.builds(ast.Call, inner, several(0, 2), span=st.just(NOWHERE)),
        st.sampled_from(_FORMS).flatmap(built_in),
        st.builds(ast.Select, inner, inner, st.sampled_from(_COMPARISONS), span=st.just(NOWHERE)),
        st.builds(ast.ListDisplay, several(0, 3), span=st.just(NOWHERE)),
        st.builds(ast.DictDisplay, st.lists(st.tuples(inner, inner), max_size=2).map(tuple),
                  span=st.just(NOWHERE)),
        st.builds(ast.ListComprehension, inner, _TARGETS, inner, span=st.just(NOWHERE)),
        st.builds(ast.DictComprehension, inner, inner, _TARGETS, inner, span=st.just(NOWHERE)),
    )  # fmt: skip


expressions = st.recursive(_atoms, _larger, max_leaves=12)
_WHICH = st.sampled_from(("both", "s-op", "selector"))
_simple = st.one_of(
    st.builds(ast.ExpressionStatement, expressions, span=st.just(NOWHERE)),
    st.builds(ast.Assign, _TARGETS, st.lists(expressions, min_size=1, max_size=2).map(tuple),
              span=st.just(NOWHERE)),
    st.builds(ast.Load, _TEXTS, path_span=st.just(NOWHERE), span=st.just(NOWHERE)),
)  # fmt: skip


def _with_body(inner: st.SearchStrategy[ast.Statement]) -> st.SearchStrategy[ast.Statement]:
    return st.one_of(
        st.builds(ast.FunctionDefinition, names, st.lists(names, max_size=2).map(tuple),
                  st.lists(inner, max_size=2).map(tuple),
                  st.lists(expressions, min_size=1, max_size=2).map(tuple), span=st.just(NOWHERE)),
        st.builds(ast.For, _TARGETS, expressions,
                  st.lists(inner, min_size=1, max_size=2).map(tuple), span=st.just(NOWHERE)),
    )  # fmt: skip


_commands = st.one_of(
    st.builds(ast.SetExample, _WHICH, expressions, span=st.just(NOWHERE)),
    st.builds(ast.ShowExample, _WHICH, span=st.just(NOWHERE)),
    st.builds(ast.SwitchExamples, _WHICH, st.booleans(), span=st.just(NOWHERE)),
    st.builds(ast.SwitchFullDisplay, st.booleans(), span=st.just(NOWHERE)),
    st.just(ast.Exit(span=NOWHERE)),
)
modules = st.lists(
    st.one_of(st.recursive(_simple, _with_body, max_leaves=4), _commands), max_size=4
).map(lambda items: ast.Module(tuple(items), span=NOWHERE))
