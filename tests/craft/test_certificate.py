"""The certificate is honest: what float32 does stays within what was proven, and what is not proven
is refused."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from ideal_runs import ideal_directions
from ladder import LADDER, Rung
from numpy.typing import NDArray
from random_programs import random_program

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.craft import errors
from rasp_lang.craft.assemble import assemble
from rasp_lang.craft.certificate import certify
from rasp_lang.craft.program import CraftHead, CraftProgram, Form, Product, TableScore
from rasp_lang.craft.readings import grain
from rasp_lang.craft.run import run
from rasp_lang.graph import Atom
from rasp_lang.interpret import evaluate
from rasp_lang.pipeline import Compiled
from rasp_lang.sampling import all_inputs
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.model import Model

Tokens = Sequence[Atom]
Matrix = NDArray[np.float64]


def build(source: str, vocab: Tokens, max_len: int, causal: bool = False) -> Compiled:
    return pipeline.build(rasp_lang.loads(source), vocab, max_len, "x", causal)


def answer(source: str, tokens: Tokens) -> list[Atom]:
    program = rasp_lang.loads(source)
    return evaluate(program.graph, [program.node("x")], tokens)[0]


# --- bounds --------------------------------------------------------------------------------------


def bounds(program: CraftProgram, artifact: Artifact) -> Matrix:
    """The proven error of each direction: of everything that writes to it."""
    found = np.zeros(len(program.directions))
    for embedding in program.embeddings:
        direction = program.directions[embedding.direction]
        found[embedding.direction] += 2.0**-24 * max(abs(direction.low), abs(direction.high))
    proof = artifact.certificate
    for head, proven in zip(program.heads, proof["heads"], strict=True):
        assert head.name == proven["name"]
        for channel in head.channels:
            found[channel.direction] += abs(channel.factor) * proven["error"]
    for function, proven in zip(program.functions, proof["functions"], strict=True):
        assert function.name == proven["name"]
        found[function.direction] += proven["error"]
    return found


def excess(compiled: Compiled, tokens: Tokens) -> float:
    """By how much the float32 model leaves the bounds, over all directions and positions."""
    residuals = Model(compiled.artifact, "numpy").apply(tokens).residuals[-1][1:]
    wanted = ideal_directions(compiled.craft, tokens)
    off = np.abs(residuals.astype(np.float64) - wanted)
    # The ideal itself is computed in double precision.
    return float((off - bounds(compiled.craft, compiled.artifact) - 1e-9 * np.abs(wanted)).max())


@pytest.mark.parametrize("size", [16, 32])
@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.program)
def test_every_direction_stays_within_its_proven_error(rung: Rung, size: int) -> None:
    compiled = pipeline.build(rasp_lang.load(rung.program), rung.vocabulary(size), size)
    for tokens in rung.inputs(size, size, 3):
        assert excess(compiled, tokens) < 1e-9


def test_every_direction_of_random_programs_stays_within_its_proven_error() -> None:
    compiled = 0
    for number in range(80):
        candidate = random_program(f"certificate {number}")
        try:
            program = rasp_lang.loads(candidate.text)
            if program.output is None:
                continue
            built = pipeline.build(
                program, candidate.vocab, candidate.max_len, causal=candidate.causal
            )
        except RaspError:
            continue
        compiled += 1
        root = program.node(program.output)
        inputs = list(all_inputs(candidate.vocab, candidate.max_len))
        for tokens in random.Random(number).sample(inputs, min(8, len(inputs))):
            try:
                evaluate(program.graph, [root], tokens, causal=candidate.causal)
            except RaspError:
                continue
            assert excess(built, tokens) < 1e-9, (candidate.text, tokens)
    assert compiled > 50


@pytest.mark.parametrize(
    "source",
    [
        "x = length;",
        "x = selector_width(select(tokens, tokens, ==));",
        "x = round(length * aggregate(full_s, tokens));",
        "x = aggregate(select(tokens, tokens, <=), tokens);",
        "x = aggregate(select(indices, indices, <=), tokens);",
    ],
)
def test_sums_and_means_over_many_keys_stay_within_their_proven_error(source: str) -> None:
    compiled = build(source, (0, 1), 120)
    generator = random.Random(source)
    for length in (1, 77, 120, 120):
        tokens = generator.choices((0, 1), k=length)
        assert excess(compiled, tokens) < 1e-9
        assert Model(compiled.artifact, "numpy")(tokens) == answer(source, tokens)


@pytest.mark.parametrize(("function", "slope"), [("max(m, 0.5)", 1), ("abs(4 * m - 2)", 8)])
def test_the_error_of_what_is_read_is_passed_on(function: str, slope: int) -> None:
    source = f"m = aggregate(select(indices, indices, <=), tokens); x = {function};"
    proof = build(source, (0, 1), 20).artifact.certificate
    [head], [made] = proof["heads"], proof["functions"]
    assert made["error"] >= slope * head["error"]


# --- margins -------------------------------------------------------------------------------------


def disturbed(artifact: Artifact, relative: float) -> Model:
    """The model whose first layer's heads write too much."""
    name = "transformer/layer_0/attn/linear"
    written = artifact.params[name]
    more = {**written, "w": (written["w"] * np.float32(1 + relative)).astype(np.float32)}
    return Model(replace(artifact, params={**artifact.params, name: more}), "numpy")


