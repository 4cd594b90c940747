"""Random programs through all levels of the compiler: right, refused, wrong, crashed or slow.

    python benchmarks/fuzz_compiler.py --programs 2000 --seed 7 --jobs 2
    python benchmarks/fuzz_compiler.py --seed 7 --first 1234 --programs 1 --show
    python benchmarks/fuzz_compiler.py --seed 7 --first 2000 --programs 2000 --record

Draws programs over the whole language, and compares interpreter (one input and many at once), craft
program, transformer in numpy and Haiku modules on all inputs of each. The program of seed S and
number K is always the same: ``--seed S --first K --programs 1 --show`` tries that one alone, and
prints it with its outcome. A program that is wrong, crashes or takes more than 30 s is shrunk to a
minimal one and printed with its seed, and appended to ``--found FILE``. ``--record`` adds the
counts to ``benchmarks/results/fuzz.json`` and writes ``fuzz.md`` from it; what was recorded with
other sources of the compiler is dropped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import multiprocessing
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzzing import Outcome, outcome, report, shrunk
from random_programs import random_program

import rasp_lang

RESULTS = Path(__file__).parent / "results"
#: Seconds of CPU time above which a compilation is counted as long.
LONG = 1.0
#: Programs that a process takes at a time.
PART = 25
Run = dict[str, Any]


@dataclass(frozen=True)
class Tried:
    """A program's outcome, and the text about it if it was asked for."""

    found: Outcome
    text: str


def tried(number: int, seed: int, large: bool, refused: bool, show: bool) -> Tried:
    """Try one program; describe it if it is bad (shrunk), or if all are to be shown."""
    name = f"{seed}:{number}"
    candidate = random_program(name, large=large)
    found = outcome(candidate)
    if show:
        return Tried(found, report(candidate, found, name))
    if found.bad or (refused and found.verdict == "refused"):
        return Tried(found, report(*shrunk(candidate, found), name))
    return Tried(found, "")


def all_tried(chosen: argparse.Namespace) -> Iterator[Tried]:
    """The outcomes in the order of the programs."""
    numbers = range(chosen.first, chosen.first + chosen.programs)
    options = {"large": chosen.large, "refused": chosen.refused, "show": chosen.show}
    one = partial(tried, seed=chosen.seed, **options)
    if chosen.jobs == 1:
        yield from map(one, numbers)
        return
    fresh = multiprocessing.get_context("spawn")  # jax does not survive a fork
    with ProcessPoolExecutor(chosen.jobs, mp_context=fresh) as pool:
        yield from pool.map(one, numbers, chunksize=PART)


def run(chosen: argparse.Namespace) -> Run:
    """Try the programs and count."""
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    layers: Counter[str] = Counter()
    long, inputs, universal = 0, 0, 0
    for one in all_tried(chosen):
        found = one.found
        counts[found.verdict] += 1
        if found.reason:
            reasons[f"{found.verdict} {found.reason}"] += 1
        if found.layers is not None:
            layers[str(found.layers)] += 1
        long += found.seconds > LONG
        inputs += found.inputs
        universal += found.universal
        if one.text:
            print(one.text, flush=True)
            if chosen.found:
                with chosen.found.open("a", encoding="utf-8") as file:
                    file.write(one.text + "\n")
    return {
        "seed": chosen.seed, "first": chosen.first, "programs": chosen.programs,
        "large": chosen.large, "date": datetime.now(UTC).date().isoformat(), "sources": sources(),
        "counts": dict(counts), "reasons": dict(reasons), "layers": dict(layers),
        "long": long, "inputs": inputs, "universal": universal,
    }  # fmt: skip


def sources() -> str:
    """A digest of the compiler's sources: what was tested."""
    root = Path(rasp_lang.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:12]


def record(made: Run) -> None:
    """Add a run to those of the same sources; a run of the same programs is replaced."""
    path = RESULTS / "fuzz.json"
    known: list[Run] = json.loads(path.read_text("utf-8")) if path.exists() else []
    same = ("seed", "first", "programs", "large")
    kept = [
        old for old in known
        if old["sources"] == made["sources"] and any(old[key] != made[key] for key in same)
    ]  # fmt: skip
    runs = sorted([*kept, made], key=lambda old: (old["large"], old["seed"], old["first"]))
    path.write_text(json.dumps(runs, indent=1, ensure_ascii=False) + "\n", "utf-8")
    (RESULTS / "fuzz.md").write_text(page(runs), "utf-8")


def total(runs: Sequence[Run], key: str) -> Counter[str]:
    """The sum of the runs' counts of one kind."""
    found: Counter[str] = Counter()
    for made in runs:
        found.update(made[key])
    return found


def page(runs: Sequence[Run]) -> str:
    """The runs as a page."""
    counts, layers = total(runs, "counts"), total(runs, "layers")
    compiled = counts["right"] + counts["wrong"]
    asked = compiled + counts["refused"]
    share = 100 * counts["refused"] / max(asked, 1)
    lines = [
        "# Random programs", "",
        f"{sum(made['programs'] for made in runs):,} random programs over the whole language "
        "(`benchmarks/fuzz_compiler.py`), each compared on all inputs (up to 4 tokens as a rule): "
        "interpreter, craft program, transformer in numpy, and Haiku.", "",
        f"{compiled:,} were compiled and compared on {sum(made['inputs'] for made in runs):,} "
        f"inputs, {sum(made['universal'] for made in runs):,} of them as a table over all inputs; "
        f"{share:.2f} % of what was compiled or refused was refused; "
        f"{sum(made['long'] for made in runs)} took more than a second to compile.", "",
        *_table("verdict", counts),
        *_table("reason", total(runs, "reasons")),
        *_table("layers", Counter({k: layers[k] for k in sorted(layers, key=int)}), ordered=True),
        "| seed | programs | date | compiler's sources |", "|---|---|---|---|",
    ]  # fmt: skip
    for made in runs:
        last = made["first"] + made["programs"] - 1
        kind = f"{made['seed']}{', large' if made['large'] else ''}"
        lines.append(f"| {kind} | {made['first']} to {last} | {made['date']} | {made['sources']} |")
    return "\n".join(lines) + "\n"


def _table(head: str, counts: Counter[str], *, ordered: bool = False) -> list[str]:
    rows = counts.items() if ordered else counts.most_common()
    cells = [f"| {name.replace('|', '/')} | {count:,} |" for name, count in rows]
    return [f"| {head} | programs |", "|---|---:|", *cells, ""] if cells else []


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--programs", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    parser.add_argument("--large", action="store_true", help="more and longer inputs, a sample")
    parser.add_argument("--refused", action="store_true", help="shrink and print refused ones too")
    parser.add_argument("--show", action="store_true", help="print all programs as they are")
    parser.add_argument("--found", type=Path, help="append what is wrong to this file")
    parser.add_argument("--record", action="store_true", help="add the counts to the results")
    return parser


def main() -> int:
    """Print the counts; the status is 1 if a program was wrong, crashed or took too long."""
    chosen = arguments().parse_args()
    made = run(chosen)
    if chosen.record:
        record(made)
    for key in ("counts", "reasons"):
        for name, count in Counter(made[key]).most_common():
            print(f"{count:6} {name}")
    return any(made["counts"].get(verdict) for verdict in ("wrong", "crashed", "slow"))


if __name__ == "__main__":
    sys.exit(main())
