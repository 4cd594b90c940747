"""What an expression can stand for while a program is elaborated."""

from __future__ import annotations

from collections.abc import Collection as AbstractCollection
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeGuard

from rasp_lang.atoms import kind_of as kind_of_atom
from rasp_lang.graph import Atom

if TYPE_CHECKING:
    from rasp_lang.elaborate.code import FunctionBody
    from rasp_lang.elaborate.scope import Scope


@dataclass(frozen=True, slots=True)
class Sop:
    """An s-op: a node of the graph."""

    node: int


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector: a node of the graph."""

    node: int


class ListValue(tuple[Any, ...]):
    """A list. ``depth`` counts the levels of lists and dicts, itself included; ``size`` counts all
    elements, those of inner lists and dicts included."""

    depth: int
    size: int

    def __new__(cls, items: Iterable[Any] = ()) -> ListValue:
        made = super().__new__(cls, items)
        made.depth, made.size = _extent(made)
        return made


class DictValue(dict[Atom, Any]):
    """A dict, never changed once it is made; keys are equal as the host's are (1, 1.0, True).
    ``depth`` and ``size`` as for lists."""

    depth: int
    size: int

    def __init__(self, items: Mapping[Atom, Any] | Iterable[tuple[Atom, Any]] = ()) -> None:
        super().__init__(items)
        self.depth, self.size = _extent(self.values())


def _extent(items: AbstractCollection[Any]) -> tuple[int, int]:
    """Levels and elements of a list or dict with these items."""
    depth, size = 0, len(items)
    for item in items:
        if isinstance(item, (ListValue, DictValue)):  # A tuple is twice as fast as a union here.
            depth = max(depth, item.depth)
            size += item.size
    return depth + 1, size


@dataclass(frozen=True, slots=True, eq=False)
class FunctionValue:
    """A function of the program or of the library, with the scope that it closes over."""

    name: str
    parameters: tuple[str, ...]
    body: FunctionBody
    scope: Scope
    library: bool


@dataclass(frozen=True, slots=True, eq=False)
class NativeFunction:
    """A predefined function that is not written in RASP; ``natives`` says what it does."""

    name: str
    parameters: tuple[str, ...]


Collection = ListValue | DictValue
Function = FunctionValue | NativeFunction
Value = Atom | Sop | Selector | Collection | Function


def is_atom(value: Value | None) -> TypeGuard[Atom]:
    """An int, float, string or bool."""
    return isinstance(value, int | float | str)


def kind_of(value: Value) -> str:
    """``s-op``, ``selector``, ``value``, ``list``, ``dict`` or ``function``."""
    for kind, types in _KINDS:
        if isinstance(value, types):
            return kind
    return "value"


_KINDS: tuple[tuple[str, Any], ...] = (
    ("s-op", Sop),
    ("selector", Selector),
    ("list", ListValue),
    ("dict", DictValue),
    ("function", Function),
)


def described(value: Value) -> str:
    """The kind of a value with its article, for messages: ``an int``, ``a selector``."""
    kind = kind_of(value)
    if kind == "value":
        kind = kind_of_atom(value)  # type: ignore[arg-type]
    return f"an {kind}" if kind in ("int", "s-op") else f"a {kind}"
