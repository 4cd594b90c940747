"""The forward pass in numpy, float32 throughout; ``artifact`` gives the equations.

Shapes: ``B`` sequences, ``T`` rows (BOS first, PAD at the end of the shorter ones), and the sizes
of ``artifact``.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from rasp_lang.transformer.artifact import Config, Params
from rasp_lang.transformer.trim import LayerSizes, whole_sizes

Floats = NDArray[np.float32]
Ids = NDArray[np.int32]
#: A linear map, ``w`` and ``b``.
Linear = Mapping[str, Floats]
#: Multiplications of one product of matrices that OpenBLAS does alone; and the least number of rows
#: for which such a product is efficient.
_ALONE, _FEWEST_ROWS = 2**18, 8


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


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer's weights as they are used. ``projections`` gives, for each head, its queries, keys
    and values side by side, which ``parts`` cuts apart."""

    projections: Linear
    parts: tuple[tuple[slice, slice, slice], ...]
    linear: Linear
    mlp: tuple[Linear, Linear]


def layers(params: Params, sizes: Sequence[LayerSizes]) -> tuple[Layer, ...]:
    """The layers of parameters of these sizes."""
    return tuple(_layer(params, f"transformer/layer_{i}", size) for i, size in enumerate(sizes))


def _layer(params: Params, name: str, size: LayerSizes) -> Layer:
    query, key, value = (params[f"{name}/attn/{part}"] for part in ("query", "key", "value"))
    weights, biases, parts = [query["w"][:, :0]], [query["b"][:0]], []
    end = at_scores = at_values = 0
    for scores, values in zip(size.scores, size.values, strict=True):
        cuts = []
        for module, start, width in ((query, at_scores, scores), (key, at_scores, scores),
                                     (value, at_values, values)):  # fmt: skip
            weights.append(module["w"][:, start : start + width])
            biases.append(module["b"][start : start + width])
            cuts.append(slice(end, end + width))
            end += width
        at_scores, at_values = at_scores + scores, at_values + values
        parts.append((cuts[0], cuts[1], cuts[2]))
    projections = {"w": np.concatenate(weights, axis=1), "b": np.concatenate(biases)}
    mlp = (params[f"{name}/mlp/linear_1"], params[f"{name}/mlp/linear_2"])
    return Layer(projections, tuple(parts), params[f"{name}/attn/linear"], mlp)


def forward(
    config: Config, params: Params, ids: Ids, given: Sequence[Layer] | None = None
) -> tuple[Floats, ...]:
    """The readout ``[B, T, width]`` of each output for token ids ``[B, T]``, T at most
    ``max_len + 1``. Rows of PAD hold numbers without meaning. ``given`` are layers made before,
    perhaps of trimmed parameters."""
    masked = _masked(config, ids)
    with np.errstate(over="ignore", invalid="ignore"):  # whoever decodes looks for such numbers
        x = _embed(params, ids)
        for layer in layers(params, whole_sizes(config)) if given is None else given:
            x += _attention(config, layer, x, masked)
            x += _mlp(layer, x)
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
        for i, layer in enumerate(layers(params, whole_sizes(config))):
            block, x = 2 * i, residuals[2 * i]
            outputs[block] = _attention(config, layer, x, masked, scores[i])
            residuals[block + 1] = x + outputs[block]
            outputs[block + 1] = _mlp(layer, residuals[block + 1])
            residuals[block + 2] = residuals[block + 1] + outputs[block + 1]
        return Trace(_readouts(params, residuals[-1]), residuals, outputs, scores)


def _embed(params: Params, ids: Ids) -> Floats:
    embedded: Floats = params["token_embed"]["embeddings"].take(ids, axis=0)
    embedded += params["pos_embed"]["embeddings"][: ids.shape[1]]
    return embedded


def _masked(config: Config, ids: Ids) -> NDArray[np.bool_] | None:
    """``[B, 1 or T, T]``, true where the query must not see the key; None where it may see all."""
    pad = (ids == config.vocab_size + 1)[:, None, :]
    if not config.causal:
        return pad if pad.any() else None
    masked: NDArray[np.bool_] = pad | ~np.tri(ids.shape[1], dtype=np.bool_)
    return masked


def _attention(
    config: Config,
    layer: Layer,
    x: Floats,
    masked: NDArray[np.bool_] | None,
    seen: Floats | None = None,
) -> Floats:
    """What the heads add to the stream, ``[B, T, D]``, or ``[D]`` without any. Their scores are
    written to ``seen``, ``[B, H, T, T]``."""
    if not layer.parts:
        return layer.linear["b"]
    projected = _linear(layer.projections, x)
    root = np.float32(math.sqrt(max(config.d_head, 1)))
    mixed = []
    for head, (query, key, value) in enumerate(layer.parts):
        scores = projected[..., query] @ projected[..., key].swapaxes(1, 2)
        scores /= root
        if masked is not None:
            np.copyto(scores, np.float32(-np.inf), where=masked)
        if seen is not None:
            seen[:, head] = scores
        mixed.append(_softmax(scores) @ projected[..., value])
    return _linear(layer.linear, mixed[0] if len(mixed) == 1 else np.concatenate(mixed, axis=-1))


def _softmax(scores: Floats) -> Floats:
    """In place of the scores."""
    scores -= scores.max(axis=-1, keepdims=True)
    np.exp(scores, out=scores)
    # As a product with a vector: numpy's sums over short rows are slow.
    scores /= (scores @ np.ones(scores.shape[-1], np.float32))[..., None]
    return scores


def _mlp(layer: Layer, x: Floats) -> Floats:
    """What the neurons add to the stream, ``[B, T, D]``, or ``[D]`` without any."""
    first, second = layer.mlp
    if not len(first["b"]):
        return second["b"]
    hidden = _linear(first, x)
    return _linear(second, np.maximum(hidden, np.float32(0), out=hidden))


def _linear(module: Linear, x: Floats) -> Floats:
    """A linear map of ``[B, T, ...]``."""
    (batch, rows, width), out = x.shape, len(module["b"])
    projected = _product(x.reshape(batch * rows, width), module["w"])
    projected += module["b"]
    return projected.reshape(batch, rows, out)


def _product(x: Floats, w: Floats) -> Floats:
    """``x @ w``, for many rows in blocks of a size that BLAS does not share out among threads: on a
    busy machine these wait for each other, and blocks suit the caches."""
    block = _ALONE // max(1, w.size)
    if block < _FEWEST_ROWS or len(x) <= block:
        return x @ w
    end = len(x) // block * block
    result = np.empty((len(x), w.shape[1]), np.float32)
    blocks = result[:end].reshape(-1, block, w.shape[1])
    np.matmul(x[:end].reshape(-1, block, x.shape[1]), w, out=blocks)
    np.matmul(x[end:], w, out=result[end:])
    return result


def _readouts(params: Params, x: Floats) -> tuple[Floats, ...]:
    outputs = sum(name.startswith("unembed_") for name in params)
    return tuple(_linear(params[f"unembed_{j}"], x) for j in range(outputs))
