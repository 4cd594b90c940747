"""``raspc verify``: a compiled model against the interpreter."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from rasp_lang.display import plain_text
from raspc.answer import Answer
from raspc.program_file import Given, after, needed_settings, open_program

if TYPE_CHECKING:
    from rasp_lang.expectations import Failure
    from rasp_lang.program import Program
    from rasp_lang.transformer.artifact import Artifact
    from rasp_lang.verification import VerifyReport

Backend = Literal["numpy", "jax"]


def verify_file(
    file: str, given: Given, opt: int, backend: Backend | None, samples: int | None, seed: int
) -> Answer:
    """Compare a model, or the model of a program, with the interpreter, on ``samples`` inputs or
    (None) on all, and what a program's head expects with what it gives. The answer is no where they
    differ. Without a backend it is the one that needs less time for so many inputs."""
    from rasp_lang.transformer.model import Model
    from rasp_lang.verification import faster_backend, verify
    from raspc.progress import progress_bar

    artifact, program = _subject(file, given, opt)
    warnings = () if program is None else program.warnings
    with after(warnings):
        expected = None if program is None else _expected(program, given)
        model = Model(artifact, backend or faster_backend(artifact, samples))
        with progress_bar("verifying") as progress:
            report = verify(model, samples or 0, seed, samples is None, progress)
    held = expected is None or expected.ok
    lines = [_text(report, artifact), *([] if expected is None else expected.lines())]
    result = {**report.to_json(), "expectations": expected and expected.to_json()}
    return Answer("\n".join(lines), {**result, "ok": report.ok and held}, warnings,
                  report.ok and held)  # fmt: skip


def _subject(file: str, given: Given, opt: int) -> tuple[Artifact, Program | None]:
    """The model to verify, and the program if it was made from one just now."""
    from rasp_lang import pipeline
    from rasp_lang.transformer import npz

    if is_model(file):
        if given != Given(None, None, (), None):
            raise typer.BadParameter("a compiled model has its own vocabulary, length and outputs")
        return npz.read(Path(file)), None
    program = open_program(file)
    with after(program.warnings):
        chosen = needed_settings(program, given)
        artifact = pipeline.compile(
            program, chosen.vocab, chosen.max_len, chosen.output, chosen.causal, opt,
            chosen.limits,
        )  # fmt: skip
    return artifact, program


@dataclass(frozen=True, slots=True)
class _Expectations:
    """How many expectations a head states, and those that do not hold."""

    stated: int
    failed: tuple[Failure, ...]

    @property
    def ok(self) -> bool:
        return not self.failed

    def lines(self) -> list[str]:
        if self.ok:
            return ["its expectation holds" if self.stated == 1
                    else f"its {self.stated} expectations hold"]  # fmt: skip
        return [f"not as expected: {failure.message}" for failure in self.failed]

    def to_json(self) -> dict[str, object]:
        return {"stated": self.stated, "failed": [failure.to_json() for failure in self.failed]}


def _expected(program: Program, given: Given) -> _Expectations | None:
    """The expectations of a head; None where it states none, or another output is asked for."""
    from rasp_lang.expectations import failures, output_of

    program.head.require("expect")
    stated = len(program.head.expectations)
    if not stated or given.outputs not in ((), (output_of(program),)):
        return None
    return _Expectations(stated, tuple(failures(program)))


def _text(report: VerifyReport, artifact: Artifact) -> str:
    wrong, max_len = report.counterexample, artifact.config.max_len
    extent = (
        f"all inputs of 1 to {max_len} tokens"
        if report.exhaustive
        else f"a sample of the inputs of 1 to {max_len} tokens, seed {report.seed}"
    )
    lines = [f"checked {report.checked:,} inputs ({extent})"]
    if report.skipped:
        reason = "the interpreter itself reports an error on them"
        lines.append(f"skipped {report.skipped:,} inputs: {reason}")
    if wrong is None:
        return "\n".join(["equal: the model answers as the interpreter does", *lines])
    place = f"`{wrong.output}` at position {wrong.position}"
    return "\n".join(
        [
            f"different: {plain_text(list(wrong.tokens))} gives {plain_text(wrong.got)} "
            f"for {place}, the interpreter {plain_text(wrong.expected)}",
            *lines,
        ]
    )


def is_model(file: str) -> bool:
    """Whether a file is meant as a compiled model rather than as a program."""
    path = Path(file)
    if path.suffix == ".npz":
        return True
    try:
        with path.open("rb") as stream:
            return stream.read(2) == b"PK"
    except (OSError, ValueError):
        return False
