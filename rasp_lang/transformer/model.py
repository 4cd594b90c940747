"""A compiled model that runs: inputs of tokens in, answers out."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.transformer import npz, numpy_forward
from rasp_lang.transformer.artifact import Artifact, Config, Params
from rasp_lang.transformer.decode import decode
from rasp_lang.transformer.numpy_forward import Floats, Ids
from rasp_lang.transformer.token_ids import Input, Vocabulary

if TYPE_CHECKING:
    from rasp_lang.transformer.haiku_model import HaikuModel

Backend = Literal["jax", "numpy"]
#: A list of atoms, one a position; by name if the model has several outputs.
Answer = list[Atom] | dict[str, list[Atom]]
#: Numbers in the largest intermediate array of one forward pass: 256 MB. Larger batches are split.
_NUMBERS = 2**26


@dataclass(frozen=True, slots=True)
class Applied:
    """One input of n tokens with everything on the way. Row 0 of the n+1 rows is BOS.

    ``decoded``: the answer, n atoms (by name if the model has several outputs), without BOS.
    ``logits``: what the answer is decoded from, ``[n+1, width]`` (by name if several).
    ``residuals``: ``[2 layers + 1, n+1, d_model]``, the embedding, then the residual stream after
    each block; the blocks are attention and MLP of layer 0, attention and MLP of layer 1, ...
    ``layer_outputs``: ``[2 layers, n+1, d_model]``, what each block adds to the stream.
    ``attn_logits``: ``[layers, heads, n+1, n+1]`` (queries, then keys), the scores before softmax,
    ``-inf`` where the causal mask hides a key."""

    decoded: Answer
    logits: Floats | dict[str, Floats]
    residuals: Floats
    layer_outputs: Floats
    attn_logits: Floats


class Model:
    """A compiled model. ``backend`` is ``"jax"`` (Haiku, compiled for the device) or ``"numpy"``
    (starts at once; for single inputs). Both give the same answers."""

    def __init__(self, artifact: Artifact, backend: Backend = "jax") -> None:
        if backend not in ("jax", "numpy"):
            raise ValueError(f'backend is "jax" or "numpy", not {backend!r}')
        self.artifact = artifact
        self.backend: Backend = backend
        self._vocabulary = Vocabulary(artifact.vocabulary, artifact.config.max_len)

    @property
    def config(self) -> Config:
        """Sizes: ``layers heads d_model d_head d_mlp max_len vocab_size causal parameters``."""
        return self.artifact.config

    @property
    def params(self) -> Params:
        """``{"transformer/layer_0/attn/query": {"w": ..., "b": ...}, ...}``, float32."""
        return self.artifact.params

    @property
    def certificate(self) -> Mapping[str, Any]:
        """The bounds that the compiler proved."""
        return self.artifact.certificate

    @property
    def vocabulary(self) -> tuple[Atom, ...]:
        return self.artifact.vocabulary

    def __call__(self, tokens: Input) -> Answer:
        """The answer to one input: a string (its characters) or a list of tokens.

        Raises RaspError: RASP0311 (no sequence of tokens), RASP0512 (a token outside the
        vocabulary), RASP0513 (too long), RASP0514 (empty)."""
        return self.batch([tokens])[0]

    def batch(self, inputs: Sequence[Input]) -> list[Answer]:
        """The answers to many inputs, in their order. Lengths may differ. Raises as a call does."""
        encoded = [self._vocabulary.encode(tokens) for tokens in inputs]
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i]))
        answers: list[Answer] = [[]] * len(encoded)
        for part in self._parts(order, encoded) if order else ():
            for i, answer in zip(part, self._answers([encoded[i] for i in part]), strict=True):
                answers[i] = answer
        return answers

    def apply(self, tokens: Input) -> Applied:
        """The answer to one input with everything that the transformer computes for it.
        Raises as a call does."""
        encoded = self._vocabulary.encode(tokens)
        ids = self._vocabulary.batch([encoded], len(encoded) + 1)
        if self.backend == "jax":
            trace = self._haiku.trace(ids)
        else:
            trace = numpy_forward.trace(self.config, self.params, ids)
        logits = [readout[0] for readout in trace.readouts]
        return Applied(
            decoded=self._decode(ids, trace.readouts)[0],
            logits=self._by_name(logits),
            residuals=trace.residuals[:, 0],
            layer_outputs=trace.layer_outputs[:, 0],
            attn_logits=trace.attn_logits[:, 0],
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the model file. Raises RaspError RASP0003."""
        npz.write(self.artifact, path)

    def __repr__(self) -> str:
        outputs = ", ".join(decoder.name for decoder in self.artifact.decoders)
        sizes = f"{self.config.layers} layers, {self.config.parameters} parameters"
        return f"<Model {outputs}: {sizes}>"

    @cached_property
    def _haiku(self) -> HaikuModel:
        # Importing jax and haiku takes seconds: only a model that runs on them pays for it.
        from rasp_lang.transformer.haiku_model import HaikuModel

        return HaikuModel(self.config, self.params)

    def _parts(self, order: list[int], encoded: list[list[int]]) -> Iterator[list[int]]:
        """The inputs, shortest first, in parts whose forward pass fits into memory."""
        config = self.config
        part: list[int] = []
        for i in order:
            rows = len(encoded[i]) + 1
            width = max(rows * config.heads, config.d_model, config.d_mlp, 1)
            if part and (len(part) + 1) * rows * width > _NUMBERS:
                yield part
                part = []
            part.append(i)
        yield part

    def _answers(self, encoded: list[list[int]]) -> list[Answer]:
        ids = self._vocabulary.batch(encoded, 1 + max(map(len, encoded)))
        if self.backend == "jax":
            readouts = self._haiku.forward(ids)
        else:
            readouts = numpy_forward.forward(self.config, self.params, ids)
        return self._decode(ids, readouts)

    def _decode(self, ids: Ids, readouts: tuple[Floats, ...]) -> list[Answer]:
        """The answers to token ids ``[B, T]``, from the readouts ``[B, T, width]``."""
        positions = ids < self.config.vocab_size  # neither BOS nor PAD
        rows = [readout[positions] for readout in readouts]
        if not all(np.isfinite(output).all() for output in rows):
            raise RaspError(_overflow())
        lengths = positions.sum(axis=1).tolist()
        decoded = [
            decode(decoder, output, lengths)
            for decoder, output in zip(self.artifact.decoders, rows, strict=True)
        ]
        return [self._by_name(list(answer)) for answer in zip(*decoded, strict=True)]

    def _by_name(self, items: list[Any]) -> Any:
        """The only item, or the items under the names of the outputs."""
        if len(items) == 1:
            return items[0]
        names = [decoder.name for decoder in self.artifact.decoders]
        return dict(zip(names, items, strict=True))


def _overflow() -> Diagnostic:
    message = "the model's numbers overflow: its weights are not those that a compiler made"
    return Diagnostic("RASP0010", message, help="compile the program again")
