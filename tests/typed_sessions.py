"""REPL sessions in documents: typed into ``raspc run`` and compared with what is shown.

A ```` ```repl ```` block that opens with ``$ raspc run`` starts a session; the ``repl`` blocks
after it on the page go on with that session. Lines after a prompt (``>> `` or ``.. ``) are typed,
all others are what the REPL says.
"""

from __future__ import annotations

import contextlib
import os
import pty
import re
import select
import shlex
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from console_blocks import Block, environment

_PROMPT = re.compile(r"(>>|\.\. *) ")
_WAITING = re.compile(r"(?:^|\n)(>>|\.\. *) $")
_DIAGNOSTIC = re.compile(r"(error|warning)\[RASP\d+\]: ")
_ITS_REST = re.compile(r"\s*(-->|\d* *\||= |\d+ (?:error|warning)s?\b|$)")
_PATIENCE = 60.0


@dataclass
class Session:
    """One run of the REPL: its command, and the blocks of the page that belong to it."""

    command: str
    blocks: list[Block] = field(default_factory=list)

    @property
    def typed(self) -> list[list[str]]:
        """The lines that are typed, block by block."""
        return [typed_lines(block.text) for block in self.blocks]


def sessions(shown: list[Block]) -> list[Session]:
    """The sessions of a page."""
    found: list[Session] = []
    for block in shown:
        if block.language != "repl":
            continue
        if block.text.startswith("$ "):
            found.append(Session(block.text.splitlines()[0][2:]))
        found[-1].blocks.append(block)
    return found


def typed_lines(text: str) -> list[str]:
    prompts = [(line, _PROMPT.match(line)) for line in text.splitlines()]
    return [line[prompt.end() :] for line, prompt in prompts if prompt]


def answers(text: str) -> list[str]:
    """What a block shows of standard output: no typed lines, no diagnostics."""
    lines, diagnostic = [], False
    for line in text.splitlines():
        if _PROMPT.match(line) or line.startswith("$ "):
            diagnostic = False
            continue
        diagnostic = bool(_DIAGNOSTIC.match(line) or (diagnostic and _ITS_REST.match(line)))
        if not diagnostic:
            lines.append(line)
    return lines


def on_a_terminal(session: Session, folder: Path) -> list[str]:
    """What the screen shows now when the session is typed, cut into its blocks."""
    terminal = _Terminal(session.command, folder)
    try:
        screens = []
        greeting = terminal.until_prompt()
        for number, lines in enumerate(session.typed):
            screen = f"$ {session.command}\n{greeting}" if number == 0 else ">> "
            for line in lines:
                screen += terminal.type(line)
            screens.append(screen.removesuffix(">> "))
        return screens
    finally:
        terminal.close()


def on_a_pipe(session: Session, folder: Path) -> list[str]:
    """The lines of standard output when the typed lines are piped in."""
    lines = [line for block in session.typed for line in block]
    done = subprocess.run(
        shlex.split(session.command),
        cwd=folder,
        env=environment(),
        input="".join(f"{line}\n" for line in lines).encode(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        timeout=_PATIENCE,
        check=False,
    )
    return done.stdout.decode().splitlines()


class _Terminal:
    """A command on a terminal of its own, which echoes what is typed as every terminal does."""

    def __init__(self, command: str, folder: Path) -> None:
        self._master, slave = pty.openpty()
        self._process = subprocess.Popen(
            shlex.split(command),
            cwd=folder,
            env={**environment(), "TERM": "dumb"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
        )
        os.close(slave)

    def type(self, line: str) -> str:
        os.write(self._master, f"{line}\n".encode())
        return self.until_prompt()

    def until_prompt(self) -> str:
        """What appears until the REPL waits for a line again, or has ended."""
        screen, deadline = b"", time.monotonic() + _PATIENCE
        while True:
            text = screen.decode(errors="replace").replace("\r\n", "\n")
            if _WAITING.search(text):
                return text
            ready, _, _ = select.select([self._master], [], [], deadline - time.monotonic())
            if not ready:
                raise TimeoutError(f"no prompt after: {text!r}")
            try:
                screen += os.read(self._master, 65536)
            except OSError:  # the REPL has ended
                return text

    def close(self) -> None:
        """Ends the input, and with it the REPL."""
        with contextlib.suppress(OSError):
            os.write(self._master, b"\x04")
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._master)
