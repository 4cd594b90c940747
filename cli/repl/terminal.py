"""Where lines come from: a terminal with line editing, a bare one, or a pipe."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from raspc.output import wants_color

if TYPE_CHECKING:
    from prompt_toolkit.history import History

#: Asks for a line with a prompt; raises EOFError at the end, KeyboardInterrupt at Ctrl-C.
Ask = Callable[[str], str]


def is_terminal() -> bool:
    """Whether somebody is typing."""
    return sys.stdin is not None and sys.stdin.isatty()


def asker(names: Callable[[], Iterable[str]]) -> Ask:
    """How to ask on this terminal: with editing, history, colours and completion of ``names`` where
    prompt_toolkit is installed and the terminal can do it."""
    if not sys.stdout.isatty() or os.environ.get("TERM", "dumb") == "dumb":
        return input
    try:
        return _editing(names)
    except ImportError:
        return input


def _editing(names: Callable[[], Iterable[str]]) -> Ask:
    from prompt_toolkit import PromptSession
    from prompt_toolkit.completion import WordCompleter

    session: PromptSession[str] = PromptSession(
        history=_history(),
        completer=WordCompleter(lambda: sorted(names())),
        complete_while_typing=False,
        enable_history_search=True,
    )
    if wants_color(sys.stdout):
        from prompt_toolkit.lexers import PygmentsLexer

        from raspc.repl.highlight import RaspLexer

        session.lexer = PygmentsLexer(RaspLexer)
    return session.prompt


def _history() -> History:
    from prompt_toolkit.history import FileHistory, InMemoryHistory

    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    folder = Path(state) / "raspc"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "history").touch()
    except OSError:
        return InMemoryHistory()
    return FileHistory(str(folder / "history"))
