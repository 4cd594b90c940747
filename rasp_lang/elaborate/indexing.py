"""``x[i]`` and ``x in y`` on values of any kind."""

from __future__ import annotations

from rasp_lang import atoms
from rasp_lang.atoms import AtomError
from rasp_lang.diagnostics.suggest import did_you_mean
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.nodes import Nodes
from rasp_lang.elaborate.values import DictValue, ListValue, Sop, Value, described, is_atom
from rasp_lang.graph import Atom
from rasp_lang.source import Span


def index(nodes: Nodes, value: Value, place: Value, length: Sop, span: Span) -> Value:
    """``value[place]``; ``length`` is the s-op that negative positions of an s-op count from."""
    if isinstance(value, ListValue | str):
        if isinstance(place, Sop):
            return nodes.lookup_list(value, place, span)
        return _item(value, place)
    if isinstance(value, DictValue):
        if isinstance(place, Sop):
            return nodes.lookup_dict(value, place, span)
        return _entry(value, place)
    if isinstance(value, Sop):
        return _position(nodes, value, place, length, span)
    raise Failure("RASP0301", f"{described(value)} cannot be indexed")


def may_be_out_of_range(value: Value, place: Value) -> bool:
    """Whether some input is too short for ``value[place]``, an s-op at a position: all but the
    first and the last position are missing in some input."""
    return isinstance(value, Sop) and isinstance(place, int) and place not in (0, -1)


def contains(nodes: Nodes, item: Value, whole: Value, span: Span) -> Value:
    """``item in whole``."""
    if isinstance(item, Sop):
        return _each_in(nodes, item, whole, span)
    if not is_atom(item):
        raise Failure("RASP0301", f"{described(item)} stands on the left of `in`")
    if isinstance(whole, Sop):
        found = nodes.select(whole, item, "==", span)
        return nodes.elementwise(">", (nodes.width(found, span), 0), span)
    if isinstance(whole, ListValue | DictValue):
        return item in whole
    if isinstance(whole, str):
        return _part_of(item, whole)
    raise _no_whole(whole)


def _item(value: ListValue | str, place: Value) -> Value:
    if not isinstance(place, int):
        action = "use `round(..)` to get an int" if isinstance(place, float) else None
        raise Failure("RASP0308", f"an index must be an int, not {described(place)}", help=action)
    if not -len(value) <= place < len(value):
        shown = atoms.show(place)
        raise Failure(
            "RASP0503", f"index {shown} is out of range", help=f"there are {len(value)} items"
        )
    found: Value = value[place]
    return found


def _entry(value: DictValue, key: Value) -> Value:
    if not is_atom(key):
        raise Failure("RASP0308", f"a dict is indexed by an atom, not by {described(key)}")
    if key not in value:
        known = [name for name in value if isinstance(name, str)]
        action = did_you_mean(key, known) if isinstance(key, str) else None
        raise Failure("RASP0504", f"the dict has no key {atoms.show(key)}", help=action)
    found: Value = value[key]
    return found


def _position(nodes: Nodes, value: Sop, place: Value, length: Sop, span: Span) -> Sop:
    if not isinstance(place, int):
        raise Failure(
            "RASP0314",
            f"an s-op is indexed by an int, not by {described(place)}",
            help="use `load_from_location(s, positions)`" if isinstance(place, Sop) else None,
        )
    query: Value = place
    if place < 0:
        query = nodes.elementwise("+", (length, int(place)), span)
    chosen = nodes.select(nodes.indices, query, "==", span)
    return nodes.aggregate(chosen, value, None, span)


def _each_in(nodes: Nodes, item: Sop, whole: Value, span: Span) -> Sop:
    if isinstance(whole, str):
        return nodes.substring(item, whole, span)
    if not isinstance(whole, ListValue | DictValue):
        raise _no_whole(whole)
    for candidate in whole:
        if not is_atom(candidate):
            raise Failure(
                "RASP0301",
                f"an s-op is looked for among atoms, but the list holds {described(candidate)}",
            )
    return nodes.membership(item, tuple(whole), span)


def _part_of(item: Atom, text: str) -> bool:
    try:
        return atoms.substring(text, item)
    except AtomError as error:
        raise Failure.of_atom(error) from None


def _no_whole(whole: Value) -> Failure:
    return Failure(
        "RASP0301", f"`in` looks into a list, a dict, a string or an s-op, not {described(whole)}"
    )
