"""Random programs through all levels of the compiler: right, refused, wrong or crashed.

    python benchmarks/fuzz_compiler.py [--programs N] [--first K] [--seed S] [--large] [--found F]

Compiles N random programs, compares interpreter (one input and many at once), craft program and
transformer on all inputs, and prints the counts. A program that is wrong or crashes is shrunk and
printed, and appended to F. The program of seed S and number K is always the same.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from fuzzing import outcome, report, shrunk
from random_programs import random_program


def main() -> int:
    """Print the counts; the status is 1 if a program was wrong, crashed or took too long."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--programs", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--large", action="store_true", help="more and longer inputs, a sample")
    parser.add_argument("--refused", action="store_true", help="shrink and print refused ones too")
    parser.add_argument("--found", type=Path, help="append what is wrong to this file")
    chosen = parser.parse_args()
    counts: Counter[str] = Counter()
    for number in range(chosen.first, chosen.first + chosen.programs):
        seed = f"{chosen.seed}:{number}"
        candidate = random_program(seed, large=chosen.large)
        found = outcome(candidate)
        counts[f"{found.verdict} {found.reason}".strip()] += 1
        if found.bad or (chosen.refused and found.verdict == "refused"):
            text = report(*shrunk(candidate, found), seed)
            print(text, flush=True)
            if chosen.found:
                with chosen.found.open("a", encoding="utf-8") as file:
                    file.write(text + "\n")
    for verdict, count in counts.most_common():
        print(f"{count:6} {verdict}")
    return any(verdict.split()[0] in ("wrong", "crashed", "slow") for verdict in counts)


if __name__ == "__main__":
    sys.exit(main())
