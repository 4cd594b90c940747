"""No two programs compute the same, unless one is called a variant of the other."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, combinations, product
from typing import Any

import pytest
from program_meanings import MEANINGS

from rasp_lang.head import Head
from rasp_lang.library_files import shipped_programs

ALL = {program.name: program.head for program in shipped_programs()}
HEADS = {name: head for name, head in ALL.items() if not head.library}
VARIANT_OF = {name: head.variant_of for name, head in HEADS.items()}


def _original(name: str) -> str:
    """What a program is a variant of, or a variant of a variant; itself if of nothing."""
    while (found := VARIANT_OF[name]) is not None:
        name = found
    return name


def _typed(values: Iterable[Any]) -> list[tuple[type, Any]]:
    return [(type(value), value) for value in values]


def _may_be_compared(one: Head, other: Head) -> bool:
    """Whether all tokens of one belong to the other too, and both are read in the same way. (With
    no separator among the tokens, programs on words would seem to be the same.)"""
    tokens, others = ({(type(v), v) for v in head.vocab or ()} for head in (one, other))
    read_alike = (one.causal == "yes") == (other.causal == "yes")
    return read_alike and (tokens <= others or others <= tokens)


def _differ(one: str, other: str) -> bool:
    """Whether an input over the smaller vocabulary, up to the smaller length, tells them apart."""
    heads = HEADS[one], HEADS[other]
    vocab = min((head.vocab or () for head in heads), key=len)
    longest = min(head.max_len or 0 for head in heads)
    inputs = chain.from_iterable(product(vocab, repeat=n) for n in range(1, longest + 1))
    first, second = MEANINGS[one], MEANINGS[other]
    return any(_typed(first(list(t))) != _typed(second(list(t))) for t in inputs)


def _same(names: Iterable[str]) -> set[tuple[str, str]]:
    """The pairs of programs, neither a variant of the other, that nothing tells apart."""
    return {
        (one, other)
        for one, other in combinations(names, 2)
        if _original(one) != _original(other)
        if _may_be_compared(HEADS[one], HEADS[other]) and not _differ(one, other)
    }


def test_programs_that_compute_the_same_are_variants() -> None:
    assert _same(HEADS) == set()


def test_programs_that_compute_the_same_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(VARIANT_OF, "induction_by_pointer", None)
    assert _same(["has_seen", "induction", "induction_by_pointer"]) == {
        ("induction", "induction_by_pointer")
    }
