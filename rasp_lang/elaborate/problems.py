"""The diagnostics of a program, each once, in source order, without those that are silenced."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.diagnostics.ignore import ignored_codes
from rasp_lang.source import Source, Span


class Problems:
    """Collects diagnostics while a file is run. ``statement`` is the place of the top-level
    statement that is running: what lies in another file is sorted in there."""

    def __init__(self) -> None:
        self.statement: Span | None = None
        self._found: dict[tuple[str, Span | None, str], tuple[Diagnostic, Span | None]] = {}

    def add(self, found: Diagnostic) -> None:
        """Keep a diagnostic, unless the same was said at the same place."""
        self._found.setdefault((found.code, found.span, found.message), (found, self.statement))

    def extend(self, found: Iterable[Diagnostic]) -> None:
        for diagnostic in found:
            self.add(diagnostic)

    @property
    def failed(self) -> bool:
        """Whether there is an error among them."""
        return any(found.severity == "error" for found, _ in self._found.values())

    def places(self, code: str) -> set[Span | None]:
        """Where a code was reported."""
        return {span for known, span, _ in self._found if known == code}

    def take(self) -> tuple[Diagnostic, ...]:
        """The diagnostics so far, in the order in which they were found; none is left."""
        found = tuple(diagnostic for diagnostic, _ in self._found.values())
        self._found.clear()
        return found

    def in_order(self, source: Source) -> tuple[Diagnostic, ...]:
        """The diagnostics in the order of their places in one source."""

        def place(entry: tuple[Diagnostic, Span | None]) -> int:
            for span in (entry[0].span, entry[1]):
                if span is not None and span.source is source:
                    return span.start
            return 0

        return tuple(diagnostic for diagnostic, _ in sorted(self._found.values(), key=place))


def without_ignored(
    diagnostics: Iterable[Diagnostic], codes: Iterable[str] = ()
) -> tuple[Diagnostic, ...]:
    """All but the warnings of the given codes, and those that a comment on their first or last line
    silences. Errors stay."""
    everywhere = frozenset(codes)
    comments: dict[Source, Mapping[int, frozenset[str]]] = {}

    def silenced(found: Diagnostic) -> bool:
        if found.severity == "error":
            return False
        if found.code in everywhere or found.span is None:
            return found.code in everywhere
        span = found.span
        if span.source not in comments:
            comments[span.source] = ignored_codes(span.source)
        lines = comments[span.source]
        return any(found.code in lines.get(line, ()) for line in (span.line, span.end_line))

    return tuple(found for found in diagnostics if not silenced(found))
