"""The forward pass in numpy, float32 throughout; ``artifact`` gives the equations.

Shapes: ``B`` sequences, ``T`` rows (BOS first, PAD at the end of the shorter ones), and the sizes
of ``artifact``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.transformer.artifact import Config, Params

Floats = NDArray[np.float32]
Ids = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Trace:
    """All that happens in one forward pass. The blocks are attention and MLP of layer 0, attention
    and MLP of layer 1, and so on.

    ``readouts``: one ``[B, T, width]`` for each output. ``residuals``: ``[2 layers + 1, B, T, D]``,
    the embedding, then the stream after each block. ``layer_outputs``: ``[2 layers, B, T, D]``,
    what each block adds. ``attn_logits``: ``[layers, B, H, T, T]`` (queries, then keys), the
    scores that softmax is taken of, ``-inf`` where a key is masked."""

    readouts: tuple[Floats, ...]
    residuals: Floats
    layer_outputs: Floats
    attn_logits: Floats


def forward(config: Config, params: Params, ids: Ids) -> tuple[Floats, ...]:
    """The readout ``[B, T, width]`` of each output for token ids ``[B, T]``, T at most
    ``max_len + 1``. Rows of PAD hold numbers without meaning."""
    masked = _masked(config, ids)
    with np.errstate(over="ignore", invalid="ignore"):  # whoever decodes looks for such numbers
        x = _embed(params, ids)
        for layer in range(config.layers):
            x = x + _attention(config, params, layer, x, masked)[1]
            x = x + _mlp(params, layer, x)
        return _readouts(params, x)


def trace(config: Config, params: Params, ids: Ids) -> Trace:
    """The same with everything on the way."""
    masked = _masked(config, ids)
    (batch, rows), d_model = ids.shape, config.d_model
    residuals = np.empty((2 * config.layers + 1, batch, rows, d_model), np.float32)
    outputs = np.empty((2 * config.layers, batch, rows, d_model), np.float32)
    scores = np.empty((config.layers, batch, config.heads, rows, rows), np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        residuals[0] = _embed(params, ids)
        for layer in range(config.layers):
            block, x = 2 * layer, residuals[2 * layer]
            scores[layer], outputs[block] = _attention(config, params, layer, x, masked)
            residuals[block + 1] = x + outputs[block]
            outputs[block + 1] = _mlp(params, layer, residuals[block + 1])
            residuals[block + 2] = residuals[block + 1] + outputs[block + 1]
        return Trace(_readouts(params, residuals[-1]), residuals, outputs, scores)


def _embed(params: Params, ids: Ids) -> Floats:
    positions: Floats = params["pos_embed"]["embeddings"][: ids.shape[1]]
    embedded: Floats = params["token_embed"]["embeddings"][ids] + positions
    return embedded


def _masked(config: Config, ids: Ids) -> NDArray[np.bool_] | None:
    """``[B, 1, T, T]``, true where the query must not see the key; None where it may see all."""
    pad = ids == config.vocab_size + 1
    if not config.causal:
        return pad[:, None, None, :] if pad.any() else None
    future = ~np.tri(ids.shape[1], dtype=np.bool_)
    masked: NDArray[np.bool_] = pad[:, None, None, :] | future
    return masked


def _attention(
    config: Config, params: Params, layer: int, x: Floats, masked: NDArray[np.bool_] | None
) -> tuple[Floats, Floats]:
    """The scores ``[B, H, T, T]`` and what attention adds to the stream ``[B, T, D]``."""
    name = f"transformer/layer_{layer}/attn"
    query, key, value = (
        _heads(config, _linear(params, f"{name}/{part}", x)) for part in ("query", "key", "value")
    )
    scores = (query @ key.swapaxes(-1, -2)) / np.float32(math.sqrt(max(config.d_head, 1)))
    if masked is not None:
        scores = np.where(masked, np.float32(-np.inf), scores)
    weights = np.exp(scores - scores.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    mixed = (weights @ value).swapaxes(1, 2).reshape(*x.shape[:2], -1)
    return scores, _linear(params, f"{name}/linear", mixed)


def _heads(config: Config, x: Floats) -> Floats:
    """``[B, T, H K]`` as ``[B, H, T, K]``."""
    return x.reshape(*x.shape[:2], config.heads, config.d_head).swapaxes(1, 2)


def _mlp(params: Params, layer: int, x: Floats) -> Floats:
    name = f"transformer/layer_{layer}/mlp"
    hidden = np.maximum(_linear(params, f"{name}/linear_1", x), np.float32(0))
    return _linear(params, f"{name}/linear_2", hidden)


def _linear(params: Params, name: str, x: Floats) -> Floats:
    module = params[name]
    projected: Floats = x @ module["w"] + module["b"]
    return projected


def _readouts(params: Params, x: Floats) -> tuple[Floats, ...]:
    outputs = sum(name.startswith("unembed_") for name in params)
    return tuple(_linear(params, f"unembed_{j}", x) for j in range(outputs))
