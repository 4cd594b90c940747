"""The whole benchmark suite, one part after the other; writes benchmarks/results/.

    python benchmarks/run.py             everything
    python benchmarks/run.py PART ...    only these: compiler horizon throughput ratios

compiler    layers, sizes, times and right answers of the shipped programs, and of ten of them at
            growing sizes, beside Tracr's
horizon     the largest length that compiles with a certificate
throughput  inputs a second, beside a plain matrix product
ratios      comparisons within one run

Sizes and layers are equal on every machine: `compiler.py --check` compares them with the committed
table. Times are not, and nothing asserts them.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

PARTS = ("compiler", "horizon", "throughput", "ratios")


def main() -> int:
    """Run the parts, each in a process of its own; the status is 1 if one of them fails."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("parts", nargs="*", metavar="PART", choices=[*PARTS, []])
    chosen = parser.parse_args().parts or PARTS
    failed = False
    for part in chosen:
        start = time.perf_counter()
        script = Path(__file__).parent / f"{part}.py"
        done = subprocess.run([sys.executable, str(script)], check=False)
        failed |= done.returncode != 0
        print(f"{part}: status {done.returncode}, {time.perf_counter() - start:.0f} s", flush=True)
    return failed


if __name__ == "__main__":
    sys.exit(main())
