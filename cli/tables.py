"""Tables as text, made by rich; imported by the commands that show tables."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from raspc.output import wants_color

#: Nothing is wrapped where nobody looks at a terminal: a line of a pipe is a row.
_UNBOUNDED = 100_000


def table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """A table under a title; numbers stand to the right."""
    cells = [[_cell(value) for value in row] for row in rows]
    built = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD,
                  pad_edge=False)  # fmt: skip
    for position, column in enumerate(columns):
        numeric = bool(cells) and all(_is_number(row[position].plain) for row in cells)
        built.add_column(column, justify="right" if numeric else "left", overflow="fold")
    for row in cells:
        built.add_row(*row)
    return built


def text_of(parts: Iterable[Table | str]) -> str:
    """Tables and lines below each other, as wide as the terminal; coloured on one that wants it."""
    stream = StringIO()
    color = wants_color(sys.stdout)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else _UNBOUNDED
    console = Console(
        file=stream,
        width=width,
        force_terminal=color,
        no_color=not color,
        highlight=False,
        markup=False,
        emoji=False,
    )
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str))
    return "\n".join(line.rstrip() for line in stream.getvalue().splitlines()).rstrip("\n")


def _cell(value: object) -> Text:
    return Text("" if value is None else f"{value:,}" if type(value) is int else str(value))


def _is_number(text: str) -> bool:
    try:
        float(text.replace(",", ""))
    except ValueError:
        return False
    return True
