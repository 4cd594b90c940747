"""How a head finds its keys: comparisons as scores that are 0 for selected pairs.

A comparison is a *table* (an indicator on one side, a penalty on the other, one product for each
class of values) or, where one key is copied by equality of numbers, a *distance*
``-(key - query)^2``, two products whatever the number of values.
"""

from __future__ import annotations

from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.selectors import Comparison, Conjunction
from rasp_lang.analysis.values import places_of, same_rows, sorted_unique
from rasp_lang.craft.linear import Linear, PlannedScore
from rasp_lang.craft.planner import Planner, TooWide
from rasp_lang.craft.tables import additive
from rasp_lang.limits import MOST_WEIGHTS

#: How far unselected keys stand below selected ones; BOS stands half way where nothing may be
#: selected. exp(-COLD / 2) is 0 in single precision: what is not selected gets no weight at all.
COLD = 256.0
#: Tables of at most this many products are preferred to a distance.
SMALL_TABLE = 3


def by_distance(
    planner: Planner, comparison: Comparison, one_key: bool, never_empty: bool
) -> float | None:
    """The smallest distance of different numbers if the comparison can be a distance score."""
    key, query = planner.facts.sops[comparison.key], planner.facts.sops[comparison.query]
    if not one_key or not (key.values.numeric and query.values.numeric):
        return None
    if len(key.cone.variables) != 1 or not _is_exact(key):
        return None
    matrix = comparison.matrix
    numbers = sorted_unique(np.concatenate([key.values.numbers, query.values.numbers]))
    equal = key.values.numbers[None, :] == query.values.numbers[:, None]
    if not np.array_equal(matrix, equal) or min(comparison.kinds) <= SMALL_TABLE:
        return None
    asks = query.cone.variables
    free_square = len(asks) == 1 and asks[0].tabular
    if not (never_empty or free_square) or additive(planner.numbers(query)) is None:
        return None
    nearest = float(np.diff(numbers).min())
    return nearest if nearest >= 2.0**-6 else None


def _is_exact(sop: SopFacts) -> bool:
    """Whether keys of this s-op hold their numbers without error: what is tabular, and counts."""
    variable = sop.cone.variables[0]
    return variable.tabular or variable.kind in ("width", "sum")


def plan_focus(planner: Planner, conjunction: Conjunction) -> tuple[PlannedScore, ...]:
    """The scores of a head that only asks whether anything is selected: weights need not be equal,
    so that what is selected may as well be rewarded, if that is cheaper."""
    sops = [planner.facts.sops[side] for c in conjunction for side in (c.key, c.query)]
    if len(conjunction) > 1 or all(map(_plain, sops)):
        return plan_scores(planner, conjunction, False, False)
    (comparison,) = conjunction
    reward = _reward(planner, comparison)
    if reward is None:
        return plan_scores(planner, conjunction, False, False)
    # A rule of two neurons over several variables is a box, whose outside takes no fewer.
    if reward.cost <= 2 and any(len(sop.cone.variables) > 1 for sop in sops):
        return (reward,)
    try:
        with planner.narrowed(reward.cost):
            scores = plan_scores(planner, conjunction, False, False)
    except TooWide:
        return (reward,)
    return scores if scores[0].cost <= reward.cost else (reward,)


def _reward(planner: Planner, comparison: Comparison) -> PlannedScore | None:
    """What penalises unselected keys of the opposite comparison, the other way round."""
    opposite = Comparison.of(comparison.key, comparison.query, ~comparison.matrix)
    try:
        found = _table(planner, opposite)
    except TooWide:
        return None
    products = tuple((query.scaled(-1.0), key) for query, key in found.products)
    return PlannedScore(products, found.indicator_is_query, reward=True)


def plan_scores(
    planner: Planner, conjunction: Conjunction, one_key: bool, never_empty: bool
) -> tuple[PlannedScore, ...]:
    """The scores of a conjunction, in a canonical order."""
    ordered = sorted(conjunction, key=lambda c: (c.key, c.query, c.bits))
    found = []
    for comparison in ordered:
        nearest = by_distance(planner, comparison, one_key, never_empty)
        if nearest is not None:
            found.append(_distance(planner, comparison, nearest))
            continue
        if comparison not in planner.tables:
            planner.tables[comparison] = _table(planner, comparison)
        found.append(planner.tables[comparison])
    return tuple(found)


