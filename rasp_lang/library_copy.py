"""Copies of shipped programs in a folder, with the files that they load.

A copy loads the copies of these files: where the path of a ``load`` would not lead there, it is
written anew. Standard library only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from os.path import lexists, relpath
from pathlib import Path, PurePosixPath

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.library_files import ShippedProgram, find_program, shipped_programs
from rasp_lang.syntax import ast, parse

_SHOWN = 3


def copy_program(program: ShippedProgram, folder: Path) -> tuple[Path, ...]:
    """One program and what it loads, beside each other; the paths that were written, the program's
    first. Raises ``RaspError`` as ``copy_library`` does."""
    needed = [program]
    for found in needed:  # grows by what is loaded
        needed += [loaded for _, loaded in _loads(found) if loaded not in needed]
    return _write({found: Path(f"{found.name}.rasp") for found in needed}, folder)


def copy_library(folder: Path) -> tuple[Path, ...]:
    """All programs, in folders for their chapters; the paths that were written. Raises
    ``RaspError`` (RASP0003), before anything is written, where a file is there already, and where
    one cannot be written."""
    return _write({program: Path(program.path) for program in shipped_programs()}, folder)


def _loads(program: ShippedProgram) -> list[tuple[ast.Load, ShippedProgram]]:
    """The ``load`` statements of a program with the shipped programs that they name."""
    module = parse(program.source).module
    found = [(node, find_program(node.path)) for node in _statements(module.statements)]
    return [(node, loaded) for node, loaded in found if loaded is not None]


def _statements(body: Sequence[ast.Statement]) -> Iterator[ast.Load]:
    """The ``load`` statements among some and in their bodies, in source order."""
    for statement in body:
        if isinstance(statement, ast.Load):
            yield statement
        elif isinstance(statement, ast.For | ast.FunctionDefinition):
            yield from _statements(statement.body)


def _write(places: Mapping[ShippedProgram, Path], folder: Path) -> tuple[Path, ...]:
    paths = {program.path: place for program, place in places.items()}
    texts = {folder / place: _text(program, paths) for program, place in places.items()}
    _refuse_to_overwrite(folder, list(filter(lexists, texts)))
    for path, text in texts.items():
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        except OSError as error:
            raise RaspError(_cannot_write(path, error)) from None
    return tuple(texts)


def _cannot_write(path: Path, error: OSError) -> Diagnostic:
    message = f"cannot write `{path}`: {(error.strerror or 'unknown reason').lower()}"
    return Diagnostic("RASP0003", message, help="copy to another folder")


def _text(program: ShippedProgram, paths: Mapping[str, Path]) -> str:
    """The text of a copy, which loads other copies."""
    text, place = program.text, paths[program.path]
    for node, loaded in reversed(_loads(program)):
        there = PurePosixPath(relpath(paths[loaded.path], place.parent)).as_posix()
        path = there.removesuffix(".rasp")
        if node.path not in (path, there):
            span = node.path_span
            text = text[: span.start] + f'"{path}"' + text[span.end :]
    return text


def _refuse_to_overwrite(folder: Path, there: Sequence[Path]) -> None:
    if not there:
        return
    more = f" and {len(there) - _SHOWN} more" if len(there) > _SHOWN else ""
    shown = ", ".join(f"`{path}`" for path in there[:_SHOWN])
    subject = "it is" if len(there) == 1 else "they are"
    message = f"cannot write {shown}{more}: {subject} there already"
    advice = f"nothing was written to `{folder}`: copy to another folder"
    raise RaspError(Diagnostic("RASP0003", message, help=advice))
