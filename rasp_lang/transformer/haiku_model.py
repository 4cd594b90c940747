"""The transformer in Haiku, jitted. The only module that imports jax and haiku.

The modules' names and shapes are those of ``artifact.parameter_shapes``, or less where parameters
are trimmed. Parameters are arguments, so that XLA compiles once for each shape; to keep these few,
batches are padded to powers of two, and lengths to these and the middles between them. Matrix
products run at full float32 precision on every device.

Shapes: ``B`` sequences, ``T`` rows with BOS and PAD, and the sizes of ``artifact``.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import lru_cache
from itertools import accumulate, chain
from typing import Any

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np

from rasp_lang.transformer.artifact import Config, Params
from rasp_lang.transformer.numpy_forward import Floats, Ids, Trace
from rasp_lang.transformer.trim import LayerSizes, whole_sizes

Sizes = tuple[LayerSizes, ...]
_PRECISION = jax.lax.Precision.HIGHEST
_ZERO = hk.initializers.Constant(0.0)


class Weights(hk.Module):  # type: ignore[misc]
    """The matrix and the bias of a linear map, to be used together with others."""

    def __call__(self, inputs: int, width: int) -> tuple[jax.Array, jax.Array]:
        return (
            hk.get_parameter("w", (inputs, width), init=_ZERO),
            hk.get_parameter("b", (width,), init=_ZERO),
        )


class Attention(hk.Module):  # type: ignore[misc]
    """Multi-head attention: ``[B, T, D]`` to the scores ``[B, T, T]`` of each head and
    ``[B, T, D]``."""

    def __init__(self, config: Config, size: LayerSizes, name: str = "attn") -> None:
        super().__init__(name=name)
        self._config, self._size = config, size

    def __call__(self, x: jax.Array, masked: jax.Array) -> tuple[list[jax.Array], jax.Array]:
        scores, mixed = [], [x[:, :, :0]]
        for query, key, value in zip(*_projections(x, self._size), strict=True):
            of_head = jnp.einsum("bqk,bsk->bqs", query, key, precision=_PRECISION)
            of_head = of_head / np.float32(math.sqrt(max(self._config.d_head, 1)))
            of_head = jnp.where(masked, -jnp.inf, of_head)
            weights = jax.nn.softmax(of_head, axis=-1)
            mixed.append(jnp.einsum("bqs,bsk->bqk", weights, value, precision=_PRECISION))
            scores.append(of_head)
        return scores, _linear(jnp.concatenate(mixed, axis=-1), x.shape[-1], "linear")


class Mlp(hk.Module):  # type: ignore[misc]
    """``linear_2(relu(linear_1(x)))``."""

    def __init__(self, width: int, name: str = "mlp") -> None:
        super().__init__(name=name)
        self._width = width

    def __call__(self, x: jax.Array) -> jax.Array:
        hidden = jax.nn.relu(_linear(x, self._width, "linear_1"))
        return _linear(hidden, x.shape[-1], "linear_2")


class Layer(hk.Module):  # type: ignore[misc]
    """The scores, what attention adds to the stream and what the MLP then adds."""

    def __init__(self, config: Config, size: LayerSizes, name: str) -> None:
        super().__init__(name=name)
        self._config, self._size = config, size

    def __call__(
        self, x: jax.Array, masked: jax.Array
    ) -> tuple[list[jax.Array], jax.Array, jax.Array]:
        scores, attended = Attention(self._config, self._size)(x, masked)
        return scores, attended, Mlp(self._size.d_mlp)(x + attended)


class Transformer(hk.Module):  # type: ignore[misc]
    """The layers on the embedding ``[B, T, D]``: residuals, layer outputs and scores as in
    ``Trace``, lists of blocks, blocks and heads."""

    def __init__(self, config: Config, sizes: Sizes, name: str = "transformer") -> None:
        super().__init__(name=name)
        self._config, self._sizes = config, sizes

    def __call__(
        self, x: jax.Array, masked: jax.Array
    ) -> tuple[list[jax.Array], list[jax.Array], list[jax.Array]]:
        residuals, outputs, logits = [x], [], []
        for i, size in enumerate(self._sizes):
            scores, *added = Layer(self._config, size, f"layer_{i}")(residuals[-1], masked)
            logits += scores
            for block in added:
                outputs.append(block)
                residuals.append(residuals[-1] + block)
        return residuals, outputs, logits


def transformed(
    config: Config, widths: tuple[int, ...], sizes: Sizes | None = None
) -> hk.Transformed:
    """The whole model as a pure Haiku function of token ids ``[B, T]``; ``apply(params, None,
    ids)`` gives a Trace. ``widths`` are those of the outputs' readouts, ``sizes`` those of trimmed
    parameters, whose Trace has readouts only."""

    def run(ids: jax.Array) -> Trace | tuple[jax.Array, ...]:
        tokens = hk.Embed(config.vocab_size + 2, config.d_model, w_init=_ZERO, name="token_embed")
        positions = hk.Embed(config.max_len + 1, config.d_model, w_init=_ZERO, name="pos_embed")
        x = tokens(ids) + positions(jnp.arange(ids.shape[1]))
        layers = Transformer(config, whole_sizes(config) if sizes is None else sizes)
        residuals, outputs, logits = layers(x, _masked(config, ids))
        readouts = (_linear(residuals[-1], w, f"unembed_{j}") for j, w in enumerate(widths))
        (batch, rows), heads = ids.shape, config.heads
        if sizes is not None:
            return tuple(readouts)
        by_layer = jnp.stack(logits, axis=1) if logits else jnp.zeros((batch, 0, rows, rows))
        by_layer = by_layer.reshape(batch, config.layers, heads, rows, rows).swapaxes(0, 1)
        return Trace(tuple(readouts), jnp.stack(residuals), _stack(outputs, x.shape), by_layer)

    return hk.transform(run)


def _linear(x: jax.Array, width: int, name: str) -> jax.Array:
    return hk.Linear(width, w_init=_ZERO, name=name)(x, precision=_PRECISION)


def _projections(x: jax.Array, size: LayerSizes) -> list[list[jax.Array]]:
    """Queries, keys and values ``[B, T, width]`` of each head, in one product. A function: Haiku
    would put a method's name into the names of the parameters."""
    widths = (size.scores, size.scores, size.values)
    weights, biases = zip(
        *(
            Weights(name)(x.shape[-1], sum(of_heads))
            for name, of_heads in zip(("query", "key", "value"), widths, strict=True)
        ),
        strict=True,
    )
    together = jnp.matmul(x, jnp.concatenate(weights, axis=1), precision=_PRECISION)
    together = together + jnp.concatenate(biases)
    ends = list(accumulate(chain(*widths)))
    parts = [together[..., e - w : e] for e, w in zip(ends, chain(*widths), strict=True)]
    heads = len(size.scores)
    return [parts[:heads], parts[heads : 2 * heads], parts[2 * heads :]]


