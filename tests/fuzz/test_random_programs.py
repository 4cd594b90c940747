"""A short run of the fuzzer, and the fuzzer itself. ``benchmarks/fuzz_compiler.py`` runs longer."""

from __future__ import annotations

import pytest
import three_levels
from fuzzing import Outcome, outcome, report, shrunk
from random_programs import random_program, smaller

import rasp_lang
from rasp_lang.transformer.model import Model


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
    verdicts = [outcome(random_program(f"1:{number}")).verdict for number in range(60)]
    assert verdicts.count("right") > 40


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
