"""Lines in, statements out: when is what was typed complete?"""

from __future__ import annotations

import re

from rasp_lang.source import Source
from rasp_lang.syntax import Parsed, parse, parse_interactive

_DEF = re.compile(r"\bdef\b")


class StatementReader:
    """Collects lines until they form statements.

    ``interactive``: somebody is typing. Two empty lines running then end an attempt that never
    became complete, and places are counted from its first line; on a pipe only the end of the
    input ends it, and places are counted from the first line of all.
    """

    def __init__(self, name: str, *, interactive: bool) -> None:
        self._name = name
        self._interactive = interactive
        self._lines: list[str] = []
        self._before = 0
        self._next_try = 1

    def feed(self, line: str) -> Parsed | None:
        """One more line, without its line break. The statements, if they are complete now."""
        if not self._lines and not line.strip():
            self._before += 1
            return None
        self._lines.append(line)
        if self._interactive and self._given_up():
            return self.finish()
        if not self._interactive and len(self._lines) < self._next_try:
            return None
        parsed = parse_interactive(self._source())
        if parsed.incomplete:
            # A pipe's text that stays incomplete for thousands of lines is not parsed at each.
            self._next_try = len(self._lines) + 1 + len(self._lines) // 8
            return None
        self._restart()
        return parsed

    def finish(self) -> Parsed | None:
        """Nothing more comes: what is pending, with the error that it is incomplete."""
        if not self._lines:
            return None
        parsed = parse(self._source())
        self._restart()
        return parsed

    @property
    def pending(self) -> bool:
        return bool(self._lines)

    @property
    def prompt(self) -> str:
        """``>> ``, or for a continuation ``.. `` and two blanks for each function begun."""
        if not self._lines:
            return ">> "
        return ".. " + "  " * sum(len(_DEF.findall(line)) for line in self._lines)

    def _given_up(self) -> bool:
        return len(self._lines) > 2 and not any(line.strip() for line in self._lines[-2:])

    def _source(self) -> Source:
        skipped = 0 if self._interactive else self._before
        return Source(self._name, "\n" * skipped + "\n".join(self._lines) + "\n")

    def _restart(self) -> None:
        self._before += len(self._lines)
        self._lines = []
        self._next_try = 1
