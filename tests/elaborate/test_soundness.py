"""Random expressions: the static types hold on every input, and a static error is an error on
every input."""

from __future__ import annotations

import random
from itertools import product

import pytest

from rasp_lang import types
from rasp_lang.atoms import kind_of
from rasp_lang.diagnostics import RaspError
from rasp_lang.program import Program, loads

ALPHABETS = (("a", "b", "1"), (0, 1, 2), (0.5, 1.0), (True, False))
INPUTS = [
    list(tokens)
    for alphabet in ALPHABETS
    for length in (1, 2, 3)
    for tokens in product(alphabet[:2] if length == 3 else alphabet, repeat=length)
]
LEAVES = (
    "tokens", "indices", "tokens_str", "tokens_bool", "length", "1", "0", "2.5", '"a"', "True",
    "-1", '""',
)  # fmt: skip
SHAPES = (
    "({} + {})", "({} - {})", "({} * {})", "({} / {})", "({} % {})", "({} ^ {})", "({} == {})",
    "({} < {})", "({} and {})", "({} or {})", "(not {})", "(-{})", "round({})", "abs({})",
    "str({})", "({} if {} else {})", "({} in [1, \"a\"])", '({} in "ab")', "[1, \"a\", 0.5][{}]",
    '{{1: "x", "a": 2}}[{}]', "({})[0]", "({})[-1]", "aggregate(full_s, {})",
    "aggregate(select({}, {}, ==), {})", "aggregate(select({}, {}, <), {}, {})",
    "aggregate(select(indices, indices, <=) and select({}, {}, ==), {}, {})",
    "selector_width(select({}, {}, >))", "sort({}, {})", 'shift({}, 1, {})', "max({}, {})",
    "sqrt({})", "count({}, {})",
)  # fmt: skip


def expression(rng: random.Random, depth: int) -> str:
    if depth == 0 or rng.random() < 0.2:
        return rng.choice(LEAVES)
    shape = rng.choice(SHAPES)
    parts = (expression(rng, depth - 1) for _ in range(shape.count("{}")))
    return shape.format(*parts)


def evaluated(program: Program, tokens: list[object]) -> list[object] | None:
    try:
        values: list[object] = program.evaluate("s", tokens)  # type: ignore[arg-type]
        return values
    except RaspError:
        return None


def loaded(text: str) -> Program | None:
    """The program, or None if it has a static error."""
    try:
        return loads(f"s = aggregate(select(indices, indices, ==), {text});")
    except RaspError:
        return None


@pytest.mark.parametrize("seed", range(6))
def test_elements_have_their_static_types(seed: int) -> None:
    rng = random.Random(seed)
    for _ in range(40):
        text = expression(rng, 3)
        program = loaded(text)
        if program is None:
            continue
        predicted = program.graph[program.output_node("s")].types
        for tokens in INPUTS:
            values = evaluated(program, tokens) or []
            assert {kind_of(v) for v in values} <= predicted, (text, tokens)  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(6))
def test_a_static_type_error_is_one_on_every_input(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = random.Random(seed)
    texts = [text for text in (expression(rng, 3) for _ in range(60)) if loaded(text) is None]
    assert len(texts) > 5
    monkeypatch.setattr(types, "elementwise", lambda function, operands: types.ANY)
    monkeypatch.setattr(types, "of_atoms", lambda atoms: types.ANY)
    for text in texts:
        unchecked = loaded(text)
        if unchecked is not None:  # Else atoms alone failed: there is no input to ask.
            assert [t for t in INPUTS if evaluated(unchecked, t) is not None] == [], text
