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


@meaning
def second(t):
    return everywhere([*t, "_"][1], t)


@meaning
def load_from_location(t):
    return [t[x] if x < len(t) else -1 for x in t]


@meaning
def follow_pointers(t):
    numbered = dict(enumerate(t))
    return [numbered.get(numbered.get(x), -1) for x in t]


@meaning
def rotate_by_amount(t):
    n = len(t) - t[0] % len(t)
    return [*t[n:], *t[:n]]


def is_rotation(word, other):
    """A word's rotations are what can be read in the word written twice."""
    return len(word) == len(other) and "".join(other) in 2 * "".join(word)


@meaning
def rotation_halves(t):
    half = len(t) // 2
    return everywhere(is_rotation(t[:half], t[half:]), t)


@meaning
def rotation_words(t):
    words = "".join(t).split("|")
    return everywhere(len(words) == 2 and is_rotation(*words), t)


@meaning
def right_align(t):
    return list("".join(t).rstrip("_").rjust(len(t), "_"))


@meaning
def pack_right(t):
    return list("".join(t).replace("x", "").rjust(len(t), "_"))


@meaning
def split_before(t):
    return padded("".join(t).partition("|")[0], t)


@meaning
def split_after(t):
    return padded("".join(t).partition("|")[2], t)


@meaning
def slide(t):
    moved = list(t)
    for i in range(len(t) - 1):
        if t[i] != "_" and t[i + 1] == "_":
            moved[i], moved[i + 1] = "_", t[i]
    return moved


@meaning
def swap_first_last(t):
    swapped = list(t)
    swapped[0], swapped[-1] = t[-1], t[0]
    return swapped


@meaning
def flip_halves(t):
    half = len(t) // 2
    return [*t[len(t) - half :], *t[half : len(t) - half], *t[:half]]


@meaning
def interleave_reverse(t):
    return [t[-1 - i] if i % 2 else x for i, x in enumerate(t)]


@meaning
def insert_zeros(t):
    return [value for x in t for value in (x, 0)][: len(t)]


@meaning
def reverse_each_word(t):
    return list("_".join(word[::-1] for word in "".join(t).split("_")))


@meaning
def forward_fill(t):
    filled = []
    for x in t:
        filled.append(filled[-1] if x == "_" and filled else x)
    return filled
