"""A compiled model as data: configuration, parameters, decoders and provenance.

Shapes: ``V`` vocabulary, ``L`` maximum length, ``D`` d_model, ``H`` heads, ``K`` d_head,
``M`` d_mlp. Token ids are ``0 .. V-1`` in the order of the vocabulary, then BOS (``V``) and PAD
(``V+1``). Every sequence starts with BOS; row 0 of the position embedding is BOS's, row ``i+1`` is
index ``i``'s.

The transformer, for ``x`` of shape ``[n+1, D]``::

    x = token_embed[ids] + pos_embed[0 .. n]
    for each layer:
        x = x + attn(x)                  softmax(q k^T / sqrt(K)) v, PAD keys masked, causal mask
        x = x + linear_2(relu(linear_1(x)))                              if the config is causal
    readout of output j = x @ unembed_j.w + unembed_j.b
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom

Params = Mapping[str, Mapping[str, NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Config:
    """Sizes, uniform over layers. ``d_mlp`` and ``layers`` may be 0."""

    layers: int
    heads: int
    d_model: int
    d_head: int
    d_mlp: int
    max_len: int
    vocab_size: int
    causal: bool
    parameters: int


def parameter_shapes(
    config: Config, readouts: tuple[int, ...]
) -> dict[str, dict[str, tuple[int, ...]]]:
    """Every array of a model under Haiku's names; ``readouts`` is the width of each unembedding."""
    d, inner = config.d_model, config.heads * config.d_head
    shapes: dict[str, dict[str, tuple[int, ...]]] = {
        "token_embed": {"embeddings": (config.vocab_size + 2, d)},
        "pos_embed": {"embeddings": (config.max_len + 1, d)},
    }
    for layer in range(config.layers):
        name = f"transformer/layer_{layer}"
        for part in ("query", "key", "value"):
            shapes[f"{name}/attn/{part}"] = {"w": (d, inner), "b": (inner,)}
        shapes[f"{name}/attn/linear"] = {"w": (inner, d), "b": (d,)}
        shapes[f"{name}/mlp/linear_1"] = {"w": (d, config.d_mlp), "b": (config.d_mlp,)}
        shapes[f"{name}/mlp/linear_2"] = {"w": (config.d_mlp, d), "b": (d,)}
    for j, width in enumerate(readouts):
        shapes[f"unembed_{j}"] = {"w": (d, width), "b": (width,)}
    return shapes


@dataclass(frozen=True, slots=True)
class CategoricalDecoder:
    """The answer at a position is ``values[argmax(readout)]``; readout width ``len(values)``."""

    name: str
    values: tuple[Atom, ...]
    kind: Literal["categorical"] = "categorical"


@dataclass(frozen=True, slots=True)
class Candidates:
    """The values that can occur in one class of positions, with the readout of each:
    ``points`` has shape ``[len(values), channels]`` and is sorted by its first channel."""

    values: tuple[Atom, ...]
    points: NDArray[np.float64] = field(compare=False)


@dataclass(frozen=True, slots=True)
class NumericalDecoder:
    """The answer at a position is the candidate nearest to the readout (largest difference over the
    channels, each difference first multiplied by ``weights``). Readout width ``channels``.

    Which candidates are possible depends on ``grouping``: ``all`` (one class), ``index``
    (``class_of[i]``) or ``index_length`` (``class_of[n - 1][i]`` for length n). If ``exact`` is
    false the value is given as computed (channel 0, a float) and ``bound`` is its largest error."""

    name: str
    channels: int
    weights: tuple[float, ...]
    grouping: Literal["all", "index", "index_length"]
    class_of: tuple[Any, ...]
    classes: tuple[Candidates, ...]
    exact: bool = True
    bound: float = 0.0
    kind: Literal["numerical"] = "numerical"


@dataclass(frozen=True, slots=True)
class QuotientDecoder:
    """The answer at a position is the multiple of ``unit`` over the number w of ``keys`` that is
    nearest to the readout: w is 1 + i (``index``) or the length (``length``), and the answer
    ``round(readout * w / unit) * unit / w``. Where w is 1 it is an int if ``whole``. Readout width
    1."""

    name: str
    keys: Literal["index", "length"]
    unit: float
    whole: bool
    kind: Literal["quotient"] = "quotient"


Decoder = CategoricalDecoder | NumericalDecoder | QuotientDecoder


def readout_width(decoder: Decoder) -> int:
    """The columns of its unembedding: one for each value, or for each channel."""
    if isinstance(decoder, QuotientDecoder):
        return 1
    return len(decoder.values) if isinstance(decoder, CategoricalDecoder) else decoder.channels


@dataclass(frozen=True, slots=True)
class Artifact:
    """A compiled model, complete: what is written to and read from the ``.npz`` file.

    ``directions[d]`` explains residual dimension d: ``{"name", "sop", "value", "path", "line"}``
    (value absent for a numerical direction). ``heads`` and ``neurons`` explain those that are used:
    ``{"layer", "head" | "neuron", "name", "reads": [...], "writes": [...], "path", "line"}``.
    ``sources`` are (relative name, text), the main file first. ``options`` are the compile options
    and ``certificate`` the proven bounds, both plain JSON data."""

    config: Config
    params: Params = field(compare=False)
    vocabulary: tuple[Atom, ...]
    decoders: tuple[Decoder, ...]
    directions: tuple[Mapping[str, Any], ...]
    heads: tuple[Mapping[str, Any], ...]
    neurons: tuple[Mapping[str, Any], ...]
    sources: tuple[tuple[str, str], ...]
    options: Mapping[str, Any]
    certificate: Mapping[str, Any]

    @property
    def heads_by_layer(self) -> tuple[int, ...]:
        """How many heads each layer uses."""
        used = Counter(head["layer"] for head in self.heads)
        return tuple(used[layer] for layer in range(self.config.layers))
