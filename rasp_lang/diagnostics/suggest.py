"""Guesses at what was meant, for the help line of a diagnostic."""

from __future__ import annotations

from collections.abc import Iterable


def distance(a: str, b: str) -> int:
    """The number of single-character insertions, deletions, replacements and swaps of neighbours
    that turn ``a`` into ``b`` (optimal string alignment; Damerau 1964)."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, char in enumerate(a, 1):
        row = [i]
        for j, other in enumerate(b, 1):
            best = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (char != other))
            if i > 1 and j > 1 and char == b[j - 2] and a[i - 2] == other:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]


def closest(word: str, candidates: Iterable[str]) -> str | None:
    """The candidate most like ``word``, or None if none is near: up to a third of the letters
    may differ. Case counts least; ties go to the alphabetically first."""
    limit = max(1, len(word) // 3)
    found: list[tuple[int, bool, str]] = []
    for candidate in candidates:
        if candidate != word and abs(len(candidate) - len(word)) <= limit:
            apart = distance(word.lower(), candidate.lower())
            if apart <= limit and apart < len(word):
                found.append((apart, candidate.lower() != word.lower(), candidate))
    return min(found)[2] if found else None


def did_you_mean(word: str, candidates: Iterable[str]) -> str | None:
    """The help line ``did you mean `tokens`?``, or None if no candidate is near."""
    guess = closest(word, candidates)
    return None if guess is None else f"did you mean `{guess}`?"
