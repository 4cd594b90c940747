"""Building nodes of the graph from operands, with their static types.

Each function fails with a type error where no input at all could give a result.
"""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang import types
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.values import Selector, Sop, Value, described, is_atom
from rasp_lang.graph import (
    Aggregate,
    Atom,
    Combine,
    Constant,
    Elementwise,
    Encoding,
    Graph,
    GraphBuilder,
    Indices,
    LookupDict,
    LookupList,
    Membership,
    Pin,
    Select,
    SopOp,
    Substring,
    Tokens,
    TokensView,
    Width,
)
from rasp_lang.source import Span
from rasp_lang.types import Types

#: Comparisons that always hold between a value and itself.
_REFLEXIVE = ("==", "<=", ">=")


class Nodes:
    """The graph in the making."""

    def __init__(self) -> None:
        self.builder = GraphBuilder()
        self._snapshot = Graph(())
        self._local_names: dict[int, str] = {}
        self._unplaced: set[int] = set()
        self.indices = self._sop(Indices(), (), None, types.INT)

    def graph(self) -> Graph:
        """The nodes so far. The same object as long as nothing was added or named."""
        if len(self._snapshot) != len(self.builder):
            self._snapshot = self.builder.graph()
        return self._snapshot

    def types(self, operand: Sop) -> Types:
        """The static types of an s-op."""
        return self.builder[operand.node].types

    def name(self, value: Value, name: str) -> None:
        """Call the node of an s-op or selector by the first name that it gets."""
        if isinstance(value, Sop | Selector) and self.builder[value.node].name is None:
            self.builder.name(value.node, name)
            self._snapshot = Graph(())

    def suggest_name(self, value: Value, name: str) -> None:
        """A local name, for a node that gets no other."""
        if isinstance(value, Sop | Selector):
            self._local_names.setdefault(value.node, name)

    def take_suggested_names(self) -> None:
        """Call what is still nameless by its local names."""
        for node, name in self._local_names.items():
            self.builder.name(node, name)
        self._snapshot = Graph(())

    def place(self, value: Value, span: Span) -> None:
        """The first use of a predefined s-op or selector becomes its place."""
        if isinstance(value, Sop | Selector) and value.node in self._unplaced:
            self._unplaced.remove(value.node)
            self.builder.place(value.node, span)
            self._snapshot = Graph(())

    def all_predefined(self) -> None:
        """What was built so far is predefined: it has no place in the program."""
        self._unplaced = set(range(len(self.builder)))

    def constant(self, value: Atom, span: Span | None) -> Sop:
        """An atom at every position."""
        return self._sop(Constant(value), (), span, types.of_atom(value))

    def tokens(self, view: TokensView) -> Sop:
        """The input under a view."""
        return self._sop(Tokens(view), (), None, types.of_tokens(view))

    def sequence(self, value: Value, span: Span | None) -> Sop:
        """An operand as an s-op: atoms are broadcast; anything else is no sequence."""
        if isinstance(value, Sop):
            return value
        if is_atom(value):
            return self.constant(value, span)
        raise no_sequence(value)

    def elementwise(self, function: str, operands: Sequence[Value], span: Span | None) -> Sop:
        """A function of the graph, position by position."""
        for operand in operands:
            if not (isinstance(operand, Sop) or is_atom(operand)):
                raise no_sequence(operand)
        inputs = tuple(self.sequence(operand, span) for operand in operands)
        found = types.elementwise(function, tuple(self.types(operand) for operand in inputs))
        if function == "^" and found == types.INT | types.FLOAT:
            found = self._power(inputs, found)
        if not found:
            raise _clash(function, [types.show(self.types(operand)) for operand in inputs])
        if function in ("/", "%") and self._is_zero(inputs[1]):
            raise Failure("RASP0501", "division by zero", help="guard the divisor")
        return self._sop(Elementwise(function), inputs, span, found)

    def select(self, key: Value, query: Value, comparison: str, span: Span | None) -> Selector:
        """``key <comparison> query`` for each pair of positions."""
        inputs = self.sequence(key, span), self.sequence(query, span)
        kinds = tuple(self.types(operand) for operand in inputs)
        if not types.elementwise(comparison, kinds):
            raise _clash(comparison, [types.show(kind) for kind in kinds])
        return self._selector(Select(comparison), inputs, span)

    def combine(self, connective: str, operands: Sequence[Selector], span: Span) -> Selector:
        """``and``, ``or`` or ``not`` of selectors."""
        return self._selector(Combine(connective), operands, span)  # type: ignore[arg-type]

    def aggregate(self, selector: Value, values: Value, default: Value | None, span: Span) -> Sop:
        """The mean over the selected keys; ``default`` None stands for int 0."""
        if not isinstance(selector, Selector):
            raise _no_selector(selector)
        sequence = self.sequence(values, span)
        always = self.never_empty(selector)
        if always and default is not None and not (isinstance(default, Sop) or is_atom(default)):
            default = None  # It is never used, so it does no harm.
        otherwise = None if default is None else self.sequence(default, span)
        kinds = types.INT if otherwise is None else self.types(otherwise)
        found = types.aggregate(self.types(sequence), types.NONE if always else kinds)
        inputs = (sequence,) if otherwise is None else (sequence, otherwise)
        return self._sop(Aggregate(), (selector, *inputs), span, found)

    def width(self, selector: Value, span: Span | None) -> Sop:
        """How many keys each query selects."""
        if not isinstance(selector, Selector):
            raise _no_selector(selector)
        return self._sop(Width(), (selector,), span, types.INT)

    def pin(self, encoding: Encoding, operand: Sop, span: Span | None) -> Sop:
        """An s-op whose encoding is demanded."""
        return self._sop(Pin(encoding), (operand,), span, self.types(operand))

    def lookup_list(self, items: Sequence[Value], index: Sop, span: Span) -> Sop:
        """The items at the positions that the s-op gives."""
        if not self.types(index) & (types.INT | types.BOOL):
            raise Failure(
                "RASP0308",
                f"an index must be an int, not {types.show(self.types(index))}",
                help="use `round(..)` to get ints" if types.FLOAT & self.types(index) else None,
            )
        atoms = tuple(_atom_or_none(item) for item in items)
        return self._sop(LookupList(atoms), (index,), span, _found(items, atoms))

    def lookup_dict(self, items: dict[Atom, Value], key: Sop, span: Span) -> Sop:
        """The values under the keys that the s-op gives."""
        atoms = tuple((name, _atom_or_none(item)) for name, item in items.items())
        found = _found(list(items.values()), tuple(item for _, item in atoms))
        return self._sop(LookupDict(atoms), (key,), span, found)

    def membership(self, operand: Sop, items: Sequence[Atom], span: Span) -> Sop:
        """Whether each element equals one of the items."""
        return self._sop(Membership(tuple(items)), (operand,), span, types.BOOL)

    def substring(self, operand: Sop, text: str, span: Span) -> Sop:
        """Whether each element is a part of the text."""
        if types.STRING.isdisjoint(self.types(operand)):
            found = types.show(self.types(operand))
            raise Failure("RASP0301", f"only a string can be `in` a string, not {found}")
        return self._sop(Substring(text), (operand,), span, types.BOOL)

    def never_empty(self, selector: Selector) -> bool:
        """Whether it is plain that each query selects at least one key: itself. (Causal reading
        keeps the own position.)"""
        node = self.builder[selector.node]
        if not isinstance(node.op, Select) or node.op.comparison not in _REFLEXIVE:
            return False
        key, query = node.inputs
        ops = self.builder[key].op, self.builder[query].op
        return key == query or (isinstance(ops[0], Constant) and ops[0] == ops[1])

    def _sop(
        self, op: SopOp, inputs: Sequence[Sop | Selector], span: Span | None, found: Types
    ) -> Sop:
        ids = tuple(operand.node for operand in inputs)
        return Sop(self.builder.add(op, ids, span=span, types=found))

    def _selector(
        self, op: Select | Combine, inputs: Sequence[Sop | Selector], span: Span | None
    ) -> Selector:
        return Selector(self.builder.add(op, tuple(item.node for item in inputs), span=span))

    def _power(self, operands: Sequence[Sop], found: Types) -> Types:
        """Ints to a constant int that is not negative stay ints."""
        exponent = self.builder[operands[1].node].op
        if not isinstance(exponent, Constant) or not isinstance(exponent.value, int):
            return found
        base = self.types(operands[0])
        return types.INT if exponent.value >= 0 and types.FLOAT.isdisjoint(base) else found

    def _is_zero(self, operand: Sop) -> bool:
        op = self.builder[operand.node].op
        return isinstance(op, Constant) and op.value == 0


