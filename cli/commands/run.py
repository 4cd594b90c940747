"""``raspc run``: the REPL, on a terminal or a pipe."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from rasp_lang.diagnostics import Diagnostic
from rasp_lang.elaborate import File, Session
from rasp_lang.elaborate.files import find_program_file
from rasp_lang.source import Source
from rasp_lang.syntax import Parsed, parse
from raspc.answer import Answer
from raspc.output import write_answer, write_diagnostics
from raspc.program_file import STANDARD_INPUT, standard_input
from raspc.repl.conversation import GREETING, Conversation
from raspc.repl.reader import StatementReader
from raspc.repl.terminal import asker, is_terminal

_NOWHERE = File(Source("<input>", ""), Path(), "<input>")


def run_repl(file: str | None, ignore: tuple[str, ...]) -> Answer:
    """Run a file, if there is one, then what is typed or piped. On a pipe the answer is no if a
    statement failed."""
    main = _NOWHERE if file in (None, STANDARD_INPUT) else find_program_file(str(file))
    talk = _Talk(Conversation(Session(main)), ignore)
    if main is not _NOWHERE:
        talk.run_file(main.source)
    if is_terminal():
        print(GREETING)
        talk.with_terminal()
        return Answer("")
    talk.with_pipe()
    return Answer("", ok=not talk.failed)


class _Talk:
    """A conversation that is printed: answers on standard output, diagnostics on standard error."""

    def __init__(self, conversation: Conversation, ignore: tuple[str, ...]) -> None:
        self._conversation = conversation
        self._ignore = ignore
        self.failed = False

    def run_file(self, source: Source) -> None:
        """Run a whole file, unless it has a syntax error, and say what it bound."""
        parsed = parse(source)
        self._report(parsed.diagnostics)
        if self.failed:
            return
        for statement in parsed.module.statements:
            reply = self._conversation.absorb(statement)
            self._report(reply.diagnostics)
            if reply.over:
                break
        self._say(self._conversation.introduce(self._conversation.session.names))

    def with_pipe(self) -> None:
        """Answer every statement of standard input, without prompts."""
        reader = StatementReader("<stdin>", interactive=False)
        for line in _lines():
            if self._run(reader.feed(line)):
                return
        self._run(reader.finish())

    def with_terminal(self) -> None:
        """Answer what is typed until ``exit`` or the end of the input."""
        reader = StatementReader("<input>", interactive=True)
        ask = asker(self._conversation.session.scope.visible)
        while True:
            try:
                over = self._run(reader.feed(ask(reader.prompt)))
            except KeyboardInterrupt:
                print()
                over = self._run(reader.finish())
            except EOFError:
                print()
                self._run(reader.finish())
                return
            if over:
                return

    def _run(self, parsed: Parsed | None) -> bool:
        """Answer the statements, with what was wrong between them at its place; whether the
        conversation is over."""
        if parsed is None:
            return False
        waiting = list(parsed.diagnostics)
        for statement in parsed.module.statements:
            self._report([d for d in waiting if _start(d) < statement.span.end])
            waiting = [d for d in waiting if _start(d) >= statement.span.end]
            reply = self._conversation.reply(statement)
            heard = self._say(reply.text)
            self._report(reply.diagnostics)
            if reply.over or not heard:
                return True
        self._report(waiting)
        return False

    def _say(self, text: str) -> bool:
        """Print an answer; False if nobody can read it."""
        written = not text or write_answer(text)
        self.failed |= not written
        return written

    def _report(self, diagnostics: Sequence[Diagnostic]) -> None:
        shown = [d for d in diagnostics if d.severity == "error" or d.code not in self._ignore]
        self.failed |= any(d.severity == "error" for d in shown)
        write_diagnostics(shown)


def _start(diagnostic: Diagnostic) -> int:
    return diagnostic.span.start if diagnostic.span else 0


def _lines() -> Iterator[str]:
    """Standard input line by line, as it comes; bytes that are no UTF-8 are replaced."""
    for raw in standard_input():
        yield raw.decode("utf-8", errors="replace").rstrip("\r\n")
