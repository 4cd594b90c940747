"""How long the interpreter takes for the shipped programs, on inputs of 100 and 1,000 tokens.

Prints a table: ``python benchmarks/interpreter.py [NAME ...]``. Each figure is the best of three
evaluations of a program's output on random tokens of its vocabulary, in milliseconds; where the
program has no value on them, the code of the error stands instead.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from time import perf_counter

import rasp_lang
from rasp_lang.graph import Atom, Graph
from rasp_lang.interpret import evaluate
from rasp_lang.library_files import ShippedProgram, shipped_programs

LENGTHS = (100, 1_000)


def milliseconds(graph: Graph, root: int, tokens: Sequence[Atom], causal: bool) -> str:
    """The best of three evaluations, or the code of the error."""
    best = float("inf")
    for _ in range(3):
        start = perf_counter()
        try:
            evaluate(graph, [root], tokens, causal=causal)
        except rasp_lang.RaspError as error:
            return error.diagnostics[0].code
        best = min(best, perf_counter() - start)
    return f"{best * 1e3:.2f}"


def row(shipped: ShippedProgram) -> list[str] | None:
    """Name, nodes that the output needs, and a figure for each length; None without an output."""
    head = shipped.head
    program = rasp_lang.load(shipped.name)
    output = head.output or program.output
    if output is None or not head.vocab:
        return None
    root = program.output_node(output)
    generator = random.Random(0)
    figures = [
        milliseconds(
            program.graph, root, generator.choices(head.vocab, k=length), head.causal == "yes"
        )
        for length in LENGTHS
    ]
    return [shipped.name, str(len(program.graph.reachable([root]))), *figures]


def main(names: Sequence[str]) -> None:
    """Print the table of the named programs, or of all."""
    print("| program | nodes |" + "".join(f" {length:,} tokens, ms |" for length in LENGTHS))
    print("|---|" + "---:|" * (1 + len(LENGTHS)))
    for shipped in shipped_programs():
        found = row(shipped) if not names or shipped.name in names else None
        if found:
            print(f"| {' | '.join(found)} |")


if __name__ == "__main__":
    main(sys.argv[1:])
