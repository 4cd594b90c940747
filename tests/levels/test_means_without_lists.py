"""Means of more values than can be listed as outputs: as the interpreter says, type included."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import three_levels

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.graph import Atom
from rasp_lang.sampling import sample_inputs
from rasp_lang.transformer.artifact import QuotientDecoder

WHOLE = "x = aggregate(full_s, tokens);"
PREFIX = "x = aggregate(select(indices, indices, <=), tokens);"
STRICT = "x = aggregate(select(indices, indices + 1, <), tokens);"
SHARE = 'x = aggregate(full_s, indicator(tokens == "a"));'
SHARE_BEFORE = 'x = aggregate(select(indices, indices, <=), indicator(tokens == "a"));'
INTS, QUARTERS, LETTERS = (-7, 0, 3), (0.25, -8.5, 7.0), ("a", "b", "c")

#: name -> (source, vocabulary, maximum length, causal, keys, unit, whether one key gives an int)
PROGRAMS: dict[str, tuple[str, tuple[Atom, ...], int, bool, str, float, bool]] = {
    "mean": (WHOLE, INTS, 300, False, "length", 1.0, True),
    "mean, causal": (WHOLE, INTS, 300, True, "index", 1.0, True),
    "mean of quarters": (WHOLE, QUARTERS, 300, False, "length", 0.25, False),
    "mean of quarters, causal": (WHOLE, QUARTERS, 300, True, "index", 0.25, False),
    "mean of halves": (WHOLE, (0.5, -8.0, 2.0), 300, False, "length", 0.5, False),
    "share of a token": (SHARE, LETTERS, 600, False, "length", 1.0, True),
    "running mean": (PREFIX, INTS, 300, False, "index", 1.0, True),
    "running mean, causal": (PREFIX, INTS, 300, True, "index", 1.0, True),
    "running mean of quarters": (PREFIX, QUARTERS, 300, False, "index", 0.25, False),
    "running mean, written otherwise": (STRICT, INTS, 300, False, "index", 1.0, True),
    "fraction of previous": (SHARE_BEFORE, LETTERS, 600, False, "index", 1.0, True),
    "mean at 1,000": (WHOLE, INTS, 1000, False, "length", 1.0, True),
    "mean at 1,000, causal": (WHOLE, INTS, 1000, True, "index", 1.0, True),
}  # fmt: skip


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_mean_of_too_many_values_is_an_output(name: str, tmp_path: Path) -> None:
    source, vocab, max_len, causal, keys, unit, whole = PROGRAMS[name]
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal)
    assert compiled.artifact.decoders == (QuotientDecoder("x", keys, unit, whole),)  # type: ignore[arg-type]
    assert compiled.artifact.config.layers == 1
    inputs = sample_inputs(vocab, max_len, 8, seed=2)
    found = three_levels.agreement(program, compiled, inputs, craft_inputs=2)
    assert (found.disagreement, found.checked) == (None, len(inputs))

    model = rasp_lang.compile(program, vocab, max_len, causal=causal, backend="numpy")
    model.save(tmp_path / "mean.npz")
    model = rasp_lang.load_model(tmp_path / "mean.npz", "numpy")
    draw = random.Random(name)
    for length in (1, 2, 3, max_len):
        tokens = [draw.choice(vocab) for _ in range(length)]
        expected = program.evaluate("x", tokens, causal=causal)
        assert [repr(value) for value in model(tokens)] == [repr(value) for value in expected]


@pytest.mark.parametrize("opt", [0, 2])
@pytest.mark.parametrize("name", ["mean of quarters", "running mean", "share of a token"])
def test_every_optimisation_level_gives_the_mean(name: str, opt: int) -> None:
    source, vocab, max_len, causal, *_ = PROGRAMS[name]
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal, opt=opt)
    assert compiled.artifact.decoders[0].kind == "quotient"
    inputs = sample_inputs(vocab, max_len, 10, seed=3)
    assert three_levels.agreement(program, compiled, inputs, craft_inputs=2).disagreement is None


@pytest.mark.parametrize("source", [SHARE, SHARE_BEFORE])
def test_a_longer_input_never_turns_a_mean_into_a_refusal(source: str) -> None:
    for max_len in (20, 90, 127, 128, 129, 150, 200, 230):
        compiled = pipeline.build(rasp_lang.loads(source), LETTERS, max_len)
        assert compiled.artifact.config.layers == 1


def test_a_mean_beside_other_outputs_and_users() -> None:
    outputs = ["x", "high", "many"]
    program = rasp_lang.loads(
        WHOLE + "high = x > 1; many = selector_width(select(tokens, tokens, ==));"
    )
    compiled = pipeline.build(program, INTS, 300, outputs)
    assert [d.kind for d in compiled.artifact.decoders] == ["quotient", "numerical", "numerical"]
    inputs = sample_inputs(INTS, 300, 12, seed=4)
    found = three_levels.agreement(program, compiled, inputs, craft_inputs=3)
    assert (found.disagreement, found.checked) == (None, len(inputs))


@pytest.mark.parametrize(
    ("source", "vocab"),
    [
        ("x = aggregate(select(tokens, tokens, <=), tokens);", INTS),  # any number of keys
        ("x = aggregate(select(indices, 3, >), tokens);", INTS),
        ("x = aggregate(full_s, tokens);", (0.1, 0.2, 0.7)),  # too fine a unit
        ("x = aggregate(full_s, tokens if tokens > 0 else 0.5);", INTS),  # two types
        ("x = aggregate(full_s, tokens) * 1;", INTS),  # more than a mean
    ],
)
def test_a_denominator_that_the_place_does_not_tell_is_no_quotient(
    source: str, vocab: tuple[Atom, ...]
) -> None:
    with pytest.raises(rasp_lang.RaspError) as caught:
        pipeline.build(rasp_lang.loads(source), vocab, 600)
    assert caught.value.diagnostics[0].code == "RASP0603"


def test_quarters_too_large_for_float32_are_refused() -> None:
    source = "x = aggregate(select(indices, indices, <=), indices / 4);"
    with pytest.raises(rasp_lang.RaspError) as caught:
        pipeline.build(rasp_lang.loads(source), LETTERS, 300)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.code == "RASP0604"
    assert "`x`" in diagnostic.message
