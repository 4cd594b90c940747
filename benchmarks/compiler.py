"""What compiled programs cost: layers, heads, sizes, compile and run times, right answers.

    python benchmarks/compiler.py            measure everything and write benchmarks/results/
    python benchmarks/compiler.py --check    compare layers and sizes, not times, with the table
    python benchmarks/compiler.py sort ...   only these programs, printed and not written

All shipped programs are compiled for the vocabulary and the length that their heads name; ten of
them also at growing sizes. Each row is measured in a process of its own, so that its peak of memory
is its own. *cold* is the whole command ``raspc compile``, start-up included, as it is waited for;
the other times are the processor's, which a busy machine changes less: *cold CPU* of the same
command, *load* of reading and checking the program and *warm* of compiling it, each again in a
process that has done so, the least of ten (what else the machine does only adds), *first run* and
*run* of one input's answer by numpy on one thread, the median of 20. *right* counts the inputs
whose answer is the interpreter's.

Where Tracr was measured at the same size, its layers, parameters and right answers stand beside
ours (`tracr.json`).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ladder import LADDER, SIZES
from results_folder import Row, paragraph, read, table, write

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.graph import Atom
from rasp_lang.library_files import shipped_programs
from rasp_lang.transformer.model import Model
from rasp_lang.verification import same_atom

INPUTS = 20
#: How often what takes milliseconds is done again.
AGAIN = 10
#: Figures that are equal on every machine.
EXACT = ("layers", "heads", "d_model", "d_head", "d_mlp", "parameters", "nonzero", "refused")


@dataclass(frozen=True)
class Case:
    """One row: a program at one size. ``inputs`` draws inputs for it."""

    group: str
    program: str
    vocab: tuple[Atom, ...]
    max_len: int
    inputs: Callable[[], list[tuple[Atom, ...]]]

    @property
    def key(self) -> str:
        return f"{self.group} {self.program} {len(self.vocab)} {self.max_len}"


def cases() -> Iterator[Case]:
    """All rows, the shipped programs first."""
    for shipped in shipped_programs():
        head = shipped.head
        if head.vocab and head.max_len:
            yield Case("shipped", shipped.name, head.vocab, head.max_len,
                       _legal_inputs(shipped.name, head.vocab, head.max_len))  # fmt: skip
    for rung in LADDER:
        for size, max_len in SIZES:
            yield Case("ladder", rung.program, rung.vocabulary(size), max_len,
                       lambda r=rung, v=size, n=max_len: r.inputs(v, n, INPUTS))  # fmt: skip


def _legal_inputs(
    name: str, vocab: tuple[Atom, ...], max_len: int
) -> Callable[[], list[tuple[Atom, ...]]]:
    """Random inputs on which the program has a value."""

    def draw() -> list[tuple[Atom, ...]]:
        generator = random.Random(name)
        found: list[tuple[Atom, ...]] = []
        for _ in range(50 * INPUTS):
            tokens = tuple(generator.choices(vocab, k=generator.randint(1, max_len)))
            if _expected(name, tokens) is not None:
                found.append(tokens)
            if len(found) == INPUTS:
                break
        return found

    return draw


def _expected(name: str, tokens: tuple[Atom, ...]) -> list[Atom] | None:
    program, output = _program(name)
    try:
        values: list[Atom] = program.evaluate(output, tokens)
    except RaspError:
        return None
    return values


def _program(name: str) -> tuple[rasp_lang.Program, str]:
    program = rasp_lang.load(name)
    output = program.head.output or program.output
    assert output is not None
    return program, output


def exact_figures(case: Case) -> Row:
    """Layers and sizes, or the code of the refusal."""
    program, output = _program(case.program)
    try:
        artifact = pipeline.compile(program, case.vocab, case.max_len, output)
    except RaspError as error:
        return {"refused": error.diagnostics[0].code}
    config = artifact.config
    used = Counter(head["layer"] for head in artifact.heads)
    arrays = [array for arrays in artifact.params.values() for array in arrays.values()]
    return {
        "layers": config.layers,
        "heads": [used[layer] for layer in range(config.layers)],
        "d_model": config.d_model,
        "d_head": config.d_head,
        "d_mlp": config.d_mlp,
        "parameters": config.parameters,
        "nonzero": int(sum((array != 0).sum() for array in arrays)),
    }


def measured(case: Case) -> Row:
    """All figures but the cold compile time, for a process that has done nothing else."""
    row = {"key": case.key, "program": case.program, "V": len(case.vocab), "L": case.max_len}
    row |= exact_figures(case)
    if "refused" in row:
        return row
    loads = [_milliseconds(lambda: _program(case.program)) for _ in range(AGAIN)]
    program, output = loads[-1][1]
    warm = [
        _milliseconds(lambda: pipeline.compile(program, case.vocab, case.max_len, output))
        for _ in range(AGAIN)
    ]
    model = Model(warm[-1][1], "numpy")
    inputs = case.inputs()
    first, _ = _milliseconds(lambda: model(inputs[0]))
    runs = [_milliseconds(lambda x=tokens: model(x)) for tokens in inputs]
    right = sum(
        same_answer(_expected(case.program, tokens), answer)
        for tokens, (_, answer) in zip(inputs, runs, strict=True)
    )
    return row | {
        "right": f"{right}/{len(inputs)}",
        "load ms": round(min(time for time, _ in loads), 1),
        "warm ms": round(min(time for time, _ in warm), 1),
        "first run ms": round(first, 2),
        "run ms": round(median(time for time, _ in runs), 2),
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }


def _milliseconds(act: Callable[[], Any]) -> tuple[float, Any]:
    start = process_time()
    result = act()
    return (process_time() - start) * 1e3, result


def same_answer(expected: list[Atom] | None, answer: Any) -> bool:
    return expected is not None and len(expected) == len(answer) and all(
        map(same_atom, expected, answer)
    )  # fmt: skip


def cold(case: Case) -> Row:
    """The whole command in a fresh process."""
    _, output = _program(case.program)
    with tempfile.TemporaryDirectory() as folder:
        arguments = [case.program, "--vocab", json.dumps(case.vocab), "--max-len", case.max_len,
                     "--output", output, "-o", Path(folder) / "model.npz"]  # fmt: skip
        command = [sys.executable, "-m", "raspc", "compile", *map(str, arguments)]
        used, start = _children_seconds(), perf_counter()
        subprocess.run(command, cwd=folder, capture_output=True, check=True)
        waited = perf_counter() - start
    return {
        "cold ms": round(waited * 1e3),
        "cold CPU ms": round((_children_seconds() - used) * 1e3),
    }


def _children_seconds() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def in_own_process(case: Case) -> Row:
    """Everything about one row."""
    command = [sys.executable, __file__, "--row", case.key]
    # Threads that wait for each other on a busy machine would make short times random.
    one_thread = os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, env=one_thread, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        return {"key": case.key, "program": case.program, "V": len(case.vocab), "L": case.max_len,
                "refused": f"crashed ({done.returncode})"}  # fmt: skip
    row: Row = json.loads(done.stdout)
    return row if "refused" in row else row | cold(case)


TITLES = {"shipped": "Shipped programs", "ladder": "Ten programs at growing sizes"}
COLUMNS = (
    "program", "V, L", "layers", "heads", "d_model", "d_head", "d_mlp", "parameters", "nonzero",
    "right", "cold ms", "cold CPU ms", "load ms", "warm ms", "first run ms", "run ms", "peak MB",
)  # fmt: skip
TRACR = ("Tracr layers", "Tracr parameters", "Tracr right")


def _shown(row: Row, tracr: Mapping[tuple[Any, ...], Row]) -> Row:
    """A row as the page has it."""
    theirs = tracr.get((row["program"], row["V"], row["L"]), {})
    shown = row | {"V, L": f"{row['V']}, {row['L']}"}
    shown |= {f"Tracr {figure}": value for figure, value in theirs.items()}
    if "refused" in row:
        shown["layers"] = row["refused"]
    if "refused" in theirs:
        shown["Tracr layers"] = theirs["refused"]
    return shown


def page(rows: Sequence[Row]) -> str:
    """The tables in Markdown."""
    known = json.loads((Path(__file__).parent / "tracr.json").read_text(encoding="utf-8"))
    tracr = {(row["program"], row["V"], row["L"]): row for row in known["rows"]}
    parts = [f"# Compiled programs\n\n{paragraph(__doc__, 2)}\n"]
    for group, title in TITLES.items():
        chosen = [row for row in rows if row["key"].startswith(group)]
        note, columns = "", COLUMNS
        if group == "ladder":
            note, columns = f"Tracr: {known['measured']}.\n\n", COLUMNS + TRACR
        shown = [_shown(row, tracr if group == "ladder" else {}) for row in chosen]
        parts.append(f"## {title}\n\n{note}{table(columns, shown)}\n")
    return "\n".join(parts)


def differences(known: Mapping[str, Row]) -> Iterator[str]:
    """Where layers and sizes are not those of the table."""
    for case in cases():
        old, new = known.get(case.key, {}), exact_figures(case)
        for figure in EXACT:
            if old.get(figure) != new.get(figure):
                yield f"{case.key}: {figure} was {old.get(figure)}, is {new.get(figure)}"


def main() -> int:
    """Measure, check, or (for a process of its own) measure one row."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("programs", nargs="*", metavar="PROGRAM")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--row", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.row:
        [case] = [case for case in cases() if case.key == chosen.row]
        print(json.dumps(measured(case)))
        return 0
    if chosen.check:
        found = list(differences({row["key"]: row for row in read("compiler")}))
        print("\n".join(found) or "layers and sizes are those of the table")
        return bool(found)
    wanted = [case for case in cases() if not chosen.programs or case.program in chosen.programs]
    rows = []
    for case in wanted:
        rows.append(in_own_process(case))
        print(rows[-1], file=sys.stderr, flush=True)
    if chosen.programs:
        print(page(rows))
    else:
        write("compiler", rows, page(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
