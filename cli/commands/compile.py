"""``raspc compile``: a program into a model file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from raspc.answer import Answer
from raspc.program_file import STANDARD_INPUT, Given, after, needed_settings, open_program


def compile_file(file: str, given: Given, opt: int, out: str | None) -> Answer:
    """Compile a program and write the model; the answer is its size."""
    from rasp_lang import pipeline
    from rasp_lang.transformer import npz

    program = open_program(file)
    with after(program.warnings):
        chosen = needed_settings(program, given)
        artifact = pipeline.compile(
            program, chosen.vocab, chosen.max_len, chosen.output, chosen.causal, opt
        )
        path = Path(out or default_path(file))
        npz.write(artifact, path)
    config = artifact.config
    return Answer(
        f"{path}: {config.layers} layers, {config.heads} heads, d_model {config.d_model}, "
        f"d_head {config.d_head}, d_mlp {config.d_mlp}, {config.parameters:,} parameters",
        {"path": str(path), "config": asdict(config)},
        program.warnings,
    )


def default_path(file: str) -> str:
    """The model's file when none is named: the program's stem, in the working directory."""
    return "program.npz" if file == STANDARD_INPUT else f"{Path(file).stem}.npz"
