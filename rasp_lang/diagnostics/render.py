"""Diagnostics as text for a terminal and as plain data for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasp_lang.diagnostics.diagnostic import Diagnostic
from rasp_lang.diagnostics.snippet import Row, excerpt
from rasp_lang.source import Source, Span

_RESET = "\x1b[0m"
_BOLD = "\x1b[1m"
_GUTTER = "\x1b[1;34m"
_SEVERITY = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m"}


class _Pen:
    """Wraps text in ANSI colours, or leaves it as it is."""

    def __init__(self, severity: str, *, color: bool) -> None:
        self._color = color
        self._severity = _SEVERITY[severity]

    def __call__(self, style: str, text: str) -> str:
        return f"{style}{text}{_RESET}" if self._color and text else text

    def severity(self, text: str) -> str:
        return self(self._severity, text)

    def gutter(self, text: str) -> str:
        return self(_GUTTER, text)

    def row(self, row: Row) -> str:
        """A row's text with each run of equal paint in its colour."""
        if not self._color:
            return row.text.rstrip()
        styles = {"p": self._severity, "-": _GUTTER}
        parts, start = [], 0
        for end in range(1, len(row.text) + 1):
            if end == len(row.text) or row.paint[end] != row.paint[start]:
                style = styles.get(row.paint[start])
                piece = row.text[start:end]
                parts.append(self(style, piece) if style and piece.strip() else piece)
                start = end
        return "".join(parts).rstrip()


def render(diagnostics: Iterable[Diagnostic], *, color: bool = False) -> str:
    """The diagnostics in their order, a blank line between two; more than one are counted at the
    end. No line break at the end; the empty text for none."""
    found = tuple(diagnostics)
    blocks = [_block(diagnostic, color=color) for diagnostic in found]
    if len(found) > 1:
        blocks.append(summary(found))
    return "\n\n".join(blocks)


def summary(diagnostics: Sequence[Diagnostic]) -> str:
    """How many there are: ``2 errors, 1 warning``."""
    counts = []
    for severity in ("error", "warning"):
        number = sum(diagnostic.severity == severity for diagnostic in diagnostics)
        if number:
            counts.append(f"{number} {severity}{'s' if number > 1 else ''}")
    return ", ".join(counts) or "no problems"


def to_json(diagnostic: Diagnostic) -> dict[str, Any]:
    """A diagnostic as JSON data. Lines and columns count from 1, columns in code points; the place
    is null for a diagnostic without one."""
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "kind": diagnostic.kind,
        "message": diagnostic.message,
        **_place(diagnostic.span),
        "label": diagnostic.label,
        "help": diagnostic.help,
        "notes": list(diagnostic.notes),
        "secondary": [{**_place(label.span), "text": label.text} for label in diagnostic.secondary],
    }


def _place(span: Span | None) -> dict[str, str | int | None]:
    names = ("path", "line", "column", "end_line", "end_column")
    return {name: None if span is None else getattr(span, name) for name in names}


def _block(diagnostic: Diagnostic, *, color: bool) -> str:
    pen = _Pen(diagnostic.severity, color=color)
    head = pen.severity(f"{diagnostic.severity}[{diagnostic.code}]")
    lines = [head + pen(_BOLD, f": {diagnostic.message}")]
    sections = _sections(diagnostic)
    width = max(
        (len(str(max(row.line or 0, 0))) for _, rows in sections for row in rows), default=1
    )
    for number, (place, rows) in enumerate(sections):
        arrow = "-->" if number == 0 else ":::"
        lines.append(f"{' ' * width}{pen.gutter(arrow)} {place.path}:{place.line}:{place.column}")
        lines.append(pen.gutter(f"{' ' * width} |"))
        lines.extend(_row(row, width, pen) for row in rows)
    lines.extend(_footers(diagnostic, width, pen))
    return "\n".join(lines)


def _sections(diagnostic: Diagnostic) -> list[tuple[Span, list[Row]]]:
    """The excerpts, the primary source first, each with the place that heads it."""
    if diagnostic.span is None:
        return []
    sources: dict[Source, list[tuple[Span, str]]] = {diagnostic.span.source: []}
    for label in diagnostic.secondary:
        sources.setdefault(label.span.source, []).append((label.span, label.text))
    sections = []
    for source, places in sources.items():
        primary = diagnostic.span if source is diagnostic.span.source else None
        head = primary if primary is not None else places[0][0]
        sections.append((head, excerpt(source, primary, places, diagnostic.label)))
    return sections


def _row(row: Row, width: int, pen: _Pen) -> str:
    if row.line == -1:
        return f"{pen.gutter('...')}{' ' * width}{pen.row(row)}".rstrip()
    number = "" if row.line is None else str(row.line)
    return f"{pen.gutter(f'{number:<{width}} |')} {pen.row(row)}".rstrip()


def _footers(diagnostic: Diagnostic, width: int, pen: _Pen) -> list[str]:
    footers = [("note", note) for note in diagnostic.notes]
    if diagnostic.help is not None:
        footers.append(("help", diagnostic.help))
    lines = []
    for word, text in footers:
        first, *rest = text.split("\n")
        lines.append(f"{' ' * width} {pen.gutter('=')} {pen(_BOLD, f'{word}:')} {first}".rstrip())
        lines.extend(f"{' ' * (width + len(word) + 5)}{line}".rstrip() for line in rest)
    return lines
