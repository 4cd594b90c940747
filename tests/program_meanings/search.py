"""What the programs of the chapter search compute."""

from typing import Any

from program_meanings.common import everywhere, meaning


@meaning
def has_seen(t):
    return [x in t[:i] for i, x in enumerate(t)]


@meaning
def contains(t):
    return everywhere("a" in t, t)


@meaning
def first_position(t):
    return everywhere(next((i for i, x in enumerate(t) if x == "a"), -1), t)


@meaning
def last_position(t):
    return everywhere(max((i for i, x in enumerate(t) if x == "a"), default=-1), t)


@meaning
def previous_position(t):
    return [max((j for j in range(i) if t[j] == x), default=-1) for i, x in enumerate(t)]


@meaning
def next_identical(t):
    later = range(len(t))
    return [min((j for j in later if j > i and t[j] == x), default=-1) for i, x in enumerate(t)]


@meaning
def induction(t):
    last_seen: dict[Any, int] = {}
    result = []
    for i, x in enumerate(t):
        result.append(t[last_seen[x] + 1] if x in last_seen else "_")
        last_seen[x] = i
    return result


@meaning
def detect_pattern(t):
    return [list(t[max(0, i - 2) : i + 1]) == ["a", "b", "c"] for i in range(len(t))]


@meaning
def contains_pattern(t):
    return everywhere("abc" in "".join(t), t)
