"""Excerpts of a source with its marked places underlined, as rows of text.

A place within one line is underlined: ``^`` for the primary one, ``-`` for others. A primary place
of several lines gets a bar in the margin. Columns are those of a terminal: a tab takes four, a wide
character two, a combining one none.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rasp_lang.source import Source, Span

_TAB = "    "
#: Longer lines are cut around their marks, so that a program of one line stays readable.
_MAX_CHARACTERS = 120
_CONTEXT_CHARACTERS = 40
#: A place of more lines than this is shown by its first lines and its last.
_MAX_LINES = 5


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of one line: code point columns from 0, half-open, ``text`` its label."""

    line: int
    start: int
    end: int
    text: str
    primary: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row: the line number (None beside an underline, -1 where lines are left out), the text
    and for each character of it what it is: ``s`` source, ``p`` primary, ``-`` secondary."""

    line: int | None
    text: str = ""
    paint: str = ""


@dataclass(frozen=True, slots=True)
class _View:
    """A source line as it is shown; ``columns[c]`` is the terminal column of code point c."""

    text: str
    columns: tuple[int, ...]


def excerpt(source: Source, primary: Span | None, others: Iterable[tuple[Span, str]],
            label: str) -> list[Row]:  # fmt: skip
    """The rows that show ``primary`` with its label and the other places of this source."""
    block = primary if primary is not None and _last_line(primary) > primary.line else None
    marks = [_mark(span, text, primary=False) for span, text in others]
    if primary is not None and block is None:
        marks.append(_mark(primary, label, primary=True))
    shown = sorted({mark.line for mark in marks} | set(_block_lines(block)))
    rows: list[Row] = []
    for before, line in zip([None, *shown], shown, strict=False):
        if before is not None and line > before + 1:
            rows.append(_gap(block, before))
        here = [mark for mark in marks if mark.line == line]
        rows.extend(_line_rows(source, line, here, block, label))
    return rows


def _mark(span: Span, text: str, *, primary: bool) -> Mark:
    """The part of a span on its first line."""
    line, column = span.source.position(span.start)
    length = len(span.source.line_text(line))
    start = min(column - 1, length)
    width = span.end - span.start if _last_line(span) == line else length - start
    return Mark(line, start, start + max(1, width), text, primary)


def _last_line(span: Span) -> int:
    """The line of a span's last character: a line break at its end does not count as a line."""
    end = max(span.start, span.end - 1)
    return span.source.position(end)[0]


def _block_lines(block: Span | None) -> Sequence[int]:
    if block is None:
        return ()
    first, last = block.line, _last_line(block)
    if last - first < _MAX_LINES:
        return range(first, last + 1)
    return (*range(first, first + _MAX_LINES - 2), last)


def _gap(block: Span | None, before: int) -> Row:
    inside = block is not None and block.line <= before < _last_line(block)
    return Row(-1, "|", "p") if inside else Row(-1)


def _line_rows(source: Source, line: int, marks: list[Mark], block: Span | None,
               label: str) -> Iterator[Row]:  # fmt: skip
    text = source.line_text(line)
    view, moved = _view(text, marks)
    if block is None:
        yield _source_row(line, view)
        yield from _underline(moved, view)
        return
    first, last = block.line, _last_line(block)
    opens_line = line == first and not text[: block.column - 1].strip()
    yield _with_margin(_source_row(line, view), "/" if opens_line else _bar(first < line <= last))
    inside = first < line < last or opens_line
    for row in _underline(moved, view):
        yield _with_margin(row, _bar(inside or line == last))
    if line == first and not opens_line:
        yield _corner(" ", _column(view, block.column - 1), "")
    elif line == last:
        column = block.source.position(max(block.start, block.end - 1))[1]
        yield _corner("|", _column(view, min(column, len(text)) - 1), label)


def _source_row(line: int, view: _View) -> Row:
    return Row(line, view.text, "s" * len(view.text))


def _bar(inside: bool) -> str:
    return "|" if inside else " "


def _with_margin(row: Row, bar: str) -> Row:
    return replace(row, text=f"{bar} {row.text}", paint=f"ps{row.paint}")


