"""Finite sets of values, codes and classes against the plain way to the same."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from rasp_lang.analysis.values import Reach, Values, distinct, kind, ranked
from rasp_lang.graph import Atom

SETTINGS = settings(max_examples=200, deadline=None, derandomize=True)
ATOMS: list[Atom] = [0, 1, 2, True, False, 0.0, -0.0, 1.0, 0.5, "", "a", "1", -3]
#: Of one kind, and of several.
LISTS = st.one_of(
    st.lists(st.one_of(st.none(), st.sampled_from(ATOMS)), max_size=12),
    st.lists(st.one_of(st.none(), st.integers(-3, 3)), max_size=12),
    st.lists(st.sampled_from([0.0, 0.5, 2.0]), max_size=12),
)


@SETTINGS
@given(LISTS)
def test_values_are_listed_with_where_each_atom_stands(atoms: list[Atom | None]) -> None:
    values, positions = Values.listed(atoms)
    known = [atom for atom in atoms if atom is not None]
    assert [(kind(a), a) for a in values.atoms] == [(kind(a), a) for a in Values.of(known).atoms]
    assert len(values) == len({(kind(atom), atom) for atom in known})
    assert (positions == values.find(atoms)).all()
    for atom, position in zip(atoms, positions.tolist(), strict=True):
        if atom is None:
            assert position == -1
        else:
            found = values.atoms[position]
            assert (kind(found), found) == (kind(atom), atom)


@SETTINGS
@given(st.lists(st.integers(0, 40), max_size=30), st.sampled_from([41, 10**6]))
def test_codes_are_ranked_and_found_again_whatever_bounds_them(
    codes: list[int], bound: int
) -> None:
    array = np.array(codes, np.int64)
    wanted, first, class_of = np.unique(array, return_index=True, return_inverse=True)
    every, which = ranked(array, bound)
    assert (every == wanted).all()
    assert (which == class_of).all()
    where, which = distinct(array, bound)
    assert (where == first).all()
    assert (which == class_of).all()


@st.composite
def classes(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray]:
    """Classes of places, numbered in the order in which they come first, with what each can be."""
    count, width = draw(st.integers(1, 6)), draw(st.integers(1, 4))
    rows = draw(st.lists(st.lists(st.booleans(), min_size=width, max_size=width),
                         min_size=count, max_size=count))  # fmt: skip
    more = draw(st.lists(st.integers(0, count - 1), max_size=8))
    return np.array([*range(count), *more], np.int64), np.array(rows, bool)


@SETTINGS
@given(classes())
def test_equal_rows_become_one_class_and_nothing_else_changes(
    made: tuple[np.ndarray, np.ndarray],
) -> None:
    class_of, table = made
    reach = Reach.by_class(class_of, table)
    assert (reach.per_place() == table[class_of]).all()
    assert len(reach.table) == len({row.tobytes() for row in table})
    assert list(dict.fromkeys(reach.class_of.tolist())) == list(range(len(reach.table)))
