"""How an s-op is read off the last residual stream.

Categorical: one reading for each value, the largest wins. Numerical: its number, with a second
reading for the type where one place can hold equal numbers of different types; the nearest of the
values that are possible at the place wins.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.facts import SopFacts
from rasp_lang.analysis.values import Values, kind, starts
from rasp_lang.analysis.workings import is_itself
from rasp_lang.craft.linear import Linear, reading
from rasp_lang.craft.planner import Planner
from rasp_lang.craft.program import Candidate
from rasp_lang.craft.tables import composed
from rasp_lang.graph import Atom, Pin

#: Values with at most this relative difference decode to the same one.
SAME = 1e-12
#: At optimisation level 2 a value of this many is held as a point on a circle.
SMALLEST_CIRCLE, LARGEST_CIRCLE = 4, 2000
#: More values than this are not given a logit each.
MOST = 4096
#: Nor are more numbers than this that hidden layers make: each logit is a function of its own.
MOST_MADE = 256
#: What is looked up has a direction for each value up to this many, else one for their ranks.
FEW = 16


@dataclass(frozen=True, eq=False)
class PlannedOutput:
    """An output before directions are given out; fields as in ``Output``."""

    name: str
    node: int
    kind: Literal["categorical", "numerical", "quotient"]
    readings: tuple[Linear, ...]
    values: Values
    grouping: Literal["all", "index", "index_length", "length"]
    class_of: tuple[object, ...]
    classes: tuple[Candidate, ...]
    gap: float = 1.0
    unit: float = 1.0
    whole: bool = False


def plan_output(planner: Planner, name: str, node: int) -> PlannedOutput:
    """The readings and candidates of one output."""
    if node in planner.facts.quotients:
        return _as_quotient(planner, name, node)
    sop = planner.facts.sops[node]
    if not len(sop.values):
        raise planner.refusal(node, "RASP0602", f"`{name}` fails on every input",
                              "run it in the interpreter to see why")  # fmt: skip
    op = planner.facts.graph[node].op
    pin = op.encoding if isinstance(op, Pin) else None
    if len(sop.values) > FEW and all(v.id in planner.facts.lookups for v in sop.cone.variables):
        return _by_rank(planner, name, node, sop)
    if pin == "categorical" or (pin is None and _categorical(planner, sop)):
        return _by_value(planner, name, node, sop)
    return _by_number(planner, name, node, sop)


def _categorical(planner: Planner, sop: SopFacts) -> bool:
    """Whether values get a logit each: texts, and numbers of one variable, if these are few."""
    variables = sop.cone.variables
    if not sop.values.numeric or len(variables) != 1 or not variables[0].tabular:
        return not sop.values.numeric
    made = variables[0].id in planner.facts.definitions
    return len(sop.values) <= (MOST_MADE if made else MOST)


def _by_value(planner: Planner, name: str, node: int, sop: SopFacts) -> PlannedOutput:
    if len(sop.values) > MOST:
        what = f"`{name}` takes {len(sop.values):,} values, more than {MOST:,}"
        raise planner.refusal(node, "RASP0603", what, "use a smaller vocabulary or maximum length")
    logits, gap = np.eye(len(sop.values)), 1.0
    alone = len(sop.cone.variables) == 1 and is_itself(sop, sop.cone.variables[0])
    if planner.opt == 2 and alone and SMALLEST_CIRCLE <= len(sop.values) <= LARGEST_CIRCLE:
        logits, gap = circle(len(sop.values))
    readings = tuple(map(planner.use, planner.read_all(sop, logits, node)))
    return PlannedOutput(name, node, "categorical", readings, sop.values, "all", (), (), gap)


def circle(size: int) -> tuple[NDArray[np.float64], float]:
    """Values as points on a circle: two directions whatever their number. Row k of the logits
    [size, size] is the cosine of the angle to point k; the gap is to the neighbours' cosine."""
    angles = 2 * np.pi * np.arange(size) / size
    return np.cos(angles[:, None] - angles[None, :]), float(1 - np.cos(angles[1]))


