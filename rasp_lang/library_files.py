"""The shipped programs: found by name, listed with what they compute.

In comes a name as a user writes it, out goes a :class:`ShippedProgram`. The files are the package
data of ``rasp_lang.programs``, read through ``importlib.resources``; in a plain checkout, which has
no such package, the folder ``programs`` beside the package is read.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.head import Head, read_head
from rasp_lang.source import Source

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

#: The chapter of the files that other programs load.
LIBRARY = "library"
_EXTENSION = ".rasp"


@dataclass(frozen=True, slots=True)
class ShippedProgram:
    """One file of the library. ``chapter`` is its folder, ``name`` its stem, unique over all
    chapters."""

    name: str
    chapter: str
    _file: Traversable

    @property
    def path(self) -> str:
        """The name that diagnostics and model files show: ``CHAPTER/NAME.rasp``."""
        return f"{self.chapter}/{self.name}{_EXTENSION}"

    @property
    def text(self) -> str:
        """The source text. Raises ``OSError`` where the installation is broken."""
        return self._file.read_text(encoding="utf-8")

    @property
    def source(self) -> Source:
        """The text as a source, the same one as long as the text is: it is parsed once, however
        many programs load it. Raises ``OSError``."""
        return _source(self.path, self.text)

    @property
    def head(self) -> Head:
        return read_head(self.source)

    @property
    def summary(self) -> str:
        """One sentence: what the program computes."""
        return self.head.summary


@cache
def _source(name: str, text: str) -> Source:
    return Source(name, text)


@cache
def shipped_programs() -> tuple[ShippedProgram, ...]:
    """All shipped programs, by chapter, then by name; the files that others load come last."""
    found = [
        ShippedProgram(file.name.removesuffix(_EXTENSION), chapter.name, file)
        for chapter in shipped_folder().iterdir()
        if chapter.is_dir()
        for file in chapter.iterdir()
        if file.name.endswith(_EXTENSION)
    ]
    return tuple(sorted(found, key=_place))


def _place(program: ShippedProgram) -> tuple[bool, str, str]:
    return program.chapter == LIBRARY, program.chapter, program.name


def find_program(name: str) -> ShippedProgram | None:
    """The shipped program of a name, with or without its chapter and its extension (``reverse``,
    ``reverse.rasp``, ``movement/reverse``); None if there is none."""
    wanted = name.replace("\\", "/").removesuffix(_EXTENSION)
    for program in shipped_programs():
        if wanted in (program.name, f"{program.chapter}/{program.name}"):
            return program
    return None


def required_program(name: str) -> ShippedProgram:
    """The shipped program of a name. Raises ``RaspError`` (RASP0015) if there is none."""
    program = find_program(name)
    if program is None:
        raise RaspError(_unknown(name))
    return program


def chosen_programs(
    names: Collection[str], chapters: Collection[str]
) -> tuple[ShippedProgram, ...]:
    """The programs that are named and those of the chapters, in the library's order; all where
    neither says anything. Raises ``RaspError`` (RASP0015) with all that do not exist."""
    found = shipped_programs()
    if not names and not chapters:
        return found
    known = dict.fromkeys(program.chapter for program in found)
    problems = [_unknown(name) for name in names if find_program(name) is None]
    problems += [_unknown_chapter(name, known) for name in chapters if name not in known]
    if problems:
        raise RaspError(problems)
    named = {required_program(name).name for name in names}
    return tuple(p for p in found if p.name in named or p.chapter in chapters)


def _unknown(name: str) -> Diagnostic:
    similar = similar_programs(name)
    advice = f"did you mean `{similar[0]}`?" if similar else "list them: raspc programs"
    return Diagnostic("RASP0015", f"there is no shipped program `{name}`", help=advice)


def _unknown_chapter(name: str, known: Collection[str]) -> Diagnostic:
    message = f"there is no chapter `{name}` of shipped programs"
    return Diagnostic("RASP0015", message, help=f"the chapters are {', '.join(known)}")


def similar_programs(name: str) -> tuple[str, ...]:
    """Up to three names of shipped programs that look like the given one, the likeliest first."""
    from difflib import get_close_matches

    wanted = name.replace("\\", "/").removesuffix(_EXTENSION).rpartition("/")[2]
    names = [program.name for program in shipped_programs()]
    return tuple(get_close_matches(wanted, names, n=3, cutoff=0.6))


def shipped_folder() -> Traversable:
    """Where the chapters and the table of figures lie."""
    from importlib.resources import files

    try:
        return files("rasp_lang.programs")
    except ModuleNotFoundError:
        return Path(__file__).parent.parent / "programs"
