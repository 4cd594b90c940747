"""Results as they are committed: a JSON file for machines, a Markdown page for people."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

RESULTS = Path(__file__).parent / "results"
Row = dict[str, Any]


def table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> str:
    """The rows in Markdown; columns whose values are text stand on the left."""
    lines = ["| " + " | ".join(columns) + " |"]
    lines.append("|" + "|".join("---" if _is_text(column, rows) else "---:" for column in columns))
    lines[-1] += "|"
    lines += ["| " + " | ".join(_cell(row.get(c, "")) for c in columns) + " |" for row in rows]
    return "\n".join(lines)


def _is_text(column: str, rows: Sequence[Mapping[str, Any]]) -> bool:
    return bool(rows) and isinstance(rows[0].get(column), str) and "/" not in rows[0][column]


def _cell(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)


def read(name: str) -> list[Row]:
    rows: list[Row] = json.loads((RESULTS / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def write(name: str, rows: Sequence[Row], page: str) -> None:
    """Both files of a part of the suite."""
    RESULTS.mkdir(exist_ok=True)
    data = ",\n".join(json.dumps(row) for row in rows)
    (RESULTS / f"{name}.json").write_text(f"[\n{data}\n]\n", encoding="utf-8")
    (RESULTS / f"{name}.md").write_text(page, encoding="utf-8")


def paragraph(docstring: str | None, number: int) -> str:
    """A paragraph of a module's docstring, for its page."""
    return (docstring or "").split("\n\n")[number].strip()
