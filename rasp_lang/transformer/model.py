"""A compiled model that runs: inputs of tokens in, answers out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Atom
from rasp_lang.transformer import npz, numpy_forward
from rasp_lang.transformer.artifact import Artifact, Config, Params
from rasp_lang.transformer.decode import Coded, by_input, decoding
from rasp_lang.transformer.numpy_forward import Floats, Ids
from rasp_lang.transformer.token_ids import Encoded, Input, Vocabulary
from rasp_lang.transformer.trim import Trimmed, trimmed

if TYPE_CHECKING:
    from rasp_lang.transformer.haiku_model import HaikuModel

Backend = Literal["jax", "numpy"]
#: A list of atoms, one a position; by name if the model has several outputs.
Answer = list[Atom] | dict[str, list[Atom]]
#: Numbers in the largest intermediate array of one forward pass. Larger batches are split: they
#: would not fit into the processor's caches, or into memory.
_NUMBERS = 2**20


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
        self._decodings = [decoding(decoder) for decoder in artifact.decoders]

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
        inputs = list(inputs)
        encoded = self._vocabulary.encode_all(inputs)
        parts = list(self._parts(encoded.lengths))
        answers: list[Answer] = [[]] * len(inputs)
        for part, found in zip(parts, self._each(parts, encoded), strict=True):
            for i, answer in zip(part.tolist(), found, strict=True):
                answers[i] = answer
        return answers

    def coded(self, ids: NDArray[np.intp], padded: tuple[int, int] | None = None) -> list[Coded]:
        """The answers to inputs ``[B, n]`` of numbers of tokens, for each output, ``[B, n]``; at
        most ``inputs_at_once(n)`` of them. ``padded``, a shape that is not smaller, fills them up
        with PAD: XLA then compiles once for blocks of several shapes."""
        count, length = ids.shape
        batch, longest = padded or ids.shape
        rows = np.full((batch, longest + 1), self.config.vocab_size + 1, np.int32)
        rows[:, 0] = self.config.vocab_size
        rows[:count, 1 : length + 1] = ids
        answers = self._coded(rows, [length] * count)
        return [Coded(found.codes.reshape(ids.shape), found.atoms) for found in answers]

    def inputs_at_once(self, length: int) -> int:
        """How many inputs of a length go through the transformer together: a power of two."""
        rows = length + 1
        widest = max((size.width for size in self._trimmed.sizes), default=0)
        numbers = rows * max(rows, self.config.d_model, widest)
        return 1 << (max(1, _NUMBERS // numbers).bit_length() - 1)

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
            decoded=self._lists(self._decode(ids, trace.readouts, [len(encoded)]), [len(encoded)])[
                0
            ],
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
    def _trimmed(self) -> Trimmed:
        return trimmed(self.config, self.params)

    @cached_property
    def _forward(self) -> Callable[[Ids], tuple[Floats, ...]]:
        """From token ids ``[B, T]`` to the readouts ``[B, T, width]``."""
        small = self._trimmed
        if self.backend == "numpy":
            layers = numpy_forward.layers(small.params, small.sizes)
            return lambda ids: numpy_forward.forward(self.config, small.params, ids, layers)
        # Importing jax and haiku takes seconds: only a model that runs on them pays for it.
        from rasp_lang.transformer.haiku_model import HaikuModel

        return HaikuModel(self.config, small.params, small.sizes).forward

    @cached_property
    def _haiku(self) -> HaikuModel:
        from rasp_lang.transformer.haiku_model import HaikuModel

        return HaikuModel(self.config, self.params)

    def _parts(self, lengths: NDArray[np.intp]) -> Iterator[NDArray[np.intp]]:
        """The numbers of the inputs, shortest first, as many at once as their longest allows."""
        order = np.argsort(lengths, kind="stable")
        start = 0
        while start < len(order):
            size = self.inputs_at_once(int(lengths[order[start]]))
            while size > 1 and size > self.inputs_at_once(
                int(lengths[order[min(start + size, len(order)) - 1]])
            ):
                size //= 2
            yield order[start : start + size]
            start += size

    def _each(self, parts: list[NDArray[np.intp]], encoded: Encoded) -> Iterator[list[Answer]]:
        """The answers to each part, on all processors."""
        _ = self._forward  # made once, by one thread

        def answers(part: NDArray[np.intp]) -> list[Answer]:
            lengths = encoded.lengths[part].tolist()
            return self._lists(self._coded(self._vocabulary.rows(encoded, part), lengths), lengths)

        if len(parts) < 2:
            return map(answers, parts)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return pool.map(answers, parts)

    def _coded(self, rows: Ids, lengths: Sequence[int]) -> list[Coded]:
        """The answers to token ids ``[B, T]``, one after the other, for each output."""
        return self._decode(rows, self._forward(rows), lengths)

    def _decode(
        self, ids: Ids, readouts: tuple[Floats, ...], lengths: Sequence[int]
    ) -> list[Coded]:
        """The same from the readouts ``[B, T, width]``."""
        positions = ids < self.config.vocab_size  # neither BOS nor PAD
        rows = [readout[positions] for readout in readouts]
        if not all(np.isfinite(output).all() for output in rows):
            raise RaspError(_overflow())
        return [
            decode(output, lengths) for decode, output in zip(self._decodings, rows, strict=True)
        ]

    def _lists(self, answers: list[Coded], lengths: Sequence[int]) -> list[Answer]:
        decoded = [by_input(of_output, lengths) for of_output in answers]
        if len(decoded) == 1:
            return list(decoded[0])
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
