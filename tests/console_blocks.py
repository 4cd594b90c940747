"""Documents whose examples are run: blocks are read, consoles carried out and compared.

A ```` ```rasp ```` block under a line such as `` `example.rasp`: `` is a file. A
```` ```console ```` block holds commands (``$ raspc ...``), each with what it prints; a
```` ```repl ```` block is a conversation (see ``typed_sessions``).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(
    r"(?:^`(?P<file>[\w./-]+)`:\n\n)?^```(?P<language>\w+)\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Block:
    """A fenced block, the file that it is named as (if any), and the place of its text."""

    language: str
    file: str | None
    text: str
    start: int
    end: int


def blocks(document: str) -> list[Block]:
    return [
        Block(match["language"], match["file"], match["text"], *match.span("text"))
        for match in _BLOCK.finditer(document)
    ]


def commands(console: str) -> list[str]:
    """The commands of a console block, without their output."""
    return [line[2:] for line in console.splitlines() if line.startswith("$ ")]


def carry_out(console: str, folder: Path) -> str:
    """The console block with what its commands print now, run one after the other in a folder."""
    lines = []
    for command in commands(console):
        lines.append(f"$ {command}\n")
        output = run(command, folder)
        lines.append(output if output.endswith("\n") or not output else output + "\n")
    return "".join(lines)


def environment() -> dict[str, str]:
    """Where commands run: ``raspc`` is the one of this environment, and nothing is coloured."""
    return {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "NO_COLOR": "1",
        "COLUMNS": "100",
    }


def run(command: str, folder: Path) -> str:
    """What a shell command prints on both streams."""
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=folder,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=120,
        check=False,
    )
    return done.stdout.decode("utf-8")


def write_files(document: str, folder: Path) -> None:
    """Write the files that a document names into a folder."""
    for block in blocks(document):
        if block.file is not None:
            (folder / block.file).write_text(block.text, encoding="utf-8")
