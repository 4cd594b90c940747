"""Lists and dicts: making, measuring, iterating and unpacking them, within the limits of their
sizes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.values import DictValue, ListValue, Selector, Value, described, is_atom
from rasp_lang.graph import Atom

MAX_ITEMS = 1_000_000
_Made = TypeVar("_Made", ListValue, DictValue)

#: Lists in lists: more levels than anybody writes, few enough for every later stage.
MAX_LEVELS = 200


def make_list(items: Sequence[Value]) -> ListValue:
    """A list of values."""
    check_size(len(items))
    return _checked(ListValue(items))


def repeat(items: ListValue, times: int) -> ListValue:
    """A list several times over; none for a negative number."""
    check_size(len(items) * times)
    return _checked(ListValue(tuple(items) * times if items else ()))


def join(left: ListValue, right: ListValue) -> ListValue:
    """One list after the other."""
    return make_list((*left, *right))


def make_dict(items: Iterable[tuple[Atom, Value]]) -> DictValue:
    """A dict from its items; of equal keys the first stays, with the last value."""
    return _checked(DictValue(items))


def check_key(key: Value) -> Atom:
    """The key of a dict: an atom."""
    if not is_atom(key):
        raise Failure("RASP0313", f"the key of a dict must be an atom, not {described(key)}")
    return key


def check_size(length: int) -> None:
    """The limit on the size of lists, counting what they hold inside."""
    if length > MAX_ITEMS:
        raise Failure(
            "RASP0510", "the list is too large", help=f"lists have at most {MAX_ITEMS:,} elements"
        )


def items_of(value: Value) -> Sequence[Value]:
    """What a loop over a value runs through: the items of a list, the keys of a dict."""
    if isinstance(value, ListValue):
        return value
    if isinstance(value, DictValue):
        return tuple(value)
    action = "`range(n)` gives the ints below n" if isinstance(value, int) else None
    raise Failure(
        "RASP0306", f"only lists and dicts can be looped over, not {described(value)}", help=action
    )


def unpack(value: Value, count: int) -> Sequence[Value]:
    """The parts of a value for several names: of a list, a string or a dict (its keys)."""
    if not isinstance(value, ListValue | DictValue | str):
        raise Failure(
            "RASP0306",
            f"{described(value)} cannot be unpacked into {count} names",
            help="only lists, strings and dicts have parts to unpack",
        )
    if len(value) != count:
        raise Failure("RASP0307", f"{count} names cannot take {len(value)} values")
    return tuple(value)


def length(value: Value) -> int:
    """``len(value)``."""
    if isinstance(value, ListValue | DictValue | str):
        return len(value)
    action = None if isinstance(value, int | float | Selector) else "use `length`, an s-op"
    raise Failure(
        "RASP0312", f"`len` takes a list, a string or a dict, not {described(value)}", help=action
    )


def make_range(arguments: Sequence[Value]) -> ListValue:
    """``range(stop)``, ``range(start, stop)`` or ``range(start, stop, step)``."""
    bounds = []
    for argument in arguments:
        if not isinstance(argument, int):
            raise Failure("RASP0312", f"`range` takes ints, not {described(argument)}")
        bounds.append(int(argument))
    if len(bounds) == 3 and bounds[2] == 0:
        raise Failure("RASP0508", "the step of a range must not be 0")
    numbers = range(*bounds)
    start, stop, step = numbers.start, numbers.stop, numbers.step
    # `len` of a range fails beyond the machine's word.
    check_size(max(0, (stop - start + step - (1 if step > 0 else -1)) // step))
    return ListValue(numbers)


def make_zip(arguments: Sequence[Value]) -> ListValue:
    """A list of lists: the first items, the second items, ..."""
    for argument in arguments:
        if not isinstance(argument, ListValue):
            raise Failure("RASP0312", f"`zip` takes lists, not {described(argument)}")
    lengths = [len(argument) for argument in arguments]  # type: ignore[arg-type]
    if len(set(lengths)) > 1:
        shown = ", ".join(map(str, lengths))
        raise Failure("RASP0312", f"`zip` takes lists of one length, not of {shown}")
    return make_list([make_list(row) for row in zip(*arguments, strict=True)])


def _checked(made: _Made) -> _Made:
    check_size(made.size)
    if made.depth > MAX_LEVELS:
        raise Failure(
            "RASP0510", "lists are nested too deeply", help=f"they have at most {MAX_LEVELS} levels"
        )
    return made
