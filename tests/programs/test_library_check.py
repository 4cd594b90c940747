"""``library_check``: what is found of a program, and what is not its fault."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial
from operator import call
from os import _exit

import pytest

from rasp_lang import loads
from rasp_lang.levels import compare, longer_ids
from rasp_lang.library_check import Extent, check, check_library
from rasp_lang.library_files import ShippedProgram, find_program
from rasp_lang.pipeline import build
from rasp_lang.processes import Crash, each

HEAD = "# Something.\n# vocab: a,b\n# max-len: 3\n# output: y\n# layers: 1\n"
REVERSE = "y = aggregate(select(indices, length - 1 - indices, ==), tokens);"
COUNT = 'y = selector_width(select(tokens, "a", ==));'


@pytest.fixture
def checked(tmp_path):
    """The report on a text, by numpy."""

    def check_text(text: str, extent: Extent = Extent()):  # noqa: B008
        file = tmp_path / "some.rasp"
        file.write_text(text, encoding="utf-8")
        return check(ShippedProgram("some", "tests", file), extent, "numpy")

    return check_text


def problems(report):
    return [(problem.kind, problem.message) for problem in report.problems]


def test_a_good_program_is_compared_on_all_inputs(checked):
    report = checked(f"{HEAD}# causal: both\n# expect: ab => 1,1\n{COUNT}".replace("both", "no"))
    assert (report.ok, report.verdict, report.skipped) == (True, "equal", 0)
    figures = report.figures
    assert (figures.layers, figures.heads, figures.checked) == (1, (1,), 14)
    assert (figures.exhaustive, figures.readings) == (True, ("whole",))


def test_each_reading_of_the_head_is_compared(checked):
    before = "y = selector_width(select(indices, indices, <=));"
    both = checked(f"{HEAD}# causal: both\n{before}")
    assert (both.figures.readings, both.figures.checked) == (("whole", "causal"), 28)
    only = checked(f"{HEAD}# causal: yes\n{before}")
    assert (only.figures.readings, only.figures.checked) == (("causal",), 14)


def test_expectations_that_fail_are_told(checked):
    report = checked(f"{HEAD}# expect: ab => 2,2\n# expect: b => 0.0,\n{COUNT}")
    assert problems(report) == [
        ("expectation", "['a', 'b'] gives [1, 1], its head says [2, 2]"),
        ("expectation", "['b'] gives [0], its head says [0.0]"),
    ]
    assert report.figures.checked == 14


def test_other_layers_than_the_head_says_are_a_problem(checked):
    report = checked(f"{HEAD}{REVERSE}")
    assert problems(report) == [
        ("layers", "the paper counts 2 layers, its head says 1"),
        ("layers", "with heads the model has 2 layers, its head says 1"),
    ]


def test_a_layer_without_heads_does_not_count(checked):
    head = HEAD.replace("a,b", "1,2,3").replace("layers: 1", "layers: 0")
    report = checked(f"{head}y = tokens ^ indices;")
    assert report.ok
    assert (report.figures.layers, report.figures.heads) == (1, (0,))


def test_a_refusal_is_a_problem(checked):
    report = checked(f"{HEAD.replace('3', '5000')}{COUNT}")
    assert report.verdict == "refused"
    assert "[RASP0605]" in report.problems[0].message
    assert report.figures is None


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        (f"{HEAD}y = tokns;", "load"),
        (f"# layers: 1\n{COUNT}", "head"),
        (f"{HEAD}# vocab: c\n{COUNT}", "head"),
        (f"{HEAD}{COUNT}\nx = 1; z = not x == 1;", "warning"),
        ("# library\nx = 1; z = not x == 1;", "warning"),
        ("# library\ndef f(x) { return x + 1; }", "loaded"),
    ],
)
def test_what_is_wrong_before_anything_is_compared(checked, text, verdict):
    assert checked(text).verdict == verdict


def test_inputs_on_which_the_interpreter_fails_are_skipped(checked):
    head = HEAD.replace("a,b", "0,1").replace("layers: 1", "layers: 0")
    report = checked(f"{head}y = 1 / tokens_int;")
    assert (report.verdict, report.figures.checked, report.skipped) == ("equal", 3, 11)


def test_what_no_program_is_to_blame_for_is_a_crash(tmp_path):
    report = check(ShippedProgram("none", "tests", tmp_path / "none.rasp"), Extent())
    assert report.verdict == "crashed"
    assert report.problems[0].message.startswith("FileNotFoundError")


@pytest.mark.parametrize("backend", ["numpy", "jax"])
def test_a_difference_is_found_and_told(backend):
    program, other = loads(f"{COUNT}"), loads('y = selector_width(select(tokens, "b", ==));')
    found = compare(program, build(other, "ab", 3), 20, 5, 0, backend)
    assert not found.exhaustive
    told = "the craft program gives [0] for ['a'], the interpreter [1]"
    assert str(found.difference) == told


def test_a_wrong_transformer_is_found():
    program = loads(COUNT)
    compiled = build(program, "ab", 3)
    for array in compiled.artifact.params["unembed_0"].values():
        array.flags.writeable = True
        array *= 0
    found = compare(program, compiled, 20, 5, 0, "jax")
    assert found.difference.level == "transformer"


def test_beyond_the_bound_a_sample_is_drawn(checked):
    report = checked(f"{HEAD.replace('a,b', 'a..d').replace('3', '6')}{COUNT}", Extent(84, 100))
    assert report.ok
    assert (report.figures.checked, report.figures.exhaustive) == (84 + 100, False)


def test_longer_inputs_are_distinct_and_mostly_of_full_length():
    drawn = longer_ids(3, 2, 8, 200, 1)
    assert len(set(drawn)) == len(drawn) == 200
    assert {len(ids) for ids in drawn} == {3, 4, 5, 6, 7, 8}
    assert sum(len(ids) == 8 for ids in drawn) >= 100
    assert {(k,) * 8 for k in range(3)} <= set(drawn)
    assert longer_ids(3, 2, 8, 200, 1) == drawn
    assert longer_ids(2, 1, 2, 100, 0) == [(0, 0), (0, 1), (1, 0), (1, 1)]


def test_a_process_that_ends_takes_no_other_along():
    items = [partial(abs, -1), partial(_exit, 3), partial(abs, -2), partial(abs, -3)]
    found = dict(each(call, items, 2))
    assert found == {0: 1, 1: Crash(3), 2: 2, 3: 3}
    assert str(Crash(3)) == "the process ended with status 3"
    assert str(Crash(-9)) == "the process was ended by signal 9"


BLOCKED = """
from functools import partial
from signal import SIG_BLOCK, SIGINT, pthread_sigmask
from rasp_lang.processes import each
print([SIGINT in found for _, found in each(partial(pthread_sigmask, SIG_BLOCK), [(), ()], 2)])
"""


@pytest.mark.skipif(not hasattr(signal, "pthread_sigmask"), reason="signals cannot be blocked here")
def test_no_process_sees_ctrl_c_not_even_the_first():
    done = subprocess.run([sys.executable, "-c", BLOCKED], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[True, True]\n", "")


def test_programs_are_shared_out(tmp_path):
    bad = tmp_path / "bad.rasp"
    bad.write_text("y = tokns;")
    programs = [find_program("reverse"), ShippedProgram("bad", "tests", bad)]
    reports = {report.name: report for report in check_library(programs, Extent(), 2, "numpy")}
    assert {name: report.verdict for name, report in reports.items()} == {
        "reverse": "equal",
        "bad": "load",
    }
