"""Whatever the interpreter shows on any input is in the report of a shipped program."""

import pytest

from rasp_lang.analysis.batch import evaluate_batch
from rasp_lang.library_files import shipped_programs
from rasp_lang.program import loads
from rasp_lang.report import report
from rasp_lang.sampling import all_inputs

MAX_LEN = 4
READINGS = {"no": [False], "yes": [True], "both": [False, True]}
KINDS = {int: "int", float: "float", bool: "bool", str: "string"}
CASES = [
    pytest.param(program, causal, id=f"{program.name}{'-causal' * causal}")
    for program in shipped_programs()
    if not program.head.library
    for causal in READINGS[program.head.causal]
]


def seen(program, nodes, vocab, causal):
    """What the nodes give on all inputs without an error, by node, with the length: rows of
    values or of matrices."""
    for length in range(1, MAX_LEN + 1):
        inputs = [tokens for tokens in all_inputs(vocab, MAX_LEN) if len(tokens) == length]
        for node, batch in zip(
            nodes, evaluate_batch(program.graph, nodes, inputs, causal=causal), strict=True
        ):
            yield node, batch.values[~batch.failed]


@pytest.mark.parametrize(("shipped", "causal"), CASES)
def test_a_report_misses_nothing(shipped, causal):
    program = loads(shipped.text, name=shipped.path)
    vocab = shipped.head.vocab[:4]
    found = report(program, vocab, MAX_LEN, shipped.head.output, causal)
    known = {
        program.node(entry.name): entry
        for entry in (*found.sops, *found.selectors)
        if entry.public and entry.refusal is None
    }
    assert known
    for node, values in seen(program, list(known), vocab, causal):
        entry = known[node]
        if values.ndim == 3:
            widths = values.sum(axis=2)
            if widths.size:
                assert entry.least <= widths.min()
                assert widths.max() <= entry.most
            continue
        typed = {(type(value), value) for value in values.reshape(-1)}
        assert typed <= {(type(value), value) for value in entry.values}
        assert {KINDS[kind] for kind, _ in typed} <= set(entry.found.split("|"))
        assert set(entry.found.split("|")) <= set(entry.types.split("|"))


@pytest.mark.parametrize(("shipped", "causal"), CASES)
def test_the_heads_of_the_report_are_as_deep_as_the_head_of_the_file_says(shipped, causal):
    program = loads(shipped.text, name=shipped.path)
    found = report(program, shipped.head.vocab[:2], 2, shipped.head.output, causal)
    assert len(found.heads) == shipped.head.layers
    assert found.trial.exhaustive
