"""Readouts to atoms."""

import random
from typing import Any

import numpy as np
import pytest

from rasp_lang.graph import Atom
from rasp_lang.transformer import decode as module
from rasp_lang.transformer.artifact import (
    Candidates,
    CategoricalDecoder,
    Decoder,
    NumericalDecoder,
)


def rows(*numbers: float | tuple[float, ...]) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    array = np.array(numbers, np.float32)
    return array.reshape(len(numbers), -1)


def decode(
    decoder: Decoder, readouts: list[np.ndarray[Any, np.dtype[np.float32]]]
) -> list[list[Atom]]:
    """One readout an input."""
    width = readouts[0].shape[1]
    return module.decode(
        decoder, np.concatenate(readouts).reshape(-1, width), [len(r) for r in readouts]
    )


def on_a_line(*values: float | int | bool) -> Candidates:
    return Candidates(values, np.array([[float(value)] for value in values]))


def typed(answers: list[list[Atom]]) -> list[list[tuple[type, Atom]]]:
    return [[(type(value), value) for value in answer] for answer in answers]


def test_a_categorical_answer_is_the_value_of_the_largest_readout() -> None:
    decoder = CategoricalDecoder("x", (1, 1.0, True, "1"))
    readouts = [rows((1, 0, 0, 0), (0, 0.1, 0, 0)), rows((-5, -4, -3, -4), (0, 0, 0, 9))]
    assert typed(decode(decoder, readouts)) == typed([[1, 1.0], [True, "1"]])


@pytest.mark.parametrize("decoder", [
    CategoricalDecoder("x", (1, True, "1")),
    NumericalDecoder("x", 3, (1.0,) * 3, "index", (0, 1), (
        Candidates((1, True), np.eye(3)[[2, 0]]), Candidates((2.0, 1), np.eye(3)[[1, 0]]))),
    NumericalDecoder("x", 3, (1.0,) * 3, "all", (), (), exact=False),
])  # fmt: skip
def test_codes_stand_for_the_answers(decoder: Decoder) -> None:
    readouts = rows((0, 0.1, 0.9), (1, 0, 0), (0.7, 0.1, 0.1), (0, 3, 0))
    found = module.decoding(decoder)(readouts, [2, 2])
    by_input = module.Coded(found.codes.reshape(2, 2), found.atoms)
    answers = [by_input.at(0), by_input.at(1)]
    assert typed(answers) == typed(module.decode(decoder, readouts, [2, 2]))


def test_no_inputs_give_no_answers() -> None:
    assert module.decode(CategoricalDecoder("x", (1,)), np.zeros((0, 1), np.float32), []) == []


def test_a_numerical_answer_is_the_nearest_candidate_with_its_type() -> None:
    decoder = NumericalDecoder("x", 1, (1.0,), "all", (), (on_a_line(-2, 0, 0.5, True),))
    readouts = [rows(-9, -1.1, -0.9, 0.2), rows(0.3, 0.7, 0.8, 99)]
    assert typed(decode(decoder, readouts)) == typed([[-2, -2, 0, 0], [0.5, 0.5, True, True]])


def test_of_several_candidates_at_one_point_the_first_counts() -> None:
    candidates = Candidates((1, True, 2), np.array([[1.0], [1.0], [2.0]]))
    decoder = NumericalDecoder("x", 1, (1.0,), "all", (), (candidates,))
    assert typed(decode(decoder, [rows(0, 1, 1.4, 1.6)])) == typed([[1, 1, 1, 2]])


def test_a_single_candidate_is_always_the_answer() -> None:
    decoder = NumericalDecoder("x", 1, (1.0,), "all", (), (on_a_line(7),))
    assert decode(decoder, [rows(-1, 7, 1e30)]) == [[7, 7, 7]]


def test_candidates_may_depend_on_the_index() -> None:
    classes = (on_a_line(0), on_a_line(0, 0.5, 1.0))
    decoder = NumericalDecoder("x", 1, (1.0,), "index", (0, 1, 0), classes)
    assert typed(decode(decoder, [rows(0.6, 0.6, 0.6), rows(1.0)])) == typed([[0, 0.5, 0], [0]])


def test_candidates_may_depend_on_index_and_length() -> None:
    classes = (on_a_line(1), on_a_line(2), on_a_line(3, 4))
    decoder = NumericalDecoder("x", 1, (1.0,), "index_length", ((0,), (1, 2)), classes)
    assert decode(decoder, [rows(3.9, 3.9), rows(3.9), rows(0, 0)]) == [[2, 4], [1], [2, 3]]


def test_an_inexact_answer_is_given_as_computed() -> None:
    decoder = NumericalDecoder("x", 2, (1.0, 1.0), "all", (), (), exact=False, bound=0.1)
    assert typed(decode(decoder, [rows((0.25, 9), (-1, 9))])) == typed([[0.25, -1.0]])


@pytest.mark.parametrize("channels", [1, 2, 3])
def test_nearest_means_the_smallest_weighted_largest_difference(channels: int) -> None:
    draw = np.random.default_rng(channels)
    points = draw.normal(size=(50, channels))
    points = points[points[:, 0].argsort()]
    weights = tuple(draw.uniform(0.1, 10, channels).tolist())
    decoder = NumericalDecoder(
        "x", channels, weights, "all", (), (Candidates(tuple(range(50)), points),)
    )
    readouts = [draw.normal(size=(n, channels)).astype(np.float32) for n in (1, 7, 100)]
    expected = [
        [
            min(range(50), key=lambda k: max(abs(r - p) * w for r, p, w in zip(
                row, points[k].tolist(), weights, strict=True)))
            for row in readout.tolist()
        ]
        for readout in readouts
    ]  # fmt: skip
    assert decode(decoder, readouts) == expected


def test_many_candidates_are_compared_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = sorted(random.Random(1).sample(range(10**6), 400))
    points = np.array([[n, -n] for n in numbers], np.float64)
    decoder = NumericalDecoder("x", 2, (1.0, 1.0), "all", (), (Candidates(tuple(numbers), points),))
    readouts = [points.astype(np.float32)]
    whole = decode(decoder, readouts)
    monkeypatch.setattr("rasp_lang.transformer.decode._BLOCK", 3000)
    assert decode(decoder, readouts) == whole == [numbers]
