"""The two functions of the public API that return a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path
from typing import Literal

from rasp_lang import pipeline
from rasp_lang.graph import Atom
from rasp_lang.limits import DEFAULT, Limits
from rasp_lang.program import Program
from rasp_lang.transformer import npz
from rasp_lang.transformer.model import Model

Backend = Literal["jax", "numpy"]


def compile(
    program: Program,
    vocab: Iterable[Atom],
    max_len: int,
    output: str | Sequence[str] | None = None,
    causal: bool = False,
    opt: int = 1,
    backend: Backend = "jax",
    max_params: int = DEFAULT.max_params,
    max_width: int = DEFAULT.max_width,
) -> Model:
    """A transformer that computes ``output`` (by default the program's last s-op) on every input of
    1 to ``max_len`` tokens of ``vocab``.

    Several outputs (a sequence of names) give a model that answers ``{name: values}``. With
    ``causal`` every selector sees only keys up to the query's position. ``opt`` is 0 (every s-op
    has a space and a layer of its own), 1 (as few layers as possible) or 2 (as few directions as
    possible). ``backend`` says what runs the model. A model of more than ``max_params``
    parameters is refused; a function of more than ``max_width`` neurons is computed in steps, by
    more layers.

    Raises ``RaspError``: RASP0004 to RASP0007 for the vocabulary and the length, RASP0016 and
    RASP0017 for the output, blocks 04 and 06 for what cannot be compiled exactly; ``ValueError``
    for another ``opt`` or ``backend``.
    """
    limits = Limits(max_params, max_width)
    artifact = pipeline.compile(program, list(vocab), max_len, output, causal, opt, limits)
    return Model(artifact, backend)


def load_model(path: str | PathLike[str], backend: Backend = "jax") -> Model:
    """The model in an ``.npz`` file; raises ``RaspError`` (RASP0001, 0002, 0009 to 0011)."""
    return Model(npz.read(Path(path)), backend)
