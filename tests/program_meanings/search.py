"""What the programs of the chapter search compute."""

from typing import Any

from program_meanings.common import everywhere, mean, meaning


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


@meaning
def mark_first_instance(t):
    return [x == "a" and "a" not in t[:i] for i, x in enumerate(t)]


@meaning
def mark_last_instance(t):
    return [x == "a" and "a" not in t[i + 1 :] for i, x in enumerate(t)]


@meaning
def select_from_first(t):
    before, bar, _ = "".join(t).partition("|")
    return everywhere(before[-1] if bar and before else "_", t)


@meaning
def select_from_last(t):
    _, bar, after = "".join(t).rpartition("|")
    return everywhere(after[0] if bar and after else "_", t)


@meaning
def induction_by_pointer(t):
    return induction(t)


@meaning
def bigram_share(t):
    result = []
    for i, x in enumerate(t):
        followers = [t[j] for j in range(1, i + 1) if t[j - 1] == x]
        result.append(mean([int(y == "a") for y in followers]) if followers else 0)
    return result


@meaning
def associative_recall(t):
    bound: dict[str, str] = {}
    result = []
    for before, x in zip(["", *t], t, strict=False):
        bound.setdefault(before, x)
        result.append(bound.get(x, "_") if x in "ab" else "_")
    return result


@meaning
def nearest_smaller(t):
    return [next((y for y in reversed(t[:i]) if y < x), -1) for i, x in enumerate(t)]


@meaning
def indirect_object(t):
    return everywhere(next((x for x in t if x != "x" and t.count(x) == 1), "_"), t)


@meaning
def skip_trigram(t):
    out = {"in": "mind", "at": "bay"}
    return [out.get(x, "_") if "keep" in t[:i] else "_" for i, x in enumerate(t)]