def no_sequence(value: Value) -> Failure:
    """The failure of a value that stands where an s-op or an atom is needed."""
    if isinstance(value, Selector):
        return Failure(
            "RASP0304",
            "a selector stands where a sequence is needed",
            help="use `aggregate`, `selector_width` or `has_focus` to get an s-op from a selector",
        )
    return Failure("RASP0301", f"{described(value)} stands where an s-op or an atom is needed")


def _no_selector(value: Value) -> Failure:
    return Failure(
        "RASP0305",
        f"a selector is needed here, not {described(value)}",
        help="`select(key, query, ==)` makes a selector",
    )


def _clash(function: str, kinds: Sequence[str]) -> Failure:
    name = {"neg": "-", "pos": "+"}.get(function, function)
    if len(kinds) == 1:
        return Failure("RASP0301", f"`{name}` needs a number, not a {kinds[0]}")
    return Failure(
        "RASP0301",
        f"`{name}` does not take {_with_article(kinds[0])} and {_with_article(kinds[1])}",
        label=f"{kinds[0]} {name} {kinds[1]}",
    )


def _with_article(kind: str) -> str:
    return f"an {kind}" if kind.startswith("int") else f"a {kind}"


def _atom_or_none(item: Value) -> Atom | None:
    return item if is_atom(item) else None


def _found(items: Sequence[Value], atoms: Sequence[Atom | None]) -> Types:
    """The types that a lookup can give; a failure where nothing can be found."""
    if not items:
        raise Failure("RASP0503", "there is nothing to choose from", label="empty")
    found = types.of_atoms(atoms)
    if not found:
        raise Failure(
            "RASP0309",
            "an s-op chooses among ints, floats, strings and bools only",
            label=f"the items are like {described(items[0])}",
        )
    return found
