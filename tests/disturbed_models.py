"""Models whose weights are off by a relative delta: at random, or so as to do the most harm.

Harm is looked for with gradients. Every readout, every hidden neuron before its relu, every score
against that of the key that wins is a target; the sign of its gradient says which way each weight
has to go to push it off.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom
from rasp_lang.transformer import numpy_forward
from rasp_lang.transformer.artifact import Artifact, Params
from rasp_lang.transformer.decode import decode
from rasp_lang.transformer.token_ids import Vocabulary

Array = NDArray[np.float64]
#: A number from -1 to 1 for each weight.
Signs = dict[str, dict[str, Array]]
Tokens = Sequence[Atom]


def moved(params: Params, signs: Signs, delta: float) -> Params:
    """Each weight off by ``delta`` of itself in the direction of its sign, or by the most that
    float32 can without going farther."""

    def move(weights: NDArray[np.float32], sign: Array) -> NDArray[np.float32]:
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
            part: generator.choice([-1.0, 1.0], weights.shape) for part, weights in parts.items()
        }
        for name, parts in params.items()
    }


def readouts(artifact: Artifact, params: Params, inputs: Sequence[Tokens]) -> list[Array]:
    """The readouts of each output in numpy, input after input, [positions, width]."""
    vocabulary = Vocabulary(artifact.vocabulary, artifact.config.max_len)
    lengths = np.array([len(tokens) for tokens in inputs])
    ids = vocabulary.batch([vocabulary.encode(tokens) for tokens in inputs], lengths.max() + 1)
    real = np.arange(1, ids.shape[1]) <= lengths[:, None]
    found = numpy_forward.forward(artifact.config, params, ids)
    return [readout[:, 1:][real] for readout in found]


def answers(artifact: Artifact, params: Params, inputs: Sequence[Tokens]) -> list[list[Atom]]:
    """The first output's answers."""
    rows = readouts(artifact, params, inputs)[0].astype(np.float32)
    return decode(artifact.decoders[0], rows, [len(tokens) for tokens in inputs])


# --- the most harm -------------------------------------------------------------------------------


