"""Artifacts made by hand: random weights of any size, and a reversal that means something."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from rasp_lang.graph import Atom
from rasp_lang.transformer.artifact import (
    Artifact,
    Candidates,
    CategoricalDecoder,
    Config,
    Decoder,
    NumericalDecoder,
    parameter_shapes,
    readout_width,
)


def artifact_of(
    params: dict[str, dict[str, np.ndarray[Any, Any]]],
    config: Config,
    vocabulary: Sequence[Atom],
    decoders: Sequence[Decoder],
    names: Sequence[str] | None = None,
) -> Artifact:
    names = names or [f"direction {d}" for d in range(config.d_model)]
    return Artifact(
        config=config,
        params=params,
        vocabulary=tuple(vocabulary),
        decoders=tuple(decoders),
        directions=tuple(
            {"name": name, "sop": "tokens", "value": "a", "path": "demo.rasp", "line": 1}
            for name in names
        ),
        heads=({"layer": 0, "head": 0, "name": "a head", "reads": ["tokens"], "line": 2},)[
            : config.layers * config.heads
        ],
        neurons=({"layer": 0, "neuron": 0, "name": "a neuron"},)[: config.layers * config.d_mlp],
        sources=(("demo.rasp", 'a = "é\U0001f600";\n'), ("lib.rasp", "")),
        options={"opt": 1},
        certificate={"margin": 0.25},
    )


def zeros(config: Config, decoders: Sequence[Decoder]) -> dict[str, dict[str, Any]]:
    widths = tuple(readout_width(decoder) for decoder in decoders)
    return {
        module: {name: np.zeros(shape, np.float32) for name, shape in arrays.items()}
        for module, arrays in parameter_shapes(config, widths).items()
    }


def random_artifact(
    seed: int = 0,
    *,
    layers: int = 2,
    heads: int = 2,
    d_model: int = 8,
    d_head: int = 4,
    d_mlp: int = 6,
    max_len: int = 7,
    causal: bool = False,
    vocabulary: Sequence[Atom] = ("a", "b", "c"),
    decoders: Sequence[Decoder] | None = None,
) -> Artifact:
    """Weights from a normal distribution; two outputs, one of each kind, unless given."""
    config = Config(
        layers, heads, d_model, d_head, d_mlp, max_len, len(vocabulary), causal, parameters=10
    )
    decoders = decoders or (
        CategoricalDecoder("kind", (1, 1.0, True, "1", 2**70)),
        fractions("fraction", max_len),
    )
    draw = np.random.default_rng(seed)
    params = {
        module: {n: draw.normal(0, 0.5, a.shape).astype(np.float32) for n, a in arrays.items()}
        for module, arrays in zeros(config, decoders).items()
    }
    params["token_embed"]["embeddings"] *= 3  # so that the answers depend on the tokens
    return artifact_of(params, config, vocabulary, decoders)


def fractions(name: str, max_len: int) -> NumericalDecoder:
    """Means of 0 and 1 over prefixes: one class of candidates for each index."""
    classes = []
    for n in range(1, max_len + 1):
        values = tuple(k / n for k in range(n + 1))
        classes.append(Candidates(values, np.array(values)[:, None]))
    return NumericalDecoder(
        name, 1, (1.0,), "index", tuple(range(max_len)), tuple(classes), bound=1e-6
    )


def reverse_artifact(vocabulary: Sequence[Atom] = (1, 2, 3), max_len: int = 5) -> Artifact:
    """Reversal in two layers. The stream: tokens one-hot, the position one-hot, the number of
    tokens, where to look, the answer one-hot.

    Layer 0 counts: BOS stands ln A above all keys, so that A times its output is nearly the number
    of keys. Layer 1 looks at the key whose index k is nearest to length - 1 - i: the score is
    -b (k - q)^2 but for a term of the query alone, and the centred q is i' = length - 1 - i."""
    v, n = len(vocabulary), max_len
    config = Config(2, 1, v + 4 + v, max(2, v), 0, n, v, False, 0)
    decoders = (CategoricalDecoder("reverse", tuple(vocabulary)),)
    params = zeros(config, decoders)
    index, square, length, one, out = v, v + 1, v + 2, v + 3, v + 4
    scale = math.sqrt(config.d_head)
    for token in range(v):
        params["token_embed"]["embeddings"][token, token] = 1
        params["token_embed"]["embeddings"][token, one] = 1
    for i in range(n):
        params["pos_embed"]["embeddings"][i + 1, index] = i
        params["pos_embed"]["embeddings"][i + 1, square] = i * i

    sink = 20.0
    attn = "transformer/layer_0/attn"
    params[f"{attn}/query"]["b"][0] = scale
    params[f"{attn}/key"]["w"][one, 0] = -sink
    params[f"{attn}/value"]["w"][one, 0] = 1
    params[f"{attn}/linear"]["w"][0, length] = math.exp(sink)

    cold = 40.0
    attn = "transformer/layer_1/attn"
    query, key = params[f"{attn}/query"], params[f"{attn}/key"]
    query["w"][length, 0], query["w"][index, 0], query["b"][0] = 2, -2, -2
    query["b"][1] = 1
    query["w"] *= scale * cold
    query["b"] *= scale * cold
    key["w"][index, 0], key["w"][square, 1] = 1, -1
    key["w"][one, 1] = 4 * n * n  # tokens above BOS, which only holds zeros
    for token in range(v):
        params[f"{attn}/value"]["w"][token, token] = 1
        params[f"{attn}/linear"]["w"][token, out + token] = 1
        params["unembed_0"]["w"][out + token, token] = 1
    return artifact_of(params, config, vocabulary, decoders)


def with_outputs(artifact: Artifact, decoders: Sequence[Decoder]) -> Artifact:
    """The same transformer with other outputs, all of whose readouts are 0."""
    params = {name: items for name, items in artifact.params.items() if "unembed" not in name}
    for j, decoder in enumerate(decoders):
        width = readout_width(decoder)
        weights = np.zeros((artifact.config.d_model, width), np.float32)
        params[f"unembed_{j}"] = {"w": weights, "b": np.zeros(width, np.float32)}
    return replace(artifact, params=params, decoders=tuple(decoders))
