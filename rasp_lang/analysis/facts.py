"""What is known of each s-op and selector for one vocabulary and maximum length.

Immutable products of the analysis: see ``analyse`` for how they are made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable
from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.selectors import NormalForm
from rasp_lang.analysis.values import Reach, Values
from rasp_lang.graph import Graph


class SopFacts(NamedTuple):
    """``table[row]`` is the position in ``values`` of the s-op's value in each row of ``cone``, -1
    where the interpreter would report an error."""

    values: Values
    reach: Reach
    cone: Cone
    table: NDArray[np.int64]

    @property
    def depth(self) -> int:
        """The attention layer after which it can be computed."""
        return max((variable.depth for variable in self.cone.variables), default=0)

    @property
    def depends_on(self) -> str:
        """``constant``, ``token``, ``index``, ``token and index`` or ``anything``."""
        kinds = {variable.kind for variable in self.cone.variables}
        if not kinds:
            return "constant"
        return (
            " and ".join(sorted(kinds, reverse=True)) if kinds <= {"token", "index"} else "anything"
        )


@dataclass(frozen=True, eq=False)
class SelectorFacts:
    """``least`` and ``most``: bounds on the number of selected keys at each place, shape [C]."""

    form: NormalForm
    least: NDArray[np.int64]
    most: NDArray[np.int64]
    depth: int

    @cached_property
    def at_most_one(self) -> bool:
        return bool((self.most <= 1).all())

    @cached_property
    def never_empty(self) -> bool:
        return bool((self.least >= 1).all())


@dataclass(frozen=True, eq=False)
class Combination:
    """``constant`` plus the sum of one function of each variable: ``vector[v]`` is what value v of
    the variable contributes, a multiple of its numbers if the variable is not tabular. It is never
    tabulated: its variables may take far more values together than could be listed."""

    constant: float
    parts: tuple[tuple[Variable, NDArray[np.float64]], ...]

    @property
    def variables(self) -> tuple[Variable, ...]:
        return tuple(variable for variable, _ in self.parts)


#: (s-op, allowed values by position) pairs, all of which have to hold.
Conditions = tuple[tuple[int, tuple[int, ...]], ...]


@dataclass(frozen=True, eq=False)
class Lookup:
    """A variable that one hidden layer looks up: ``boxes`` are conditions and a value, by position
    among the variable's values; at most one box holds anywhere, and where none does the value is
    ``base``."""

    boxes: tuple[tuple[Conditions, int], ...]
    base: int


@dataclass(frozen=True, eq=False)
class Head:
    """What an aggregate or width needs from attention.

    ``kind`` is ``copy`` (at most one key counts), ``mean``, ``sum``, ``width`` or ``focus`` (1 if
    any key is selected, else 0); ``values`` is the node that is aggregated (None for a width), of
    which a sum takes ``scale`` times the number minus ``shift``."""

    kind: str
    selector: int
    values: int | None
    variable: Variable
    scale: float = 1.0
    shift: float = 0.0


@dataclass(frozen=True, eq=False)
class Quotient:
    """A mean of too many values to list: a multiple of ``unit`` over the number of keys, which the
    place tells (``keys``: the positions up to it, or all). The mean of one key is the value itself,
    an int if ``whole``."""

    variable: Variable
    keys: Literal["index", "length"]
    unit: float
    whole: bool


@dataclass(frozen=True, eq=False)
class Facts:
    """What is known of a program, by node of ``graph`` and by variable id.

    ``heads``: for each variable that attention produces. ``definitions``: for each that is
    elementwise code over other variables. ``combinations``: for each that is a sum of functions of
    other variables. ``lookups``: for each that is a table over all inputs. ``totals``: for each
    mean of ints the variable of their sum, and the number of keys. ``quotients``: means that are
    not in ``sops``, since they take too many values. ``focus``: for a width the
    variable that tells 0 from all other widths. ``one_hot``: variables that are pinned to a
    direction for each value."""

    graph: Graph
    vocabulary: Values
    contexts: Contexts
    sops: Mapping[int, SopFacts]
    selectors: Mapping[int, SelectorFacts]
    heads: Mapping[int, Head]
    definitions: Mapping[int, SopFacts]
    combinations: Mapping[int, Combination]
    lookups: Mapping[int, Lookup]
    totals: Mapping[int, tuple[Variable, SopFacts]]
    quotients: Mapping[int, Quotient]
    focus: Mapping[int, Variable]
    one_hot: frozenset[int]
    variables: tuple[Variable, ...]

    def variables_of(self, node: int) -> tuple[Variable, ...]:
        """What an s-op is made of at one position."""
        if node in self.quotients:
            return (self.quotients[node].variable,)
        return self.sops[node].cone.variables
