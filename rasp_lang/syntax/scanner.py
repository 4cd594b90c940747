"""Text -> tokens, with the grammar's own regular expressions.

What no terminal matches is reported here (codes 0103, 0104, 0107), and where it is plain what was
meant, the token that was meant is handed on.
"""

from __future__ import annotations

import re

from rasp_lang.syntax.irregular import irregular
from rasp_lang.syntax.machine import END, Machine, Token
from rasp_lang.syntax.tables import TERMINALS

#: Heads of commands: tokens only where a statement can start.
COMMANDS = frozenset({"SET_EXAMPLE", "SHOW_EXAMPLE", "EXAMPLES", "FULL_DISPLAY", "EXIT"})
HEADS = COMMANDS | {"LOAD"}
#: The kind of a string without its closing quote. No state accepts it.
UNTERMINATED = "UNTERMINATED"

# Possessive, so that a failing match never looks for a token inside a comment.
_BLANK = r"(?:[ \t\r\n]++|#[^\n]*+)*+"


def _pattern(with_heads: bool) -> re.Pattern[str]:
    choices = (f"(?P<{name}>{regex})" for name, regex in TERMINALS
               if with_heads or name not in HEADS)  # fmt: skip
    return re.compile(_BLANK + "(?:" + "|".join(choices) + ")")


_SKIP = re.compile(_BLANK)
_ORDINARY = _pattern(False)
_WITH_HEADS = _pattern(True)


class Scanner:
    """Reads the tokens of a machine's source one by one, and reports to it what is no token.
    ``last`` is the token before the next one."""

    def __init__(self, machine: Machine) -> None:
        self.source = machine.source
        self.last = Token("", "", 0, 0)
        self._machine = machine
        self._position = 0

    def next(self, heads: bool) -> Token:
        """The next token; with ``heads``, the head of a command or a load is one."""
        token = self._scan(self._position, heads)
        self._position = token.end
        return token

    def rewind(self, token: Token) -> None:
        """Go back to before the token."""
        self._position = token.start

    def reread(self, token: Token) -> Token:
        """The token again, read as if no statement could start there."""
        self.rewind(token)
        return self.next(False)

    def peek(self, token: Token) -> str:
        """The kind of the token after this one, or an empty text if none can be read there."""
        found = _ORDINARY.match(self.source.text, token.end)
        return (found and found.lastgroup) or ""

    def begins_line(self, token: Token) -> bool:
        """Is there nothing before the token on its line?"""
        text, at = self.source.text, token.start
        while at and text[at - 1] in " \t\r":
            at -= 1
        return not at or text[at - 1] == "\n"

    def new_line_before(self, token: Token) -> bool:
        """Does the token stand on a later line than the one before?"""
        return "\n" in self.source.text[self.last.end : token.start]

    def trial(self, token: Token, count: int) -> list[str]:
        """The kinds of the given token and of up to ``count`` that follow it, as far as they can
        be read, commands left aside."""
        kinds = [token.kind]
        position = token.end
        while len(kinds) <= count and (found := _ORDINARY.match(self.source.text, position)):
            kinds.append(found.lastgroup or "")
            position = found.end()
        return kinds

    def rest_of_line(self, token: Token, count: int) -> list[str]:
        """The kinds of up to ``count`` tokens behind this one on its line, as far as they can be
        read."""
        end = self.source.text.find("\n", token.end)
        end = len(self.source.text) if end < 0 else end
        kinds: list[str] = []
        position = token.end
        while len(kinds) < count and (found := _ORDINARY.match(self.source.text, position, end)):
            kinds.append(found.lastgroup or "")
            position = found.end()
        return kinds

    def _scan(self, position: int, heads: bool) -> Token:
        text = self.source.text
        found = (_WITH_HEADS if heads else _ORDINARY).match(text, position)
        if found is None:
            return self._unusual(position, heads)
        kind = found.lastgroup or ""
        start, end = found.span(kind)
        token = Token(kind, text[start:end], start, end)
        if kind == "EXIT" and not self.begins_line(token):
            return self._scan(position, False)
        return token

    def _unusual(self, position: int, heads: bool) -> Token:
        """The end of the text, or something that is no token."""
        text = self.source.text
        blank = _SKIP.match(text, position)
        start = blank.end() if blank else position
        if start == len(text):
            return Token(END, "", start, start)
        diagnostic, token = irregular(self.source, start)
        self._machine.report(diagnostic)
        if token.kind == UNTERMINATED:
            return token
        self._machine.doubt = True
        return token if token.kind else self._scan(token.end, heads)
