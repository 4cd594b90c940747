"""Programs beyond Tracr's reach: what it refuses or silently gets wrong.

Each module enters programs of one kind into ``table.PROGRAMS``, each with the layers that the
paper counts and, in plain Python, what it means. ``tests/levels/test_beyond_tracr.py`` compares
program, meaning and models on all inputs. May import nothing of ``rasp_lang`` but the shipped
programs' texts, so that a meaning is an independent statement.
"""

from beyond_tracr import (
    causal,
    counts,
    defaults,
    keys,
    means,
    selectors,
    shipped,
    texts,
    types,
)

__all__ = [
    "causal",
    "counts",
    "defaults",
    "keys",
    "means",
    "selectors",
    "shipped",
    "texts",
    "types",
]
