"""Names and what they are bound to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal

from rasp_lang.elaborate.values import Value

Level = Literal["base", "file", "local"]


class Poison:
    """What a name stands for when its definition failed: its uses are not reported again."""


POISON: Final = Poison()


class Scope:
    """One level of names, over its parent. Names keep the order of their last binding.

    ``loaded`` are the names that came from a ``load``; ``doubtful`` is set when a load failed, so
    that any unknown name may be one of its.
    """

    __slots__ = ("doubtful", "level", "loaded", "names", "parent")

    def __init__(self, parent: Scope | None = None, level: Level = "local") -> None:
        self.names: dict[str, Value | Poison] = {}
        self.parent = parent
        self.level: Level = level
        self.loaded: set[str] = set()
        self.doubtful = False

    def chain(self) -> Iterator[Scope]:
        """This scope, then those around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent

    def find(self, name: str) -> Value | Poison | None:
        """What a name is bound to, or None if it is unknown."""
        scope: Scope | None = self
        doubtful = False
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            doubtful |= scope.doubtful
            scope = scope.parent
        return POISON if doubtful else None

    def bind(self, name: str, value: Value | Poison, *, loaded: bool = False) -> None:
        """Bind a name here; it becomes the last one bound."""
        self.names.pop(name, None)
        self.names[name] = value
        if loaded:
            self.loaded.add(name)
        else:
            self.loaded.discard(name)

    def visible(self) -> list[str]:
        """All names that can be used here, nearest scope first."""
        return [name for scope in self.chain() for name in scope.names]