def _by_number(planner: Planner, name: str, node: int, sop: SopFacts) -> PlannedOutput:
    readings = [planner.use(planner.read(sop, sop.values.numbers, node))]
    levels = _levels(sop.values)
    points = levels[:, None]
    if _ambiguous(sop, levels):
        kinds = [kind(atom) for atom in sop.values.atoms]
        rank_of = {each: float(rank) for rank, each in enumerate(sorted(set(kinds)))}
        ranks = np.array([rank_of[each] for each in kinds])
        typed = composed(sop.cone, sop.table, ranks)
        readings.append(planner.use(planner.linear(typed, node)))
        points = np.column_stack([points, ranks])
    places = planner.facts.contexts
    grouping = places.grouping(sop.reach.class_of)
    where = places.representatives(grouping) if grouping != "all" else []
    class_of, kept = _renumber(sop.reach.class_of, where)
    classes = tuple(_candidates(sop, row, points) for row in sop.reach.table[kept])
    return PlannedOutput(
        name,
        node,
        "numerical",
        tuple(readings),
        sop.values,
        grouping,
        class_of,
        classes,
    )


def _as_quotient(planner: Planner, name: str, node: int) -> PlannedOutput:
    """A mean whose denominator is known where it is read: no list of values is needed."""
    found = planner.facts.quotients[node]
    readout = planner.use(reading(found.variable, found.variable.values.numbers))
    gap = found.unit / planner.facts.contexts.max_len
    return PlannedOutput(
        name, node, "quotient", (readout,), Values(()), found.keys, (), (), gap,
        found.unit, found.whole,
    )  # fmt: skip


def _by_rank(planner: Planner, name: str, node: int, sop: SopFacts) -> PlannedOutput:
    """The position among all values, an int, instead of the value."""
    ranks = np.arange(len(sop.values), dtype=float)
    readout = planner.use(planner.read(sop, ranks, node))
    everything = Candidate(sop.values.atoms, ranks[:, None])
    return PlannedOutput(name, node, "numerical", (readout,), sop.values, "all", (), (everything,))


def _ambiguous(sop: SopFacts, levels: NDArray[np.float64]) -> bool:
    """Whether some place can hold equal numbers of different kinds."""
    first = starts(levels)
    if len(first) == len(sop.values):
        return False
    return bool((np.add.reduceat(sop.reach.table, first, axis=1, dtype=np.int64) > 1).any())


def _levels(values: Values) -> NDArray[np.float64]:
    """Ascending numbers, those that differ by rounding only made one; two ints never do."""
    levels, whole = values.numbers.tolist(), None
    for k, atom in enumerate(values.atoms):
        close = k > 0 and levels[k] - levels[k - 1] <= SAME * abs(levels[k])
        apart = isinstance(atom, int) and whole not in (None, atom)
        if close and not apart:
            levels[k] = levels[k - 1]
        else:
            whole = None
        whole = atom if isinstance(atom, int) else whole
    return np.array(levels)


def _renumber(
    class_of: NDArray[np.int64], where: list[int] | list[list[int]]
) -> tuple[tuple[object, ...], list[int]]:
    if not where:
        return (), [int(class_of[0])]
    found = [class_of[entry].tolist() for entry in where]
    kept = list(dict.fromkeys(chain.from_iterable(e if type(e) is list else [e] for e in found)))
    number = {known: k for k, known in enumerate(kept)}
    return tuple(
        tuple(map(number.__getitem__, entry)) if type(entry) is list else number[entry]
        for entry in found
    ), kept


def _candidates(sop: SopFacts, row: NDArray[np.bool_], points: NDArray[np.float64]) -> Candidate:
    kept: list[int] = []
    for position in row.nonzero()[0].tolist():
        if not kept or not _same(sop.values.atoms, kept[-1], position):
            kept.append(position)
    if not kept:
        kept = [0]  # every input fails at such a place: any answer will do
    return Candidate(tuple(sop.values.atoms[k] for k in kept), points[kept])


def _same(atoms: tuple[Atom, ...], a: int, b: int) -> bool:
    """Whether two neighbouring floats differ by rounding only, not by the sign of a zero."""
    x, y = atoms[a], atoms[b]
    floats = isinstance(x, float) and isinstance(y, float) and kind(x) == kind(y)
    return floats and abs(float(x) - float(y)) <= SAME * abs(float(y))
