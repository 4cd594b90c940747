"""Shipped programs that are beyond Tracr; ``program_meanings`` says what they compute."""

from __future__ import annotations

from program_meanings import MEANINGS

from beyond_tracr.table import PROGRAMS, Beyond
from rasp_lang.library_files import shipped_programs

#: What is beyond Tracr in each, its vocabulary and maximum length.
SHIPPED = {
    "sort": ("a rank by or of and: a stable sort", range(3), 5),
    "sort_by_magnitude": ("a stable sort by keys that are computed", range(-2, 3), 4),
    "sort_by_frequency": ("fractions of counts and positions as keys and queries", "abc", 5),
    "most_frequent": ("fractions of counts and positions as keys and queries", "abc", 5),
    "dyck_1": ("a sum of -1 and 1, and whether any prefix of it is negative", "()", 8),
    "dyck_2": ("conjunctions over computed levels and numbers; texts joined", "()[]", 4),
    "dyck_3": ("conjunctions over computed levels and numbers; texts joined", "()[]{}", 3),
    "long_addition": (
        "a conjunction of two computed keys, one a function of three sums",
        "0189+",
        4,
    ),
    "long_sum": ("five layers of computed keys, counts and texts", "459+", 5),
    "parity": ("a remainder of a count", range(2), 8),
    "palindrome": ("copies compared elementwise, over all positions", "abc", 5),
    "median": ("a mean over keys between two computed numbers", range(3), 5),
    "rotate_left": ("a remainder of position by length as query", "abc", 5),
    "next_identical": ("a conjunction of tokens and computed numbers", "abc", 5),
    "previous_position": (
        "a conjunction of tokens and computed numbers; a default of -1",
        "abc",
        6,
    ),
    "induction": ("copies by conjunctions over computed numbers", "abc", 5),
    "double_histogram": ("a conjunction over widths and truth values", "abc", 5),
    "variance": ("a mean of squares minus the square of a mean", range(3), 5),
    "deviation": ("a token minus a mean", [-1, 0, 3], 5),
    "majority": ("a comparison of a mean and a half", range(2), 8),
    "pack_left": ("computed places, and a default that is a text", "abx", 5),
    "unique_tokens": ("a width over computed truth values as place", "abc", 5),
    "dedupe_neighbours": ("a width over computed truth values as place", "abc", 5),
    "riffle": ("two tokens' positions, a choice between halves of a count", "abc", 5),
    "moving_average": ("a mean over a conjunction of numeric comparisons", range(4), 4),
    "prefix_sums": ("a rounded product of a mean and a position", [-1, 0, 2], 5),
    "binary_value": ("a sum of products of a token and a power of two", range(2), 7),
    "a_n_b_n_c_n": ("several counts, compared and combined", "abc", 6),
    "running_maximum": ("several conjunctions in one layer", range(4), 4),
}

_FILES = {program.name: program for program in shipped_programs()}

for _name, (_why, _vocab, _max_len) in SHIPPED.items():
    _layers = _FILES[_name].head.layers
    assert _layers is not None
    PROGRAMS[_name] = Beyond(
        name=_name,
        why=_why,
        source=_FILES[_name].text,
        vocab=tuple(_vocab),
        max_len=_max_len,
        layers=_layers,
        causal=False,
        outputs=None,
        meaning=MEANINGS[_name],
    )