def right(model: Model, source: str, inputs: Sequence[Tokens]) -> list[bool]:
    return [model(tokens) == answer(source, tokens) for tokens in inputs]


def test_a_count_may_be_off_by_what_its_proof_leaves_and_not_by_more() -> None:
    source = "x = selector_width(select(tokens, tokens, ==));"
    artifact = build(source, ("a", "b"), 40).artifact
    [output] = artifact.certificate["outputs"]
    assert output["gap"] == 1.0
    left = output["gap"] / 2 - output["error"]
    assert artifact.certificate["margin"] == pytest.approx(0.5 / output["error"])
    generator = random.Random(0)
    inputs = [("a",) * 40, *(generator.choices("ab", k=40) for _ in range(10))]
    for sign in (1, -1):
        assert all(right(disturbed(artifact, sign * 0.99 * left / 40), source, inputs))
        beyond = right(disturbed(artifact, sign * (0.51 + output["error"]) / 40), source, inputs)
        assert beyond[0] is (sign > 0)  # 40 is the largest candidate there is
    assert not right(disturbed(artifact, -0.02), source, inputs)[0]


def test_a_threshold_may_be_read_with_the_error_that_its_margin_leaves() -> None:
    source = "x = aggregate(select(indices, indices, <=), indicator(tokens == 1)) > 0.5;"
    artifact = build(source, (0, 1), 8).artifact
    [function] = artifact.certificate["functions"]
    slope = float(np.abs(artifact.params["transformer/layer_0/mlp/linear_1"]["w"]).max())
    inputs = list(all_inputs((0, 1), 8))
    for sign in (1, -1):
        fine = disturbed(artifact, sign * 0.99 * function["margin"] / slope)
        assert all(right(fine, source, inputs))
        assert not all(right(disturbed(artifact, sign * 4 / slope), source, inputs))


# --- refusals ------------------------------------------------------------------------------------


def with_heads(compiled: Compiled, change: Callable[[CraftHead], CraftHead]) -> CraftProgram:
    return replace(compiled.craft, heads=tuple(map(change, compiled.craft.heads)))


def codes(error: pytest.ExceptionInfo[RaspError]) -> set[str]:
    return {diagnostic.code for diagnostic in error.value.diagnostics}


def lighter(head: CraftHead) -> CraftHead:
    return replace(head, bos_score=3.0, bos_query=Form({}, 3.0))


def lukewarm(gap: float) -> Callable[[CraftHead], CraftHead]:
    """Unselected keys a little below selected ones, not far below."""

    def change(head: CraftHead) -> CraftHead:
        [score] = head.scores
        assert isinstance(score, TableScore)
        factor = gap / score.gap
        products = tuple(Product(p.query, p.key.scaled(factor)) for p in score.products)
        return replace(head, scores=(replace(score, products=products, gap=gap),))

    return change


COUNT, MEAN = (
    "x = selector_width(select(tokens, tokens, ==));",
    "x = aggregate(select(tokens, tokens, <=), tokens);",
)


@pytest.mark.parametrize(
    ("source", "change"),
    [
        (COUNT, lighter),
        (COUNT, lukewarm(1.0)),
        (COUNT, lukewarm(4.0)),
        (MEAN, lukewarm(1.0)),
        (MEAN, lukewarm(4.0)),
    ],
)
def test_a_head_that_gives_wrong_answers_is_not_proven(
    source: str, change: Callable[[CraftHead], CraftHead]
) -> None:
    compiled = build(source, (0, 1), 20)
    tokens = [0, 1] * 10
    wrong = with_heads(compiled, change)
    [meant], [found] = run(compiled.craft, tokens), run(wrong, tokens)
    assert np.abs(meant - found).max() > 0.005
    with pytest.raises(RaspError) as error:
        assemble(wrong, (), {})
    assert codes(error) == {"RASP0604"}
    assert assemble(with_heads(compiled, lambda head: head), (), {}).certificate["margin"] > 1


def test_counts_are_proven_to_a_thousand_tokens_and_refused_at_four_thousand() -> None:
    artifact = build("x = length;", (0, 1), 1000).artifact
    assert artifact.certificate["margin"] > 1
    assert Model(artifact, "numpy")([0, 1] * 500) == [1000] * 1000
    with pytest.raises(RaspError) as error:
        build("x = selector_width(select(tokens, tokens, ==));", (0, 1), 4000)
    [diagnostic] = error.value.diagnostics
    assert diagnostic.code == "RASP0604"
    assert diagnostic.span is not None
    assert diagnostic.help


