"""Weights that add nothing are left out, and nothing else changes."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hand_made_models import random_artifact, reverse_artifact

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.transformer import numpy_forward
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.haiku_model import HaikuModel
from rasp_lang.transformer.token_ids import Vocabulary
from rasp_lang.transformer.trim import LayerSizes, trimmed, whole_sizes


def ids_of(artifact: Artifact) -> numpy_forward.Ids:
    tokens, longest = range(len(artifact.vocabulary)), artifact.config.max_len
    inputs = [x for n in (longest, 1, 2) for x in itertools.product(tokens, repeat=n)][:40]
    return Vocabulary(artifact.vocabulary, longest).batch(inputs, longest + 1)


def sparse_artifact(seed: int, **sizes: Any) -> Artifact:
    """Random weights, of which many columns and rows are 0."""
    artifact = random_artifact(seed, **sizes)
    draw = np.random.default_rng(seed)
    for name, items in artifact.params.items():
        if "layer" in name:
            kept = draw.random(items["w"].shape[1]) < 0.6
            items["w"][:, ~kept] = 0
            items["b"][~kept & (draw.random(len(kept)) < 0.8)] = 0
            items["w"][draw.random(len(items["w"])) < 0.3] = 0
    return artifact


def readouts(artifact: Artifact, ids: numpy_forward.Ids) -> dict[str, Any]:
    """Of the whole model and of the trimmed one, in numpy and in Haiku."""
    config, small = artifact.config, trimmed(artifact.config, artifact.params)
    layers = numpy_forward.layers(small.params, small.sizes)
    return {
        "whole numpy": numpy_forward.forward(config, artifact.params, ids),
        "numpy": numpy_forward.forward(config, small.params, ids, layers),
        "whole haiku": HaikuModel(config, artifact.params).forward(ids),
        "haiku": HaikuModel(config, small.params, small.sizes).forward(ids),
    }


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("causal", [False, True])
def test_a_trimmed_model_computes_what_the_whole_one_does(seed: int, causal: bool) -> None:
    artifact = sparse_artifact(seed, causal=causal, max_len=5)
    ids = ids_of(artifact)
    real = ids != artifact.config.vocab_size + 1
    found = readouts(artifact, ids)
    for way, outputs in found.items():
        for ours, expected in zip(outputs, found["whole numpy"], strict=True):
            np.testing.assert_allclose(
                ours[real], expected[real], rtol=1e-4, atol=1e-4, err_msg=way
            )


def test_nothing_is_left_out_of_weights_that_all_matter() -> None:
    artifact = random_artifact()
    artifact.params["transformer/layer_0/mlp/linear_1"]["b"][:] = -1
    small = trimmed(artifact.config, artifact.params)
    assert small.sizes == whole_sizes(artifact.config)
    for name, items in artifact.params.items():
        assert all((small.params[name][key] == array).all() for key, array in items.items())


def test_what_is_zero_on_either_side_is_left_out() -> None:
    artifact = random_artifact(layers=1)
    name = "transformer/layer_0"
    params: Any = artifact.params
    for part, zeros in (("query", [0]), ("key", [1, 4]), ("value", [2, 3, 4, 5, 6, 7])):
        params[f"{name}/attn/{part}"]["w"][:, zeros] = 0
        params[f"{name}/attn/{part}"]["b"][zeros] = 0
    params[f"{name}/attn/linear"]["w"][0] = 0
    params[f"{name}/mlp/linear_2"]["w"][[0, 1]] = 0
    params[f"{name}/mlp/linear_1"]["w"][:, [2, 3]] = 0
    params[f"{name}/mlp/linear_1"]["b"][[2, 3]] = [1, -1]  # always on, never on
    assert trimmed(artifact.config, params).sizes == (LayerSizes((2,), (1,), 3),)


def test_a_layer_that_does_nothing_still_adds_its_biases() -> None:
    artifact = random_artifact(max_len=3)
    for layer in range(2):
        for part in ("attn/linear", "mlp/linear_2"):
            artifact.params[f"transformer/layer_{layer}/{part}"]["w"].fill(0)
    small = trimmed(artifact.config, artifact.params)
    assert small.sizes == (LayerSizes((), (), 0),) * 2
    ids = ids_of(artifact)
    found = readouts(artifact, ids)
    for outputs in found.values():
        np.testing.assert_allclose(outputs[0], found["whole numpy"][0], rtol=1e-5, atol=1e-5)


def test_a_head_that_scores_nothing_takes_the_mean() -> None:
    artifact = random_artifact(layers=1, heads=1, max_len=3)
    artifact.params["transformer/layer_0/attn/query"]["w"].fill(0)
    artifact.params["transformer/layer_0/attn/query"]["b"].fill(0)
    small = trimmed(artifact.config, artifact.params)
    assert small.sizes == (LayerSizes((0,), (4,), 6),)
    ids = ids_of(artifact)
    real = ids != artifact.config.vocab_size + 1
    found = readouts(artifact, ids)
    for outputs in found.values():
        np.testing.assert_allclose(
            outputs[0][real], found["whole numpy"][0][real], rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("name", ["sort", "shuffle_dyck_2", "double_histogram"])
def test_compiled_models_are_much_smaller_and_read_out_the_same(name: str) -> None:
    program = rasp_lang.load(name)
    assert program.head.vocab is not None
    artifact = pipeline.compile(program, program.head.vocab, 5, program.head.output)
    small = trimmed(artifact.config, artifact.params)
    numbers = sum(array.size for items in small.params.values() for array in items.values())
    assert numbers < 0.8 * artifact.config.parameters
    ids = ids_of(artifact)
    real = ids != artifact.config.vocab_size + 1
    found = readouts(artifact, ids)
    for outputs in found.values():
        for ours, expected in zip(outputs, found["whole numpy"], strict=True):
            np.testing.assert_allclose(ours[real], expected[real], rtol=1e-5, atol=1e-4)


def test_weights_that_overflow_are_seen_all_the_same() -> None:
    artifact = replace(reverse_artifact())
    artifact.params["token_embed"]["embeddings"].fill(3e38)
    ids = ids_of(artifact)
    for outputs in readouts(artifact, ids).values():
        assert not np.isfinite(outputs[0]).all()
