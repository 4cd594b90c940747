"""The page that describes the model file: its reader is run on what we write."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console_blocks import blocks
from hand_made_models import fractions, random_artifact, reverse_artifact, with_outputs

from rasp_lang.transformer import document, npz, validate
from rasp_lang.transformer.artifact import Artifact, Candidates, NumericalDecoder
from rasp_lang.transformer.model import Model

PAGE = (Path(__file__).parents[2] / "docs" / "model-format.md").read_text(encoding="utf-8")


def numerical_outputs() -> Artifact:
    """Two channels, the index and its square, in classes by index and length; and a raw number."""
    points = np.array([[float(i), float(i * i)] for i in range(5)])
    classes = tuple(
        Candidates(tuple("abcde"[: n + 1]), points[: n + 1] if n else points[:1]) for n in range(5)
    )
    table = tuple(tuple(n for _ in range(n + 1)) for n in range(5))
    decoders = (
        NumericalDecoder("two", 2, (1.0, 0.5), "index_length", table, classes),
        NumericalDecoder("raw", 1, (1.0,), "all", (), (), exact=False, bound=0.5),
        fractions("fraction", 5),
    )
    artifact = with_outputs(reverse_artifact(), decoders)
    artifact.params["unembed_0"]["w"][3, 0] = 1.1
    artifact.params["unembed_0"]["w"][4, 1] = 1.2
    artifact.params["unembed_1"]["w"][4, 0] = -0.3
    artifact.params["unembed_2"]["w"][3, 0] = 0.2
    return artifact


@pytest.mark.parametrize(
    ("artifact", "tokens"),
    [
        (random_artifact(), ["a", "b", "b", "c", "a"]),
        (random_artifact(layers=3, heads=1, d_mlp=0, causal=True), ["c", "b", "b", "c", "a"]),
        (reverse_artifact((1, 1.0, True)), [True, 1, 1.0, 1]),
        (numerical_outputs(), [1, 2, 3, 3]),
    ],
)
def test_the_reader_of_the_page_gives_our_answers(
    tmp_path: Path, artifact: Artifact, tokens: list[Any]
) -> None:
    assert validate.problems(artifact) == ()
    (block,) = blocks(PAGE)
    names: dict[str, Any] = {}
    exec(block.text, names)
    npz.write(artifact, tmp_path / "m.npz")
    ours = Model(artifact, "numpy")(tokens)
    theirs = names["run"](tmp_path / "m.npz", tokens)
    expected = ours if isinstance(ours, dict) else {"reverse": ours}
    assert repr(theirs) == repr(expected)


def test_the_page_lists_every_member_of_the_document() -> None:
    (table,) = re.findall(r"\| member \| contents \|\n\|---\|---\|\n((?:\|.*\n)+)", PAGE)
    first = [row.split("|")[1] for row in table.splitlines()]
    named = {name for cell in first for name in re.findall(r"`(\w+)`", cell)}
    assert f"`{document.VERSION}`" in table
    assert named == json.loads(document.dump(reverse_artifact())).keys()
