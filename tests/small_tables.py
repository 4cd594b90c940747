"""Small variables and real functions of them, made by hand."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Variable
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.craft.linear import Linear
from rasp_lang.craft.tables import Table
from rasp_lang.graph import Atom

Vector = NDArray[np.float64]


def variable(number: int, atoms: Sequence[Atom], tabular: bool = True) -> Variable:
    """A variable of these values: a copied s-op, or (not tabular) a mean."""
    values = Values.of(atoms)
    kind = "copy" if tabular else "mean"
    return Variable(number, kind, -1, values, Reach.everywhere(1, len(values)), tabular, 1)


def full_table(variables: Sequence[Variable], values: Sequence[float]) -> Table:
    """A function on all tuples of values, the last variable fastest."""
    digits = np.array(list(product(*(range(len(v.values)) for v in variables))), np.int64)
    return Table(tuple(variables), digits, np.array(values, float))


NUMBERS: list[list[Atom]] = [
    [0, 1], [0, 1, 2], [-2, 0, 3], [1, 2, 3, 5], [0.0, 0.25, 1.0], [0.0, 0.5, 1.0, 1.5], [4],
    [True, False], [-1, 7],
]  # fmt: skip
TEXTS: list[list[Atom]] = [["a", "b"], ["", "a", "bc"], [0, "a"]]


@st.composite
def variables(draw: st.DrawFn, most: int = 3) -> tuple[Variable, ...]:
    """Up to three variables of up to four values; numbers may be tabular or not, texts are."""
    found = []
    for number in range(draw(st.integers(1, most))):
        tabular = draw(st.booleans())
        atoms = draw(st.sampled_from(NUMBERS + TEXTS if tabular else NUMBERS))
        found.append(variable(number, atoms, tabular))
    return tuple(found)


@st.composite
def rows(draw: st.DrawFn, of: Sequence[Variable]) -> NDArray[np.int64]:
    """Some of the tuples of values, at least one."""
    every = full_table(of, [0.0] * int(np.prod([len(v.values) for v in of]))).digits
    kept = draw(st.lists(st.booleans(), min_size=len(every), max_size=len(every)))
    return every[np.array(kept)] if any(kept) else every


@st.composite
def tables(draw: st.DrawFn, levels: Sequence[float] = (0, 1, 2, -1, 5)) -> Table:
    """A function that takes any of some levels on some tuples of values."""
    known = draw(variables())
    digits = draw(rows(known))
    chosen = draw(st.lists(st.sampled_from(levels), min_size=len(digits), max_size=len(digits)))
    return Table(known, digits, np.array(chosen, float))


def read(linear: Linear, table: Table) -> Vector:
    """A linear reading in each row of a table."""
    assert not linear.functions
    total = np.full(len(table.values), linear.constant)
    for part in linear.parts:
        digits = table.digits[:, table.variables.index(part.variable)]
        total = total + part.factor * part.vector[digits]
    return total
