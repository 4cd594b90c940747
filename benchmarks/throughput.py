"""How many inputs a second compiled models answer, beside a plain jitted matrix product.

    python benchmarks/throughput.py              writes benchmarks/results/
    python benchmarks/throughput.py MODEL.npz    these models, printed and not written

Batches of 1,024 random inputs of full length run on jax. *batch/s* are inputs a second of
`Model.batch`, with lists going in and coming out; *forward/s* those of the compiled forward pass
alone, on as many at once as the model takes. The yardstick is a jitted float32 matrix product of
the model's own shape, [batch * rows, d_model] by [d_model, d_model]: *product/s* are the inputs a
second that it would answer if it did all multiplications of the model's matrices, and *ratio* is
forward/s by product/s. More than 1 is possible, since the forward pass leaves out what is always 0.
*numpy/s* is `Model.batch` on the numpy backend. Best of repeated runs, in which all of them take
turns, after one that compiles.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
from results_folder import Row, paragraph, table, write

import rasp_lang
from rasp_lang import pipeline
from rasp_lang.diagnostics import RaspError
from rasp_lang.transformer import npz
from rasp_lang.transformer.artifact import Artifact, Config, readout_width
from rasp_lang.transformer.haiku_model import HaikuModel
from rasp_lang.transformer.model import Model
from rasp_lang.transformer.trim import trimmed

PROGRAMS, SIZES = ("reverse", "histogram", "sort"), ((16, 16), (32, 32))
BATCH = 1024
COLUMNS = ("program", "V, L", "parameters", "batch/s", "forward/s", "product/s", "ratio",
           "numpy/s", "device")  # fmt: skip


def best_in_turns(acts: Sequence[Callable[[], object]], seconds: float) -> list[float]:
    """The shortest time of each, in seconds, of rounds that fit into so many seconds; at least
    five. Whatever else the machine does meets all of them alike."""
    for act in acts:
        act()
    times: list[list[float]] = [[] for _ in acts]
    start = time.perf_counter()
    while len(times[0]) < 5 or time.perf_counter() - start < seconds:
        for act, of_act in zip(acts, times, strict=True):
            begin = time.perf_counter()
            act()
            of_act.append(time.perf_counter() - begin)
    return [min(of_act) for of_act in times]


def operations(config: Config, widths: Sequence[int], rows: int) -> int:
    """Multiplications and additions of one input's forward pass, zeros included."""
    inner = config.heads * config.d_head
    layer = 4 * config.d_model * inner + 2 * rows * inner + 2 * config.d_model * config.d_mlp
    return 2 * rows * (config.layers * layer + config.d_model * sum(widths))


def measured(artifact: Artifact, seconds: float) -> Row:
    config, model, numpy_model = artifact.config, Model(artifact), Model(artifact, "numpy")
    draw = random.Random(0)
    inputs = [draw.choices(artifact.vocabulary, k=config.max_len) for _ in range(BATCH)]
    small, rows = trimmed(config, artifact.params), config.max_len + 1
    haiku = HaikuModel(config, small.params, small.sizes)
    ids = np.random.default_rng(0).integers(0, config.vocab_size, (BATCH, rows), np.int32)
    ids[:, 0] = config.vocab_size
    size = model.inputs_at_once(config.max_len)
    parts = [ids[start : start + size] for start in range(0, BATCH, size)]
    product = yardstick(BATCH * rows, config.d_model)
    whole, forward, one_product, by_numpy = best_in_turns(
        [lambda: model.batch(inputs), lambda: [haiku.forward(part) for part in parts], product,
         lambda: numpy_model.batch(inputs)], seconds,
    )  # fmt: skip
    of_model = operations(config, [readout_width(d) for d in artifact.decoders], rows)
    of_product = 2 * BATCH * rows * config.d_model**2
    per_second = of_product / one_product / of_model
    return {
        "V, L": f"{config.vocab_size}, {config.max_len}",
        "parameters": config.parameters,
        "batch/s": round(BATCH / whole),
        "forward/s": round(BATCH / forward),
        "product/s": round(per_second),
        "ratio": round(BATCH / forward / per_second, 2),
        "numpy/s": round(BATCH / by_numpy),
        "device": jax.devices()[0].device_kind,
    }


def yardstick(rows: int, width: int) -> Callable[[], object]:
    """A product [rows, width] by [width, width]."""
    draw = jax.random.PRNGKey(0)
    left, right = jax.random.normal(draw, (rows, width)), jax.random.normal(draw, (width, width))
    product = jax.jit(lambda a, b: jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST))
    return lambda: product(left, right).block_until_ready()


def compiled(name: str, size: int, max_len: int) -> Artifact:
    program = rasp_lang.load(name)
    return pipeline.compile(program, range(size), max_len, program.head.output or program.output)


def page(rows: Sequence[Row]) -> str:
    """The table in Markdown."""
    return f"# Throughput\n\n{paragraph(__doc__, 2)}\n\n{table(COLUMNS, rows)}\n"


def main() -> int:
    """Measure the programs, or models of files."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("models", nargs="*", type=Path, metavar="MODEL")
    parser.add_argument("--seconds", type=float, default=5.0, help="for each model")
    chosen = parser.parse_args()
    try:
        rows = [
            {"program": path.name} | measured(npz.read(path), chosen.seconds)
            for path in chosen.models
        ]
    except RaspError as error:
        print(error, file=sys.stderr)
        return 1
    if rows:
        print(table(COLUMNS, rows))
        return 0
    rows = [
        {"program": name} | measured(compiled(name, *size), chosen.seconds)
        for name in PROGRAMS
        for size in SIZES
    ]
    write("throughput", rows, page(rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