def _corner(left: str, column: int, label: str) -> Row:
    text = f"{left}{'_' * (column + 1)}^ {label}".rstrip()
    return Row(None, text, "p" * len(text))


def _column(view: _View, character: int) -> int:
    return view.columns[max(0, min(character, len(view.columns) - 1))]


def _view(text: str, marks: list[Mark]) -> tuple[_View, list[Mark]]:
    """The line as shown, cut to a window if it is long, and the marks in its code points."""
    if len(text) <= _MAX_CHARACTERS:
        return _fitted(text), marks
    lowest = min((mark.start for mark in marks), default=0)
    start = max(0, lowest - _CONTEXT_CHARACTERS)
    end = min(len(text), start + _MAX_CHARACTERS)
    left, right = "..." if start else "", "..." if end < len(text) else ""
    shift, limit = len(left) - start, len(left) + end - start
    moved = [
        replace(mark, start=min(mark.start + shift, limit - 1), end=min(mark.end + shift, limit))
        for mark in marks
    ]
    return _fitted(f"{left}{text[start:end]}{right}"), moved


def _fitted(text: str) -> _View:
    """A line as shown; one that tabs make very wide with a blank for each tab."""
    view = _expand(text)
    return view if view.columns[-1] <= 2 * _MAX_CHARACTERS else _expand(text.replace("\t", " "))


def _expand(text: str) -> _View:
    columns = [0]
    shown = []
    for char in text:
        drawn, width = _draw(char)
        shown.append(drawn)
        columns.append(columns[-1] + width)
    return _View("".join(shown).rstrip(), tuple(columns))


def _draw(char: str) -> tuple[str, int]:
    """A character as the terminal gets it, and how many columns it takes there."""
    if char == "\t":
        return _TAB, len(_TAB)
    category = unicodedata.category(char)
    if category in ("Cc", "Cf", "Cs", "Zl", "Zp"):
        return "\N{REPLACEMENT CHARACTER}", 1  # an escape sequence in a source stays harmless
    if category in ("Mn", "Me"):
        return char, 0
    return char, 2 if unicodedata.east_asian_width(char) in "WF" else 1


def _underline(marks: list[Mark], view: _View) -> Iterator[Row]:
    """The row of underlines with the label of the rightmost mark, then a row for each other label,
    tied to its mark by a bar."""
    if not marks:
        return
    placed = [
        replace(mark, start=left, end=max(left + 1, _end_column(view, mark.end)))
        for mark in marks
        for left in [_column(view, mark.start)]
    ]
    rightmost = max(placed, key=lambda mark: (mark.end, mark.start, mark.primary))
    canvas = [" "] * rightmost.end
    for mark in sorted(placed, key=lambda mark: mark.primary):
        canvas[mark.start : mark.end] = ("^" if mark.primary else "-") * (mark.end - mark.start)
    tail = f" {rightmost.text}" if rightmost.text else ""
    ink = "".join(canvas)
    paint = ink.replace("^", "p") + _paint(rightmost) * len(tail)
    yield Row(None, ink + tail, paint)
    hanging = [mark for mark in placed if mark.text and mark is not rightmost]
    yield from _hanging_labels(sorted(hanging, key=lambda mark: mark.start))


def _end_column(view: _View, character: int) -> int:
    """Like ``_column``, but a mark may end behind the last character (at a line's end)."""
    beyond = max(0, character - (len(view.columns) - 1))
    return _column(view, character) + beyond


def _hanging_labels(marks: list[Mark]) -> Iterator[Row]:
    if marks:
        yield _bars(marks, "")
    while marks:
        mark = marks.pop()
        yield _bars([other for other in marks if other.start < mark.start], mark.text, mark)


def _bars(marks: list[Mark], text: str, last: Mark | None = None) -> Row:
    canvas, paint = "", ""
    for mark in marks:
        if mark.start >= len(canvas):
            canvas = canvas.ljust(mark.start) + "|"
            paint = paint.ljust(mark.start) + _paint(mark)
    if last is not None:
        canvas = canvas.ljust(last.start) + text
        paint = paint.ljust(last.start) + _paint(last) * len(text)
    return Row(None, canvas, paint)


def _paint(mark: Mark) -> str:
    return "p" if mark.primary else "-"
