"""Syntax tree -> text that reads as the same tree.

One statement a line, bodies indented by four blanks. Parentheses stand where the tree needs them
and where their absence would be a precedence trap, so that the text gets no precedence warning.
Comments are not part of the tree: they are lost. A work list takes the place of recursion: a sum of
any length is printed.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang.syntax import ast
from rasp_lang.syntax.forms import FORMS

# Levels of precedence: the tightest is 1.
_ATOM, _POSTFIX, _UNARY, _COMPARISON, _LOGIC, _TERNARY, _IN = 1, 2, 3, 8, 9, 10, 11
_LEVELS = {"^": 4, "*": 5, "/": 5, "%": 6, "+": 7, "-": 7, "and": _LOGIC, "or": _LOGIC, "in": _IN}
_COMPARISONS = frozenset({"==", "!=", "<", ">", "<=", ">="})
_INDENT = "    "

_Work = str | tuple[ast.Expression, int]


def format_expression(expression: ast.Expression) -> str:
    """One line of text for an expression."""
    pieces: list[str] = []
    work: list[_Work] = [(expression, _IN)]
    while work:
        item = work.pop()
        if isinstance(item, str):
            pieces.append(item)
            continue
        node, loosest = item
        parts = _parts(node)
        if _level(node) > loosest:
            parts = ["(", *parts, ")"]
        work.extend(reversed(parts))
    return "".join(pieces)


def format_module(module: ast.Module) -> str:
    """The text of a program, with a line break at its end unless it is empty."""
    lines: list[str] = []
    work: list[tuple[ast.Statement | str, int]] = [(s, 0) for s in reversed(module.statements)]
    while work:
        statement, depth = work.pop()
        if isinstance(statement, str):
            lines.append(_INDENT * depth + statement)
            continue
        block = _block(statement)
        if block is None:
            lines.append(_INDENT * depth + _simple(statement))
            continue
        head, body, last = block
        lines.append(_INDENT * depth + head + " {")
        work.append(("}", depth))
        work.extend((line, depth + 1) for line in last)
        work.extend((inner, depth + 1) for inner in reversed(body))
    return "".join(line + "\n" for line in lines)


# --- statements -----------------------------------------------------------------------------------


def _block(statement: ast.Statement) -> tuple[str, Sequence[ast.Statement], list[str]] | None:
    """Head, body and last lines of a statement with a body; None for any other."""
    if isinstance(statement, ast.FunctionDefinition):
        head = f"def {statement.name.id}({_names(statement.parameters)})"
        return head, statement.body, [f"return {_listed(statement.returns)};"]
    if isinstance(statement, ast.For):
        head = f"for {_names(statement.targets)} in {format_expression(statement.iterable)}"
        return head, statement.body, []
    return None


def _simple(statement: ast.Statement) -> str:
    match statement:
        case ast.ExpressionStatement():
            return format_expression(statement.value) + ";"
        case ast.Assign():
            return f"{_names(statement.targets)} = {_listed(statement.values)};"
        case ast.Load():
            return f'load "{statement.path}";'
        case ast.SetExample():
            return f"set {_which(statement.which)}example {_example(statement.value)}"
        case ast.ShowExample():
            return f"show {_which(statement.which)}example"
        case ast.SwitchExamples():
            return f"{_which(statement.which)}examples {'on' if statement.on else 'off'}"
        case ast.SwitchFullDisplay():
            return f"full seq display {'on' if statement.on else 'off'}"
        case _:
            return "exit"


def _which(which: str) -> str:
    return "" if which == "both" else which + " "


def _example(value: ast.Expression) -> str:
    """Only these stand bare behind ``set example``."""
    text = format_expression(value)
    is_string = isinstance(value, ast.Literal) and isinstance(value.value, str)
    bare = is_string or isinstance(value, ast.Name | ast.ListDisplay | ast.ListComprehension)
    return text if bare else f"({text})"


def _names(names: Sequence[ast.Name]) -> str:
    return ", ".join(name.id for name in names)


def _listed(values: Sequence[ast.Expression]) -> str:
    return ", ".join(format_expression(value) for value in values)


# --- expressions ----------------------------------------------------------------------------------


def _level(node: ast.Expression) -> int:
    match node:
        case ast.Binary():
            return _LEVELS.get(node.operator, _COMPARISON)
        case ast.Ternary():
            return _TERNARY
        case ast.Unary():
            return _UNARY
        case ast.Index() | ast.Call():
            return _POSTFIX
        case _:
            return _ATOM


def _parts(node: ast.Expression) -> list[_Work]:
    """The node's text with its operands left to do, each with the loosest level that may stand
    there without parentheses."""
    match node:
        case ast.Literal():
            return [_literal(node.value)]
        case ast.Name():
            return [node.id]
        case ast.Binary():
            return _binary(node)
        case ast.Unary():
            gap = " " if node.operator == "not" else ""
            return [node.operator + gap, (node.operand, _UNARY)]
        case ast.Ternary():
            inner = _LOGIC
            condition = _IN if not isinstance(node.condition, ast.Ternary) else inner
            return [(node.then, inner), " if ", (node.condition, condition),
                    " else ", (node.otherwise, inner)]  # fmt: skip
        case ast.Index():
            return [(node.value, _POSTFIX), "[", (node.index, _IN), "]"]
        case ast.Call():
            return [_callee(node.function), "(", *_separated(node.arguments), ")"]
        case ast.BuiltinCall():
            return [node.form, "(", *_separated(node.arguments), ")"]
        case ast.Select():
            return ["select(", (node.key, _IN), ", ", (node.query, _IN), f", {node.comparison})"]
        case _:
            return _collection(node)


def _collection(node: ast.Expression) -> list[_Work]:
    match node:
        case ast.ListDisplay():
            return ["[", *_separated(node.items), "]"]
        case ast.DictDisplay():
            pairs: list[_Work] = []
            for key, value in node.items:
                pairs += [", " if pairs else "", (key, _IN), ": ", (value, _IN)]
            return ["{", *pairs, "}"]
        case ast.ListComprehension():
            rest = f" for {_names(node.targets)} in "
            return ["[", (node.element, _IN), rest, (node.iterable, _IN), "]"]
        case ast.DictComprehension():
            rest = f" for {_names(node.targets)} in "
            return ["{", (node.key, _IN), ": ", (node.value, _IN), rest, (node.iterable, _IN), "}"]
        case _:
            raise TypeError(f"not an expression: {type(node).__name__}")


def _separated(items: Sequence[ast.Expression]) -> list[_Work]:
    work: list[_Work] = []
    for item in items:
        work += [", " if work else "", (item, _IN)]
    return work


def _callee(function: ast.Expression) -> _Work:
    """A built-in form's name right before a parenthesis would be the form."""
    if isinstance(function, ast.Name) and function.id in FORMS:
        return f"({function.id})"
    return (function, _POSTFIX)


