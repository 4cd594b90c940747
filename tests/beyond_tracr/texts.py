"""Texts and structures: runs, words, brackets, carries, automata."""

from __future__ import annotations

from itertools import groupby

from beyond_tracr.table import Answer, Tokens, before, beyond, everywhere, up_to

RUNS = """
previous = aggregate(select(indices, indices - 1, ==), tokens, "");
starts = tokens != previous;
run = selector_width(select(starts, True, ==) and select(indices, indices, <=));
run_length = selector_width(select(run, run, ==));
"""


def runs(t: Tokens) -> list[list[str]]:
    return [list(run) for _, run in groupby(t)]


@beyond(
    "a count of counts of truth values, each a key of the next layer",
    RUNS,
    vocab="ab",
    max_len=7,
    layers=3,
)
def length_of_my_run(t: Tokens) -> Answer:
    return [len(run) for run in runs(t) for _ in run]


@beyond(
    "the largest of computed numbers, by a loop of heads",
    RUNS
    + """
    longest = 1;
    for n in range(2, 7) { longest = n if n in run_length else longest; }
    """,
    vocab="ab",
    max_len=6,
    layers=4,
)
def longest_run(t: Tokens) -> Answer:
    return everywhere(max(map(len, runs(t))), t)


@beyond(
    "texts made of tokens and counts, moved to computed places",
    RUNS
    + """
    place = run if starts else 0;
    encoded = aggregate(select(place, indices + 1, ==), tokens + str(run_length), "_");
    """,
    vocab="ab",
    max_len=6,
    layers=4,
)
def run_length_encoding(t: Tokens) -> Answer:
    encoded = [f"{run[0]}{len(run)}" for run in runs(t)]
    return [*encoded, *"_" * (len(t) - len(encoded))]


@beyond(
    "sources computed from two widths over computed keys",
    """
    word = selector_width(select(tokens, "_", ==) and select(indices, indices, <));
    letter = tokens != "_";
    first = selector_width(select(word, word, <));
    size = selector_width(select(word, word, ==) and select(letter, True, ==));
    source = 2 * first + size - 1 - indices if letter else indices;
    reversed_words = aggregate(select(indices, source, ==), tokens);
    """,
    vocab="ab_",
    max_len=5,
    layers=3,
)
def every_word_reversed(t: Tokens) -> Answer:
    return list("_".join(word[::-1] for word in "".join(t).split("_")))


@beyond(
    "a carry that is looked up at a computed place",
    """
    column = {"00": 0, "01": 1, "10": 1, "11": 2}[tokens];
    decides = column != 1;
    number = selector_width(select(decides, True, ==) and select(indices, indices, >));
    place = number if decides else -2;
    carry = indicator(has_focus(select(place, number - 1, ==) and select(column, 2, ==)));
    digit = (column + carry) % 2;
    """,
    vocab=["00", "01", "10", "11"],
    max_len=4,
    layers=2,
)
def binary_addition_of_columns(t: Tokens) -> Answer:
    total = int("".join(x[0] for x in t), 2) + int("".join(x[1] for x in t), 2)
    return [int(bit) for bit in bin(total)[2:].zfill(len(t))[-len(t) :]]


@beyond(
    "a carry through ones only, as a truth value of a conjunction",
    """
    zero_after = has_focus(select(tokens, 0, ==) and select(indices, indices, >));
    x = tokens if zero_after else 1 - tokens;
    """,
    vocab=range(2),
    max_len=7,
    layers=1,
)
def binary_increment(t: Tokens) -> Answer:
    value = (int("".join(map(str, t)), 2) + 1) % 2 ** len(t)
    return [int(bit) for bit in bin(value)[2:].zfill(len(t))]


@beyond(
    "an automaton of three states by a table, one layer a step",
    """
    table = {"sa": "p", "sb": "s", "pa": "q", "pb": "p", "qa": "s", "qb": "p"};
    state = table["s" + tokens];
    for step in range(3) {
        state = table[aggregate(select(indices, indices - 1, ==), state, "s") + tokens];
    }
    """,
    vocab="ab",
    max_len=4,
    layers=3,
)
def automaton_of_three_states(t: Tokens) -> Answer:
    table = {"sa": "p", "sb": "s", "pa": "q", "pb": "p", "qa": "s", "qb": "p"}
    state, states = "s", []
    for x in t:
        state = table[state + x]
        states.append(state)
    return states


@beyond(
    "a flip-flop: the last write, found by its number",
    """
    write = tokens != "-";
    number = selector_width(select(write, True, ==) and select(indices, indices, <=));
    place = number if write else -1;
    x = aggregate(select(place, number, ==), tokens, "?");
    """,
    vocab="ab-",
    max_len=5,
    layers=2,
)
def flip_flop(t: Tokens) -> Answer:
    state, states = "?", []
    for x in t:
        state = state if x == "-" else x
        states.append(state)
    return states


@beyond(
    "the deepest nesting, by a loop of heads over computed numbers",
    """
    step = 1 if tokens == "(" else -1;
    depth = round(aggregate(select(indices, indices, <=), step) * (indices + 1));
    deepest = 0;
    for n in range(1, 7) { deepest = n if n in depth else deepest; }
    """,
    vocab="()",
    max_len=6,
    layers=2,
)
def deepest_nesting(t: Tokens) -> Answer:
    depths = [p.count("(") - p.count(")") for p in up_to(t)]
    return everywhere(max(0, *depths), t)


