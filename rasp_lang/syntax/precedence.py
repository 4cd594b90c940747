"""Warnings where RASP's precedence differs from what a reader expects.

Only the written form is judged: an operand in parentheses is no trap. An operand's parentheses lie
inside its parent's span but outside its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Span
from rasp_lang.syntax.ast import Binary, Expression, Ternary, Unary
from rasp_lang.syntax.excerpt import excerpt

_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">="})
_CONNECTIVES = frozenset({"and", "or"})
_ARITHMETIC = frozenset({"+", "-", "*", "/", "%", "^"})


def binary_traps(node: Binary) -> Iterator[Diagnostic]:
    """The warnings that this operation deserves; its operands have had theirs."""
    operator = node.operator
    if operator in _COMPARISONS:
        yield from _comparison(node)
    elif operator in _CONNECTIVES:
        yield from _connective(node)
    elif operator == "in":
        yield from _membership(node)
    elif operator == "^":
        yield from _power(node)
    elif operator == "%":
        yield from _remainder(node)


def ternary_traps(node: Ternary, condition: Span) -> Iterator[Diagnostic]:
    """``condition`` is the extent of the condition, parentheses included."""
    inner = node.then
    if isinstance(inner, Ternary) and _begins(inner, node):
        if isinstance(inner.then, Ternary) and _begins(inner.then, inner):
            return  # the first two of a chain have been reported
        yield _warning(
            "RASP0159",
            "a chain of ternaries is read from the left",
            node.span,
            f"read as `({_text(inner)}) if {_text(node.condition)} else {_text(node.otherwise)}`",
            "put the inner ternary in parentheses",
        )
    elif isinstance(node.condition, Ternary) and node.condition.span.start == condition.start:
        yield _warning(
            "RASP0159",
            "a ternary is the condition of another",
            node.condition.span,
            "nested without parentheses",
            "put the inner ternary in parentheses",
        )


def _comparison(node: Binary) -> Iterator[Diagnostic]:
    if _is_bare_left(node) and _operator(node.left) in _COMPARISONS:
        if not _is_chained(node.left):
            yield _chain(node, "join two comparisons with `and`, each in parentheses")
    elif negation := _leading_not(node):
        yield _negation("RASP0151", "`not` binds tighter than a comparison", node, negation)


def _connective(node: Binary) -> Iterator[Diagnostic]:
    left = node.left
    if not (_is_bare_left(node) and isinstance(left, Binary)):
        return
    if left.operator not in _CONNECTIVES or left.operator == node.operator:
        return
    if _is_bare_left(left) and _operator(left.left) == node.operator:
        return  # `a and b or c and d`: its first half has been reported
    yield _warning(
        "RASP0153",
        "`and` and `or` have the same precedence",
        node.span,
        f"read as `({_left(node)}) {node.operator} {_right(node)}`",
        "write the parentheses that you mean",
    )


def _membership(node: Binary) -> Iterator[Diagnostic]:
    left, right = node.left, node.right
    if negation := _leading_not(node):
        yield _negation("RASP0152", "`not` binds tighter than `in`", node, negation)
    elif _is_bare_left(node) and _operator(left) == "in" and not _is_repeated(left, "in"):
        yield _chain(node, "join two tests with `and`, each in parentheses")
    if _is_loose(left) and _is_bare_left(node):
        yield _weak(node, _left(node))
    if _is_loose(right) and right.span.end == node.span.end:
        yield _weak(node, _right(node))


def _power(node: Binary) -> Iterator[Diagnostic]:
    left, right = node.left, _right(node)
    if not _is_bare_left(node):
        return
    if isinstance(left, Unary) and left.operator == "-":
        operand = _operand(left)
        yield _warning(
            "RASP0155",
            "unary minus binds tighter than `^`",
            node.span,
            f"read as `(-{operand})^{right}`",
            f"write `-({operand}^{right})`, or `(-{operand})^{right}` if that is meant",
        )
    elif isinstance(left, Binary) and left.operator == "^" and not _is_repeated(left, "^"):
        base, first = _left(left), _right(left)
        yield _warning(
            "RASP0156",
            "`^` associates to the left",
            node.span,
            f"read as `({base}^{first})^{right}`",
            f"write `{base}^({first}^{right})`, or `({base}^{first})^{right}` if that is meant",
        )


def _remainder(node: Binary) -> Iterator[Diagnostic]:
    right = node.right
    if not (isinstance(right, Binary) and right.operator in ("*", "/")):
        return
    if right.span.end != node.span.end:
        return
    left, sign = _left(node), right.operator
    yield _warning(
        "RASP0157",
        "`%` binds weaker than `*` and `/`",
        node.span,
        f"read as `{left} % ({_right(node)})`",
        f"write `({left} % {_left(right)}) {sign} {_right(right)}`"
        f", or `{left} % ({_right(node)})` if that is meant",
    )


# --- what several of them say ---------------------------------------------------------------------


def _chain(node: Binary, help_: str) -> Diagnostic:
    read = f"read as `({_left(node)}) {node.operator} {_right(node)}`"
    return _warning("RASP0158", "comparisons do not chain", node.span, read, help_)


def _negation(code: str, message: str, node: Binary, negation: Unary) -> Diagnostic:
    """``node`` begins with a `not` that a reader applies to all of it."""
    begin, end = negation.operator_span.end, negation.span.end
    whole = _between(node, begin, node.span.end)
    closed = f"(not {_operand(negation)})"
    rest = _between(node, end, node.span.end)
    return _warning(
        code,
        message,
        node.span,
        f"read as `{closed} {rest}`",
        f"write `not ({whole})`, or `{closed} {rest}` if that is meant",
    )


def _weak(node: Binary, operand: str) -> Diagnostic:
    return _warning(
        "RASP0154",
        "`in` binds weaker than every other operator",
        node.span,
        f"all of `{operand}` is an operand of this `in`",
        f"write `({operand})` if that is meant, or put the `in` in parentheses",
    )


# --- the written form -----------------------------------------------------------------------------


def _is_bare_left(node: Binary) -> bool:
    """Does the left operand stand without parentheses?"""
    return node.left.span.start == node.span.start


def _begins(inner: Expression, outer: Expression) -> bool:
    """Is ``inner`` the first thing in ``outer``, without parentheses?"""
    return inner.span.start == outer.span.start


def _operator(node: Expression) -> str | None:
    return node.operator if isinstance(node, Binary) else None


def _is_chained(node: Expression) -> bool:
    """Is its left operand a comparison too, without parentheses?"""
    return isinstance(node, Binary) and _is_bare_left(node) and _operator(node.left) in _COMPARISONS


def _is_repeated(node: Expression, operator: str) -> bool:
    """Is its left operand of the same operator, without parentheses?"""
    return isinstance(node, Binary) and _is_bare_left(node) and _operator(node.left) == operator


def _is_loose(node: Expression) -> bool:
    """An operand of `in` that a reader would split: a comparison, a connective or a ternary."""
    return isinstance(node, Ternary) or _operator(node) in _COMPARISONS | _CONNECTIVES


def _leading_not(node: Binary) -> Unary | None:
    """The `not` at the very beginning of the left operand, through arithmetic only."""
    at: Expression = node.left
    while isinstance(at, Binary) and at.operator in _ARITHMETIC and _is_bare_left(at):
        at = at.left
    if isinstance(at, Unary) and at.operator == "not" and at.span.start == node.span.start:
        return at
    return None


# --- texts, as written, parentheses included ------------------------------------------------------


def _text(node: Expression) -> str:
    return excerpt(node.span.text)


def _left(node: Binary) -> str:
    return _between(node, node.span.start, node.operator_span.start)


def _right(node: Binary) -> str:
    return _between(node, node.operator_span.end, node.span.end)


def _operand(node: Unary) -> str:
    return _between(node, node.operator_span.end, node.span.end)


def _between(node: Expression, start: int, end: int) -> str:
    return excerpt(node.span.source.text[start:end])


def _warning(code: str, message: str, span: Span, label: str, help_: str) -> Diagnostic:
    return Diagnostic(code, message, span, label, help_)
