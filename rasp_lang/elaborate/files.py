"""Finding and reading the files of ``load``: beside the loading file, in the working
directory, among the shipped programs; for a shipped program among these first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.source import Source, Span
from rasp_lang.syntax import ast
from rasp_lang.syntax.parser import Parsed, parse

if TYPE_CHECKING:
    from rasp_lang.library_files import ShippedProgram

EXTENSION = ".rasp"
_SHIPPED = "shipped:"


@dataclass(frozen=True, slots=True)
class File:
    """A source that was read. ``directory`` is where its own loads look first (None for shipped
    programs), ``identity`` tells files apart. ``together`` are the (name, text) of the files that a
    model carries: if given, its loads are looked for among them and nowhere else."""

    source: Source
    directory: Path | None
    identity: str
    together: tuple[tuple[str, str], ...] | None = None

    @property
    def shipped(self) -> bool:
        return self.identity.startswith(_SHIPPED)

    def parsed(self) -> Parsed:
        """The syntax tree. That of a shipped program is kept for the next who loads it."""
        return _parsed_shipped(self.source) if self.shipped else parse(self.source)


@cache
def _parsed_shipped(source: Source) -> Parsed:
    return parse(source)


def find(statement: ast.Load, loader: File) -> File:
    """The file that a ``load`` in another file means. Raises ``RaspError`` if there is none, or if
    it cannot be read."""
    path, span = statement.path, statement.path_span
    if loader.together is not None:
        return _find_together(statement, loader, loader.together)
    shipped = _shipped(path)
    if shipped is not None and loader.shipped:
        return shipped  # The library is what is beside a shipped program.
    beside = PurePosixPath(loader.source.name).parent
    for name in _with_extension(path):
        if loader.directory is not None and _is_file(loader.directory / name):
            return read(loader.directory / name, str(beside / name), span)
    for name in _with_extension(path):
        if _is_file(Path(name)):
            return read(Path(name), name, span)
    if shipped is None:
        raise RaspError(_not_found(path, span, loader))
    return shipped


def _find_together(
    statement: ast.Load, loader: File, together: tuple[tuple[str, str], ...]
) -> File:
    """The file among those of a model, whose names are relative to the main file: the one beside
    the loader, else the one whose name ends as the path does."""
    texts = dict(together)
    beside = PurePosixPath(loader.source.name).parent
    names = [normpath(beside / name) for name in _with_extension(statement.path)]
    for path in _with_extension(statement.path):
        end = "/" + "/".join(part for part in PurePosixPath(path).parts if part not in ("/", ".."))
        names += [name for name in texts if f"/{name}".endswith(end)]
    for name in names:
        if name in texts:
            return File(Source(name, texts[name]), None, name, together)
    raise RaspError(_not_found(statement.path, statement.path_span, loader))


def find_program_file(path: str) -> File:
    """The file of a path, or the shipped program of that name; the extension is optional. Raises
    ``RaspError`` (RASP0001, RASP0002)."""
    for name in (path, path + EXTENSION):
        if _is_file(Path(name)) or _is_stream(Path(name)):
            return read(Path(name), name)
    shipped = _shipped(path)
    if shipped is not None:
        return shipped
    if path and _is_directory(Path(path)):
        message = f"cannot read `{path}`: it is a directory"
        raise RaspError(Diagnostic("RASP0002", message, help="give the path of a program"))
    raise RaspError(Diagnostic("RASP0001", f"file not found: {path}", help=_similar(path)))


def _similar(name: str) -> str:
    from rasp_lang.library_files import similar_programs

    similar = similar_programs(name)
    if similar:
        return f"did you mean `{similar[0]}`?"
    return "check the path; `raspc programs` lists the shipped programs"


def _shipped(name: str) -> File | None:
    from rasp_lang.library_files import find_program

    program = find_program(name)
    return None if program is None else shipped_file(program)


def shipped_file(program: ShippedProgram) -> File:
    """A shipped program; what it loads is shipped too."""
    return File(program.source, None, f"{_SHIPPED}{program.path}")


def read(path: Path, name: str, span: Span | None = None) -> File:
    """A file as a source; ``name`` is what diagnostics call it. Raises ``RaspError``."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        reason = (error.strerror or "it cannot be opened").lower()
        raise RaspError(Diagnostic("RASP0002", f"cannot read `{name}`: {reason}", span)) from None
    except UnicodeDecodeError as error:
        message = (
            f"`{name}` is not UTF-8 text: byte {error.start} is 0x{error.object[error.start]:02x}"
        )
        raise RaspError(
            Diagnostic("RASP0002", message, span, help="save the program as UTF-8")
        ) from None
    return File(Source(name, text), path.parent, str(path.resolve()))


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # Names that no file can have.
        return False


def _is_stream(path: Path) -> bool:
    """Whether it is a pipe or a device, such as the shell's ``<(...)`` or ``/dev/stdin``."""
    try:
        return path.is_fifo() or path.is_char_device()
    except (OSError, ValueError):
        return False


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _with_extension(path: str) -> Iterator[str]:
    """The names that a path may mean; the extension is optional."""
    if not path.endswith(EXTENSION):
        yield path + EXTENSION
    yield path


def _not_found(path: str, span: Span, loader: File) -> Diagnostic:
    places = "the working directory and the shipped programs"
    if loader.directory is not None:
        places = f"the folder of `{loader.source.name}`, {places}"
    name = path if path.endswith(EXTENSION) else path + EXTENSION
    return Diagnostic(
        "RASP0205",
        f"could not find file: {name}",
        span,
        "no such file",
        help=_similar(path),
        notes=(f"searched: {places}",),
    )