class _Run:
    """One input in double precision, with everything that a gradient needs; ``artifact`` has the
    equations."""

    def __init__(self, artifact: Artifact, tokens: Tokens) -> None:
        config = artifact.config
        vocabulary = Vocabulary(artifact.vocabulary, config.max_len)
        self.config, self.ids = config, [config.vocab_size, *vocabulary.encode(tokens)]
        self.params = {
            name: {part: weights.astype(np.float64) for part, weights in parts.items()}
            for name, parts in artifact.params.items()
        }
        rows = len(self.ids)
        #: What can be pulled at: scores [heads, queries, keys], hidden and readouts [rows, width].
        self.traced: dict[str, Array] = {}
        self.kept: list[tuple[Array, ...]] = []
        x = self.params["token_embed"]["embeddings"][self.ids]
        x = x + self.params["pos_embed"]["embeddings"][:rows]
        for layer in range(config.layers):
            name = f"transformer/layer_{layer}"
            q, k, v = (
                self._heads(self._linear(f"{name}/attn/{p}", x)) for p in ["query", "key", "value"]
            )
            scores = q @ k.swapaxes(1, 2) / math.sqrt(config.d_head)
            if config.causal:
                scores = np.where(np.tri(rows, dtype=bool), scores, -np.inf)
            weights = np.exp(scores - scores.max(axis=2, keepdims=True))
            weights /= weights.sum(axis=2, keepdims=True)
            mixed = (weights @ v).swapaxes(0, 1).reshape(rows, -1)
            between = x + self._linear(f"{name}/attn/linear", mixed)
            hidden = self._linear(f"{name}/mlp/linear_1", between)
            self.traced |= {f"scores {layer}": scores, f"hidden {layer}": hidden}
            self.kept.append((x, q, k, v, weights, mixed, between, hidden))
            x = between + self._linear(f"{name}/mlp/linear_2", np.maximum(hidden, 0))
        self.last = x
        for j in range(len(artifact.decoders)):
            self.traced[f"readout {j}"] = self._linear(f"unembed_{j}", x)

    def _linear(self, name: str, x: Array) -> Array:
        return np.asarray(x @ self.params[name]["w"] + self.params[name]["b"])

    def _heads(self, x: Array) -> Array:
        """[..., rows, heads * size] as [..., heads, rows, size]."""
        split = x.reshape(*x.shape[:-1], self.config.heads, self.config.d_head)
        return split.swapaxes(-3, -2)

    def gradients(self, pulls: dict[str, Array]) -> Signs:
        """For targets that are sums of ``pulls`` [targets, ...] times what is traced."""
        found: Signs = {}

        def back(name: str, x: Array, pulled: Array) -> Array:
            found[name] = {"w": x.swapaxes(-1, -2) @ pulled, "b": pulled.sum(axis=-2)}
            return np.asarray(pulled @ self.params[name]["w"].T)

        outputs = [what for what in self.traced if what.startswith("readout")]
        dx = sum(back(f"unembed_{what[8:]}", self.last, pulls[what]) for what in outputs)
        for layer in reversed(range(self.config.layers)):
            name = f"transformer/layer_{layer}"
            x, q, k, v, weights, mixed, between, hidden = self.kept[layer]
            awake = back(f"{name}/mlp/linear_2", np.maximum(hidden, 0), dx) * (hidden > 0)
            dx = dx + back(f"{name}/mlp/linear_1", between, pulls[f"hidden {layer}"] + awake)
            carried = self._heads(back(f"{name}/attn/linear", mixed, dx))
            tilt = carried @ v.swapaxes(-1, -2)
            tilt = weights * (tilt - (tilt * weights).sum(axis=-1, keepdims=True))
            tilt = (tilt + pulls[f"scores {layer}"]) / math.sqrt(self.config.d_head)
            parts = {
                "query": tilt @ k,
                "key": tilt.swapaxes(-1, -2) @ q,
                "value": weights.swapaxes(-1, -2) @ carried,
            }
            for part, pulled in parts.items():
                joined = pulled.swapaxes(-3, -2).reshape(*dx.shape[:-1], -1)
                dx = dx + back(f"{name}/attn/{part}", x, joined)
        return found | self._embeddings(dx)

    def _embeddings(self, dx: Array) -> Signs:
        found = {
            name: {"embeddings": np.zeros((len(dx), *self.params[name]["embeddings"].shape))}
            for name in ("token_embed", "pos_embed")
        }
        for row, token in enumerate(self.ids):
            found["token_embed"]["embeddings"][:, token] += dx[:, row]
            found["pos_embed"]["embeddings"][:, row] += dx[:, row]
        return found


_Target = tuple[str, tuple[int, ...], tuple[int, ...] | None, float]


def _targets(traced: dict[str, Array]) -> Iterator[_Target]:
    """What is pulled at, at which place, against which other place, and which way; real positions
    only."""
    for what, array in traced.items():
        for place in np.ndindex(*array.shape):
            if what.startswith("scores"):
                head, query, key = place
                wins = int(array[head, query].argmax())
                if query and key != wins and array[place] > -np.inf:
                    yield what, place, (head, query, wins), 1.0
            elif place[0]:
                yield what, place, None, 1.0
                yield what, place, None, -1.0


def worst_signs(
    artifact: Artifact, tokens: Tokens, count: int, generator: np.random.Generator
) -> Iterator[Signs]:
    """Signs that do the most harm to some ``count`` targets, of all kinds, at an input."""
    run = _Run(artifact, tokens)
    by_kind: dict[str, list[_Target]] = {}
    for target in _targets(run.traced):
        by_kind.setdefault(target[0], []).append(target)
    chosen: list[_Target] = []
    for targets in by_kind.values():
        size = min(len(targets), max(1, count // len(by_kind)))
        picks = generator.choice(len(targets), size, replace=False)
        chosen += [targets[k] for k in picks.tolist()]
    pulls = {what: np.zeros((len(chosen), *a.shape)) for what, a in run.traced.items()}
    for k, (what, place, other, sign) in enumerate(chosen):
        pulls[what][(k, *place)] += sign
        if other is not None:
            pulls[what][(k, *other)] -= sign
    gradients = run.gradients(pulls)
    for k in range(len(chosen)):
        yield {
            name: {
                part: np.sign(gradients[name][part][k] * weights) for part, weights in parts.items()
            }
            for name, parts in run.params.items()
        }
