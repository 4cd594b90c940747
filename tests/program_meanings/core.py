"""What the programs of the chapter core compute."""

from program_meanings.common import everywhere, meaning


@meaning
def identity(t):
    return list(t)


@meaning
def length(t):
    return everywhere(len(t), t)


@meaning
def positions(t):
    return list(range(1, len(t) + 1))


@meaning
def selector_width(t):
    return [sum(y <= x for y in t) for x in t]


@meaning
def histogram_bos(t):
    return [t[1:].count(x) for x in t]


@meaning
def has_focus(t):
    return [x + 1 in t for x in t]


@meaning
def where(t):
    half = (len(t) + 1) // 2
    return [*t[:half], *(-x for x in t[half:])]


@meaning
def mask(t):
    return ["_" if x in t[:i] else x for i, x in enumerate(t)]
