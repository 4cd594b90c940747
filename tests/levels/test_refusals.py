"""What cannot be compiled is refused to those who need it, and to nobody else."""

from __future__ import annotations

import random
import subprocess
import sys
import time

import pytest
import three_levels

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.diagnostics import Diagnostic
from rasp_lang.graph import Atom
from rasp_lang.sampling import about, all_inputs, number_of_inputs, sample_inputs

#: S-ops that no construction gives at (3 tokens, 300).
MEAN_IN_CODE = "average_token = aggregate(full_s, tokens); spread = average_token * 2;"
TYPES = "mixed = 1 if tokens > 0 else 1.0; share = aggregate(full_s, mixed) + 1;"
SELECTOR = (
    "near = select(tokens, 1, ==);"
    "for k in range(1, 14) {"
    '  before = aggregate(select(indices, indices - k, ==), tokens, "");'
    "  near = near or select(tokens, before, ==);"
    "}"
    "count_near = selector_width(near);"
)
NUMBERS = (0, 1, 7)


def refused(
    source: str, output: str, vocab: tuple[Atom, ...] = NUMBERS, max_len: int = 300
) -> Diagnostic:
    with pytest.raises(RaspError) as caught:
        pipeline.build(rasp_lang.loads(source), vocab, max_len, output)
    [diagnostic] = caught.value.diagnostics
    return diagnostic


def assert_right(source: str, max_len: int, output: str, causal: bool = False) -> pipeline.Compiled:
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, NUMBERS, max_len, output, causal)
    inputs = sample_inputs(NUMBERS, max_len, 12, seed=1)
    found = three_levels.agreement(program, compiled, inputs, craft_inputs=4)
    assert (found.disagreement, found.checked) == (None, len(inputs))
    return compiled


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize(
    ("source", "refusal", "output"),
    [(MEAN_IN_CODE, "spread", "total"), (TYPES, "share", "seen"), (SELECTOR, "count_near", "seen")],
)
def test_what_is_refused_is_refused_to_those_who_need_it_only(
    source: str, refusal: str, output: str, causal: bool
) -> None:
    source += "seen = selector_width(select(tokens, tokens, ==));"
    source += "total = round(length * aggregate(full_s, tokens));"
    assert refused(source, refusal).code.startswith("RASP06")
    assert_right(source, 300, output, causal)


def test_a_sum_compiles_although_its_mean_takes_too_many_values() -> None:
    source = "total = round(length * aggregate(full_s, tokens));"
    compiled = assert_right(source, 300, "total")
    assert compiled.artifact.config.layers == 1
    assert compiled.artifact.decoders[0].kind == "numerical"


@pytest.mark.parametrize(
    ("source", "output", "code", "named", "text"),
    [
        (MEAN_IN_CODE, "spread", "RASP0603", "`average_token`", "aggregate(full_s, tokens)"),
        (
            MEAN_IN_CODE + "x = aggregate(select(tokens, -spread, ==), tokens, 0);",
            "x", "RASP0603", "`average_token`", "aggregate(full_s, tokens)",
        ),
        (TYPES, "share", "RASP0602", "several types", "aggregate(full_s, mixed)"),
        (SELECTOR, "count_near", "RASP0601", "the selector", "near or select(tokens, before, ==)"),
    ],
)  # fmt: skip
def test_the_refusal_of_a_needed_part_shows_its_place(
    source: str, output: str, code: str, named: str, text: str
) -> None:
    found = refused(source, output)
    assert found.code == code
    assert named in found.message
    assert found.span is not None
    place = found.span
    lines = source.splitlines()
    assert lines[place.line - 1][place.column - 1 : place.end_column - 1] == text
    assert [note for note in found.notes if "no way out" in note] == list(found.notes)


def test_the_cost_of_looking_up_is_told_however_large() -> None:
    started = time.process_time()
    found = refused(MEAN_IN_CODE, "spread", tuple(range(20)), 4000)
    assert time.process_time() - started < 20
    assert found.notes == (
        "looking every answer up by its whole input is no way out: "
        "about 10^5208 answers, more than 200,000",
    )


def test_a_number_of_inputs_is_told_exactly_or_by_its_size() -> None:
    draw = random.Random(3)
    for _ in range(200):
        digits = draw.choice((1, 5, 12, 13, 40, 400, 6000))
        number = draw.randrange(10 ** (digits - 1), 10**digits)
        if digits <= 12:
            assert about(number) == f"{number:,}"
        else:
            power = int(about(number).removeprefix("about 10^"))
            assert 10**power < 4 * number < 16 * 10**power
    assert about(number_of_inputs(10, 4096)) == "about 10^4096"


COMPILED_IN_LITTLE_MEMORY = """
import resource
resource.setrlimit(resource.RLIMIT_AS, (3 * 2**30, 3 * 2**30))
import rasp_lang
try:
    rasp_lang.compile(rasp_lang.load("reverse"), vocab=["a", "b"], max_len=4096, backend="numpy")
except rasp_lang.RaspError as error:
    print(error.diagnostics[0].code)
"""


def test_what_would_take_millions_of_weights_is_refused_before_the_memory_is_taken() -> None:
    command = [sys.executable, "-c", COMPILED_IN_LITTLE_MEMORY]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert (done.stdout, done.stderr) == ("RASP0605\n", "")


#: A program whose means are compared by thousands of kinds of values, on few inputs.
THOUSANDS = (
    "others = not select(tokens, tokens, ==);"
    "total = round(selector_width(others) * aggregate(others, tokens));"
    "level = floor(average(total));"
    "x = sort(level, level);"
)


def test_a_program_of_thousands_of_kinds_of_values_and_few_inputs_is_a_table() -> None:
    program, vocab = rasp_lang.loads(THOUSANDS), (1000, -1)
    compiled = pipeline.build(program, vocab, 4, "x")
    assert compiled.facts.lookups
    found = three_levels.agreement(program, compiled, list(all_inputs(vocab, 4)))
    assert (found.disagreement, found.checked) == (None, 30)