@pytest.mark.parametrize(
    ("vocab", "fine", "close"), [(range(32), 20, 64), ((0, 1), 150, 300), ((0, 1, 2), 150, 200)]
)
def test_means_that_float32_cannot_tell_apart_are_refused(
    vocab: Tokens, fine: int, close: int
) -> None:
    source = "x = aggregate(select(tokens, tokens, <=), tokens);"
    with pytest.raises(RaspError) as error:
        build(source, tuple(vocab), close)
    assert codes(error) == {"RASP0604"}
    artifact = build(source, tuple(vocab), fine).artifact
    assert artifact.certificate["margin"] > 1
    generator = random.Random(fine)
    inputs = [generator.choices(vocab, k=fine) for _ in range(3)]
    assert all(right(Model(artifact, "numpy"), source, inputs))


def test_the_gap_of_a_distance_counts_the_rounding_of_the_division_in_attention() -> None:
    program = rasp_lang.loads("x = aggregate(select(indices, indices, ==), tokens);")
    [short] = pipeline.compile(program, ["a", "b"], 10).certificate["heads"]
    [long] = pipeline.compile(program, ["a", "b"], 100).certificate["heads"]
    assert 255 < long["gap"] < short["gap"] < 256


# --- the formulas --------------------------------------------------------------------------------


@pytest.mark.parametrize("gap", [0.5, 2.0, 6.0, 20.0])
@pytest.mark.parametrize("noise", [0.0, 0.01, 0.3])
def test_no_scores_within_the_bounds_take_attention_farther_off_than_its_formulas_say(
    gap: float, noise: float
) -> None:
    generator = np.random.default_rng(0)
    for _ in range(400):
        keys = int(generator.integers(2, 9))
        selected = int(generator.integers(1, keys))
        values = generator.choice([-1.0, 0.0, 1.0], keys)
        scores = generator.choice([-noise, noise], keys)
        scores[selected:] = -gap
        weights = np.exp(scores)
        mean = values[:selected].mean()
        off = abs(weights @ values / weights.sum() - mean)
        assert off <= errors.mean_error(keys, 1.0, 0.0, noise, gap, 2.0)
        if selected == 1 and not noise:
            assert off <= errors.copy_error(errors.leak(keys, gap), 1.0, 0.0, np.array(False))
        total, heavy = values[:selected].sum(), np.exp(8.0)
        found = weights @ values / (1 + weights.sum() / heavy)
        assert abs(found - total) <= errors.sum_error(keys, 1.0, 0.0, noise, gap, 8.0)


@pytest.mark.parametrize("positive", [True, False])
@pytest.mark.parametrize("error", [1e-7, 3e-6, 2.5e-5, 1e-3, 0.024])
def test_integers_are_rounded_by_the_offset_for_their_error(error: float, positive: bool) -> None:
    offset = np.float32(errors.rounding_offset(error, 20.0, positive))
    assert offset > 0
    for whole in range(1 if positive else -20, 21):
        for off in (-error, -0.9 * error, 0.9 * error, error):
            assert offset + np.float32(whole + off) == offset + np.float32(whole)


def test_the_grain_of_a_number_is_the_power_of_two_that_it_is_a_multiple_of() -> None:
    numbers = [1.0, 3.0, -6.0, 0.75, 2.0**24, 2.0**24 + 1, 0.1, 2.0**-21, 513 * 2.0**10]
    assert grain(np.array(numbers)).tolist() == [1, 1, 2, 0.25, 2.0**24, 0, 0, 0, 1024]
    assert grain(np.zeros(1))[0] > 2.0**50


def test_attention_makes_noise_as_much_larger_as_it_makes_scores() -> None:
    """A head of 5 dimensions multiplies queries by 4 and divides scores by the root of 5."""
    compiled = build(COUNT, (0, 1, 2, 3), 5)

    def rough(head: CraftHead) -> CraftHead:
        [score] = head.scores
        assert isinstance(score, TableScore)
        products = tuple(Product(p.query, p.key.scaled(1.1)) for p in score.products)
        return replace(head, scores=(replace(score, products=products),))

    program = with_heads(compiled, rough)
    [head] = program.heads
    small, large = (certify(program, [head.bos_score], factor) for factor in (1.0, 1.75))
    assert small.heads[0]["noise"] == large.heads[0]["noise"] > 1e-5
    errors_of = [proof.heads[0]["error"] for proof in (small, large)]
    assert errors_of[1] > 1.3 * errors_of[0]


# --- BOS -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rung", LADDER, ids=lambda rung: rung.program)
def test_what_weights_are_off_does_not_wake_hidden_units_at_bos_nor_feed_sinks(rung: Rung) -> None:
    compiled = pipeline.build(rasp_lang.load(rung.program), rung.vocabulary(8), 10)
    params = compiled.artifact.params
    for layer in range(compiled.craft.layers):
        module = params[f"transformer/layer_{layer}/mlp/linear_1"]
        used = module["w"].any(axis=0)
        assert (module["w"][0, used] + module["b"][used] <= -1).all()
    for head in compiled.craft.heads:
        if head.mode == "sink":
            assert all(not channel.value.constant for channel in head.channels)
