"""The transformer in Haiku, jitted. The only module that imports jax and haiku.

The modules' names and shapes are those of ``artifact.parameter_shapes``. Parameters are arguments,
so that XLA compiles once for each shape; to keep these few, lengths and batches are padded to the
next power of two. Matrix products run at full float32 precision on every device.

Shapes: ``B`` sequences, ``T`` rows with BOS and PAD, and the sizes of ``artifact``.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import haiku as hk
import jax
import jax.numpy as jnp
import numpy as np

from rasp_lang.transformer.artifact import Config, Params
from rasp_lang.transformer.numpy_forward import Floats, Ids, Trace

_PRECISION = jax.lax.Precision.HIGHEST
_ZERO = hk.initializers.Constant(0.0)


class Attention(hk.Module):  # type: ignore[misc]
    """Multi-head attention: ``[B, T, D]`` to the scores ``[B, H, T, T]`` and ``[B, T, D]``."""

    def __init__(self, config: Config, name: str = "attn") -> None:
        super().__init__(name=name)
        self._config = config

    def __call__(self, x: jax.Array, masked: jax.Array) -> tuple[jax.Array, jax.Array]:
        config = self._config
        query, key, value = (_heads(config, x, part) for part in ("query", "key", "value"))
        scores = jnp.einsum("bqhk,bshk->bhqs", query, key, precision=_PRECISION)
        scores = scores / np.float32(math.sqrt(max(config.d_head, 1)))
        scores = jnp.where(masked, -jnp.inf, scores)
        weights = jax.nn.softmax(scores, axis=-1)
        mixed = jnp.einsum("bhqs,bshk->bqhk", weights, value, precision=_PRECISION)
        return scores, _linear(mixed.reshape(*x.shape[:2], -1), x.shape[-1], "linear")


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

    def __init__(self, config: Config, name: str) -> None:
        super().__init__(name=name)
        self._config = config

    def __call__(self, x: jax.Array, masked: jax.Array) -> tuple[jax.Array, jax.Array, jax.Array]:
        scores, attended = Attention(self._config)(x, masked)
        return scores, attended, Mlp(self._config.d_mlp)(x + attended)


class Transformer(hk.Module):  # type: ignore[misc]
    """The layers on the embedding ``[B, T, D]``: residuals, layer outputs and scores as in
    ``Trace``, each a list of blocks or layers."""

    def __init__(self, config: Config, name: str = "transformer") -> None:
        super().__init__(name=name)
        self._config = config

    def __call__(
        self, x: jax.Array, masked: jax.Array
    ) -> tuple[list[jax.Array], list[jax.Array], list[jax.Array]]:
        residuals, outputs, logits = [x], [], []
        for i in range(self._config.layers):
            scores, *added = Layer(self._config, name=f"layer_{i}")(residuals[-1], masked)
            logits.append(scores)
            for block in added:
                outputs.append(block)
                residuals.append(residuals[-1] + block)
        return residuals, outputs, logits


def transformed(config: Config, widths: tuple[int, ...]) -> hk.Transformed:
    """The whole model as a pure Haiku function of token ids ``[B, T]``; ``apply(params, None,
    ids)`` gives a Trace. ``widths`` are those of the outputs' readouts."""

    def run(ids: jax.Array) -> Trace:
        tokens = hk.Embed(config.vocab_size + 2, config.d_model, w_init=_ZERO, name="token_embed")
        positions = hk.Embed(config.max_len + 1, config.d_model, w_init=_ZERO, name="pos_embed")
        x = tokens(ids) + positions(jnp.arange(ids.shape[1]))
        residuals, outputs, logits = Transformer(config)(x, _masked(config, ids))
        readouts = (_linear(residuals[-1], w, f"unembed_{j}") for j, w in enumerate(widths))
        rows = ids.shape[1]
        return Trace(
            readouts=tuple(readouts),
            residuals=jnp.stack(residuals),
            layer_outputs=_stack(outputs, x.shape),
            attn_logits=_stack(logits, (ids.shape[0], config.heads, rows, rows)),
        )

    return hk.transform(run)


def _linear(x: jax.Array, width: int, name: str) -> jax.Array:
    return hk.Linear(width, w_init=_ZERO, name=name)(x, precision=_PRECISION)


def _heads(config: Config, x: jax.Array, part: str) -> jax.Array:
    """The projection ``[B, T, H, K]``. A function: Haiku would put a method's name into the names
    of the parameters."""
    projected = _linear(x, config.heads * config.d_head, part)
    return projected.reshape(*x.shape[:2], config.heads, config.d_head)


def _masked(config: Config, ids: jax.Array) -> jax.Array:
    """``[B, 1, T, T]`` or what broadcasts to it: true where the query must not see the key."""
    pad = (ids == config.vocab_size + 1)[:, None, None, :]
    return pad | ~jnp.tri(ids.shape[1], dtype=bool) if config.causal else pad


def _stack(arrays: list[jax.Array], shape: tuple[int, ...]) -> jax.Array:
    return jnp.stack(arrays) if arrays else jnp.zeros((0, *shape), jnp.float32)


@lru_cache(maxsize=64)
def _compiled(config: Config, widths: tuple[int, ...], whole: bool) -> Callable[..., Any]:
    """The jitted forward pass, whole or readouts only; shared by all models of these sizes."""
    apply = transformed(config, widths).apply

    def run(params: Any, ids: jax.Array) -> Any:
        trace = apply(params, None, ids)
        return dataclasses.astuple(trace) if whole else trace.readouts

    jitted: Callable[..., Any] = jax.jit(run)
    return jitted


class HaikuModel:
    """A model's parameters on the device, and its compiled forward pass."""

    def __init__(self, config: Config, params: Params) -> None:
        self._config = config
        self._params = jax.device_put({name: dict(items) for name, items in params.items()})
        outputs = sum(name.startswith("unembed_") for name in params)
        self._widths = tuple(len(params[f"unembed_{j}"]["b"]) for j in range(outputs))

    def forward(self, ids: Ids) -> tuple[Floats, ...]:
        """The readout ``[B, T, width]`` of each output for token ids ``[B, T]``."""
        readouts = _compiled(self._config, self._widths, False)(self._params, self._padded(ids))
        return tuple(np.asarray(readout)[: len(ids), : ids.shape[1]] for readout in readouts)

    def trace(self, ids: Ids) -> Trace:
        """The same with everything on the way."""
        (batch, rows), padded = ids.shape, self._padded(ids)
        whole = _compiled(self._config, self._widths, True)(self._params, padded)
        readouts, residuals, outputs, logits = jax.tree.map(np.asarray, whole)
        return Trace(
            readouts=tuple(readout[:batch, :rows] for readout in readouts),
            residuals=residuals[:, :batch, :rows],
            layer_outputs=outputs[:, :batch, :rows],
            attn_logits=logits[:, :batch, :, :rows, :rows],
        )

    def _padded(self, ids: Ids) -> Ids:
        """More rows of PAD and more sequences, up to powers of two (and to the longest input)."""
        batch, rows = ids.shape
        more = min(_power_of_two(rows), self._config.max_len + 1) - rows
        bos, pad = self._config.vocab_size, self._config.vocab_size + 1
        wider = np.pad(ids, ((0, _power_of_two(batch) - batch), (0, more)), constant_values=pad)
        wider[:, 0] = bos
        return wider


def _power_of_two(number: int) -> int:
    """The least power of two that is not less."""
    return 1 << (number - 1).bit_length()
