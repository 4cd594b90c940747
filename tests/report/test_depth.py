"""Layers and heads as the paper counts them: the programs of the paper's table, written out here.

A width is one head, as with a BOS token; so `histogram` has 1 head and `sort` 1 in its first layer.
"""

import pytest

from rasp_lang.depth import heads_by_layer
from rasp_lang.program import loads

HISTOGRAM = "histogram = selector_width(select(tokens, tokens, ==));"
SEEN = """
seen = has_focus(select(tokens, tokens, ==) and select(indices, indices, <));
"""

DYCK = """
pairs = ["()", "{}"];
opens = tokens in [pair[0] for pair in pairs];
closes = tokens in [pair[1] for pair in pairs];
before = select(indices, indices, <=);
balance = aggregate(before, indicator(opens) - indicator(closes)) * (indices + 1);
depth = round(balance) + indicator(closes);
negative = aggregate(before, indicator(balance < 0)) > 0;
order = selector_width(select(depth, depth, ==) and before);
partner = select(depth, depth, ==) and select(order, order - 1, ==);
matched = aggregate(partner, tokens, "-") + tokens;
wrong = closes and not (matched in pairs);
bad = aggregate(before, indicator(wrong)) > 0;
out_of_order = bad or negative;
"""

LONG_ADDITION = """
digits = "0123456789";
plus = aggregate(select(tokens, "+", ==), indices);
values = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "+": 0};
value = values[tokens];
upper = aggregate(select(indices, indices - (length - plus), ==), value);
sum = upper + (value if indices > plus else 0);
after = select(indices, indices, >=);
rank = selector_width(select(sum, 9, !=) and after);
nearest = aggregate(select(rank, rank, ==) and select(sum, 9, !=), sum);
carry = aggregate(select(indices, indices + 1, ==), indicator(nearest > 9));
result = (sum + carry) % 10;
"""

TABLE = {
    "length": ("x = length;", (1,)),
    "histogram": (HISTOGRAM, (1,)),
    "reverse": ("x = aggregate(select(indices, length - 1 - indices, ==), tokens);", (1, 1)),
    "sort": ("x = sort(tokens, tokens);", (1, 1)),
    "double histogram": (
        HISTOGRAM + SEEN + "x = selector_width(select(histogram, histogram, ==) and "
        "select(seen, False, ==));",
        (2, 1),
    ),
    "sort by most frequent": (
        HISTOGRAM + SEEN + "x = sort(tokens, -histogram if not seen else indices);",
        (2, 1, 1),
    ),
    "Dyck-1": (
        'balance = aggregate(select(indices, indices, <=), indicator(tokens == "(") - '
        'indicator(tokens == ")"));'
        "failed = aggregate(select(indices, indices, <=), indicator(balance < 0)) > 0;"
        'x = "F" if failed else ("T" if balance == 0 else "P");',
        (1, 1),
    ),
    "Dyck-2": (DYCK, (1, 2, 1, 1)),
    "Dyck-3": (DYCK.replace('"{}"]', '"{}", "[]"]'), (1, 2, 1, 1)),
    "long addition": (LONG_ADDITION, (2, 1, 1, 1, 1)),
}


def counted(text: str, *names: str) -> tuple[int, ...]:
    program = loads(text)
    return heads_by_layer(
        program.graph, [program.output_node(name) for name in names or (program.output,)]
    )


@pytest.mark.parametrize("name", TABLE)
def test_the_programs_of_the_paper_have_its_layers_and_heads(name):
    text, heads = TABLE[name]
    assert counted(text) == heads


def test_elementwise_code_costs_no_layer():
    assert counted("x = (indices % 3) + 1 if tokens == 2 else -indices;") == ()


def test_equal_selectors_written_twice_are_one_head():
    assert counted(
        "a = aggregate(select(tokens, 1, ==), indices);"
        "b = aggregate(select(tokens, 1, ==), tokens);"
        "x = a + b;"
    ) == (1,)


@pytest.mark.parametrize("other", ["1.0", "True", '"1"'])
def test_selectors_that_compare_equal_atoms_of_other_types_are_two_heads(other):
    assert counted(
        "a = aggregate(select(tokens, 1, ==), indices);"
        f"b = aggregate(select(tokens, {other}, ==), indices);"
        "x = a + b;"
    ) == (2,)


def test_a_selector_used_at_two_depths_is_a_head_in_each():
    assert counted(
        "before = select(indices, indices, <); a = aggregate(before, indices);"
        "x = aggregate(before, a);"
    ) == (1, 1)


def test_a_width_and_an_aggregate_over_one_selector_share_their_head():
    assert counted(
        "same = select(tokens, tokens, ==); x = selector_width(same) + aggregate(same, indices);"
    ) == (1,)


def test_a_default_is_joined_in_and_adds_no_layer():
    text = "first = aggregate(select(indices, length - 1, ==), indices);"
    assert counted(text + "x = aggregate(select(indices, 9, ==), indices, first);") == (2, 1)


def test_a_pin_changes_nothing():
    same = "select(tokens, tokens, ==)"
    pinned = "select(categorical(tokens), tokens, ==)"
    assert counted(f"x = selector_width({same}) + selector_width({pinned});") == (1,)


def test_several_outputs_are_counted_together():
    text = HISTOGRAM + "reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);"
    assert counted(text, "histogram", "reverse") == (2, 1)


def test_what_the_output_does_not_need_is_not_counted():
    assert counted(HISTOGRAM + "deep = sort(tokens, histogram); x = histogram;", "x") == (1,)


def test_a_sum_of_thousands_of_terms_is_counted_without_recursion():
    terms = " + ".join(["aggregate(select(indices, indices, <), indices)"] * 3000)
    assert counted(f"x = {terms};") == (1,)
