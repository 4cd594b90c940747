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
