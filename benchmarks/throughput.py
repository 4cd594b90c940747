"""How many inputs a second compiled models answer, beside a plain jitted matrix product.

    python benchmarks/throughput.py MODEL.npz ... [--batch 1024] [--seconds 2]

For each model, on random inputs of full length: `batch`, inputs a second of `Model.batch` with
lists going in and coming out; `forward`, the same for the compiled forward pass alone; its rate of
multiplications and additions; and the rate of a jitted float32 matrix product of the model's own
shape, [batch * rows, d_model] by [d_model, d_model], which no forward pass can exceed by much.
Best of repeated runs, after one that compiles.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

import jax
import jax.numpy as jnp

from rasp_lang.diagnostics import RaspError
from rasp_lang.transformer import npz
from rasp_lang.transformer.artifact import Config, readout_width
from rasp_lang.transformer.haiku_model import HaikuModel
from rasp_lang.transformer.model import Model
from rasp_lang.transformer.token_ids import Vocabulary


def best(act: Callable[[], object], seconds: float) -> float:
    """The shortest of the times, in seconds, that fit into so many seconds; at least three."""
    act()
    times: list[float] = []
    while len(times) < 3 or sum(times) < seconds:
        start = time.perf_counter()
        act()
        times.append(time.perf_counter() - start)
    return min(times)


def operations(config: Config, widths: tuple[int, ...], rows: int) -> int:
    """Multiplications and additions of one input's forward pass."""
    inner = config.heads * config.d_head
    layer = 4 * config.d_model * inner + 2 * rows * inner + 2 * config.d_model * config.d_mlp
    return 2 * rows * (config.layers * layer + config.d_model * sum(widths))


def measure(path: Path, batch: int, seconds: float) -> str:
    artifact = npz.read(path)
    config, model = artifact.config, Model(artifact, "jax")
    draw = random.Random(0)
    inputs = [draw.choices(artifact.vocabulary, k=config.max_len) for _ in range(batch)]
    whole = best(lambda: model.batch(inputs), seconds)

    vocabulary = Vocabulary(artifact.vocabulary, config.max_len)
    rows = config.max_len + 1
    ids = vocabulary.batch([vocabulary.encode(tokens) for tokens in inputs], rows)
    haiku = HaikuModel(config, artifact.params)
    forward = best(lambda: haiku.forward(ids), seconds)

    widths = tuple(readout_width(decoder) for decoder in artifact.decoders)
    rate = batch * operations(config, widths, rows) / forward
    product = yardstick(batch * rows, config.d_model, seconds)
    return (
        f"{path.name:<28} {config.max_len:>6} {config.parameters:>12,} {batch / whole:>12,.0f}"
        f" {batch / forward:>12,.0f} {rate / 1e9:>10.1f} {product / 1e9:>10.1f}"
    )


def yardstick(rows: int, width: int, seconds: float) -> float:
    """Multiplications and additions a second of a product [rows, width] by [width, width]."""
    draw = jax.random.PRNGKey(0)
    left, right = jax.random.normal(draw, (rows, width)), jax.random.normal(draw, (width, width))
    product = jax.jit(lambda a, b: jnp.matmul(a, b, precision=jax.lax.Precision.HIGHEST))
    time_of_one = best(lambda: product(left, right).block_until_ready(), seconds)
    return 2 * rows * width * width / time_of_one


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("models", nargs="+", type=Path, metavar="MODEL")
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--seconds", type=float, default=2.0)
    options = parser.parse_args()
    print(f"device: {jax.devices()[0].device_kind}, batch {options.batch}")
    print(
        f"{'model':<28} {'length':>6} {'parameters':>12} {'batch/s':>12} {'forward/s':>12}"
        f" {'GFLOP/s':>10} {'product':>10}"
    )
    try:
        for path in options.models:
            print(measure(path, options.batch, options.seconds), flush=True)
    except RaspError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
