from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

REVERSE = "reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);"


@pytest.fixture
def broken(raspc) -> Path:
    """A model whose attention carries nothing."""
    Path("some.rasp").write_text(REVERSE, encoding="utf-8")
    raspc("compile", "some.rasp", "--vocab", "a,b", "--max-len", "4")
    with np.load("some.npz", allow_pickle=False) as archive:
        arrays = {
            name: 0 * array if "attn/value" in name else array for name, array in archive.items()
        }
    np.savez("broken.npz", **arrays)
    return Path("broken.npz")


def test_a_program_is_verified_as_its_head_says(raspc):
    done = raspc("verify", "reverse")
    assert (done.status, done.err) == (0, "")
    assert done.out == (
        "equal: the model answers as the interpreter does\n"
        "checked 363 inputs (all inputs of 1 to 5 tokens)\n"
        "its 5 expectations hold\n"
    )


EXPECTING = """\
# The tokens, reversed.
# vocab: a,b
# max-len: 3
# output: reverse
# expect: ab => ba
# expect: abb => a,b,1
reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);
"""


def test_what_a_head_expects_wrongly_is_told_with_status_1(raspc):
    Path("some.rasp").write_text(EXPECTING, encoding="utf-8")
    done = raspc("verify", "some.rasp")
    assert done.status == 1
    assert done.out.splitlines()[2:] == [
        "not as expected: ['a', 'b', 'b'] gives ['b', 'b', 'a'], its head says ['a', 'b', '1']"
    ]
    found = json.loads(raspc("verify", "some.rasp", "--json").out)["result"]
    assert found["counterexample"] is None
    assert not found["ok"]
    assert found["expectations"] == {
        "stated": 2,
        "failed": [
            {
                "input": ["a", "b", "b"],
                "causal": False,
                "expected": ["a", "b", "1"],
                "got": ["b", "b", "a"],
                "error": None,
            }
        ],
    }


def test_an_expectation_on_which_the_interpreter_fails_does_not_hold(raspc):
    text = "# vocab: 0,1\n# max-len: 2\n# expect: 0 => 0\n# expect: 1 => 1.0\ny = 1 / tokens;"
    Path("some.rasp").write_text(text, encoding="utf-8")
    done = raspc("verify", "some.rasp")
    assert done.status == 1
    assert done.out.splitlines()[-1].startswith("not as expected: [0] fails: ")


def test_expectations_are_of_the_output_that_the_head_names(raspc):
    Path("some.rasp").write_text(EXPECTING, encoding="utf-8")
    assert raspc("verify", "some.rasp", "--output", "length").status == 0
    assert raspc("verify", "some.rasp", "--output", "reverse").status == 1


def test_an_expectation_that_cannot_be_read_is_an_error(raspc):
    text = EXPECTING.replace("# expect: ab => ba", "# expect: ab")
    Path("some.rasp").write_text(text, encoding="utf-8")
    done = raspc("verify", "some.rasp")
    assert (done.status, done.out) == (1, "")
    assert "RASP0013" in done.err


def test_a_sample_names_its_seed(raspc):
    done = raspc("verify", "reverse", "--vocab", "a..h", "--max-len", "9", "--samples", "40",
                 "--seed", "7")  # fmt: skip
    assert done.out.splitlines()[1] == (
        "checked 40 inputs (a sample of the inputs of 1 to 9 tokens, seed 7)"
    )


def test_skipped_inputs_are_counted(raspc):
    Path("some.rasp").write_text("y = 1 / tokens_int;", encoding="utf-8")
    done = raspc("verify", "some.rasp", "--vocab", "0,1", "--max-len", "2", "--exhaustive")
    assert done.out.splitlines()[1:] == [
        "checked 2 inputs (all inputs of 1 to 2 tokens)",
        "skipped 4 inputs: the interpreter itself reports an error on them",
    ]


def test_a_model_file_is_verified_by_itself(raspc):
    Path("some.rasp").write_text(REVERSE, encoding="utf-8")
    raspc("compile", "some.rasp", "--vocab", "a,b", "--max-len", "4")
    Path("some.rasp").unlink()
    assert raspc("verify", "some.npz", "--exhaustive").status == 0


def test_a_wrong_model_is_told_with_an_input_and_status_1(raspc, broken):
    done = raspc("verify", str(broken))
    assert done.status == 1
    different, checked = done.out.splitlines()
    assert different.startswith("different: [")
    assert "for `reverse` at position 0, the interpreter" in different
    assert checked == "checked 2 inputs (all inputs of 1 to 4 tokens)"


def test_a_wrong_model_as_json(raspc, broken):
    done = raspc("verify", str(broken), "--json")
    assert done.status == 1
    result = json.loads(done.out)["result"]
    assert result["ok"] is False
    assert set(result["counterexample"]) == {"input", "output", "position", "expected", "got"}


def test_a_model_takes_no_vocabulary(raspc, broken):
    done = raspc("verify", str(broken), "--vocab", "a,b")
    assert done.status == 2
    assert "its own vocabulary" in done.err
