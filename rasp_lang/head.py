"""The head of a program file: the comments before its first statement.

In comes a source text, out goes what the comments say: a summary for readers, and machine-readable
lines such as ``# vocab: a,b,c``, ``# max-len: 5`` and ``# expect: 1,2,3 => 3,2,1``. Any other
comment is prose. Nothing is raised: a line that cannot be read becomes a diagnostic (RASP0013) of
the head, to be reported by whoever needs that line; prose that looks like a misspelled line, a
warning (RASP0019).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.diagnostics.suggest import closest
from rasp_lang.graph import Atom
from rasp_lang.inputs import parse_input
from rasp_lang.source import Source, Span
from rasp_lang.vocabulary import check_vocab, parse_vocab, parse_vocab_text

__all__ = ["Expectation", "Head", "check_vocab", "parse_input", "parse_vocab", "read_head"]

_LINE = re.compile(r"(vocab|max-len|output|causal|layers|expect|variant-of)[ \t]*:(.*)")
_WORD = re.compile(r"([A-Za-z][A-Za-z_-]*)[ \t]*:")
_LIBRARY = re.compile(r"library[ \t]*")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SENTENCE = re.compile(r".*?[.!?](?=\s|$)", re.DOTALL)
_BARE_ITEM = re.compile(r"-?[0-9]+(?:\.[0-9]+)?|True|False")


@dataclass(frozen=True, slots=True)
class Expectation:
    """``# expect: INPUT => OUTPUT``: the output on an input, as atoms with their types."""

    tokens: tuple[Atom, ...]
    values: tuple[Atom, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class Head:
    """What the head says; None, or an empty tuple, where it says nothing.

    ``causal`` is ``no`` (the program reads its whole input, the default), ``yes`` (it is meant to
    be read causally) or ``both`` (either reading gives the same output). ``layers`` is the depth of
    the output as the RASP paper counts it. ``library`` marks a file of functions without an output.
    ``description`` is all of the prose, ``summary`` its first sentence. ``problems`` are the lines
    that cannot be read, each with its key, in source order.
    """

    vocab: tuple[Atom, ...] | None = None
    max_len: int | None = None
    output: str | None = None
    causal: str = "no"
    expectations: tuple[Expectation, ...] = ()
    layers: int | None = None
    variant_of: str | None = None
    library: bool = False
    summary: str = ""
    description: str = ""
    problems: tuple[tuple[str, Diagnostic], ...] = ()

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is wrong with the head, whoever asks for it."""
        return tuple(problem for _, problem in self.problems)

    def require(self, *keys: str) -> None:
        """Raises ``RaspError`` (RASP0013) if a line of one of the keys (such as ``vocab``) cannot
        be read. A comment that only looks like such a line harms nobody who does not ask."""
        found = tuple(problem for key, problem in self.problems if key in keys)
        if found:
            raise RaspError(found)


@dataclass(frozen=True, slots=True)
class _Line:
    """A comment line of the head: ``# key: text``."""

    key: str
    text: str
    span: Span


def read_head(source: Source) -> Head:
    """The head of a source text. Never raises; problems are in ``Head.diagnostics``, by line."""
    comments = _leading_comments(source)
    reader = _Reader()
    lines = [line for line in map(_machine_line, comments) if line is not None]
    values = reader.values(line for line in lines if line.key != "expect")
    expectations = reader.expectations(lines, values.get("vocab"))
    description = _prose(comments)
    sentence = _SENTENCE.match(description)
    return Head(
        **values,
        expectations=tuple(expectations),
        summary=" ".join((sentence.group() if sentence else description).split()),
        description=description,
        problems=tuple(sorted(reader.problems, key=_start)),
    )


def read_vocabulary(source: Source) -> tuple[Atom, ...] | None:
    """The vocabulary in the head of a source text, and nothing else of it."""
    lines = map(_machine_line, _leading_comments(source))
    found = _Reader().values(line for line in lines if line is not None and line.key == "vocab")
    vocab: tuple[Atom, ...] | None = found.get("vocab")
    return vocab


def misspelled(source: Source) -> list[Diagnostic]:
    """A warning for each comment of the head that is prose but begins almost like a line that is
    read: ``# expct: ab => ba``."""
    keys, found = (*_READERS, "expect"), []
    for comment in _leading_comments(source):
        word = _WORD.match(comment.text)
        if word is None or _machine_line(comment) is not None:
            continue
        guess = closest(word.group(1), keys)
        if guess is not None and word.group(1) not in keys:
            span = source.span(comment.start, comment.start + len(word.group(1)))
            found.append(
                Diagnostic(
                    "RASP0019",
                    f"`{word.group(1)}` begins no line that is read: it is prose",
                    span,
                    help=f"did you mean `# {guess}:`?",
                )
            )
    return found


def _start(problem: tuple[str, Diagnostic]) -> int:
    span = problem[1].span
    return span.start if span else 0


def _leading_comments(source: Source) -> list[Span]:
    """The texts of the comments before the first statement, ``#`` and blanks around left out."""
    comments, start = [], 0
    for line in source.text.split("\n"):
        stripped = line.lstrip("\ufeff").strip()
        if stripped and not stripped.startswith("#"):
            break
        if stripped:
            text = stripped.lstrip("#").strip()
            first = start + line.index(text, line.index("#"))
            comments.append(source.span(first, first + len(text)))
        start += len(line) + 1
    return comments


def _machine_line(comment: Span) -> _Line | None:
    text = comment.text
    if _LIBRARY.fullmatch(text):
        return _Line("library", "", comment)
    found = _LINE.fullmatch(text)
    if not found:
        return None
    value = found.group(2).strip()
    start = comment.start + (text.index(value, found.start(2)) if value else 0)
    end = start + len(value) if value else comment.end
    return _Line(found.group(1), value, comment.source.span(start, end))


def _prose(comments: list[Span]) -> str:
    """The comments up to the first machine-readable line; empty ones separate paragraphs."""
    lines: list[str] = []
    for comment in comments:
        if _machine_line(comment):
            break
        lines.append(comment.text)
    return "\n".join(lines).strip()


class _Reader:
    """Reads the machine-readable lines and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[tuple[str, Diagnostic]] = []

    def values(self, lines: Iterable[_Line]) -> dict[str, Any]:
        """The fields of :class:`Head` that the lines give."""
        values: dict[str, Any] = {}
        for line in lines:
            field = line.key.replace("-", "_")
            if field in values:
                self._report(line, f"`{line.key}` is given twice", "keep one of the lines")
                continue
            try:
                values[field] = _READERS[line.key](line.text)
            except RaspError as error:
                self._report_all(line, error)
        return values

    def expectations(self, lines: list[_Line], vocab: tuple[Atom, ...] | None) -> list[Expectation]:
        found = []
        for line in lines:
            if line.key != "expect":
                continue
            given, arrow, expected = line.text.partition("=>")
            if not arrow:
                advice = "write: # expect: INPUT => OUTPUT"
                self._report(line, "an expectation needs `=>`", advice)
                continue
            try:
                tokens = parse_input(given.strip(), vocab)
                found.append(Expectation(tokens, _expected_values(expected.strip()), line.span))
            except RaspError as error:
                self._report_all(line, error)
        return found

    def _report_all(self, line: _Line, error: RaspError) -> None:
        for problem in error.diagnostics:
            self._report(line, problem.message, problem.help)

    def _report(self, line: _Line, message: str, advice: str | None) -> None:
        problem = Diagnostic("RASP0013", message, line.span, help=advice)
        self.problems.append((line.key, problem))


def _expected_values(text: str) -> tuple[Atom, ...]:
    """As an input without a vocabulary, but ``3`` and ``True`` alone are values, not characters."""
    return parse_input(f"{text}," if _BARE_ITEM.fullmatch(text) else text)


def _refuse(message: str, advice: str) -> RaspError:
    return RaspError(Diagnostic("RASP0013", message, help=advice))


def _read_vocab(text: str) -> tuple[Atom, ...]:
    if text.startswith("@") and len(text) > 1:
        raise _refuse("a head does not read files", "write the vocabulary itself: # vocab: a,b,c")
    return parse_vocab_text(text)


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise _refuse(f"`{text}` is not a number", "give a whole number such as 5")
    return int(text)


def _read_max_len(text: str) -> int:
    number = _read_number(text)
    if number == 0:
        raise _refuse("the maximum length is 0", "give at least 1")
    return number


def _read_name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise _refuse(f"`{text}` is not a name", "give one name, such as reverse")
    return text


def _read_causal(text: str) -> str:
    if text not in ("yes", "no", "both"):
        raise _refuse(f"`{text}` is not yes, no or both", "write: # causal: yes")
    return text


_READERS: dict[str, Callable[[str], object]] = {
    "vocab": _read_vocab,
    "max-len": _read_max_len,
    "output": _read_name,
    "causal": _read_causal,
    "layers": _read_number,
    "variant-of": _read_name,
    "library": lambda _: True,
}
