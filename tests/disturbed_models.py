"""Models whose weights are off by a relative delta: at random, or so as to do the most harm.

Harm is looked for with gradients: every readout against its rivals, every hidden neuron against its
threshold, every selected key against all others is a target, and the sign of its gradient says
which way each weight has to go.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom
from rasp_lang.transformer import numpy_forward
from rasp_lang.transformer.artifact import Artifact, Config, Params
from rasp_lang.transformer.decode import decode
from rasp_lang.transformer.token_ids import Vocabulary

Signs = dict[str, dict[str, NDArray[np.float32]]]
Tokens = Sequence[Atom]


def moved(params: Params, signs: Signs, delta: float) -> Params:
    """Each weight by ``delta`` of itself in the direction of its sign (any number from -1 to 1),
    or by the most that float32 can without going farther."""

    def move(weights: NDArray[np.float32], sign: NDArray[np.float32]) -> NDArray[np.float32]:
        exact = weights.astype(np.float64)
        wanted = (exact * (1 + delta * sign)).astype(np.float32)
        too_far = np.abs(wanted - exact) > delta * np.abs(exact)
        return np.where(too_far, np.nextafter(wanted, weights), wanted)

    return {
        name: {part: move(weights, signs[name][part]) for part, weights in parts.items()}
        for name, parts in params.items()
    }


def random_signs(params: Params, generator: np.random.Generator) -> Signs:
    return {
        name: {
            part: generator.choice(np.array([-1, 1], np.float32), weights.shape)
            for part, weights in parts.items()
        }
        for name, parts in params.items()
    }


def answers(artifact: Artifact, params: Params, inputs: Sequence[Tokens]) -> list[list[list[Atom]]]:
    """The answer of each output to each input, in numpy."""
    vocabulary = Vocabulary(artifact.vocabulary, artifact.config.max_len)
    lengths = [len(tokens) for tokens in inputs]
    ids = vocabulary.batch([vocabulary.encode(tokens) for tokens in inputs], max(lengths) + 1)
    readouts = numpy_forward.forward(artifact.config, params, ids)
    real = np.arange(1, ids.shape[1]) <= np.array(lengths)[:, None]
    return [
        decode(decoder, readout[:, 1:][real], lengths)
        for decoder, readout in zip(artifact.decoders, readouts, strict=True)
    ]


# --- targets -------------------------------------------------------------------------------------


def _trace(config: Config, params: Any, ids: NDArray[np.int32]) -> dict[str, jax.Array]:
    """Scores, hidden neurons before their relu and readouts of one input: ``artifact`` has the
    equations."""
    rows = len(ids)
    found: dict[str, jax.Array] = {}

    def linear(name: str, x: jax.Array) -> jax.Array:
        return jnp.dot(x, params[name]["w"], precision="highest") + params[name]["b"]

    x = params["token_embed"]["embeddings"][ids] + params["pos_embed"]["embeddings"][:rows]
    for layer in range(config.layers):
        name = f"transformer/layer_{layer}"
        q, k, v = (
            linear(f"{name}/attn/{part}", x).reshape(rows, config.heads, config.d_head)
            for part in ("query", "key", "value")
        )
        scores = jnp.einsum("qhk,shk->hqs", q, k, precision="highest") / math.sqrt(config.d_head)
        if config.causal:
            scores = jnp.where(jnp.tri(rows, dtype=bool), scores, -1e9)
        mixed = jnp.einsum("hqs,shk->qhk", jax.nn.softmax(scores, -1), v, precision="highest")
        x = x + linear(f"{name}/attn/linear", mixed.reshape(rows, -1))
        hidden = linear(f"{name}/mlp/linear_1", x)
        x = x + linear(f"{name}/mlp/linear_2", jax.nn.relu(hidden))
        found |= {f"scores {layer}": scores, f"hidden {layer}": hidden}
    outputs = sum(name.startswith("unembed_") for name in params)
    return found | {f"readout {j}": linear(f"unembed_{j}", x) for j in range(outputs)}


@partial(jax.jit, static_argnums=0)
def _pulled(config: Config, params: Any, ids: NDArray[np.int32], pulls: Any) -> Any:
    """The gradients of many targets, each a combination ``pulls`` of what is traced."""
    _, pull = jax.vjp(lambda p: _trace(config, p, ids), params)
    return jax.vmap(lambda one: pull(one)[0])(pulls)


def _targets(
    trace: dict[str, NDArray[np.float32]], used: dict[str, int], generator: np.random.Generator
) -> list[tuple[str, tuple[int, ...], tuple[int, ...] | None, float]]:
    """(what, place, place that it is to be compared with, sign)"""
    found: list[tuple[str, tuple[int, ...], tuple[int, ...] | None, float]] = []
    for what, array in trace.items():
        places = [tuple(map(int, place)) for place in np.ndindex(*array.shape)]
        for place in places:
            if what.startswith("scores"):
                head, query, key = place
                best = int(array[head, query].argmax())
                if query and key != best and array[place] > -1e8:
                    found.append((what, place, (head, query, best), 1.0))
            elif place[0]:
                found.extend((what, place, None, sign) for sign in (1.0, -1.0))
    return found


def worst_signs(
    artifact: Artifact, tokens: Tokens, count: int, generator: np.random.Generator
) -> Iterator[Signs]:
    """Signs that do the most harm to each of ``count`` targets at an input."""
    config = artifact.config
    vocabulary = Vocabulary(artifact.vocabulary, config.max_len)
    ids = vocabulary.batch([vocabulary.encode(tokens)], len(tokens) + 1)[0]
    params = {name: dict(parts) for name, parts in artifact.params.items()}
    trace = {what: np.asarray(a) for what, a in _trace(config, params, ids).items()}
    targets = _targets(trace, {}, generator)
    kinds = sorted({what for what, *_ in targets})
    chosen = []
    for kind in kinds:
        of_kind = [target for target in targets if target[0] == kind]
        size = min(len(of_kind), max(1, count // len(kinds)))
        chosen += [of_kind[k] for k in generator.choice(len(of_kind), size, replace=False)]
    pulls = {
        what: np.zeros((len(chosen), *array.shape), np.float32) for what, array in trace.items()
    }
    for k, (what, place, other, sign) in enumerate(chosen):
        pulls[what][(k, *place)] += sign
        if other is not None:
            pulls[what][(k, *other)] -= sign
    gradients = _pulled(config, params, ids, pulls)
    for k in range(len(chosen)):
        yield {
            name: {
                part: np.sign(np.asarray(g[k]) * params[name][part]) for part, g in parts.items()
            }
            for name, parts in gradients.items()
        }
