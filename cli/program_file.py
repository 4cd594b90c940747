"""Programs that are named on the command line, and what to compile of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.limits import DEFAULT, Limits

if TYPE_CHECKING:
    from rasp_lang.graph import Atom
    from rasp_lang.head import Head
    from rasp_lang.program import Program

T = TypeVar("T")

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Given:
    """What the command line says about a compilation; None or empty where it says nothing."""

    vocab: str | None
    max_len: int | None
    outputs: tuple[str, ...]
    causal: bool | None
    max_params: int | None = None
    max_width: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What to compile: the command line's word, else that of the program's head."""

    vocab: tuple[Atom, ...]
    max_len: int
    output: str | list[str] | None
    causal: bool
    limits: Limits


def names_in(outputs: Sequence[str] | None) -> tuple[str, ...]:
    """The outputs that are named, one an option or several with commas. (An expression with commas
    is one output.)"""
    found: list[str] = []
    for text in outputs or ():
        parts = [part.strip() for part in text.split(",")]
        found += parts if all(part.isidentifier() for part in parts) else [text]
    return tuple(found)


def open_program(file: str) -> Program:
    """The program in a file, among the shipped programs, or on standard input (``-``)."""
    from rasp_lang.program import load, loads

    if file.endswith(".npz") and Path(file).is_file():
        help_ = "`raspc apply` runs it, `raspc inspect` shows what is in it"
        raise RaspError(Diagnostic("RASP0002", f"`{file}` is a model, not a program", help=help_))
    if file != STANDARD_INPUT:
        return load(file)
    return loads(_standard_input_text(), name="<stdin>", directory=Path.cwd())


def standard_input() -> BinaryIO:
    """Standard input as bytes. Raises RaspError (RASP0002) if it is closed."""
    if sys.stdin is None:
        raise RaspError(Diagnostic("RASP0002", "standard input is closed", help="name a file"))
    return sys.stdin.buffer


def _standard_input_text() -> str:
    try:
        return standard_input().read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"standard input is not UTF-8 text: byte {error.start} is wrong"
        raise RaspError(Diagnostic("RASP0002", message, help="save it as UTF-8")) from error


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
    is needed, RASP0004 to RASP0007 for a bad vocabulary or length, RASP0016 for a library that is
    to be compiled as it is."""
    if program.head.library and given.vocab is None:
        raise RaspError(
            Diagnostic(
                "RASP0016",
                "the program is a library: its head names nothing to compile",
                help="`load` it in a program, or give a vocabulary and a maximum length for one of"
                " its s-ops: `--output`, `--vocab`, `--max-len`",
            )
        )
    problems: list[Diagnostic] = []
    vocab = _tried(problems, lambda: _vocabulary(program.head, given))
    max_len = _tried(problems, lambda: _max_len(program.head, given))
    output = _tried(problems, lambda: _output(program.head, given))
    causal = _tried(problems, lambda: _causal(program.head, given))
    if vocab is None or max_len is None or causal is None or problems:
        raise RaspError(problems)
    return Settings(vocab, max_len, output, causal, _limits(given))


def _tried(problems: list[Diagnostic], read: Callable[[], T]) -> T | None:
    """What is read, or None and its problems."""
    try:
        return read()
    except RaspError as error:
        problems.extend(error.diagnostics)
        return None


def _vocabulary(head: Head, given: Given) -> tuple[Atom, ...]:
    from rasp_lang.vocabulary import parse_vocab

    if given.vocab is not None:
        return parse_vocab(given.vocab)
    head.require("vocab")
    if head.vocab is None:
        raise _missing("vocabulary", "--vocab 1,2,3", "# vocab: 1,2,3")
    return head.vocab


def _max_len(head: Head, given: Given) -> int:
    if given.max_len is None:
        head.require("max-len")
        if head.max_len is None:
            raise _missing("maximum length", "--max-len 5", "# max-len: 5")
        return head.max_len
    if given.max_len < 1:
        message = f"the maximum length is {given.max_len}"
        raise RaspError(Diagnostic("RASP0007", message, help="give at least 1: --max-len 5"))
    return given.max_len


def _output(head: Head, given: Given) -> str | list[str] | None:
    if not given.outputs:
        head.require("output")
        return head.output
    return given.outputs[0] if len(given.outputs) == 1 else list(given.outputs)


def _causal(head: Head, given: Given) -> bool:
    if given.causal is not None:
        return given.causal
    head.require("causal")
    return head.causal == "yes"


def _limits(given: Given) -> Limits:
    return Limits(
        given.max_params or DEFAULT.max_params,
        given.max_width or DEFAULT.max_width,
    )


def _missing(what: str, option: str, line: str) -> RaspError:
    return RaspError(
        Diagnostic(
            "RASP0012",
            f"no {what} is given",
            help=f"give one, such as {option}, or write `{line}` above the program",
        )
    )
