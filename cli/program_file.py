"""Programs that are named on the command line, and what to compile of them."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from rasp_lang.diagnostics import Diagnostic, RaspError

if TYPE_CHECKING:
    from rasp_lang.graph import Atom
    from rasp_lang.program import Program

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says about a compilation; None or empty where it says nothing."""

    vocab: str | None
    max_len: int | None
    outputs: tuple[str, ...]
    causal: bool | None


@dataclass(frozen=True, slots=True)
class Settings:
    """What to compile: the command line's word, else that of the program's head."""

    vocab: tuple[Atom, ...]
    max_len: int
    output: str | list[str] | None
    causal: bool


def open_program(file: str) -> Program:
    """The program in a file, among the shipped programs, or on standard input (``-``)."""
    from rasp_lang.program import load, loads

    if file != STANDARD_INPUT:
        return load(file)
    return loads(_standard_input(), name="<stdin>", directory=Path.cwd())


def _standard_input() -> str:
    try:
        return sys.stdin.buffer.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise RaspError(
            Diagnostic(
                "RASP0002",
                f"standard input is not UTF-8 text: byte {error.start} is 0x"
                f"{error.object[error.start]:02x}",
                help="save the program as UTF-8",
            )
        ) from error


@contextmanager
def after(warnings: Sequence[Diagnostic]) -> Iterator[None]:
    """Puts the warnings of an earlier stage in front of the errors of a later one."""
    try:
        yield
    except RaspError as error:
        raise RaspError((*warnings, *error.diagnostics)) from error


def settings(program: Program, given: Given) -> Settings | None:
    """What to compile; None where neither the command line nor the head names a vocabulary or a
    maximum length. Raises RaspError for one without the other, and for what cannot be read."""
    head = program.head
    if given.vocab is None and given.max_len is None:
        head.require("vocab", "max-len")
        if head.vocab is None or head.max_len is None:
            return None
    return needed_settings(program, given)


def needed_settings(program: Program, given: Given) -> Settings:
    """What to compile: the command line's word, else that of the program's head.

    Raises RaspError: RASP0012 for what is missing, RASP0013 for a head that cannot be read where it
    is needed, RASP0004 to RASP0007 for a bad vocabulary or length."""
    from rasp_lang.vocabulary import parse_vocab

    head = program.head
    unsaid = {
        "vocab": given.vocab is None,
        "max-len": given.max_len is None,
        "output": not given.outputs,
        "causal": given.causal is None,
    }
    head.require(*(key for key, needed in unsaid.items() if needed))
    vocab = head.vocab if given.vocab is None else parse_vocab(given.vocab)
    max_len = head.max_len if given.max_len is None else given.max_len
    if vocab is None or max_len is None:
        raise RaspError(_missing(vocab is None, max_len is None))
    if max_len < 1:
        raise RaspError(
            Diagnostic(
                "RASP0007", f"the maximum length is {max_len}", help="give at least 1: --max-len 5"
            )
        )
    outputs = list(given.outputs)
    output = head.output if not outputs else outputs[0] if len(outputs) == 1 else outputs
    causal = head.causal == "yes" if given.causal is None else given.causal
    return Settings(vocab, max_len, output, causal)


def _missing(vocab: bool, max_len: bool) -> Iterator[Diagnostic]:
    if vocab:
        yield Diagnostic(
            "RASP0012",
            "no vocabulary is given",
            help="give one, such as --vocab 1,2,3, or write `# vocab: 1,2,3` above the program",
        )
    if max_len:
        yield Diagnostic(
            "RASP0012",
            "no maximum length is given",
            help="give one, such as --max-len 5, or write `# max-len: 5` above the program",
        )
