"""The forward pass: numpy against the equations, Haiku against numpy."""

import math
from typing import Any

import haiku as hk
import jax
import numpy as np
import pytest
from hand_made_models import random_artifact

from rasp_lang.transformer import numpy_forward, validate
from rasp_lang.transformer.artifact import Artifact, parameter_shapes, readout_width
from rasp_lang.transformer.haiku_model import HaikuModel, transformed
from rasp_lang.transformer.token_ids import Vocabulary

SIZES: list[dict[str, Any]] = [
    {},
    {"causal": True},
    {"layers": 0},
    {"layers": 1, "d_mlp": 0},
    {"layers": 1, "heads": 0},
    {"layers": 3, "heads": 1, "d_head": 1, "causal": True},
    {"heads": 3, "d_head": 5, "d_model": 4, "max_len": 1},
]
IDS = [[0, 1, 2, 0, 1, 2, 2], [2], [1, 1, 0, 2]]


def token_ids(artifact: Artifact) -> numpy_forward.Ids:
    longest = artifact.config.max_len
    encoded = [ids[:longest] for ids in IDS]
    return Vocabulary(artifact.vocabulary, longest).batch(encoded, max(map(len, encoded)) + 1)


def by_the_equations(artifact: Artifact, ids: list[int]) -> list[Any]:
    """The readouts of one sequence, in float64, number by number where it matters."""
    config = artifact.config
    params: Any = {
        name: {key: array.astype(np.float64) for key, array in items.items()}
        for name, items in artifact.params.items()
    }

    def linear(name: str, x: Any) -> Any:
        return x @ params[name]["w"] + params[name]["b"]

    x = params["token_embed"]["embeddings"][[config.vocab_size, *ids]]
    x = x + params["pos_embed"]["embeddings"][: len(ids) + 1]
    for layer in range(config.layers):
        name = f"transformer/layer_{layer}"
        query, key, value = (linear(f"{name}/attn/{p}", x) for p in ("query", "key", "value"))
        mixed = np.zeros((len(x), config.heads * config.d_head))
        for head in range(config.heads):
            part = slice(head * config.d_head, (head + 1) * config.d_head)
            for i in range(len(x)):
                keys = range(i + 1 if config.causal else len(x))
                scores = [query[i, part] @ key[j, part] / math.sqrt(config.d_head) for j in keys]
                shares = [math.exp(score) for score in scores]
                for j in keys:
                    mixed[i, part] += shares[j] / sum(shares) * value[j, part]
        x = x + linear(f"{name}/attn/linear", mixed)
        hidden = np.maximum(linear(f"{name}/mlp/linear_1", x), 0)
        x = x + linear(f"{name}/mlp/linear_2", hidden)
    return [linear(f"unembed_{j}", x) for j in range(len(artifact.decoders))]


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_numpy_computes_the_equations_and_pad_changes_nothing(sizes: dict[str, Any]) -> None:
    artifact = random_artifact(**sizes)
    readouts = numpy_forward.forward(artifact.config, artifact.params, token_ids(artifact))
    for row, ids in enumerate(IDS):
        ids = ids[: artifact.config.max_len]
        for found, expected in zip(readouts, by_the_equations(artifact, ids), strict=True):
            assert found.dtype == np.float32
            np.testing.assert_allclose(found[row, : len(ids) + 1], expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("alone", [1, 150, 700, 2000])
def test_products_in_blocks_are_the_same_products(
    alone: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    artifact = random_artifact()
    ids = token_ids(artifact)
    whole = numpy_forward.forward(artifact.config, artifact.params, ids)
    monkeypatch.setattr(numpy_forward, "_ALONE", alone)
    monkeypatch.setattr(numpy_forward, "_FEWEST_ROWS", 1)
    for found, expected in zip(
        numpy_forward.forward(artifact.config, artifact.params, ids), whole, strict=True
    ):
        np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_numpy_and_haiku_agree_in_everything(sizes: dict[str, Any]) -> None:
    artifact = random_artifact(**sizes)
    ids = token_ids(artifact)
    reference = numpy_forward.trace(artifact.config, artifact.params, ids)
    haiku = HaikuModel(artifact.config, artifact.params)
    found = haiku.trace(ids)
    real = ids != artifact.config.vocab_size + 1  # rows of PAD mean nothing
    close = {"rtol": 1e-4, "atol": 1e-4}  # of numbers around 10, in float32
    for name in ("residuals", "layer_outputs"):
        ours, theirs = getattr(reference, name), getattr(found, name)
        assert ours.shape == theirs.shape
        np.testing.assert_allclose(theirs[:, real], ours[:, real], **close)
    assert found.attn_logits.shape == reference.attn_logits.shape
    rows = found.attn_logits.swapaxes(2, 3)[:, real]
    np.testing.assert_allclose(rows, reference.attn_logits.swapaxes(2, 3)[:, real], **close)
    for ours, theirs, alone in zip(
        reference.readouts, found.readouts, haiku.forward(ids), strict=True
    ):
        np.testing.assert_allclose(theirs[real], ours[real], **close)
        np.testing.assert_allclose(alone[real], ours[real], **close)


@pytest.mark.parametrize("sizes", SIZES, ids=str)
def test_haiku_names_its_parameters_as_the_file_does(sizes: dict[str, Any]) -> None:
    artifact = random_artifact(**sizes)
    widths = tuple(readout_width(decoder) for decoder in artifact.decoders)
    model: hk.Transformed = transformed(artifact.config, widths)
    params = model.init(jax.random.PRNGKey(0), token_ids(artifact))
    shapes = {name: array.shape for name, array in validate.flat(params).items()}
    assert shapes == validate.flat(parameter_shapes(artifact.config, widths))


def test_masked_keys_have_no_score() -> None:
    artifact = random_artifact(causal=True)
    trace = numpy_forward.trace(artifact.config, artifact.params, token_ids(artifact))
    hidden = np.isneginf(trace.attn_logits[0, 1, 0])  # the input of one token
    assert (hidden == (np.triu(np.ones((8, 8)), 1) + (np.arange(8) > 1) > 0)).all()


def test_lengths_and_batches_of_one_bucket_share_one_compilation() -> None:
    artifact = random_artifact(max_len=40)
    haiku = HaikuModel(artifact.config, artifact.params)
    vocabulary = Vocabulary(artifact.vocabulary, 40)

    def run(batch: int, length: int) -> None:
        ids = vocabulary.batch([[0] * length] * batch, length + 1)
        (first, _) = haiku.forward(ids)
        assert first.shape == (batch, length + 1, 5)

    run(4, 15)
    compiled = count_compilations(lambda: [run(3, 13), run(4, 14), run(3, 16)])
    assert compiled == 0
    assert count_compilations(lambda: run(4, 17)) == 1


def count_compilations(act: Any) -> int:
    events: list[str] = []

    def listen(event: str, *_: Any, **__: Any) -> None:
        events.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        act()
    finally:
        jax.monitoring.clear_event_listeners()
    return sum("backend_compile" in event for event in events)
