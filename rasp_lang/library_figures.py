"""What the shipped programs cost: a table that is shipped with them, ``programs/figures.json``.

It is written by ``benchmarks/library.py`` and read here with the standard library only, so that
listing programs compiles none.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache

from rasp_lang.library_files import shipped_folder

#: The table's name in the folder of the programs.
FILE = "figures.json"


@dataclass(frozen=True, slots=True)
class Figures:
    """One program, compiled for the vocabulary and the maximum length of its head.

    ``heads`` are those that each layer uses. ``checked`` inputs gave the same on all levels,
    counted once for each of the ``readings`` (``whole``, ``causal``); they are all inputs if
    ``exhaustive``. The sizes are those of the first reading."""

    layers: int
    heads: tuple[int, ...]
    d_model: int
    parameters: int
    checked: int
    exhaustive: bool
    readings: tuple[str, ...]


@cache
def library_figures() -> Mapping[str, Figures]:
    """The figures by the names of the programs; files that are only loaded have none. Raises
    ``OSError`` where the installation is broken."""
    rows = json.loads((shipped_folder() / FILE).read_text(encoding="utf-8"))
    return {
        name: Figures(**{**row, "heads": tuple(row["heads"]), "readings": tuple(row["readings"])})
        for name, row in rows.items()
    }


def figures_json(figures: Figures) -> dict[str, object]:
    """The figures as JSON data."""
    found = asdict(figures)
    return {**found, "heads": list(figures.heads), "readings": list(figures.readings)}


def figures_table(figures: Mapping[str, Figures]) -> str:
    """The text of the table: a line a program, by name."""
    rows = (f"{json.dumps(name)}: {json.dumps(figures_json(figures[name]))}" for name in figures)
    return "{\n" + ",\n".join(sorted(rows)) + "\n}\n"
