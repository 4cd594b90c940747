"""The LALR(1) automaton: four parallel stacks, driven by the generated tables.

Each symbol on the stack has a state, a value and the extent ``[start, end)`` of the text that it
was read from. The extent of a parenthesised expression includes the parentheses, its node's span
does not; that is how the precedence warnings know what was parenthesised.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from typing import Any, NamedTuple

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.source import Source, Span
from rasp_lang.syntax.tables import ACTIONS, ENDS, GOTOS, RULES, STARTS

#: The kind of the token that stands after the last one.
END = "$END"

Builder = Callable[["Machine", int], Any]


class Token(NamedTuple):
    """``kind`` is a terminal's name, ``value`` its text, ``[start, end)`` its place."""

    kind: str
    value: str
    start: int
    end: int


class Machine:
    """A parse under way. ``feed`` is given one token after the other; ``END`` comes last.

    ``doubt`` is set where something was left out or added: what looks wrong from there to the end
    of the statement may be a consequence.
    """

    def __init__(self, source: Source, start: str, builders: dict[str, Builder]) -> None:
        self.source = source
        self.states = [STARTS[start]]
        self.values: list[Any] = [None]
        self.starts = [0]
        self.ends = [0]
        self.diagnostics: list[Diagnostic] = []
        self.doubt = False
        self._end_state = ENDS[start]
        self._rules = [(name, size, builders.get(action)) for name, size, action in RULES]
        self._marks: list[int] = []

    # --- moving ----------------------------------------------------------------------------------

    def feed(self, token: Token) -> bool:
        """Reduce as far as the token demands, then shift it. False if it does not fit; the stack is
        then as legal as before."""
        kind, value, start, end = token
        states, values, starts, ends = self.states, self.values, self.starts, self.ends
        while True:
            action = ACTIONS[states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                values.append(value)
                starts.append(start)
                ends.append(end)
                return True
            name, size, build = self._rules[~action]
            if build is None:  # one symbol: it changes its name, not its value
                states[-1] = GOTOS[states[-2]][name]
            else:
                first = len(states) - size
                built = build(self, first)
                if size:
                    starts[first:] = [starts[first]]
                    ends[first:] = [ends[-1]]
                    del states[first:], values[first:]
                else:
                    starts.append(ends[-1])
                    ends.append(ends[-1])
                states.append(GOTOS[states[-1]][name])
                values.append(built)
            if kind == END and states[-1] == self._end_state:
                return True

    def accepts(self, *kinds: str) -> bool:
        """Would these tokens, one after the other, all be taken? Changes nothing."""
        return self.can_follow((), kinds) is not None

    def can_follow(self, pushed: tuple[int, ...], kinds: tuple[str, ...]) -> tuple[int, ...] | None:
        """Take tokens on trial: the stack is this machine's, cut and extended as ``pushed`` says
        (see ``_Trial``). Returns the extended trial, or None when a token does not fit."""
        trial = _Trial(self.states, pushed)
        for kind in kinds:
            if not trial.feed(kind, self._end_state):
                return None
        return trial.pushed()

    def expected(self) -> frozenset[str]:
        """The kinds of token that would be taken now."""
        return frozenset(kind for kind in ACTIONS[self.states[-1]] if self.accepts(kind))

    def cut(self, height: int) -> None:
        """Forget everything above the lowest ``height`` symbols."""
        del self.states[height:], self.values[height:], self.starts[height:], self.ends[height:]

    # --- what builders ask -----------------------------------------------------------------------

    def span(self, first: int, last: int) -> Span:
        """From the symbol at stack position ``first`` to the one at ``last``."""
        return Span(self.source, self.starts[first], self.ends[last])

    def report(self, diagnostic: Diagnostic, mark: int | None = None) -> None:
        """Note a problem; an error spoils the statement around ``mark`` (or around its place)."""
        self.diagnostics.append(diagnostic)
        if diagnostic.severity == "error" and diagnostic.span is not None:
            self.mark(diagnostic.span.start if mark is None else mark)

    def suspect(self, diagnostic: Diagnostic, mark: int) -> None:
        """Like ``report``, but in doubt nothing is said. The statement is spoiled all the same."""
        if self.doubt:
            self.mark(mark)
        else:
            self.report(diagnostic, mark)

    def mark(self, offset: int) -> None:
        """Spoil the statement around an offset."""
        insort(self._marks, offset)

    def spoiled(self, start: int, end: int) -> bool:
        """Has an error been reported in ``[start, end)``?"""
        at = bisect_left(self._marks, start)
        return at < len(self._marks) and self._marks[at] < end


class _Trial:
    """A stack whose lower part is a machine's: ``depth`` symbols of it, then ``own``."""

    def __init__(self, states: list[int], pushed: tuple[int, ...]) -> None:
        self._base = states
        self._depth = pushed[0] if pushed else len(states)
        self._own = list(pushed[1:])

    def pushed(self) -> tuple[int, ...]:
        return (self._depth, *self._own)

    def feed(self, kind: str, end_state: int) -> bool:
        while not (kind == END and self._top() == end_state):
            action = ACTIONS[self._top()].get(kind)
            if action is None:
                return False
            if action >= 0:
                self._own.append(action)
                return True
            name, size, _ = RULES[~action]
            kept = max(0, len(self._own) - size)
            self._depth -= size - (len(self._own) - kept)
            del self._own[kept:]
            self._own.append(GOTOS[self._top()][name])
        return True

    def _top(self) -> int:
        return self._own[-1] if self._own else self._base[self._depth - 1]
