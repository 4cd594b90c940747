"""Shipped programs that have to do with some words, the likeliest first. Standard library only."""

from __future__ import annotations

from collections.abc import Sequence

from rasp_lang.library_files import ShippedProgram, shipped_programs


def search_programs(words: Sequence[str]) -> tuple[ShippedProgram, ...]:
    """The programs in which all of the words occur, in whatever case: in the name, the summary, the
    description or the source. A word counts more the earlier in this row it occurs; the whole name
    counts most. Equally good ones are in the library's order."""
    wanted = [word.casefold() for word in words]
    ranked = []
    for number, program in enumerate(shipped_programs()):
        ranks = [_rank(word, program) for word in wanted]
        if None not in ranks:
            ranked.append((sum(filter(None, ranks)), number, program))
    return tuple(program for _, _, program in sorted(ranked, key=lambda found: found[:2]))


def _rank(word: str, program: ShippedProgram) -> int | None:
    """0 for the name itself, more for where it is harder to see, None where it does not occur."""
    name = program.name.casefold()
    if word == name:
        return 0
    if word in name:
        return 1
    text = program.text.casefold()
    if word not in text:
        return None
    head = program.head
    for rank, part in enumerate((head.summary, head.description), start=2):
        if word in part.casefold():
            return rank
    return 4