def _binary(node: ast.Binary) -> list[_Work]:
    left, right = _sides(node)
    operator = node.operator if node.operator == "^" else f" {node.operator} "
    return [(node.left, left), operator, (node.right, right)]


def _sides(node: ast.Binary) -> tuple[int, int]:
    """The loosest levels of the operands. The operators associate to the left; tighter than that
    where the bare form would be a trap (see ``precedence``)."""
    level = _level(node)
    left, right = level, level - 1
    match node.operator:
        case "^":
            left = _POSTFIX if _is_trap_under_power(node.left) else level
        case "%":
            right = _LEVELS["^"]
        case "and" | "or":
            mixed = isinstance(node.left, ast.Binary) and node.left.operator != node.operator
            left = _COMPARISON if mixed else level
        case "in":
            left = right = _LEVELS["+"]
    if level == _COMPARISON:
        left = _LEVELS["+"]
    if level in (_COMPARISON, _IN) and _begins_with_not(node.left):
        left = _POSTFIX
    return left, right


def _is_trap_under_power(left: ast.Expression) -> bool:
    return isinstance(left, ast.Unary | ast.Binary)


def _begins_with_not(node: ast.Expression) -> bool:
    while isinstance(node, ast.Binary) and _LEVELS.get(node.operator, _COMPARISON) < _COMPARISON:
        node = node.left
    return isinstance(node, ast.Unary) and node.operator == "not"


def _literal(value: int | float | str) -> str:
    if isinstance(value, str):
        return f'"{value}"'
    if isinstance(value, int):
        return str(value)
    from decimal import Decimal  # 5 ms that a text without floats does not need

    text = format(Decimal(repr(value)), "f")
    return text if "." in text else text + ".0"
