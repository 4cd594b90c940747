"""A short run of the fuzzer, and the fuzzer itself. ``benchmarks/fuzz_compiler.py`` runs longer."""

from __future__ import annotations

import importlib
import json
from pathlib import Path

import numpy as np
import padded_haiku
import pytest
import three_levels
from fuzzing import Outcome, outcome, report, shrunk
from random_programs import random_program, smaller

import rasp_lang
from rasp_lang import graph, pipeline
from rasp_lang.transformer.haiku_model import HaikuModel
from rasp_lang.transformer.model import Model
from rasp_lang.transformer.token_ids import Vocabulary


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_no_random_program_is_wrong_and_none_crashes(part: int) -> None:
    found = []
    for number in range(part * 20, part * 20 + 20):
        seed = f"0:{number}"
        candidate = random_program(seed)
        tried = outcome(candidate)
        if tried.bad:
            found.append(report(*shrunk(candidate, tried), seed))
    assert not found, "\n".join(found)


def test_most_random_programs_have_something_to_compare() -> None:
    found = [outcome(random_program(f"1:{number}")) for number in range(30)]
    assert sum(one.verdict == "right" for one in found) > 22
    assert sum(bool(one.layers) for one in found) > 12


def test_random_programs_use_every_operation_of_the_graph() -> None:
    """All that the language has, with every function, comparison and connective."""
    used: set[object] = set()
    for number in range(500):
        try:
            nodes = rasp_lang.loads(random_program(f"2:{number}").text).graph.nodes
        except rasp_lang.RaspError:
            continue
        for node in nodes:
            used |= {type(node.op), *(getattr(node.op, name, None) for name in _DETAILS)}
    assert used >= {
        graph.Constant, graph.Tokens, graph.Indices, graph.Elementwise, graph.LookupList,
        graph.LookupDict, graph.Membership, graph.Substring, graph.Aggregate, graph.Width,
        graph.Pin, graph.Select, graph.Combine, *graph.UNARY, *graph.BINARY, *graph.TERNARY,
        "asis", "str", "int", "float", "bool", "categorical", "numerical",
    }  # fmt: skip


_DETAILS = ("function", "view", "encoding", "comparison", "connective")


def test_a_seed_gives_one_program() -> None:
    assert random_program("3:5") == random_program("3:5")
    assert len({random_program(f"3:{number}").text for number in range(50)}) > 40


def test_smaller_programs_are_smaller_and_still_programs() -> None:
    for number in range(20):
        program = random_program(f"4:{number}")
        for candidate in smaller(program):
            assert candidate.weight < program.weight
            assert len(candidate.steps) <= len(program.steps)


class _Wrong(Model):
    """A model that answers 0 where it should answer 2."""

    def batch(self, inputs):  # type: ignore[no-untyped-def]
        return [[0 if value == 2 else value for value in row] for row in super().batch(inputs)]


def test_a_wrong_compiler_is_caught_and_the_program_shrunk(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(three_levels, "Model", _Wrong)
    tried = ((number, outcome(random_program(f"0:{number}"))) for number in range(100))
    number, wrong = next((number, found) for number, found in tried if found.bad)
    assert (wrong.verdict, wrong.reason) == ("wrong", "model")
    candidate, still = shrunk(random_program(f"0:{number}"), wrong)
    assert still.verdict == "wrong"
    assert len(candidate.steps) == 1
    assert candidate.text in report(candidate, still, f"0:{number}")


def test_a_crash_is_told_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(rasp_lang.pipeline, "build", fail)
    found = outcome(next(p for p in map(random_program, "abcdef") if "tokens" in p.text))
    assert found.like(Outcome("crashed", "ZeroDivisionError in test_random_programs.py:fail"))
    assert found.bad


@pytest.mark.parametrize("name", ["reverse", "sort", "dyck_1"])
@pytest.mark.parametrize("causal", [False, True])
def test_padding_with_zeros_changes_no_readout(name: str, causal: bool) -> None:
    program = rasp_lang.load(name)
    vocab, max_len = program.head.vocab, 4
    assert vocab
    artifact = pipeline.compile(program, vocab[:3], max_len, causal=causal)
    encoder = Vocabulary(artifact.vocabulary, max_len)
    ids = encoder.batch([[0], [2, 1, 0], [1, 1, 2, 0], [2, 2]], max_len + 1)
    [meant] = HaikuModel(artifact.config, artifact.params).forward(ids)
    [found] = padded_haiku.readouts(artifact, ids)
    real = ids < artifact.config.vocab_size
    np.testing.assert_allclose(found[real], meant[real], rtol=1e-5, atol=1e-4)


def test_haiku_modules_that_compute_something_else_are_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = padded_haiku.readouts
    monkeypatch.setattr(padded_haiku, "readouts", lambda *given: [-r for r in real(*given)])
    found = [outcome(random_program(f"0:{number}")) for number in range(10)]
    assert {(one.verdict, one.reason) for one in found if one.bad} == {("wrong", "haiku")}


def test_runs_of_the_same_sources_are_recorded_together(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "benchmarks")
    command = importlib.import_module("fuzz_compiler")
    monkeypatch.setattr(command, "RESULTS", tmp_path)
    for first in ("0", "2", "2"):
        given = ["fuzz_compiler", "--programs", "2", "--seed", "5", "--first", first, "--record"]
        monkeypatch.setattr("sys.argv", given)
        assert command.main() == 0
    runs = json.loads((tmp_path / "fuzz.json").read_text("utf-8"))
    assert [(run["seed"], run["first"], run["programs"]) for run in runs] == [(5, 0, 2), (5, 2, 2)]
    assert (tmp_path / "fuzz.md").read_text("utf-8").startswith("# Random programs\n\n4 random")
    monkeypatch.setattr(command, "sources", lambda: "others")
    assert command.main() == 0
    [run] = json.loads((tmp_path / "fuzz.json").read_text("utf-8"))
    assert run["sources"] == "others"