@beyond(
    "three values in one function: a rule of a cellular automaton with closed ends",
    """
    left = aggregate(select(indices, (indices - 1) % length, ==), tokens);
    right = aggregate(select(indices, (indices + 1) % length, ==), tokens);
    x = {7: 0, 6: 1, 5: 1, 4: 0, 3: 1, 2: 1, 1: 1, 0: 0}[4 * left + 2 * tokens + right];
    """,
    vocab=range(2),
    max_len=7,
    layers=2,
)
def rule_110(t: Tokens) -> Answer:
    n = len(t)
    return [110 >> (4 * t[i - 1] + 2 * t[i] + t[(i + 1) % n]) & 1 for i in range(n)]


@beyond(
    "the majority of three, two of them with defaults",
    """
    left = aggregate(select(indices, indices - 1, ==), tokens, tokens);
    right = aggregate(select(indices, indices + 1, ==), tokens, tokens);
    x = left if left == right else tokens;
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def single_outliers_removed(t: Tokens) -> Answer:
    walled = [t[0], *t, t[-1]]
    return [walled[i] if walled[i] == walled[i + 2] else x for i, x in enumerate(t)]


@beyond(
    "a cipher whose key is the first token: a remainder of a sum of two tokens' codes",
    """
    code = {"a": 0, "b": 1, "c": 2}[tokens];
    key = aggregate(select(indices, 0, ==), code);
    x = ["a", "b", "c"][(code + key) % 3];
    """,
    vocab="abc",
    max_len=5,
    layers=1,
)
def cipher_by_the_first_token(t: Tokens) -> Answer:
    key = "abc".index(t[0])
    return ["abc"[("abc".index(x) + key) % 3] for x in t]


@beyond(
    "tokens merged from two ends by computed positions",
    """
    half = ceil(length / 2);
    source = indices / 2 if indices % 2 == 0 else length - 1 - (indices - 1) / 2;
    x = aggregate(select(indices, source, ==), tokens);
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def from_both_ends(t: Tokens) -> Answer:
    return [t[i // 2] if i % 2 == 0 else t[-1 - i // 2] for i in range(len(t))]


@beyond(
    "mode with ties: the smallest of the most frequent",
    """
    frequency = selector_width(select(tokens, tokens, ==));
    beaten = selector_width(select(frequency, frequency, >));
    best = select(beaten, 0, ==);
    rank = selector_width(best and select(tokens, tokens, <));
    x = round(aggregate(best and select(rank, 0, ==), tokens));
    """,
    vocab=range(3),
    max_len=4,
    layers=4,
)
def smallest_mode(t: Tokens) -> Answer:
    return everywhere(min(t, key=lambda x: (-t.count(x), x)), t)


@beyond(
    "how long the tokens stay equal to the first one",
    """
    first = aggregate(select(indices, 0, ==), tokens);
    broken = has_focus(select(tokens != first, True, ==) and select(indices, indices, <=));
    x = length - count(broken, True);
    """,
    vocab="abc",
    max_len=5,
    layers=3,
)
def length_of_the_first_run(t: Tokens) -> Answer:
    return everywhere(len(runs(t)[0]), t)


@beyond(
    "every token with the number of different ones before it",
    """
    earlier = select(indices, indices, <);
    new = not has_focus(select(tokens, tokens, ==) and earlier);
    x = tokens + str(selector_width(select(new, True, ==) and earlier));
    """,
    vocab="abc",
    max_len=5,
    layers=2,
)
def numbered_by_kinds_seen(t: Tokens) -> Answer:
    return [x + str(len(set(front))) for x, front in zip(t, before(t), strict=True)]


@beyond(
    "a value that is read where a count says so, as a text",
    """
    n = selector_width(select(tokens, tokens, ==));
    x = aggregate(select(indices, n, ==), tokens, "end") + "/" + str(length);
    """,
    vocab="ab",
    max_len=6,
    layers=2,
)
def token_at_my_frequency(t: Tokens) -> Answer:
    return [f"{[*t, 'end'][t.count(x)]}/{len(t)}" for x in t]


@beyond(
    "the position of the partner bracket, by levels and numbers",
    """
    opens = tokens == "(";
    step = 1 if opens else -1;
    depth = round(aggregate(select(indices, indices, <=), step) * (indices + 1));
    level = depth if opens else depth + 1;
    same_level = select(level, level, ==);
    number = selector_width(same_level and select(indices, indices, <));
    open_before = same_level and select(opens, True, ==) and select(number, number - 1, ==);
    x = -1 if opens else aggregate(open_before, indices, -1);
    """,
    vocab="()",
    max_len=6,
    layers=3,
)
def position_of_the_opening_bracket(t: Tokens) -> Answer:
    stack: list[int] = []
    found = []
    for i, x in enumerate(t):
        if x == "(":
            stack.append(i)
            found.append(-1)
        else:
            found.append(stack.pop() if stack else -1)
    return found
