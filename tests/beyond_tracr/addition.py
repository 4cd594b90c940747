"""Long addition of two numbers of any lengths in one input, as in "123+4567"."""

from __future__ import annotations

from beyond_tracr.table import Answer, Tokens, beyond

#: The first plus separates; further ones count as 0. Without a plus the second number is 0. The sum
#: has as many digits as the longer number, with a carry in front, and stands at the right.
SOURCE = """
digit = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4,
         "5": 5, "6": 6, "7": 7, "8": 8, "9": 9, "+": 0}[tokens];
second = has_focus(select(tokens, "+", ==) and select(indices, indices, <=));
first_size = selector_width(select(second, False, ==));
second_size = length - 1 - first_size;
place = length - 1 - indices;

above = aggregate(select(indices, indices - 1 - second_size, ==), digit if not second else 0, 0);
column = above + (digit if second else 0);

decides = column != 9;
deciding_behind = select(decides, True, ==) and select(indices, indices, >);
number = selector_width(deciding_behind);
key = number if decides else -2;
carry = has_focus(select(key, number - 1, ==) and select(column, 9, >));

total = column + indicator(carry);
size = max(first_size, second_size);
addition = str(total % 10) if place < size else ("1" if total == 1 and place == size else "_");
"""


@beyond(
    "five layers of computed keys, counts and texts",
    SOURCE,
    vocab="459+",
    max_len=5,
    layers=5,
)
def long_addition_of_any_lengths(t: Tokens) -> Answer:
    return added(t)


def added(t: Tokens) -> list[str]:
    first, _, second = "".join(t).partition("+")
    second = second.replace("+", "0")
    size = max(len(first), len(second))
    total = int(first or "0") + int(second or "0")
    return list(str(total).zfill(size).rjust(len(t), "_")) if size else ["_"] * len(t)
