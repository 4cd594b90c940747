"""Writes ``tables.py`` from ``grammar/rasp.lark``: the one place where lark runs.

``python -m rasp_lang.syntax.generate`` is run by a developer after a change of the grammar. lark
(with ``strict=True``, so that a conflict is an error) computes the LALR(1) tables; what is written
down is plain tuples and dicts. Reading them takes milliseconds, and a command that parses need not
import lark, which costs about 50 ms.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any

from lark import Lark
from lark.grammar import Rule
from lark.lexer import TerminalDef

STARTS = ("program", "expression")
_HEADER = '''\
"""Parse tables of ``grammar/rasp.lark``. Written by ``python -m rasp_lang.syntax.generate``;
never edited by hand.

TERMINALS: (name, regular expression), in the order in which they are tried.
RULES: (nonterminal, number of symbols, name of the function that builds the value, or "").
ACTIONS: for each state, what to do before a terminal: shift to state ``n >= 0``, or reduce by
rule ``~n``. GOTOS: for each state, where a nonterminal leads. STARTS, ENDS: first and last state by
start symbol.
"""

# ruff: noqa: E501
# fmt: off
'''


def tables(grammar: str) -> str:
    """The text of ``tables.py`` for the text of a grammar. The same grammar gives the same text."""
    parser = Lark(grammar, parser="lalr", lexer="contextual", strict=True, start=list(STARTS))
    data, memo = parser.memo_serialize([TerminalDef, Rule])
    table = data["parser"]["parser"]
    order = _order(table)
    rules = sorted({rule["@"] for state in table["states"].values() for kind, rule in state.values()
                    if kind == 1})  # fmt: skip
    actions, gotos = _rows(table, order, {rule: number for number, rule in enumerate(rules)})
    sections = [
        _sequence("TERMINALS: tuple[tuple[str, str], ...]", _terminals(parser)),
        _sequence("RULES: tuple[tuple[str, int, str], ...]", [_rule(memo[rule]) for rule in rules]),
        _sequence("ACTIONS: tuple[dict[str, int], ...]", actions),
        _sequence("GOTOS: tuple[dict[str, int], ...]", gotos),
        f"STARTS: dict[str, int] = { {s: order[table['start_states'][s]] for s in STARTS} }\n",
        f"ENDS: dict[str, int] = { {s: order[table['end_states'][s]] for s in STARTS} }\n",
    ]
    return _HEADER + "\n" + "\n".join(sections)


def _order(table: Any) -> dict[int, int]:
    """lark's state numbers depend on hashing; here states are numbered in the order in which they
    are reached from the start states, symbol names ascending."""
    queue = [table["start_states"][start] for start in STARTS]
    for state in queue:
        row = {table["tokens"][symbol]: action for symbol, action in table["states"][state].items()}
        for _, (kind, target) in sorted(row.items()):
            if kind == 0 and target not in queue:
                queue.append(target)
    return {state: number for number, state in enumerate(queue)}


def _rows(table: Any, order: dict[int, int], rules: dict[int, int]) -> tuple[list[Any], list[Any]]:
    actions: list[dict[str, int]] = []
    gotos: list[dict[str, int]] = []
    for state in order:
        row = {table["tokens"][symbol]: action for symbol, action in table["states"][state].items()}
        act = {s: ~rules[to["@"]] if kind else order[to] for s, (kind, to) in sorted(row.items())}
        actions.append({s: to for s, to in act.items() if not s.islower()})
        gotos.append({s: to for s, to in act.items() if s.islower()})
    return actions, gotos


def _rule(rule: Any) -> tuple[str, int, str]:
    return rule["origin"]["name"], len(rule["expansion"]), rule["alias"] or ""


def _terminals(parser: Lark) -> list[tuple[str, str]]:
    """In lark's own order: by priority, then the longer patterns first."""
    wanted = [t for t in parser.terminals if t.name not in parser.ignore_tokens]
    wanted.sort(key=lambda t: (-t.priority, -t.pattern.max_width, -len(t.pattern.value), t.name))
    return [(t.name, t.pattern.to_regexp()) for t in wanted]


def _sequence(name: str, items: list[Any]) -> str:
    return f"{name} = (\n" + "".join(f"    {item!r},\n" for item in items) + ")\n"


def main() -> None:
    """Replace ``tables.py``."""
    grammar = files("rasp_lang.grammar").joinpath("rasp.lark").read_text(encoding="utf-8")
    Path(__file__).with_name("tables.py").write_text(tables(grammar), encoding="utf-8")


if __name__ == "__main__":
    main()
