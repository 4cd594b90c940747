"""What the programs of the chapter movement compute."""

from program_meanings.common import everywhere, meaning, padded


@meaning
def reverse(t):
    return list(reversed(t))


@meaning
def shift_by_n(t):
    return ["_", "_", *t][: len(t)]


@meaning
def shift_left(t):
    return [*t[1:], "_"]


@meaning
def rotate_right(t):
    return [t[-1], *t[:-1]]


@meaning
def rotate_left(t):
    n = 2 % len(t)
    return [*t[n:], *t[:n]]


@meaning
def swap_neighbours(t):
    swapped = list(t)
    for i in range(0, len(t) - 1, 2):
        swapped[i], swapped[i + 1] = t[i + 1], t[i]
    return swapped


@meaning
def first(t):
    return everywhere(t[0], t)


@meaning
def last(t):
    return everywhere(t[-1], t)


@meaning
def middle(t):
    return everywhere(t[(len(t) - 1) // 2], t)


@meaning
def mirror(t):
    front = list(t[: (len(t) + 1) // 2])
    return front + list(reversed(front[: len(t) // 2]))


@meaning
def riffle(t):
    half = (len(t) + 1) // 2
    mixed = []
    for i in range(half):
        mixed += t[i : i + 1]
        mixed += t[half + i : half + i + 1]
    return mixed


@meaning
def deal_out(t):
    return [*t[::2], *t[1::2]]


@meaning
def pack_left(t):
    return padded([x for x in t if x != "x"], t)


@meaning
def reverse_complement(t):
    return [{"a": "t", "t": "a", "c": "g", "g": "c"}[x] for x in reversed(t)]
