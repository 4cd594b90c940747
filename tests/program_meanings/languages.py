"""What the programs of the chapter languages compute."""

from program_meanings.common import by_prefix, everywhere, mean, meaning


def status(t, pairs):
    """T for a balanced text, P for one that can still become balanced, F for one that cannot."""
    stack: list[str] = []
    for x in t:
        if x in pairs:
            stack.append(pairs[x])
        elif not stack or stack.pop() != x:
            return "F"
    return "P" if stack else "T"


def shuffled(t, pairs):
    """Whether every kind of bracket is balanced by itself."""
    return all(status([x for x in t if x in pair], {pair[0]: pair[1]}) == "T" for pair in pairs)


@meaning
def pair_balance(t):
    return by_prefix(lambda p: mean([{"(": 1, ")": -1}.get(x, 0) for x in p]), t)


@meaning
def running_balance(t):
    return by_prefix(lambda p: p.count("(") - p.count(")"), t)


@meaning
def dyck_1(t):
    return by_prefix(lambda p: status([x for x in p if x in "()"], {"(": ")"}), t)


@meaning
def dyck_2(t):
    return by_prefix(lambda p: status(p, {"(": ")", "[": "]"}), t)


@meaning
def dyck_3(t):
    return by_prefix(lambda p: status(p, {"(": ")", "[": "]", "{": "}"}), t)


@meaning
def shuffle_dyck_2(t):
    return everywhere(shuffled(t, ["()", "[]"]), t)


@meaning
def shuffle_dyck_3(t):
    return everywhere(shuffled(t, ["()", "[]", "{}"]), t)


@meaning
def a_n_b_n(t):
    half = len(t) // 2
    return everywhere(list(t) == ["a"] * half + ["b"] * half, t)


@meaning
def a_n_b_n_c_n(t):
    third = len(t) // 3
    return everywhere(list(t) == ["a"] * third + ["b"] * third + ["c"] * third, t)
