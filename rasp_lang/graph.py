"""The graph: what is left of a program when functions, loops, collections and loads are gone.

A graph is a tuple of nodes in topological order; a node's inputs are the ids (positions) of earlier
nodes. Operations are data. An s-op node stands for a function from an input sequence to a sequence
of the same length, a selector node for an n x n Boolean matrix (rows are query positions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

from rasp_lang.source import Span

Atom = int | float | str | bool
TokensView = Literal["asis", "str", "int", "float", "bool"]
Encoding = Literal["categorical", "numerical"]

#: Comparisons of a selector: ``key <comparison> query``.
COMPARISONS = ("==", "!=", "<", ">", "<=", ">=")
#: Elementwise functions by number of operands. ``and``, ``or`` and ``not`` give bools by
#: truthiness; ``neg`` and ``pos`` are the unary signs; ``if`` takes (condition, then, otherwise).
UNARY = ("not", "neg", "pos", "round", "indicator", "abs", "floor", "ceil", "sign", "sqrt", "exp",
         "log", "sin", "cos", "tan", "int", "float", "str", "bool")  # fmt: skip
BINARY = ("+", "-", "*", "/", "%", "^", *COMPARISONS, "and", "or")
TERNARY = ("if",)


@dataclass(frozen=True, slots=True)
class Constant:
    """The same atom at every position. No inputs."""

    value: Atom

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Constant):
            return NotImplemented
        return type(self.value) is type(other.value) and repr(self.value) == repr(other.value)

    def __hash__(self) -> int:
        return hash((type(self.value), self.value))


@dataclass(frozen=True, slots=True)
class Tokens:
    """The input, as it is or converted token by token. No inputs."""

    view: TokensView


@dataclass(frozen=True, slots=True)
class Indices:
    """0, 1, 2, ... No inputs."""


@dataclass(frozen=True, slots=True)
class Elementwise:
    """A function of ``UNARY``, ``BINARY`` or ``TERNARY``, applied at each position.
    Inputs: its operands, all s-ops."""

    function: str


@dataclass(frozen=True, slots=True, eq=False)
class LookupList:
    """``[..][s]`` or ``"text"[s]``: the item at the position that the s-op gives; ints (and bools)
    count from the end when negative. An item that is no atom is ``None`` and an error when it is
    chosen. Inputs: (s,)."""

    items: tuple[Atom | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class LookupDict:
    """``{..}[s]``: the value under the key that the s-op gives, by host equality (1, 1.0 and True
    are one key). A value that is no atom is ``None``. Inputs: (s,)."""

    items: tuple[tuple[Atom, Atom | None], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Membership:
    """``s in [..]`` and ``s in {..}``: host equality with one of the items. Inputs: (s,)."""

    items: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Substring:
    """``s in "text"``: the string s is part of the text. Inputs: (s,)."""

    text: str


@dataclass(frozen=True, slots=True)
class Aggregate:
    """The mean over the selected keys (the value itself for one key, the default for none).
    Inputs: (selector, values) or (selector, values, default); an absent default is int 0."""


@dataclass(frozen=True, slots=True)
class Width:
    """How many keys each query selects, an int. Inputs: (selector,)."""


@dataclass(frozen=True, slots=True)
class Pin:
    """``categorical(s)`` or ``numerical(s)``: s itself, its encoding demanded. Inputs: (s,)."""

    encoding: Encoding


@dataclass(frozen=True, slots=True)
class Select:
    """``key <comparison> query`` for each pair. Inputs: (key, query), s-ops."""

    comparison: str


@dataclass(frozen=True, slots=True)
class Combine:
    """``and``, ``or`` (two inputs) or ``not`` (one) of selectors, pointwise."""

    connective: Literal["and", "or", "not"]


@dataclass(frozen=True, slots=True)
class Tabulated:
    """A function of all its operands together, of which the analysis keeps a table. The compiler
    makes it of programs that have few inputs; no source has it. Inputs: s-ops."""


SopOp = (
    Constant
    | Tokens
    | Indices
    | Elementwise
    | LookupList
    | LookupDict
    | Membership
    | Substring
    | Aggregate
    | Width
    | Pin
    | Tabulated
)
SelectorOp = Select | Combine
Op = SopOp | SelectorOp


def applies(op: Op, function: str) -> bool:
    """Whether an operation is the elementwise function of that name."""
    return isinstance(op, Elementwise) and op.function == function


class Node(NamedTuple):
    """One s-op or selector: what it does, to which nodes, where it was written, how it is called
    (the first name it was bound to, if any) and the static types of its elements
    (a subset of ``int float bool string``; empty for selectors)."""

    op: Op
    inputs: tuple[int, ...]
    span: Span | None = None
    name: str | None = None
    types: frozenset[str] = frozenset()

    @property
    def is_selector(self) -> bool:
        return isinstance(self.op, Select | Combine)


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes in topological order; ids are positions."""

    nodes: tuple[Node, ...]

    def __getitem__(self, node_id: int) -> Node:
        return self.nodes[node_id]

    def __len__(self) -> int:
        return len(self.nodes)

    def reachable(self, roots: Iterable[int]) -> tuple[int, ...]:
        """The ids that the roots depend on, themselves included, ascending."""
        wanted = set(roots)
        for node_id in range(max(wanted, default=-1), -1, -1):
            if node_id in wanted:
                wanted.update(self.nodes[node_id].inputs)
        return tuple(sorted(wanted))


class GraphBuilder:
    """Collects nodes while a program is elaborated; append-only, but for names and the
    places of predefined nodes."""

    def __init__(self) -> None:
        self._nodes: list[Node] = []

    def add(self, op: Op, inputs: tuple[int, ...] = (), *, span: Span | None = None,
            types: frozenset[str] = frozenset()) -> int:  # fmt: skip
        """Append a node and return its id. The inputs are ids that this builder returned."""
        self._nodes.append(Node(op, inputs, span, None, types))
        return len(self._nodes) - 1

    def name(self, node_id: int, name: str) -> None:
        """Call a node by the first name that it is bound to; later names change nothing."""
        if self._nodes[node_id].name is None:
            self._nodes[node_id] = self._nodes[node_id]._replace(name=name)

    def place(self, node_id: int, span: Span) -> None:
        """Say where a predefined node is first used: it was written nowhere."""
        self._nodes[node_id] = self._nodes[node_id]._replace(span=span)

    def __getitem__(self, node_id: int) -> Node:
        return self._nodes[node_id]

    def __len__(self) -> int:
        return len(self._nodes)

    def graph(self) -> Graph:
        """The nodes so far as an immutable graph."""
        return Graph(tuple(self._nodes))
