"""The built-in forms: what looks like a call but is part of the language."""

from __future__ import annotations

#: How many arguments each takes (least, most; None: any number).
FORMS: dict[str, tuple[int, int | None]] = {
    "round": (1, 1),
    "indicator": (1, 1),
    "range": (1, 3),
    "zip": (1, None),
    "len": (1, 1),
    "select": (3, 3),
    "aggregate": (2, 3),
}
