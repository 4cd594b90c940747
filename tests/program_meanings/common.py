"""What the meanings of several chapters share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

Meaning = Callable[[Sequence[Any]], list[Any]]
MEANINGS: dict[str, Meaning] = {}


def meaning(function: Meaning) -> Meaning:
    """Registers a function under its name, which is the name of the program."""
    MEANINGS[function.__name__.rstrip("_")] = function
    return function


def mean(values: Sequence[Any]) -> Any:
    """As aggregate: one value stays itself, several give a float."""
    return values[0] if len(values) == 1 else sum(values) / len(values)


def everywhere(value: Any, t: Sequence[Any]) -> list[Any]:
    return [value] * len(t)


def by_prefix(function: Callable[[Sequence[Any]], Any], t: Sequence[Any]) -> list[Any]:
    """The function of every prefix, the position itself included."""
    return [function(t[: i + 1]) for i in range(len(t))]


def padded(values: Sequence[Any], t: Sequence[Any]) -> list[Any]:
    return [*values, *("_" for _ in range(len(t) - len(values)))]


def runs(t):
    """The first token of every run of equal ones."""
    return [x for i, x in enumerate(t) if i == 0 or t[i - 1] != x]
