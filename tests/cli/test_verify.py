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
    )


def test_a_sample_names_its_seed(raspc):
    done = raspc("verify", "reverse", "--vocab", "a..h", "--max-len", "9", "--samples", "40",
                 "--seed", "7")  # fmt: skip
    assert done.out.endswith(
        "checked 40 inputs (a sample of the inputs of 1 to 9 tokens, seed 7)\n"
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
