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


@meaning
def shuffle_dyck_1(t):
    return everywhere(shuffled(t, ["()"]), t)


@meaning
def dyck_1_whole(t):
    return everywhere(status(t, {"(": ")"}) == "T", t)


@meaning
def dyck_2_whole(t):
    return everywhere(status(t, {"(": ")", "[": "]"}) == "T", t)


@meaning
def dyck_3_whole(t):
    return everywhere(status(t, {"(": ")", "[": "]", "{": "}"}) == "T", t)


@meaning
def matching_bracket(t):
    partner = [-1] * len(t)
    open_places: list[int] = []
    for i, x in enumerate(t):
        if x == "(":
            open_places.append(i)
        elif x == ")" and open_places:
            partner[i] = open_places.pop()
            partner[partner[i]] = i
    return partner


@meaning
def nesting_depth(t):
    return by_prefix(lambda p: p.count("(") - p[:-1].count(")"), t)


@meaning
def deepest_nesting(t):
    return everywhere(max(0, *by_prefix(lambda p: p.count("(") - p.count(")"), t)), t)


@meaning
def finite_automaton(t):
    def state(prefix):
        text = "".join(prefix)
        return 2 if "ab" in text else int(text.endswith("a"))

    return by_prefix(state, t)


@meaning
def copy_language(t):
    half = len(t) // 2
    return everywhere(t[:half] + t[:half] == t, t)


@meaning
def both_even(t):
    return everywhere(t.count("a") % 2 == t.count("b") % 2 == 0, t)


@meaning
def flip_flop(t):
    answers, bit = [], "_"
    for x in t:
        bit = x if x in "01" else bit
        answers.append(bit if x == "r" else "_")
    return answers
