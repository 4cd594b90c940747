"""One run over a source: tokens into the machine, with the books that recovery needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from rasp_lang.diagnostics import Diagnostic, Label
from rasp_lang.source import Source
from rasp_lang.syntax.ast import Statement
from rasp_lang.syntax.build import BUILDERS
from rasp_lang.syntax.forms import FORMS
from rasp_lang.syntax.machine import END, Machine, Token
from rasp_lang.syntax.scanner import Scanner
from rasp_lang.syntax.tables import ACTIONS
from rasp_lang.syntax.words import CLOSERS, OPENERS

#: Symbols on the stack: brackets, blocks and operators that wait for their end. Lists and
#: operators that associate to the left need none.
MAX_DEPTH = 10_000

_NESTING = frozenset({"IF", "NOT", "PLUS_MINUS"})
_CONTINUES = frozenset({"LPAR", "LSQB", "PLUS_MINUS"})
_BOOKED = frozenset({*CLOSERS, *OPENERS, *_NESTING, "FOR", "SEMICOLON", END})


@dataclass(slots=True)
class Bracket:
    """An open bracket: where it stands in the text and on the stack, and whether it is the brace
    of a body. ``condition`` is the `if` behind a comprehension's `for`, if there is one."""

    token: Token
    height: int
    is_block: bool
    saw_for: bool = False
    condition: Token | None = None


class Parse:
    """One run over a source."""

    def __init__(self, source: Source, start: str) -> None:
        self.source = source
        self.is_program = start == "program"
        self.machine = Machine(source, start, BUILDERS)
        self.scanner = Scanner(self.machine)
        self.brackets: list[Bracket] = []
        self.incomplete = False
        self.finished = False

    def run(self, recover: Callable[[Parse, Token], Token]) -> None:
        """Read to the end. ``recover`` mends where a token does not fit, and returns the token to
        go on with."""
        token = self.next()
        while not self.finished:
            if token.kind in _CONTINUES:
                self._warn_of_continuation(token)
            if not self.machine.feed(token):
                token = recover(self, token)
                continue
            self._taken(token)
            if not self.finished:
                token = self.next()

    def statements(self) -> list[Statement]:
        """The top-level statements that were read without an error."""
        values = self.machine.values
        return values[1] if len(values) > 1 and isinstance(values[1], list) else []

    def next(self) -> Token:
        """The next token of the text."""
        return self.scanner.next("LOAD" in ACTIONS[self.machine.states[-1]])

    def put(self, *tokens: Token) -> None:
        """Feed tokens that are known to fit."""
        for token in tokens:
            if self.machine.feed(token):
                self._taken(token)

    def missing(self, kind: str, value: str) -> Token:
        """A token that the text lacks, of no width, behind the last one."""
        return Token(kind, value, self.scanner.last.end, self.scanner.last.end)

    def again(self, token: Token) -> Token:
        """The token once more, now as the head of a statement if it is one."""
        self.scanner.rewind(token)
        return self.next()

    def innermost(self) -> Bracket | None:
        return self.brackets[-1] if self.brackets else None

    def block(self) -> Bracket | None:
        """The innermost open body."""
        return next((bracket for bracket in reversed(self.brackets) if bracket.is_block), None)

    def statement_height(self) -> int:
        """How many symbols lie below the statement under way. (All, if none has begun.)"""
        states = self.machine.states
        height = len(states)
        while height > 1 and "LOAD" not in ACTIONS[states[height - 1]]:
            height -= 1
        return height

    def statement_start(self) -> int | None:
        """Where the statement under way begins; None if none has begun."""
        height = self.statement_height()
        return self.machine.starts[height] if height < len(self.machine.states) else None

    def at_statement(self) -> bool:
        """Can a statement start here?"""
        return self.machine.accepts("LOAD")

    def report(
        self,
        code: str,
        message: str,
        token: Token,
        label: str,
        help_: str | None,
        secondary: tuple[Label, ...] = (),
        *,
        certain: bool = True,
    ) -> None:
        """Report a problem at a token and spoil the statement under way. Unless it is ``certain``,
        nothing is said where the problem may be a consequence of what was left out before."""
        place = self.source.span(token.start, token.end)
        diagnostic = Diagnostic(code, message, place, label, help_, secondary)
        start = self.statement_start()
        mark = token.start if start is None else start
        if certain:
            self.machine.report(diagnostic, mark)
        else:
            self.machine.suspect(diagnostic, mark)

    def _taken(self, token: Token) -> None:
        """Keep the books after a shift."""
        self.scanner.last = token
        kind = token.kind
        if kind not in _BOOKED:
            return
        if kind in CLOSERS:
            height = len(self.machine.states) - 1
            is_block = kind == "LBRACE" and self._is_start()
            self.brackets.append(Bracket(token, height, is_block))
            self._limit_depth(token)
        elif kind in OPENERS and self.brackets:
            self.brackets.pop()
        elif kind in _NESTING:
            self._limit_depth(token)
        self.finished = self.finished or kind == END
        if self._is_start():
            self.machine.doubt = False
        self._note_filter(token)

    def _is_start(self) -> bool:
        """Has a statement just ended, or a body just begun? (Of a list or dict that is complete
        the automaton cannot tell, but those end in no `;`.)"""
        return "LOAD" in ACTIONS[self.machine.states[-1]]

    def _note_filter(self, token: Token) -> None:
        bracket = self.brackets[-1] if self.brackets else None
        if bracket and token.kind == "FOR":
            bracket.saw_for = True
        elif bracket and bracket.saw_for and token.kind == "IF":
            bracket.condition = token

    def _limit_depth(self, token: Token) -> None:
        if len(self.machine.states) <= MAX_DEPTH:
            return
        self.report(
            "RASP0114",
            "the program is nested too deeply",
            token,
            f"more than {MAX_DEPTH:,} symbols wait for their end here",
            "bind inner parts to names of their own",
        )
        self.finished = True

    def _warn_of_continuation(self, token: Token) -> None:
        """A line that begins like a new statement but continues the last one."""
        last = self.scanner.last
        if not self.scanner.new_line_before(token) or not self.machine.accepts("SEMICOLON"):
            return
        if token.kind == "LPAR" and last.kind == "NAME" and last.value in FORMS:
            return
        self.report(
            "RASP0160",
            f"a line that begins with `{token.value}` continues the line before",
            token,
            "continues the expression before it",
            "end the line before with `;`, or put the whole expression in parentheses",
        )
