"""The state of an analysis while it goes through a graph: facts so far, variables so far."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from rasp_lang.analysis.cones import Cone, Variable, VariableKind, build_cone
from rasp_lang.analysis.contexts import Contexts
from rasp_lang.analysis.facts import (
    Combination,
    Facts,
    Head,
    Lookup,
    Quotient,
    SelectorFacts,
    SopFacts,
)
from rasp_lang.analysis.matching import Matching
from rasp_lang.analysis.values import Reach, Values, kind
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.graph import Aggregate, Atom, Graph, Width

T = TypeVar("T")


class _Known(dict[int, T]):
    """Facts by node. Those of ``waiting`` nodes are found out when somebody needs them. What was
    refused is refused again to whoever needs it, and to nobody else."""

    def __init__(
        self, refused: Mapping[int, RaspError], waiting: set[int], settle: Callable[[int], None]
    ) -> None:
        super().__init__()
        self.refused, self.waiting, self.settle = refused, waiting, settle

    def __missing__(self, node_id: int) -> T:
        if node_id in self.waiting:
            self.waiting.discard(node_id)
            self.settle(node_id)
            if node_id in self:
                return self[node_id]
        raise self.refused[node_id]


class Workings(ABC):
    """What ``analyse`` and ``attention`` read and extend, node by node."""

    def __init__(self, graph: Graph, vocabulary: Sequence[Atom], places: Contexts) -> None:
        self.graph, self.places = graph, places
        self.vocabulary = Values.of(vocabulary)
        self.refused: dict[int, RaspError] = {}
        self.waiting: set[int] = set()
        self.sops: dict[int, SopFacts] = _Known(self.refused, self.waiting, self.settle)
        self.selectors: dict[int, SelectorFacts] = _Known(self.refused, set(), self.settle)
        self.quotients: dict[int, Quotient] = {}
        self.matchings: dict[int, Matching | None] = {}
        self.heads: dict[int, Head] = {}
        self.variables: list[Variable] = []
        self.cones: dict[frozenset[int], Cone] = {}
        self.widths: dict[int, SopFacts] = {}
        self.severals: dict[int, SopFacts] = {}
        self.held: dict[tuple[int, int], NDArray[np.bool_]] = {}
        self.reaches: dict[tuple[object, ...], tuple[NDArray[np.float64], Reach]] = {}
        self.steps: dict[object, SopFacts] = {}
        self.definitions: dict[int, SopFacts] = {}
        self.combinations: dict[int, Combination] = {}
        self.lookups: dict[int, Lookup] = {}
        self.permutations: set[int] = set()
        self.orderings: set[int] = set()
        self.focus: dict[int, Variable] = {}
        self.one_hot: set[int] = set()
        self.textbook = self.named = False
        self.cuts: frozenset[int] = frozenset()
        #: The selectors that attention uses as a whole, not just as parts of others.
        self.attended_by = {
            node.inputs[0] for node in graph.nodes if isinstance(node.op, Aggregate | Width)
        }
        #: The nodes that each node is an input of.
        self.users: list[list[int]] = [[] for _ in graph.nodes]
        for user, node in enumerate(graph.nodes):
            for used in dict.fromkeys(node.inputs):
                self.users[used].append(user)
        self.totals: dict[int, tuple[Variable, SopFacts]] = {}
        everywhere = Reach.everywhere(len(places), len(self.vocabulary))
        self.token = self.variable("token", -1, self.vocabulary, everywhere, depth=0)
        positions = Values(tuple(range(places.max_len)))
        at = Reach(places.index, np.eye(places.max_len, dtype=bool))
        self.index = self.variable("index", -1, positions, at, depth=0)

    @abstractmethod
    def settle(self, node_id: int) -> None:
        """Find out about a node, or remember why that is refused."""

    def facts(self) -> Facts:
        return Facts(
            self.graph, self.vocabulary, self.places, self.sops, self.selectors, self.heads,
            self.definitions, self.combinations, self.lookups, self.totals,
            self.quotients, self.focus, frozenset(self.one_hot), tuple(self.variables),
        )  # fmt: skip

    def variable(
        self, kind: VariableKind, node: int, values: Values, reach: Reach, depth: int
    ) -> Variable:
        tabular = kind not in ("mean", "width", "sum", "numerical", "linear")
        self.variables.append(
            Variable(len(self.variables), kind, node, values, reach, tabular, depth)
        )
        return self.variables[-1]

    def cone(self, variables: Sequence[Variable]) -> Cone:
        known = frozenset(variable.id for variable in variables)
        if known not in self.cones:
            self.cones[known] = build_cone(variables, len(self.places))
        return self.cones[known]

    def common_cone(self, operands: Sequence[SopFacts]) -> Cone:
        return self.cone([variable for operand in operands for variable in operand.cone.variables])

    def step(self, node_id: int) -> SopFacts:
        """The s-op as a variable of its own, computed one step earlier than those who use it."""
        facts = self.sops[node_id]
        return facts if len(facts.cone.variables) < 2 else self.cut("step", node_id, facts)

    def cut(self, kind: VariableKind, node: int, facts: SopFacts) -> SopFacts:
        """A variable defined by elementwise code over other variables."""
        if (kind, node) not in self.steps:
            free = len(facts.cone.variables) == 1 and facts.cone.variables[0].tabular
            depth = facts.depth if free else max(facts.depth, 1)
            variable = self.variable(kind, node, facts.values, facts.reach, depth)
            self.definitions[variable.id] = facts
            self.steps[kind, node] = itself(variable)
        return self.steps[kind, node]

    def resolved(self, facts: SopFacts) -> SopFacts:
        """An s-op that is just a variable of its own as what that variable is made of."""
        while len(facts.cone.variables) == 1:
            (variable,) = facts.cone.variables
            if variable.id not in self.definitions or not is_itself(facts, variable):
                break
            facts = self.definitions[variable.id]
        return facts

    def called(self, node_id: int) -> str:
        """How a message calls a node."""
        name = self.graph.nodes[node_id].name
        return f"`{name}`" if name else "this s-op"

    def too_many(self, node_id: int, count: int) -> RaspError:
        what = self.called(node_id)
        return self.refusal(
            node_id, "RASP0603", f"{what} takes too many values to tabulate (at least {count:,})",
            "use a smaller vocabulary or maximum length",
        )  # fmt: skip

    def refusal(
        self, node_id: int, code: str, message: str, action: str, label: str = "needed here"
    ) -> RaspError:
        return RaspError(
            Diagnostic(code, message, self.graph.nodes[node_id].span, label, help=action)
        )


def itself(variable: Variable) -> SopFacts:
    cone = variable.cone
    return SopFacts(variable.values, variable.reach, cone, cone.digits[:, 0])


def is_itself(facts: SopFacts, variable: Variable) -> bool:
    """Whether an s-op is just the value of a variable."""
    if facts.cone.variables != (variable,) or facts.values.atoms != variable.values.atoms:
        return False
    return all(map(_same_kind, facts.values.atoms, variable.values.atoms)) and np.array_equal(
        facts.table, facts.cone.digits[:, 0]
    )


def _same_kind(a: Atom, b: Atom) -> bool:
    return kind(a) == kind(b)
