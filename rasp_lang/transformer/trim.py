"""Weights without what cannot matter: the forward pass of a compiled model, with fewer numbers.

Heads and neurons are as many and as wide in every layer, so that most layers have some that are all
zero. A dimension of a head whose queries or whose keys are 0 adds 0 to every score; a value that is
0, or that the head's output does not read, adds 0 to the stream; so does a neuron that is never on
or that nothing reads. Without them the numbers are those of the whole model, since adding 0 is
exact; only the order of summation can differ, as it does between devices.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from rasp_lang.transformer.artifact import Config, Params

Module = dict[str, NDArray[np.float32]]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class LayerSizes:
    """What one layer computes: for each head how many dimensions its scores have, and its values;
    and how many neurons there are."""

    scores: tuple[int, ...]
    values: tuple[int, ...]
    d_mlp: int

    @property
    def width(self) -> int:
        """Numbers of one position in the largest array that is not of scores."""
        return max(2 * sum(self.scores) + sum(self.values), self.d_mlp)

    @property
    def products(self) -> int:
        """Multiplications with weights, of one position and for each dimension of the stream."""
        return 2 * (sum(self.scores) + sum(self.values) + self.d_mlp)


def whole_sizes(config: Config) -> tuple[LayerSizes, ...]:
    """The sizes of a model of which nothing is left out."""
    dims = (config.d_head,) * config.heads
    return (LayerSizes(dims, dims, config.d_mlp),) * config.layers


@dataclass(frozen=True, eq=False)
class Trimmed:
    """The parameters that matter, under the names of all, and the sizes of each layer."""

    sizes: tuple[LayerSizes, ...]
    params: Params


def trimmed(config: Config, params: Params) -> Trimmed:
    """The model without dimensions, heads and neurons that add nothing but zeros."""
    kept: dict[str, Any] = dict(params)
    sizes = []
    for layer in range(config.layers):
        name = f"transformer/layer_{layer}"
        scores, values = _attention(config, params, kept, f"{name}/attn")
        sizes.append(LayerSizes(scores, values, _mlp(params, kept, f"{name}/mlp")))
    return Trimmed(tuple(sizes), kept)


def _attention(
    config: Config, params: Params, kept: dict[str, Any], name: str
) -> tuple[tuple[int, ...], tuple[int, ...]]:
    query, key, value = (params[f"{name}/{part}"] for part in ("query", "key", "value"))
    linear = params[f"{name}/linear"]
    by_head = (config.heads, config.d_head)
    values = np.reshape(_made(value) & linear["w"].any(axis=1), by_head)
    used = np.asarray(values.any(axis=1))
    scores = np.reshape(_made(query) & _made(key), by_head) & used[:, None]
    for part, module, mask in (("query", query, scores), ("key", key, scores),
                               ("value", value, values)):  # fmt: skip
        kept[f"{name}/{part}"] = _columns(module, mask.reshape(-1))
    kept[f"{name}/linear"] = {"w": linear["w"][values.reshape(-1)], "b": linear["b"]}
    return tuple(scores.sum(axis=1)[used].tolist()), tuple(values.sum(axis=1)[used].tolist())


def _mlp(params: Params, kept: dict[str, Any], name: str) -> int:
    first, second = params[f"{name}/linear_1"], params[f"{name}/linear_2"]
    mask = (first["w"].any(axis=0) | (first["b"] > 0)) & second["w"].any(axis=1)
    kept[f"{name}/linear_1"] = _columns(first, mask)
    kept[f"{name}/linear_2"] = {"w": second["w"][mask], "b": second["b"]}
    return int(mask.sum())


def _made(module: Any) -> _Mask:
    """The columns of a linear map that are not always 0."""
    return np.asarray(module["w"].any(axis=0) | (module["b"] != 0))


def _columns(module: Any, mask: _Mask) -> Module:
    return {"w": module["w"][:, mask], "b": module["b"][mask]}
