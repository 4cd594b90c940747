"""``Program``: a RASP program that was loaded, ready to be evaluated, checked or compiled."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from functools import cached_property
from os.path import relpath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.elaborate import (
    DictValue,
    File,
    FunctionValue,
    ListValue,
    NativeFunction,
    Selector,
    Session,
    Sop,
    Value,
    kind_of,
)
from rasp_lang.elaborate.defaults import default_warnings
from rasp_lang.elaborate.files import find_program_file, shipped_file
from rasp_lang.elaborate.problems import without_ignored
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.results import Function, Matrix, Result, Values, to_python
from rasp_lang.source import Source
from rasp_lang.syntax import parse_expression

if TYPE_CHECKING:
    from rasp_lang.head import Head
    from rasp_lang.library_files import ShippedProgram


_LETTERS = ("a", "b", "c")
#: Like a line of a program's head.
_HEAD_LINE = re.compile(r"^\s*#\s*[A-Za-z_-]+[ \t]*:", re.MULTILINE)


class Program:
    """A program without errors: its names, its graph, its warnings. Made by ``load`` and
    ``loads``."""

    def __init__(
        self, session: Session, warnings: Sequence[Diagnostic], ignore: Iterable[str] = ()
    ) -> None:
        self._session = session
        self._values: dict[str, Value] = {}
        self._ignore = frozenset(ignore)
        self.warnings = tuple(warnings)

    @property
    def names(self) -> tuple[str, ...]:
        """The public names by their last binding: not ``_x``, not what was loaded."""
        return self._session.names

    def kind(self, name: str) -> str:
        """``s-op``, ``selector``, ``value``, ``list``, ``dict`` or ``function``: what a name is
        bound to. Raises ``RaspError`` (RASP0201) if it is unknown."""
        return kind_of(self._value(name))

    @property
    def output(self) -> str | None:
        """What is compiled by default: the last public s-op bound; None if there is none."""
        s_ops = [name for name in self.names if isinstance(self._session.value(name), Sop)]
        return s_ops[-1] if s_ops else None

    @property
    def graph(self) -> Graph:
        """The nodes of the program, and of the expressions that were evaluated in it."""
        return self._session.graph()

    def output_node(self, expression: str) -> int:
        """The id of the s-op that a name or an expression stands for. Raises ``RaspError``
        (RASP0017) if it is none."""
        value = self._value(expression)
        if isinstance(value, Sop):
            return value.node
        kind = kind_of(value)
        raise RaspError(
            Diagnostic(
                "RASP0017",
                f"`{expression}` is {'an' if kind == 's-op' else 'a'} {kind}, not an s-op",
                help="choose an s-op to compile",
            )
        )

    def node(self, name: str) -> int:
        """The id of the s-op or selector that a name stands for. Raises ``RaspError`` (RASP0017) if
        it is neither."""
        value = self._value(name)
        return value.node if isinstance(value, Selector) else self.output_node(name)

    def warnings_on(
        self, inputs: Iterable[Sequence[Atom]], causal: bool = False
    ) -> tuple[Diagnostic, ...]:
        """``warnings``, but what only some inputs show (RASP0551) is looked for on these."""
        fixed = [found for found in self.warnings if found.code != "RASP0551"]
        known = {found.span for found in fixed if found.code == "RASP0552"}
        shown: dict[object, Diagnostic] = {}
        for found in default_warnings(self.graph, inputs, known, causal=causal):
            shown.setdefault(found.span, found)
        merged = list(fixed)
        for found in without_ignored(shown.values(), self._ignore):
            later = (k for k, other in enumerate(merged) if self._starts_later(other, found))
            merged.insert(next(later, len(merged)), found)
        return tuple(merged)

    def _starts_later(self, one: Diagnostic, other: Diagnostic) -> bool:
        """Whether one place in the main file lies behind another."""
        a, b, main = one.span, other.span, self._session.main.source
        return bool(a and b and a.source is b.source is main and a.start > b.start)

    @property
    def sources(self) -> tuple[tuple[str, str], ...]:
        """The texts with names relative to the main file: the main file, then what it loads."""
        main, *loaded = self._session.files
        return (
            (Path(main.source.name).name, main.source.text),
            *((_relative(file, main), file.source.text) for file in loaded),
        )

    @cached_property
    def head(self) -> Head:
        """What the comments before the first statement say."""
        from rasp_lang.head import read_head

        return read_head(self._session.main.source)

    def evaluate(
        self, expression: str, tokens: Iterable[Atom] | None = None, causal: bool = False
    ) -> Any:
        """Any expression in the program's scope.

        An s-op gives a list of atoms, a selector a list of lists of bools (rows are queries), lists
        and dicts map through, a function gives ``Function(name, parameters)``. Only s-ops and
        selectors need ``tokens``. Raises ``RaspError``.
        """
        return to_python(self.result(expression, tokens, causal))

    def result(
        self, expression: str, tokens: Iterable[Atom] | None = None, causal: bool = False
    ) -> Result:
        """As ``evaluate``, but telling lists from the values of s-ops and selectors."""
        value = self._value(expression)
        nodes = tuple(dict.fromkeys(_nodes(value)))
        if not nodes:
            return _filled(value, {})
        if tokens is None:
            raise RaspError(
                Diagnostic(
                    "RASP0515",
                    f"`{expression}` needs an input",
                    help='give one, such as "hello" or [1, 2, 3]',
                )
            )
        found = evaluate(self.graph, nodes, _checked(tokens), causal=causal)
        return _filled(value, dict(zip(nodes, found, strict=True)))

    def _value(self, expression: str) -> Value:
        if expression not in self._values:
            parsed, diagnostics = parse_expression(Source("<expression>", expression))
            if parsed is None:
                raise RaspError(diagnostics)
            self._values[expression] = self._session.evaluate_expression(parsed)
        return self._values[expression]


def load(path: str | Path, *, ignore: Iterable[str] = ()) -> Program:
    """The program in a file, or the shipped program of that name; the extension is optional.
    Raises ``RaspError`` with all the problems of the program."""
    return _run(find_program_file(str(path)), ignore)


def load_shipped(shipped: ShippedProgram) -> Program:
    """A shipped program, whatever the working directory holds. Raises ``RaspError``."""
    return _run(shipped_file(shipped), ())


def loads(
    text: str,
    name: str = "<string>",
    directory: str | Path | None = None,
    ignore: Iterable[str] = (),
) -> Program:
    """The program in a text. ``directory`` is where its ``load`` looks first, ``ignore`` holds the
    codes of warnings that are not wanted. Raises ``RaspError`` with all the problems."""
    folder = None if directory is None else Path(directory)
    return _run(File(Source(name, text), folder, name), ignore)


def from_sources(sources: Sequence[tuple[str, str]]) -> Program:
    """The program that a model carries (``Program.sources``): the main file, then the files that it
    loads, which are found among them and never on the disk. Raises ``RaspError``."""
    name, text = sources[0]
    return _run(File(Source(name, text), None, name, tuple(sources)), ())


def _run(main: File, ignore: Iterable[str]) -> Program:
    parsed = main.parsed()
    if any(found.severity == "error" for found in parsed.diagnostics):
        raise RaspError(without_ignored(parsed.diagnostics, ignore))
    session = Session(main)
    found = session.run_file(parsed.module, parsed.diagnostics, _letters(main.source))
    kept = without_ignored((*_misspelled(main.source), *found), ignore)
    if any(diagnostic.severity == "error" for diagnostic in kept):
        raise RaspError(kept)
    return Program(session, kept, ignore)


def _misspelled(source: Source) -> Sequence[Diagnostic]:
    if not _HEAD_LINE.search(source.text):
        return ()
    from rasp_lang.head import misspelled

    return misspelled(source)


def _letters(source: Source) -> Sequence[Atom]:
    """Tokens to try the program on: the vocabulary in its head, if it has one."""
    if "vocab" in source.text:
        from rasp_lang.head import read_vocabulary

        return read_vocabulary(source) or _LETTERS
    return _LETTERS


def _relative(file: File, main: File) -> str:
    if file.directory is None or main.directory is None:
        return file.source.name
    path = file.directory / Path(file.source.name).name
    return Path(relpath(path, main.directory)).as_posix()


def _nodes(value: Value) -> Iterable[int]:
    """The nodes in a value, in order."""
    if isinstance(value, Sop | Selector):
        yield value.node
    elif isinstance(value, ListValue):
        for item in value:
            yield from _nodes(item)
    elif isinstance(value, DictValue):
        for item in value.values():
            yield from _nodes(item)


def _filled(value: Value, found: dict[int, list[Any]]) -> Result:
    """A value with its s-ops and selectors evaluated."""
    match value:
        case Sop(node):
            return Values(tuple(found[node]))
        case Selector(node):
            return Matrix(tuple(tuple(row) for row in found[node]))
        case ListValue():
            return [_filled(item, found) for item in value]
        case DictValue():
            return {key: _filled(item, found) for key, item in value.items()}
        case FunctionValue() | NativeFunction():
            return Function(value.name, value.parameters)
    return value


def _checked(tokens: Iterable[Atom]) -> tuple[Atom, ...]:
    """An input from Python. Raises ``RaspError``: RASP0311 for what is no sequence of atoms."""
    try:
        if not isinstance(tokens, Mapping | Set):
            return tuple(tokens)
    except TypeError:
        pass
    raise RaspError(Diagnostic("RASP0311", "an input is a string or a sequence of atoms"))
