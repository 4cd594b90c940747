"""The exercises of the tutorial have solutions, and the solutions do what their heads say.

What the pages show is run by ``test_documents``.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from console_blocks import blocks, write_files

import rasp_lang
from rasp_lang.depth import depths

ROOT = Path(__file__).parents[2] / "docs" / "tutorial"
CHAPTERS = sorted(ROOT.glob("0*.md"))
SOLUTIONS = sorted(path for path in (ROOT / "solutions").glob("*.rasp") if path.name[0].isdigit())
#: Inputs that a solution's model is compared on at most; all of them if there are no more.
SAMPLES = 2_000

_EXERCISE = re.compile(
    r"^\*\*Exercise (\d)\.(\d)\*\*(.*?)\[Solution\]\(solutions/([\w.-]+)\)",
    re.MULTILINE | re.DOTALL,
)
_EXPECTATION = re.compile(r"^# expect: .*$", re.MULTILINE)

each_chapter = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.name)
each_solution = pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.name)


def exercises(chapter: Path) -> list[tuple[str, str, str]]:
    """Number, text and solution of each exercise of a chapter."""
    text = chapter.read_text(encoding="utf-8")
    return [(f"{a}-{b}", task, file) for a, b, task, file in _EXERCISE.findall(text)]


def typed(values):
    return [(type(value), value) for value in values]


def assert_expectations_hold(program):
    head = program.head
    for expectation in head.expectations:
        causal = [False, True] if head.causal == "both" else [head.causal == "yes"]
        for reading in causal:
            found = program.evaluate(head.output or program.output, expectation.tokens, reading)
            assert typed(found) == typed(expectation.values), expectation.tokens


def test_the_contents_page_lists_the_chapters_in_order():
    listed = re.findall(r"\]\((0\d-[\w-]+\.md)\)", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert listed == [path.name for path in CHAPTERS]
    assert len(CHAPTERS) == 8


@each_chapter
def test_a_chapter_has_three_to_five_exercises_with_a_solution_each(chapter):
    found = exercises(chapter)
    number = int(chapter.name[:2])
    assert [name for name, _, _ in found] == [f"{number}-{i + 1}" for i in range(len(found))]
    assert 3 <= len(found) <= 5
    for name, _, file in found:
        assert file.startswith(name)
        assert (ROOT / "solutions" / file).exists()


def test_every_solution_solves_an_exercise():
    linked = {file for chapter in CHAPTERS for _, _, file in exercises(chapter)}
    solutions = {path.name for path in (ROOT / "solutions").iterdir() if path.name[0].isdigit()}
    assert solutions == linked


@each_chapter
def test_what_an_exercise_expects_its_solution_expects(chapter):
    for name, task, file in exercises(chapter):
        if file.endswith(".rasp"):
            asked = _EXPECTATION.findall(task)
            head = (ROOT / "solutions" / file).read_text(encoding="utf-8").splitlines()
            assert asked, name
            assert set(asked) <= set(head), name


@each_chapter
def test_a_matrix_that_an_exercise_asks_for_is_shown_by_its_solution(chapter):
    for name, task, file in exercises(chapter):
        wanted = [block for block in blocks(task) if block.language == "text"]
        if file.endswith(".md") and wanted:
            solution = (ROOT / "solutions" / file).read_text(encoding="utf-8")
            shown = [line.strip() for line in solution.splitlines()]
            for block in wanted:
                matrix = [line.strip() for line in block.text.splitlines()]
                assert any(shown[i : i + len(matrix)] == matrix for i in range(len(shown))), name


@each_solution
def test_a_solution_computes_what_is_expected(solution):
    program = rasp_lang.load(solution)
    assert program.warnings == ()
    assert program.head.diagnostics == ()
    assert program.head.expectations
    assert depths(program.graph)[program.node(program.head.output)] == program.head.layers
    assert_expectations_hold(program)


@each_solution
def test_a_solution_compiles_to_a_model_that_answers_the_same(solution):
    program = rasp_lang.load(solution)
    head = program.head
    model = rasp_lang.compile(
        program, head.vocab, head.max_len, head.output, head.causal == "yes", backend="numpy"
    )
    report = rasp_lang.verify(model, samples=SAMPLES, exhaustive=number_of_inputs(head) <= SAMPLES)
    assert report.ok, report.counterexample
    assert report.skipped == 0
    # A hidden layer without heads is a layer of the model, and none of the paper's.
    assert model.config.layers <= max(head.layers, 1)


def number_of_inputs(head):
    return sum(len(head.vocab) ** length for length in range(1, head.max_len + 1))


@each_chapter
def test_programs_of_a_chapter_compute_what_their_heads_expect(chapter, tmp_path):
    write_files(chapter.read_text(encoding="utf-8"), tmp_path)
    for file in tmp_path.iterdir():
        if "# expect" in file.read_text(encoding="utf-8"):
            assert_expectations_hold(rasp_lang.load(file))