def _distance(planner: Planner, comparison: Comparison, nearest: float) -> PlannedScore:
    key, query = planner.facts.sops[comparison.key], planner.facts.sops[comparison.query]
    numbers = key.values.numbers
    centre = float(np.round((numbers[0] + numbers[-1]) / 2))
    asked = planner.linear(planner.numbers(query), comparison.query).shifted(-centre)
    offered = planner.read(key, numbers - centre, comparison.key)
    square = planner.read(key, (numbers - centre) ** 2, comparison.key)
    cold = COLD / nearest**2
    products = ((asked.scaled(2 * cold), offered), (Linear(-cold), square))
    variables = query.cone.variables
    if len(variables) == 1 and variables[0].tabular:
        asked_square = planner.read(query, (query.values.numbers - centre) ** 2, comparison.query)
    else:
        asked_square = Linear()
    return PlannedScore(products, True, (asked, offered, asked_square), nearest)


def _table(planner: Planner, comparison: Comparison) -> PlannedScore:
    matrix = comparison.matrix
    key, query = planner.facts.sops[comparison.key], planner.facts.sops[comparison.query]
    coded = _coded(planner, comparison) if planner.opt and _plain(query) and _plain(key) else None
    if coded is not None:
        return coded
    rows, columns = comparison.kinds
    plain = _plain(query) and _plain(key)
    if not plain and rows * columns > MOST_WEIGHTS:  # a hidden function for each kind
        raise planner.too_many_weights(comparison.query, rows * columns)
    if plain:
        indicator_is_query = rows <= columns
    elif _plain(query) or _plain(key):
        indicator_is_query = _plain(query)
    else:
        indicator_is_query = rows <= columns
    if indicator_is_query:
        pairs = _products(planner, (query, comparison.query), (key, comparison.key), matrix)
        return PlannedScore(tuple((ind, pen.scaled(-COLD)) for ind, pen in pairs), True)
    pairs = _products(planner, (key, comparison.key), (query, comparison.query), matrix.T)
    return PlannedScore(tuple((pen.scaled(-COLD), ind) for ind, pen in pairs), False)


def _coded(planner: Planner, comparison: Comparison) -> PlannedScore | None:
    """A comparison that lets each key be selected by one kind of query only, by far fewer products
    than kinds: each kind is a set of half of ``m`` features, and a key is penalised for each
    feature of the query that it lacks. No such set contains another (Sperner), so that m features
    tell C(m, m/2) kinds apart. None where that is no gain."""
    matrix = comparison.matrix
    first, kind_of_query = same_rows(np.packbits(matrix, axis=1))
    kinds = matrix[first]
    chosen = kinds.sum(axis=0)
    if (chosen > 1).any() or len(kinds) < 2:
        return None
    spare = int((chosen == 0).any())
    sets = _antichain(len(kinds) + spare)
    if sets.shape[1] >= min(comparison.kinds):
        return None
    kind_of_key = np.where(chosen == 0, len(kinds), kinds.argmax(axis=0))
    key, query = planner.facts.sops[comparison.key], planner.facts.sops[comparison.query]
    planner.spelled.update(v.id for v in (*key.cone.variables, *query.cone.variables))
    asked, had = sets[kind_of_query].astype(float), sets[kind_of_key].astype(float)
    queries = planner.read_all(query, asked.T, comparison.query)
    keys = planner.read_all(key, -COLD * (1.0 - had.T), comparison.key)
    return PlannedScore(tuple(zip(queries, keys, strict=True)), True)


def _antichain(count: int) -> NDArray[np.bool_]:
    """``count`` sets of half of as few features as do: [count, features]."""
    features = next(m for m in range(1, count + 1) if comb(m, m // 2) >= count)
    sets = np.zeros((count, features), bool)
    for row, chosen in zip(sets, combinations(range(features), features // 2), strict=False):
        row[list(chosen)] = True
    return sets


def _plain(sop: SopFacts) -> bool:
    """Whether every function of the s-op can be read without a hidden layer, without error."""
    return len(sop.cone.variables) <= 1 and all(v.tabular for v in sop.cone.variables)


def _products(
    planner: Planner,
    indicated: tuple[SopFacts, int],
    penalised: tuple[SopFacts, int],
    matrix: NDArray[np.bool_],
) -> list[tuple[Linear, Linear]]:
    """(indicator, penalty) of each class of rows of ``matrix`` [indicated, penalised]."""
    some = places_of(~matrix.all(axis=1))
    first, class_of = same_rows(np.packbits(matrix[some], axis=1))
    chosen = np.zeros((len(first), len(matrix)))
    chosen[class_of, some] = 1.0
    unselected = (~matrix[some[first]]).astype(np.float64)
    penalties = planner.penalties(penalised[0], unselected, penalised[1])
    indicators = planner.read_all(indicated[0], chosen, indicated[1])
    return [(indicator, penalty) for penalty, indicator in zip(penalties, indicators, strict=True)]
