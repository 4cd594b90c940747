"""The table that the modules of this package fill, and what their statements of meaning share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Tokens = Sequence[Any]
#: A list of atoms, one a position; by name if the program has several outputs.
Answer = list[Any] | dict[str, list[Any]]
Meaning = Callable[[Tokens], Answer]


@dataclass(frozen=True)
class Beyond:
    """A program that Tracr refuses or gets wrong, which ``why`` says; ``meaning`` says what it
    computes on tokens of ``vocab``, read as ``causal`` says. ``layers`` is the paper's count."""

    name: str
    why: str
    source: str
    vocab: tuple[Any, ...]
    max_len: int
    layers: int
    causal: bool
    outputs: tuple[str, ...] | None
    meaning: Meaning


PROGRAMS: dict[str, Beyond] = {}


def beyond(
    why: str,
    source: str,
    *,
    vocab: Iterable[Any],
    max_len: int,
    layers: int,
    causal: bool = False,
    outputs: tuple[str, ...] | None = None,
) -> Callable[[Meaning], Meaning]:
    """Enters a program into the table under the name of the function that states its meaning."""

    def enter(meaning: Meaning) -> Meaning:
        name = meaning.__name__
        assert name not in PROGRAMS, name
        PROGRAMS[name] = Beyond(
            name, why, source, tuple(vocab), max_len, layers, causal, outputs, meaning
        )
        return meaning

    return enter


def everywhere(value: Any, t: Tokens) -> list[Any]:
    return [value] * len(t)


def mean(values: Iterable[Any], default: Any = 0) -> Any:
    """As aggregate: the default for no value, one value as it is, of several a float, rounded
    once."""
    known = list(values)
    if len(known) < 2:
        return known[0] if known else default
    return float(sum(map(Fraction, known)) / len(known))


def before(t: Tokens) -> list[Any]:
    """Of each position, the tokens in front of it."""
    return [t[:i] for i in range(len(t))]


def up_to(t: Tokens) -> list[Any]:
    """Of each position, the tokens up to it, itself included."""
    return [t[: i + 1] for i in range(len(t))]
