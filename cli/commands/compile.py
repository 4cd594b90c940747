"""``raspc compile``: a program into a model file."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from rasp_lang.diagnostics import Diagnostic, RaspError
from raspc.answer import Answer
from raspc.program_file import STANDARD_INPUT, Given, after, needed_settings, open_program

if TYPE_CHECKING:
    from rasp_lang.program import Program
    from rasp_lang.transformer.artifact import Artifact


def compile_file(file: str, given: Given, opt: int, out: str | None) -> Answer:
    """Compile a program and write the model; the answer is its size."""
    from rasp_lang import pipeline
    from rasp_lang.transformer import npz

    program = open_program(file)
    with after(program.warnings):
        path = _path(file, out)
        _spare_sources(program, path)
        chosen = needed_settings(program, given)
        artifact = pipeline.compile(
            program, chosen.vocab, chosen.max_len, chosen.output, chosen.causal, opt,
            chosen.limits,
        )  # fmt: skip
        npz.write(artifact, path)
    return Answer(
        f"{path}: {_size(artifact)}",
        {"path": str(path), "config": asdict(artifact.config)},
        program.warnings,
    )


def _size(artifact: Artifact) -> str:
    config = artifact.config
    layers = "1 layer" if config.layers == 1 else f"{config.layers} layers"
    return (
        f"{layers}, heads {[*artifact.heads_by_layer]}, d_model {config.d_model}, "
        f"d_head {config.d_head}, d_mlp {config.d_mlp}, {config.parameters:,} parameters"
    )


def _spare_sources(program: Program, path: Path) -> None:
    """Raises RaspError (RASP0003) where the model would take the place of its own program."""
    for name, _ in program.sources:
        if path.exists() and os.path.exists(name) and os.path.samefile(name, path):
            message = f"cannot write `{path}`: it is a source of the program"
            raise RaspError(
                Diagnostic("RASP0003", message, help="write to another place with `-o`")
            )


def _path(file: str, out: str | None) -> Path:
    """Where the model goes: by default the program's stem, in the working directory; in a folder
    (``out/``) under the same name."""
    name = "program.npz" if file == STANDARD_INPUT else f"{Path(file).stem}.npz"
    if out is None:
        return Path(name)
    return Path(out, name) if out.endswith("/") else Path(out)
