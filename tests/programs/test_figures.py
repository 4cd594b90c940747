"""The table of figures that is shipped; ``python benchmarks/library.py`` writes it anew."""

from __future__ import annotations

import pytest

from rasp_lang import pipeline
from rasp_lang.library_figures import FILE, figures_table, library_figures
from rasp_lang.library_files import find_program, shipped_folder, shipped_programs
from rasp_lang.program import load
from rasp_lang.sampling import number_of_inputs

PROGRAMS = {program.name: program.head for program in shipped_programs()}
COMPILED = {name: head for name, head in PROGRAMS.items() if not head.library}


def test_the_table_has_the_shipped_programs_that_are_compiled():
    assert set(library_figures()) == set(COMPILED)


def test_the_table_is_written_as_it_is_read():
    text = (shipped_folder() / FILE).read_text(encoding="utf-8")
    assert figures_table(library_figures()) == text


@pytest.mark.parametrize("name", ["caesar", "reverse", "sort", "dyck_2", "long_addition"])
def test_layers_and_sizes_are_those_of_the_table(name):
    head, figures = find_program(name).head, library_figures()[name]
    causal = figures.readings[0] == "causal"
    found = pipeline.compile(load(name), head.vocab, head.max_len, head.output, causal)
    assert (found.config.layers, found.heads_by_layer) == (figures.layers, figures.heads)
    assert (found.config.d_model, found.config.parameters) == (figures.d_model, figures.parameters)


@pytest.mark.parametrize("name", sorted(library_figures().keys() & COMPILED.keys()))
def test_the_figures_are_those_of_the_head(name):
    head, figures = COMPILED[name], library_figures()[name]
    readings = {"no": ("whole",), "yes": ("causal",), "both": ("whole", "causal")}
    assert sum(heads > 0 for heads in figures.heads) == head.layers
    assert figures.readings == readings[head.causal]
    if figures.exhaustive:
        total = number_of_inputs(len(head.vocab), head.max_len)
        assert 0 < figures.checked <= total * len(figures.readings)