def _masked(config: Config, ids: jax.Array) -> jax.Array:
    """``[B, 1 or T, T]``: true where the query must not see the key."""
    pad = (ids == config.vocab_size + 1)[:, None, :]
    return pad | ~jnp.tri(ids.shape[1], dtype=bool) if config.causal else pad


def _stack(arrays: list[jax.Array], shape: tuple[int, ...]) -> jax.Array:
    return jnp.stack(arrays) if arrays else jnp.zeros((0, *shape), jnp.float32)


@lru_cache(maxsize=64)
def _compiled(
    config: Config, widths: tuple[int, ...], sizes: Sizes | None, whole: bool
) -> Callable[..., Any]:
    """The jitted forward pass, whole or readouts only; shared by all models of these sizes."""
    apply = transformed(config, widths, sizes).apply

    def run(params: Any, ids: jax.Array) -> Any:
        trace = apply(params, None, ids)
        if isinstance(trace, tuple):
            return trace
        return dataclasses.astuple(trace) if whole else trace.readouts

    jitted: Callable[..., Any] = jax.jit(run)
    return jitted


class HaikuModel:
    """A model's parameters on the device, and its compiled forward pass. ``sizes`` are those of
    trimmed parameters."""

    def __init__(self, config: Config, params: Params, sizes: Sizes | None = None) -> None:
        self._config, self._sizes = config, sizes
        self._params = jax.device_put({name: dict(items) for name, items in params.items()})
        outputs = sum(name.startswith("unembed_") for name in params)
        self._widths = tuple(len(params[f"unembed_{j}"]["b"]) for j in range(outputs))

    def forward(self, ids: Ids) -> tuple[Floats, ...]:
        """The readout ``[B, T, width]`` of each output for token ids ``[B, T]``."""
        run = _compiled(self._config, self._widths, self._sizes, False)
        readouts = run(self._params, self._padded(ids))
        return tuple(np.asarray(readout)[: len(ids), : ids.shape[1]] for readout in readouts)

    def trace(self, ids: Ids) -> Trace:
        """The same with everything on the way, of parameters that are not trimmed."""
        (batch, rows), padded = ids.shape, self._padded(ids)
        whole = _compiled(self._config, self._widths, None, True)(self._params, padded)
        readouts, residuals, outputs, logits = jax.tree.map(np.asarray, whole)
        return Trace(
            readouts=tuple(readout[:batch, :rows] for readout in readouts),
            residuals=residuals[:, :batch, :rows],
            layer_outputs=outputs[:, :batch, :rows],
            attn_logits=logits[:, :batch, :, :rows, :rows],
        )

    def _padded(self, ids: Ids) -> Ids:
        """More rows of PAD and more sequences (but no rows beyond the longest input)."""
        batch, rows = ids.shape
        longest = 1 + min(_length_bucket(rows - 1), self._config.max_len)
        bos, pad = self._config.vocab_size, self._config.vocab_size + 1
        wider = np.full((_power_of_two(batch), longest), pad, np.int32)
        wider[:batch, :rows] = ids
        wider[:, 0] = bos
        return wider


def _power_of_two(number: int) -> int:
    """The least power of two that is not less."""
    return 1 << (number - 1).bit_length()


def _length_bucket(length: int) -> int:
    """The least of 1, 2, 3, 4, 6, 8, 12, 16, 24, ... that is not less."""
    above = _power_of_two(length)
    return above * 3 // 4 if length <= above * 3 // 4 else above
