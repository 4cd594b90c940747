"""Random graphs and inputs, and a graph that composes selectors."""

from __future__ import annotations

from hypothesis import strategies as st

from rasp_lang import graph as g

ATOMS = st.sampled_from([0, 1, 2, 3, -1, True, False, 0.5, 1.0, 2.0, -1.5, "a", "b", "1", ""])
TOKENS = st.one_of(
    st.lists(st.sampled_from("abc1"), min_size=1, max_size=7),
    st.lists(st.sampled_from([0, 1, 2, 5, -3, 10**30]), min_size=1, max_size=7),
    st.lists(st.sampled_from([0.0, 1.0, 0.5, -2.5, 1e300, 5e-324]), min_size=1, max_size=7),
    st.lists(st.booleans(), min_size=1, max_size=5),
    st.lists(st.sampled_from([0, 1, True, 1.0, 0.1, 3]), min_size=1, max_size=7),
    st.lists(ATOMS, min_size=1, max_size=4),
).map(tuple)
#: Elementwise functions; those that rarely fail come more often.
FUNCTIONS = st.sampled_from(
    [*g.UNARY, *g.BINARY, *g.TERNARY] + 3 * ["+", "-", "*", "==", "<", "if", "and", "indicator"]
)
_VIEWS = ["asis"] * 3 + ["str", "int", "float", "bool"]


@st.composite
def graphs(draw: st.DrawFn) -> g.Graph:
    """A graph of up to 16 nodes, s-ops and selectors."""
    builder = g.GraphBuilder()
    sops = [
        builder.add(g.Tokens(draw(st.sampled_from(_VIEWS)))),
        builder.add(g.Indices()),
        builder.add(g.Constant(draw(ATOMS))),
    ]
    selectors = [_select(draw, builder, sops)]
    for _ in range(draw(st.integers(1, 12))):
        kind = draw(st.sampled_from("eeesscaaawlp"))
        if kind == "s":
            selectors.append(_select(draw, builder, sops))
        elif kind == "c":
            selectors.append(_combine(draw, builder, selectors))
        else:
            sops.append(_sop(draw, kind, builder, sops, selectors))
    return builder.graph()


def _select(draw: st.DrawFn, builder: g.GraphBuilder, sops: list[int]) -> int:
    inputs = (draw(st.sampled_from(sops)), draw(st.sampled_from(sops)))
    return builder.add(g.Select(draw(st.sampled_from(g.COMPARISONS))), inputs)


def _combine(draw: st.DrawFn, builder: g.GraphBuilder, selectors: list[int]) -> int:
    connective = draw(st.sampled_from(["and", "or", "not"]))
    count = 1 if connective == "not" else 2
    inputs = tuple(draw(st.sampled_from(selectors)) for _ in range(count))
    return builder.add(g.Combine(connective), inputs)


def _sop(
    draw: st.DrawFn, kind: str, builder: g.GraphBuilder, sops: list[int], selectors: list[int]
) -> int:
    def any_sop() -> int:
        return draw(st.sampled_from(sops))

    if kind == "e":
        function = draw(FUNCTIONS)
        count = 1 if function in g.UNARY else 2 if function in g.BINARY else 3
        return builder.add(g.Elementwise(function), tuple(any_sop() for _ in range(count)))
    if kind == "a":
        default = (any_sop(),) if draw(st.booleans()) else ()
        return builder.add(g.Aggregate(), (draw(st.sampled_from(selectors)), any_sop(), *default))
    if kind == "w":
        return builder.add(g.Width(), (draw(st.sampled_from(selectors)),))
    if kind == "l":
        return builder.add(draw(_LOOKUPS), (any_sop(),))
    return builder.add(g.Pin("numerical"), (any_sop(),))


_ITEMS = st.lists(ATOMS, min_size=1, max_size=5)
_LOOKUPS = st.one_of(
    _ITEMS.map(lambda items: g.LookupList(tuple(items))),
    _ITEMS.map(lambda items: g.LookupDict(tuple({item: item for item in items}.items()))),
    _ITEMS.map(lambda items: g.Membership(tuple(items))),
)


def stable_sort() -> tuple[g.Graph, int]:
    """Tokens in order, equal ones by position: a selector composed of three."""
    builder = g.GraphBuilder()
    tokens, indices = builder.add(g.Tokens("asis")), builder.add(g.Indices())
    smaller = builder.add(g.Select("<"), (tokens, tokens))
    equal = builder.add(g.Select("=="), (tokens, tokens))
    earlier = builder.add(g.Select("<"), (indices, indices))
    tied = builder.add(g.Combine("and"), (equal, earlier))
    rank = builder.add(g.Width(), (builder.add(g.Combine("or"), (smaller, tied)),))
    place = builder.add(g.Select("=="), (rank, indices))
    root = builder.add(g.Aggregate(), (place, tokens))
    return builder.graph(), root
