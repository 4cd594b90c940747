"""The Haiku model of many artifacts of different sizes without an XLA program for each.

In: an artifact and token ids. Out: the readouts of the real Haiku modules. Zeros are added to the
weights until the sizes are those of a few buckets, which is exact: more layers, heads, neurons,
directions, rows of embeddings and columns of readouts that hold 0 change nothing. Only the size of
a head stays as it is, since its square root divides the scores.

Shapes as in ``rasp_lang.transformer.artifact``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from rasp_lang.transformer.artifact import Artifact, Config, parameter_shapes, readout_width
from rasp_lang.transformer.haiku_model import transformed
from rasp_lang.transformer.numpy_forward import Floats, Ids

#: A size is raised to the next of its bucket's, and beyond them to a power of two.
BUCKETS = {
    "layers": (3, 12),
    "heads": (2, 8),
    "d_model": (32, 128),
    "d_mlp": (32, 256),
    "max_len": (5,),
    "vocab_size": (4,),
    "outputs": (1, 12),
    "width": (32, 256),
    "batch": (384,),
}


def readouts(artifact: Artifact, ids: Ids) -> list[Floats]:
    """The readout ``[B, T, width]`` of each output for token ids ``[B, T]``, by the Haiku modules
    on padded weights. Rows of PAD hold numbers without meaning."""
    old = artifact.config
    sizes = ("layers", "heads", "d_model", "d_mlp", "max_len", "vocab_size")
    new = replace(old, parameters=0, **{name: _raised(name, getattr(old, name)) for name in sizes})
    widths = [readout_width(decoder) for decoder in artifact.decoders]
    wide = [_raised("width", max(widths))] * _raised("outputs", len(widths))
    found = _compiled(new, tuple(wide))(_padded(artifact, new, wide), _more_ids(ids, old, new))
    return [
        np.asarray(readout)[: len(ids), : ids.shape[1], :width]
        for readout, width in zip(found, widths, strict=False)
    ]


@cache
def _compiled(config: Config, widths: tuple[int, ...]) -> Callable[..., Any]:
    apply = transformed(config, widths).apply
    jitted: Callable[..., Any] = jax.jit(lambda params, ids: apply(params, None, ids).readouts)
    return jitted


def _raised(name: str, size: int) -> int:
    for bucket in BUCKETS[name]:
        if size <= bucket:
            return bucket
    return 1 << (size - 1).bit_length()


def _more_ids(ids: Ids, old: Config, new: Config) -> Ids:
    """More sequences and more rows of PAD; BOS and PAD come after the larger vocabulary."""
    batch, rows = ids.shape
    wider = np.full((_raised("batch", batch), new.max_len + 1), old.vocab_size + 1, ids.dtype)
    wider[:, 0] = old.vocab_size
    wider[:batch, :rows] = ids
    return np.where(wider >= old.vocab_size, wider + new.vocab_size - old.vocab_size, wider)


def _padded(artifact: Artifact, new: Config, widths: list[int]) -> dict[str, dict[str, Any]]:
    old, params = artifact.config, artifact.params
    padded = {
        module: {part: np.zeros(shape, np.float32) for part, shape in parts.items()}
        for module, parts in parameter_shapes(new, tuple(widths)).items()
    }
    for module, parts in params.items():
        for part, array in parts.items():
            _copy(_axes(module, array, old), _axes(module, padded[module][part], new))
    tokens = padded["token_embed"]["embeddings"]
    for special in (1, 0):  # PAD, BOS: moved behind the larger vocabulary
        tokens[new.vocab_size + special] = tokens[old.vocab_size + special]
        if new.vocab_size > old.vocab_size:
            tokens[old.vocab_size + special] = 0
    return padded


def _axes(module: str, array: NDArray[np.float32], config: Config) -> NDArray[np.float32]:
    """A view in which heads are an axis of their own."""
    split = (config.heads, config.d_head)
    if module.endswith(("/query", "/key", "/value")):
        return array.reshape(*array.shape[:-1], *split)
    if module.endswith("/attn/linear") and array.ndim == 2:
        return array.reshape(*split, array.shape[-1])
    return array


def _copy(source: NDArray[np.float32], target: NDArray[np.float32]) -> None:
    target[tuple(slice(0, size) for size in source.shape)] = source
