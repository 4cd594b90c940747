"""What must not happen in any compiled program: something in BOS's row, a trace of PAD."""

from __future__ import annotations

import random
from functools import cache

import numpy as np
import pytest

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.craft.program import BOS
from rasp_lang.library_files import ShippedProgram, shipped_programs
from rasp_lang.transformer import numpy_forward
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.token_ids import Vocabulary

PROGRAMS = [program for program in shipped_programs() if not program.head.library]
MAX_LEN = 5
EVERY_PROGRAM = pytest.mark.parametrize("shipped", PROGRAMS, ids=lambda program: program.name)


@cache
def small(shipped: ShippedProgram, causal: bool) -> Artifact:
    """A shipped program for few tokens and short inputs."""
    head, program = shipped.head, rasp_lang.load(shipped.name)
    assert head.vocab is not None
    return pipeline.compile(program, head.vocab[:5], MAX_LEN, head.output, causal)


def encoded(artifact: Artifact) -> list[list[int]]:
    """A few inputs of every length."""
    vocabulary = Vocabulary(artifact.vocabulary, MAX_LEN)
    generator = random.Random(0)
    return [
        vocabulary.encode(generator.choices(artifact.vocabulary, k=length))
        for length in range(1, MAX_LEN + 1)
        for _ in range(6)
    ]


@EVERY_PROGRAM
def test_the_row_of_bos_holds_nothing_but_that_it_is_bos(shipped: ShippedProgram) -> None:
    for causal in (False, True):
        artifact = small(shipped, causal)
        ids = Vocabulary(artifact.vocabulary, MAX_LEN).batch(encoded(artifact), MAX_LEN + 1)
        residuals = numpy_forward.trace(artifact.config, artifact.params, ids).residuals
        row = np.zeros(artifact.config.d_model, np.float32)
        row[BOS] = 1.0
        assert (residuals[:, :, 0] == row).all()
        tokens = ids[:, 1:] < artifact.config.vocab_size
        assert (residuals[:, :, 1:, BOS][:, tokens] == 0).all()


@EVERY_PROGRAM
def test_padding_changes_nothing(shipped: ShippedProgram) -> None:
    artifact = small(shipped, False)
    config, vocabulary = artifact.config, Vocabulary(artifact.vocabulary, MAX_LEN)
    sequences = encoded(artifact)
    padded = numpy_forward.forward(
        config, artifact.params, vocabulary.batch(sequences, MAX_LEN + 1)
    )
    for length in range(1, MAX_LEN + 1):
        chosen = [k for k, sequence in enumerate(sequences) if len(sequence) == length]
        ids = vocabulary.batch([sequences[k] for k in chosen], length + 1)
        alone = numpy_forward.forward(config, artifact.params, ids)
        for longer, shorter in zip(padded, alone, strict=True):
            # Matrix products of another shape may round otherwise.
            np.testing.assert_allclose(
                longer[chosen][:, 1 : length + 1], shorter[:, 1:], rtol=1e-6, atol=1e-5
            )
