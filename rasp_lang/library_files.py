"""The shipped programs: found by name, listed with what they compute.

In comes a name as a user writes it, out goes a :class:`ShippedProgram`. The files are the package
data of ``rasp_lang.programs``, read through ``importlib.resources``; in a plain checkout, which has
no such package, the folder ``programs`` beside the package is read.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rasp_lang.head import Head, read_head
from rasp_lang.source import Source

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

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
    def head(self) -> Head:
        return read_head(Source(self.path, self.text))

    @property
    def summary(self) -> str:
        """One sentence: what the program computes."""
        return self.head.summary


@cache
def shipped_programs() -> tuple[ShippedProgram, ...]:
    """All shipped programs, by chapter, then by name."""
    found = [
        ShippedProgram(file.name.removesuffix(_EXTENSION), chapter.name, file)
        for chapter in _folder().iterdir()
        if chapter.is_dir()
        for file in chapter.iterdir()
        if file.name.endswith(_EXTENSION)
    ]
    return tuple(sorted(found, key=lambda program: (program.chapter, program.name)))


def find_program(name: str) -> ShippedProgram | None:
    """The shipped program of a name, with or without its chapter and its extension (``reverse``,
    ``reverse.rasp``, ``movement/reverse``); None if there is none."""
    wanted = name.replace("\\", "/").removesuffix(_EXTENSION)
    for program in shipped_programs():
        if wanted in (program.name, f"{program.chapter}/{program.name}"):
            return program
    return None


def similar_programs(name: str) -> tuple[str, ...]:
    """Up to three names of shipped programs that look like the given one, the likeliest first."""
    from difflib import get_close_matches

    wanted = name.replace("\\", "/").removesuffix(_EXTENSION).rpartition("/")[2]
    names = [program.name for program in shipped_programs()]
    return tuple(get_close_matches(wanted, names, n=3, cutoff=0.6))


def _folder() -> Traversable:
    from importlib.resources import files

    try:
        return files("rasp_lang.programs")
    except ModuleNotFoundError:
        return Path(__file__).parent.parent / "programs"
