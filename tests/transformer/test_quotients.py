"""Outputs that are quotients: means whose denominator the place tells, decoded without a list."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from console_blocks import blocks
from hand_made_models import reverse_artifact, with_outputs

from rasp_lang.diagnostics import RaspError
from rasp_lang.graph import Atom
from rasp_lang.transformer import decode, document, npz, validate
from rasp_lang.transformer.artifact import Artifact, QuotientDecoder
from rasp_lang.transformer.model import Model

PAGE = (Path(__file__).parents[2] / "docs" / "model-format.md").read_text(encoding="utf-8")

each_kind = pytest.mark.parametrize(("keys", "unit", "whole"), [
    ("index", 1.0, True), ("length", 1.0, True), ("index", 0.25, False), ("length", 0.25, False),
    ("length", 2.0**-20, False), ("index", 3.0, True), ("length", 0.1, False),
])  # fmt: skip


def typed(answers: list[list[Atom]]) -> list[list[tuple[type, str]]]:
    """Atoms with their types, -0.0 apart from 0.0."""
    return [[(type(value), repr(value)) for value in answer] for answer in answers]


def number_of_keys(keys: str, index: int, length: int) -> int:
    return index + 1 if keys == "index" else length


@each_kind
def test_any_readout_within_half_a_gap_gives_the_quotient(
    keys: Any, unit: float, whole: bool
) -> None:
    draw = random.Random(f"{keys} {unit}")
    readouts, expected, lengths = [], [], [1, 1, 2, 3, 10, 60, 60, 7]
    for length in lengths:
        answers: list[Atom] = []
        for index in range(length):
            number = number_of_keys(keys, index, length)
            units = draw.choice((0, draw.randint(-3, 3), draw.randint(-5 * number, 5 * number)))
            value = units * unit / number
            answers.append(round(value) if whole and number == 1 else value)
            readouts.append(value + draw.uniform(-0.49, 0.49) * unit / number)
        expected.append(answers)
    decoder = QuotientDecoder("x", keys, unit, whole)
    rows = np.array(readouts, np.float32)[:, None]
    assert typed(decode.decode(decoder, rows, lengths)) == typed(expected)


@each_kind
def test_codes_of_quotients_stand_for_the_answers(keys: Any, unit: float, whole: bool) -> None:
    decoder = QuotientDecoder("x", keys, unit, whole)
    rows = np.random.default_rng(1).normal(0, 2, (2 * 5, 1)).astype(np.float32)
    found = decode.decoding(decoder)(rows, [5, 5])
    by_input = decode.Coded(found.codes.reshape(2, 5), found.atoms)
    assert typed([by_input.at(0), by_input.at(1)]) == typed(decode.decode(decoder, rows, [5, 5]))


def test_a_readout_a_little_below_zero_is_zero_without_a_sign() -> None:
    for whole in (False, True):
        decoder = QuotientDecoder("x", "length", 1.0, whole)
        rows = np.full((3, 1), -1e-9, np.float32)
        first = 0 if whole else 0.0
        assert typed(decode.decode(decoder, rows, [1, 2])) == typed([[first], [0.0, 0.0]])


def test_no_inputs_give_no_quotients() -> None:
    for keys in ("index", "length"):
        decoder = QuotientDecoder("x", keys, 1.0, True)
        assert decode.decode(decoder, np.zeros((0, 1), np.float32), []) == []


DECODERS = (
    QuotientDecoder("by index", "index", 0.25, False),
    QuotientDecoder("by length", "length", 1.0, True),
    QuotientDecoder("as ints", "index", 2.0**-20, True),
)


def artifact() -> Artifact:
    """A hand-made model whose three readouts depend on the input."""
    made = with_outputs(reverse_artifact(), DECODERS)
    for j, weight in enumerate((0.3, -1.7, 0.01)):
        made.params[f"unembed_{j}"]["w"][3 + j % 2, 0] = weight
        made.params[f"unembed_{j}"]["w"][0, 0] = 1.25
    return made


def test_a_quotient_has_one_readout_and_is_kept_by_the_file(tmp_path: Path) -> None:
    made = artifact()
    assert validate.problems(made) == ()
    npz.write(made, tmp_path / "m.npz")
    read = npz.read(tmp_path / "m.npz")
    assert read.decoders == DECODERS
    assert read.params["unembed_1"]["w"].shape == (made.config.d_model, 1)
    assert repr(Model(read, "numpy")([1, 2, 1, 3])) == repr(Model(made, "numpy")([1, 2, 1, 3]))


def test_the_document_round_trip_keeps_every_field() -> None:
    text = document.dump(artifact())
    assert json.loads(text)["decoders"][0] == {
        "kind": "quotient", "name": "by index", "keys": "index", "unit": 0.25, "whole": False,
    }  # fmt: skip
    assert document.dump(document.parse(text)) == text


@pytest.mark.parametrize("tokens", [[1], [3, 1], [2, 2, 2], [1, 2, 3, 3, 1], [1, 1, 3, 2]])
def test_the_reader_of_the_page_gives_the_same_quotients(tmp_path: Path, tokens: list[int]) -> None:
    (block,) = blocks(PAGE)
    names: dict[str, Any] = {}
    exec(block.text, names)
    npz.write(artifact(), tmp_path / "m.npz")
    theirs = names["run"](tmp_path / "m.npz", tokens)
    assert repr(theirs) == repr(Model(artifact(), "numpy")(tokens))
    assert all(theirs.values())


def test_the_page_describes_every_member_of_a_quotient() -> None:
    (paragraph,) = [part for part in PAGE.split("\n\n") if part.startswith("A **quotient**")]
    for member in json.loads(document.dump(artifact()))["decoders"][0]:
        assert f"`{member}`" in paragraph


def put(key: str, value: Any) -> Callable[[dict[str, Any]], Any]:
    return lambda decoder: decoder.update({key: value})


DAMAGE: dict[str, tuple[Callable[[dict[str, Any]], Any], str]] = {
    "unknown keys": (put("keys", "all"), "`decoders[0]` has unknown keys"),
    "keys by number": (put("keys", 1), "`keys` has the wrong type"),
    "no keys": (lambda d: d.pop("keys"), "`keys` is missing"),
    "unit 0": (put("unit", 0), "output `by index` has a unit that is not positive"),
    "negative unit": (put("unit", -0.25), "output `by index` has a unit that is not positive"),
    "text as unit": (put("unit", "1"), "`unit` has the wrong type"),
    "truth value as unit": (put("unit", True), "`unit` has the wrong type"),
    "huge unit": (put("unit", 10**301), "`decoders[0].unit` is not a number"),
    "no unit": (lambda d: d.pop("unit"), "`unit` is missing"),
    "number as whole": (put("whole", 1), "`whole` has the wrong type"),
    "no whole": (lambda d: d.pop("whole"), "`whole` is missing"),
    "no name": (lambda d: d.pop("name"), "`name` is missing"),
    "other kind": (put("kind", "quotients"), "`decoders[0]` is of an unknown kind"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_damage_to_a_quotient_is_named(tmp_path: Path, damage: str) -> None:
    edit, expected = DAMAGE[damage]
    npz.write(artifact(), tmp_path / "m.npz")
    with np.load(tmp_path / "m.npz") as file:
        arrays = dict(file)
    changed = json.loads(arrays["raspc.json"].item())
    edit(changed["decoders"][0])
    np.savez(tmp_path / "m.npz", **{**arrays, "raspc.json": json.dumps(changed).encode()})
    with pytest.raises(RaspError) as caught:
        npz.read(tmp_path / "m.npz")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "RASP0010"
    assert expected in diagnostic.message


@pytest.mark.parametrize("unit", [0.0, -1.0])
def test_a_compiler_may_not_make_a_unit_that_is_not_positive(unit: float) -> None:
    made = with_outputs(reverse_artifact(), (QuotientDecoder("x", "index", unit, True),))
    assert validate.problems(made) == ("output `x` has a unit that is not positive",)
