"""The semantics of a graph written down directly: matrices of bools, one pair at a time.

Slow and simple on purpose; shares no code with the interpreter.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from fractions import Fraction

from rasp_lang import graph as g

COMPARE = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
FUNCTIONS = {
    **COMPARE,
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "and": lambda a, b: bool(a and b),
    "or": lambda a, b: bool(a or b),
    "not": lambda a: not a,
    "neg": operator.neg,
    "pos": operator.pos,
    "round": round,
    "indicator": lambda a: int(bool(a)),
    "abs": abs,
    "floor": math.floor,
    "ceil": math.ceil,
    "sign": lambda a: int(math.copysign(1, a)) if a + 0 else 0,
    "sqrt": math.sqrt,
    "exp": math.exp,
    "log": math.log,
    "sin": math.sin,
    "cos": math.cos,
    "tan": math.tan,
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "if": lambda c, a, b: a if c else b,
}


class NoValue(Exception):
    """The graph has no value on the input, for the reason of the code."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def evaluate(graph: g.Graph, root: int, tokens: Sequence[g.Atom], causal: bool) -> list:
    """One root on an input: a list of atoms, or a list of rows of bools."""
    values: dict[int, list] = {}
    for node_id in graph.reachable([root]):
        node = graph[node_id]
        values[node_id] = _value(node.op, [values[i] for i in node.inputs], tokens, causal)
    return _masked(values[root], causal) if graph[root].is_selector else values[root]


def _value(op: g.Op, inputs: list, tokens: Sequence[g.Atom], causal: bool) -> list:
    n = len(tokens)
    positions = range(n)
    match op:
        case g.Constant(value):
            return [value for _ in positions]
        case g.Indices():
            return list(positions)
        case g.Tokens("asis"):
            return _typed(list(tokens))
        case g.Tokens(view):
            return [_guarded("RASP0511", FUNCTIONS[view], token) for token in tokens]
        case g.Elementwise(function):
            return _typed([_apply(function, *(column[i] for column in inputs)) for i in positions])
        case g.LookupList(items):
            return _typed([_item(items, index) for index in inputs[0]])
        case g.LookupDict(pairs):
            return _typed([_entry(pairs, key) for key in inputs[0]])
        case g.Membership(items):
            return [any(item == value for item in items) for value in inputs[0]]
        case g.Select(comparison):
            keys, queries = inputs
            return [[_apply(comparison, keys[k], queries[q]) for k in positions] for q in positions]
        case g.Combine("not"):
            return [[not inputs[0][q][k] for k in positions] for q in positions]
        case g.Combine(connective):
            join = FUNCTIONS[connective]
            return [[join(inputs[0][q][k], inputs[1][q][k]) for k in positions] for q in positions]
        case g.Width():
            return [sum(row) for row in _masked(inputs[0], causal)]
        case g.Aggregate():
            defaults = inputs[2] if len(inputs) == 3 else [0] * n
            rows = _masked(inputs[0], causal)
            return _typed([_mean(rows[q], inputs[1], defaults[q]) for q in positions])
        case g.Pin():
            return inputs[0]
    raise AssertionError(op)


def _masked(rows: list[list[bool]], causal: bool) -> list[list[bool]]:
    return [[bit and (k <= q or not causal) for k, bit in enumerate(r)] for q, r in enumerate(rows)]


def _mean(row: list[bool], values: list, default: g.Atom) -> g.Atom:
    chosen = [value for bit, value in zip(row, values, strict=True) if bit]
    if not chosen:
        return default
    if len(chosen) == 1:
        return chosen[0]
    if all(isinstance(v, bool) for v in values) or any(isinstance(v, str) for v in values):
        raise NoValue("RASP0502")
    mean = sum(map(Fraction, chosen)) / len(chosen)
    return _guarded("", operator.truediv, mean.numerator, mean.denominator)


def _typed(values: list) -> list:
    if len({isinstance(value, str) for value in values}) > 1:
        raise NoValue("RASP0309")
    return values


def _item(items: tuple, index: g.Atom) -> g.Atom:
    if isinstance(index, float | str):
        raise NoValue("RASP0308")
    try:
        return items[index]
    except IndexError:
        raise NoValue("RASP0503") from None


def _entry(pairs: tuple, key: g.Atom) -> g.Atom:
    for candidate, value in pairs:
        if candidate == key:
            return value
    raise NoValue("RASP0504")


def _apply(function: str, *operands: g.Atom) -> g.Atom:
    a, b = operands[0], operands[-1]
    if function == "^":
        return _power(a, b)
    if function == "%":
        if isinstance(a, str) or isinstance(b, str):
            raise NoValue("RASP0301")
        return _guarded("", operator.mod, a, b)
    if function == "*" and isinstance(a, str) != isinstance(b, str):
        text, times = (a, b) if isinstance(a, str) else (b, a)
        if isinstance(times, int) and len(text) * max(times, 0) > 1_000_000:
            raise NoValue("RASP0510")
    return _guarded("RASP0505", FUNCTIONS[function], *operands)


def _power(a: g.Atom, b: g.Atom) -> g.Atom:
    if isinstance(a, int) and isinstance(b, int) and abs(a) > 1 and b > 14_000:
        raise NoValue("RASP0506")
    if isinstance(a, int) and isinstance(b, int) and b > 1 and a.bit_length() * b > 200_000:
        raise NoValue("RASP0506")
    return _guarded("", operator.pow, a, b)


def _guarded(domain: str, function, *operands: g.Atom) -> g.Atom:
    try:
        result = function(*operands)
    except ZeroDivisionError:
        raise NoValue("RASP0501") from None
    except OverflowError:
        raise NoValue("RASP0506") from None
    except TypeError:
        raise NoValue("RASP0301") from None
    except ValueError:
        raise NoValue(domain) from None
    if isinstance(result, complex):
        raise NoValue("RASP0507")
    if isinstance(result, float) and not math.isfinite(result):
        raise NoValue("RASP0506")
    if isinstance(result, int) and abs(result) >= 10**4_000:
        raise NoValue("RASP0506")
    if isinstance(result, str) and len(result) > 1_000_000:
        raise NoValue("RASP0510")
    return result
