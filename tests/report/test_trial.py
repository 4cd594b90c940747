"""What only some inputs show: failures of the interpreter, and defaults among strings."""

import pytest

from rasp_lang.program import loads
from rasp_lang.report import report


def made(text, vocab, max_len=3, **options):
    return report(loads(text), vocab, max_len, **options)


def warned(text, vocab, **options):
    return [found.code for found in made(text, vocab, **options).warnings]


def test_a_place_that_can_fail_is_shown_with_the_shortest_input():
    trial = made("x = 6 / (tokens - 2);", (1, 2, 3)).trial
    [failure] = trial.failures
    assert failure.diagnostic.code == "RASP0501"
    assert failure.diagnostic.span.text == "6 / (tokens - 2)"
    assert failure.tokens == (2,)
    # All but the 2 + 4 + 8 inputs without a 2.
    assert (trial.tried, trial.exhaustive, trial.failed) == (39, True, 39 - 14)


def test_every_place_that_can_fail_is_shown_once():
    text = (
        "words = aggregate(select(tokens, tokens, ==), str(tokens)); x = words + str(1 / tokens);"
    )
    codes = [failure.diagnostic.code for failure in made(text, (0, 1)).trial.failures]
    assert sorted(codes) == ["RASP0501", "RASP0502"]


def test_a_program_that_never_fails_has_no_failures():
    trial = made("x = tokens / length;", (0, 1)).trial
    assert (trial.failed, trial.failures) == (0, ())


def test_many_inputs_are_sampled():
    trial = made("x = 1 / (length - 20);", range(30), 40).trial
    assert not trial.exhaustive
    assert trial.failed > 0
    assert {len(failure.tokens) for failure in trial.failures} == {20}


def test_what_fails_on_the_causal_reading_is_what_counts():
    text = "x = 1 / (2 - length);"
    whole = made(text, (1,), 3).trial
    causal = made(text, (1,), 3, causal=True).trial
    assert [failure.tokens for failure in whole.failures] == [(1, 1)]
    assert whole.failed == 1
    assert causal.failed == 2


def test_only_the_outputs_are_tried():
    assert made("bad = 1 / tokens; x = tokens;", (0, 1)).trial.failed == 0


AFTER_A = 'x = aggregate(select(tokens, "a", ==) and select(indices, indices - 1, ==), tokens);'


def test_a_default_among_strings_is_warned_of():
    [found] = made(AFTER_A, ("a", "b")).warnings
    assert found.code == "RASP0551"
    assert found.label == "selects nothing at a position of the input `a`"


@pytest.mark.parametrize("vocab", [(1, 2), (True, False), (0.5,)])
def test_without_strings_in_the_vocabulary_there_is_nothing_to_warn_of(vocab):
    assert loads(AFTER_A).warnings != ()
    assert warned(AFTER_A, vocab) == []


def test_a_selector_that_always_finds_a_key_is_not_warned_of():
    text = (
        'x = aggregate(select(tokens in ["a", "b"], True, ==) and select(indices, 0, ==), tokens);'
    )
    assert warned(text, ("a", "b")) == []
    assert warned(text, ("a", "b", "c")) == ["RASP0551"]


def test_the_causal_reading_may_do_without_a_default():
    text = "x = aggregate(select(indices, 2 * indices - length + 1, ==), tokens);"
    assert warned(text, ("a", "b")) == ["RASP0551"]
    assert warned(text, ("a", "b"), causal=True) == []


def test_a_default_that_only_longer_inputs_need_is_found():
    text = "x = aggregate(select(indices, 0 if length < 9 else 99, ==), tokens);"
    assert loads(text).warnings == ()
    assert warned(text, ("a", "b"), max_len=8) == []
    assert warned(text, ("a", "b"), max_len=12) == ["RASP0551"]


def test_a_position_that_some_input_lacks_is_warned_of_whatever_the_vocabulary():
    for vocab in [(1, 2), ("a", "b")]:
        assert warned("x = tokens[2];", vocab) == ["RASP0552"]
        assert warned("x = tokens[-2];", vocab, causal=True) == ["RASP0552"]
        assert warned("x = [tokens[0], tokens[-1]][0];", vocab, causal=True) == []


def test_warnings_stay_in_source_order():
    text = f"b = tokens[2];\n{AFTER_A}\nc = tokens[3];"
    found = made(text, ("a", "b")).warnings
    assert [d.code for d in found] == ["RASP0552", "RASP0551", "RASP0552"]
    assert [d.span.line for d in found] == [1, 2, 3]


@pytest.mark.parametrize("code", ["RASP0551", "RASP0552"])
def test_each_of_these_warnings_can_be_silenced(code):
    text = f"{AFTER_A}\nb = tokens[2];"
    silent = loads(text, ignore=[code])
    assert code not in [d.code for d in report(silent, ("a", "b"), 3).warnings]
    commented = text.replace("\n", f" # raspc: ignore[{code}]\n") + f" # raspc: ignore[{code}]"
    assert code not in [d.code for d in report(loads(commented), ("a", "b"), 3).warnings]
    assert code in warned(text, ("a", "b"))
