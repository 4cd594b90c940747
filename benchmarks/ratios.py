"""Comparisons by ratio: both sides are measured in one run, in turns, so that noise cancels.

    python benchmarks/ratios.py    writes benchmarks/results/

*ratio* is the first side by the second, times by times or rates by rates, from the best of each.
Commands are whole processes, and as long as they are waited for.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from results_folder import Row, paragraph, table, write

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from ladder import LADDER

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.sampling import number_of_inputs, sample_inputs
from rasp_lang.transformer.model import Model
from rasp_lang.verification import verify

COLUMNS = ("what", "first", "second", "ratio", "unit")
Act = Callable[[], object]


def seconds(act: Act) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def in_turns(first: Act, second: Act, rounds: int) -> tuple[float, float]:
    """The best time of each, in seconds, after one round that does not count."""
    times = [(seconds(first), seconds(second)) for _ in range(rounds + 1)][1:]
    return min(a for a, _ in times), min(b for _, b in times)


def row(what: str, first: float, second: float, unit: str) -> Row:
    shown = [round(x, 2) if x < 100 else round(x) for x in (first, second)]
    return {"what": what, "first": shown[0], "second": shown[1],
            "ratio": round(first / second, 2), "unit": unit}  # fmt: skip


def command(*arguments: object) -> Act:
    line = [sys.executable, *map(str, arguments)]
    return lambda: subprocess.run(line, check=True, capture_output=True)


def of_commands() -> Iterator[Row]:
    """Cold commands by the start of Python with numpy."""
    numpy = command("-c", "import numpy")
    with tempfile.TemporaryDirectory() as folder:
        model = Path(folder) / "reverse.npz"
        compiling = command("-m", "raspc", "compile", "reverse", "-o", model)
        for what, act in (
            ("cold `raspc compile reverse` by `import numpy`", compiling),
            ("cold `raspc apply` by `import numpy`",
             command("-m", "raspc", "apply", model, "1,2,3")),
        ):  # fmt: skip
            first, second = in_turns(act, numpy, 9)
            yield row(what, first * 1e3, second * 1e3, "ms")


def of_backends() -> Iterator[Row]:
    """numpy by jax, on reverse for 16 tokens at 16 positions."""
    artifact = pipeline.compile(rasp_lang.load("reverse"), range(16), 16)
    ours, theirs = Model(artifact, "numpy"), Model(artifact, "jax")
    for count in (1, 32, 1024):
        inputs = sample_inputs(range(16), 16, 4 * count + 200, 0)[-count:]
        first, second = in_turns(lambda x=inputs: ours.batch(x), lambda x=inputs: theirs.batch(x),
                                 15)  # fmt: skip
        what = f"numpy by jax, reverse (16, 16), {count:,} at once"
        yield row(what, first * 1e3, second * 1e3, "ms")


def of_sizes() -> Iterator[Row]:
    """How compile time grows from (32, 32) to (64, 64)."""
    for rung in LADDER:
        program = rasp_lang.load(rung.program)
        output = program.head.output or program.output

        def compiling(size: int, program=program, output=output, rung=rung) -> Act:
            return lambda: pipeline.compile(program, rung.vocabulary(size), size, output)

        first, second = in_turns(compiling(64), compiling(32), 5)
        yield row(f"compile {rung.program}, (64, 64) by (32, 32)", first * 1e3, second * 1e3, "ms")


def of_verification() -> Iterator[Row]:
    """A million inputs verified, by the reference interpreter alone on some of them."""
    for name, vocab, max_len in (("reverse", (1, 2, 3, 4), 10), ("sort", (1, 2, 3, 4), 9),
                                 ("dyck_2", tuple("()[]"), 8)):  # fmt: skip
        program = rasp_lang.load(name)
        output = program.head.output or program.output
        model = Model(pipeline.compile(program, vocab, max_len, output), "numpy")
        total = number_of_inputs(len(vocab), max_len)
        inputs = list(islice(sample_inputs(vocab, max_len, 2_000, 0), 2_000))
        taken = seconds(lambda m=model: verify(m, exhaustive=True))
        alone = seconds(lambda p=program, o=output, x=inputs: [p.evaluate(o, t) for t in x])
        what = f"verify {name} on all {total:,} inputs, by the interpreter alone"
        yield row(what, total / taken, len(inputs) / alone, "inputs/s")


def page(rows: Sequence[Row]) -> str:
    """The table in Markdown."""
    return f"# Ratios\n\n{paragraph(__doc__, 2)}\n\n{table(COLUMNS, rows)}\n"


def main() -> None:
    """Measure all of them."""
    rows = [*of_commands(), *of_sizes(), *of_backends(), *of_verification()]
    write("ratios", rows, page(rows))


if __name__ == "__main__":
    main()
