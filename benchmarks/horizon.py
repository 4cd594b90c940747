"""How long inputs may be: the largest length that compiles with a certificate.

    python benchmarks/horizon.py [PROGRAM ...]    writes benchmarks/results/ (all programs only)

Each program is compiled for three tokens and for growing lengths, up to the first that is refused.
A row is a length that compiles: *margin* is the certificate's, *error* the largest error of a
readout as a share of half the gap between two answers (below 1 nothing is decoded wrong), *right*
counts random inputs of full length whose answer is the interpreter's. The last row names the
diagnostic of the refusal, if there is one up to 4,000 tokens. Times are the processor's.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from time import process_time

from compiler import same_answer
from results_folder import Row, paragraph, table, write

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.graph import Atom
from rasp_lang.transformer.artifact import Artifact
from rasp_lang.transformer.model import Model

LENGTHS = (100, 200, 500, 1000, 1500, 2000, 3000, 4000)
INTS, LETTERS = (0, 1, 2), ("x", "a", "b")
PROGRAMS: dict[str, tuple[Atom, ...]] = {
    "length": INTS, "histogram": INTS, "reverse": INTS, "fraction_previous": LETTERS,
    "prefix_counts": LETTERS, "sort": INTS,
}  # fmt: skip
INPUTS = 10
#: Seconds and bytes that one length may take.
PATIENCE, MEMORY = 300, 12 << 30
COLUMNS = ("program", "length", "layers", "parameters", "margin", "error", "right", "compile s",
           "peak MB", "refused")  # fmt: skip


def measured(name: str, length: int) -> Row:
    """One length, for a process that has done nothing else."""
    row: Row = {"program": name, "length": length}
    program = rasp_lang.load(name)
    output = program.head.output or program.output
    assert output is not None
    start = process_time()
    try:
        artifact = pipeline.compile(program, PROGRAMS[name], length, output)
    except RaspError as error:
        return row | {"refused": error.diagnostics[0].code, "why": error.diagnostics[0].message}
    compiled = process_time() - start
    return row | {
        "layers": artifact.config.layers,
        "parameters": artifact.config.parameters,
        "margin": _short(artifact.certificate.get("margin")),
        "error": _short(_largest_error(artifact)),
        "right": right(program, output, artifact),
        "compile s": round(compiled, 2),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def right(program: rasp_lang.Program, output: str, artifact: Artifact) -> str:
    """How many random inputs of full length get the interpreter's answer."""
    model, draw = Model(artifact, "numpy"), random.Random(0)
    found = 0
    for _ in range(INPUTS):
        tokens = draw.choices(artifact.vocabulary, k=artifact.config.max_len)
        found += same_answer(program.evaluate(output, tokens), model(tokens))
    return f"{found}/{INPUTS}"


def _largest_error(artifact: Artifact) -> float | None:
    outputs = artifact.certificate.get("outputs", [])
    return max((2 * o["error"] / o["gap"] for o in outputs if o.get("gap")), default=None)


def _short(number: float | None) -> str:
    return "" if number is None else f"{number:.2g}"


def rows_of(name: str) -> Iterator[Row]:
    """The program at growing lengths, each in a process of its own, up to the first refusal."""
    for length in LENGTHS:
        command = [sys.executable, __file__, "--row", name, str(length)]
        one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        try:
            done = subprocess.run(
                command, env=one_thread, capture_output=True, text=True, timeout=PATIENCE,
                check=False,
            )  # fmt: skip
            row = json.loads(done.stdout) if done.returncode == 0 else None
            failure = f"crashed ({done.returncode})"
        except subprocess.TimeoutExpired:
            row, failure = None, f"over {PATIENCE} s"
        row = row or {"program": name, "length": length, "refused": failure}
        print(row, file=sys.stderr, flush=True)
        yield row
        if "refused" in row:
            return


def page(rows: Sequence[Row]) -> str:
    """The table in Markdown, and what the refusals say."""
    parts = [f"# Exactness horizon\n\n{paragraph(__doc__, 2)}\n", table(COLUMNS, rows)]
    reasons = [f"- {row['program']}, {row['length']:,}: {row['why']}" for row in rows
               if "why" in row]  # fmt: skip
    return "\n".join([*parts, "", *reasons]).strip() + "\n"


def main() -> int:
    """Measure the programs, or (for a process of its own) one row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    parser.add_argument("--row", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.row:
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        print(json.dumps(measured(chosen.row[0], int(chosen.row[1]))))
        return 0
    rows = [row for name in chosen.programs or PROGRAMS for row in rows_of(name)]
    if chosen.programs:
        print(page(rows))
    else:
        write("horizon", rows, page(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
