"""The commands of ``raspc``: their arguments, options and help. Their work is in ``commands``."""

from __future__ import annotations

import sys
from io import StringIO, TextIOWrapper
from typing import Annotated

import typer

from raspc.answer import Answer
from raspc.command import INTERRUPTED, InputCommand, RaspCommand
from raspc.options import (
    AsJson,
    Backend,
    Bound,
    Causal,
    Chapter,
    EveryProgram,
    File,
    Ignore,
    Input,
    Jobs,
    MaxLen,
    MaxParams,
    MaxWidth,
    Model,
    Opt,
    Outputs,
    VerifyBackend,
    Vocabulary,
)
from raspc.output import output_failed
from raspc.program_file import Given, names_in

app = typer.Typer(
    name="raspc",
    help="RASP: write what a transformer computes, run it, and compile it into weights.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:
    if wanted:
        from raspc.version import version

        print(f"raspc {version()}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """RASP: write what a transformer computes, run it, and compile it into weights."""


@app.command("compile", cls=RaspCommand)
def compile_command(
    file: File,
    vocab: Vocabulary = None,
    max_len: MaxLen = None,
    out: Annotated[
        str | None,
        typer.Option(
            "-o", "--out", metavar="OUT.npz", help="Default: the program's name, here, with .npz."
        ),
    ] = None,
    output: Outputs = None,
    causal: Causal = None,
    opt: Opt = 1,
    max_params: MaxParams = None,
    max_width: MaxWidth = None,
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> Answer:
    """Compile a program into the weights of a transformer.

    What is not given here is taken from the head of the program's file.
    """
    from raspc.commands.compile import compile_file

    return compile_file(
        file, Given(vocab, max_len, names_in(output), causal, max_params, max_width), opt, out
    )


@app.command(cls=RaspCommand)
def run(
    file: Annotated[
        str | None, typer.Argument(metavar="FILE", help="A program to run first.")
    ] = None,
    ignore: Ignore = None,
) -> Answer:
    """Talk RASP, from a terminal or a pipe.

    A statement ends with a semicolon. `tokens;` shows a value on the running example, `set example
    "abc"` changes that, and `draw(length);` shows the heads. `exit` or Ctrl-D ends the talk.
    """
    from raspc.commands.run import run_repl

    return run_repl(file, tuple(ignore or ()))


@app.command(cls=RaspCommand)
def check(
    file: File,
    vocab: Vocabulary = None,
    max_len: MaxLen = None,
    output: Outputs = None,
    causal: Causal = None,
    opt: Opt = 1,
    max_params: MaxParams = None,
    max_width: MaxWidth = None,
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> Answer:
    """Check a program: its types, and what compiling it costs.

    The cost needs a vocabulary and a maximum length; those in the head of the program's file
    count.
    """
    from raspc.commands.check import check_file

    return check_file(
        file, Given(vocab, max_len, names_in(output), causal, max_params, max_width), opt
    )


@app.command("eval", cls=InputCommand)
def eval_command(
    file: File,
    text: Annotated[
        str | None,
        typer.Argument(
            metavar="[INPUT]",
            help="The input: characters (abc), items with commas (1,2,3), or a JSON list. "
            "Not needed where the result does not depend on one.",
            show_default=False,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output", metavar="EXPR", help="What to evaluate. The last public s-op by default."
        ),
    ] = None,
    causal: Causal = None,
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> Answer:
    """Interpret a program on one input."""
    from raspc.commands.evaluate import evaluate_file

    return evaluate_file(file, text, output, causal)


@app.command(cls=InputCommand)
def apply(
    model: Model,
    text: Input,
    backend: Backend = "numpy",
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> Answer:
    """Run a compiled model on one input."""
    from raspc.commands.apply import apply_model

    return apply_model(model, text, backend)


@app.command(cls=RaspCommand)
def verify(
    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE|MODEL",
            help="A program, or a compiled model (.npz); with --all, names of shipped programs.",
            show_default=False,
        ),
    ] = None,
    vocab: Vocabulary = None,
    max_len: MaxLen = None,
    exhaustive: Annotated[
        bool, typer.Option("--exhaustive", help="Try every input up to the maximum length.")
    ] = False,
    samples: Annotated[
        int | None, typer.Option("--samples", min=1, metavar="N", help="How many random inputs.")
    ] = None,
    seed: Annotated[int, typer.Option("--seed", metavar="S", help="The random seed.")] = 0,
    output: Outputs = None,
    causal: Causal = None,
    opt: Opt = 1,
    max_params: MaxParams = None,
    max_width: MaxWidth = None,
    backend: VerifyBackend = None,
    everything: EveryProgram = False,
    chapter: Chapter = None,
    bound: Bound = None,
    jobs: Jobs = None,
    ignore: Ignore = None,
    as_json: AsJson = False,
) -> Answer:
    """Compare compiled models with the interpreter.

    With --all every shipped program is compared on all levels.

    Without --backend, numpy runs the model (it starts at once), or jax where the work would take
    numpy much longer than jax takes to start and to compile. With --all it is jax."""
    given = Given(vocab, max_len, names_in(output), causal, max_params, max_width)
    if everything:
        if given != Given(None, None, (), None) or exhaustive or opt != 1:
            raise typer.BadParameter("--all takes vocabulary and length from each program's head")
        from raspc.commands.verify_all import verify_all

        return verify_all(files or (), chapter or (), bound, samples, seed, jobs, backend)
    if chapter or bound is not None or jobs is not None:
        raise typer.BadParameter("--chapter, --bound and --jobs need --all")
    if files is None or len(files) != 1:
        raise typer.BadParameter("name one program or model, or all shipped programs: --all")
    if exhaustive and samples is not None:
        raise typer.BadParameter("--exhaustive and --samples exclude each other")
    from raspc.commands.verify import verify_file

    count = None if exhaustive else samples or 10_000
    return verify_file(files[0], given, opt, backend, count, seed)


@app.command(cls=RaspCommand)
def inspect(model: Model, ignore: Ignore = None, as_json: AsJson = False) -> Answer:
    """Show what is in a compiled model."""
    from raspc.commands.inspect import inspect_model

    return inspect_model(model)


@app.command(cls=RaspCommand)
def explain(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Such as RASP0201.")],
    as_json: AsJson = False,
) -> Answer:
    """Show the page of a diagnostic."""
    from raspc.commands.explain import explain_code

    return explain_code(code)


@app.command(cls=RaspCommand)
def programs(
    names: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[NAME]",
            help="The program to show, or the chapter to list.",
            show_default=False,
        ),
    ] = None,
    words: Annotated[
        list[str] | None,
        typer.Option(
            "--search",
            metavar="WORD",
            help="The programs with all of these words in their name, description or source.",
        ),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option(
            "--copy",
            metavar="DIR",
            help="Copy the program and what it loads; without NAME the whole library.",
        ),
    ] = None,
    as_json: AsJson = False,
) -> Answer:
    """List, show, search or copy the programs that are shipped."""
    from raspc.commands.programs import copy, list_programs, search, show_program

    if words:
        if folder is not None:
            raise typer.BadParameter("--search and --copy exclude each other")
        return search([part for word in (*words, *(names or ())) for part in word.split()])
    if len(names or ()) > 1:
        raise typer.BadParameter("name one program, or look for several words: --search")
    name = names[0] if names else None
    if folder is not None:
        return copy(name, folder)
    return list_programs() if name is None else show_program(name)


def main() -> None:
    """The console script."""
    # A stream that the caller has closed is None: what is said goes nowhere.
    sys.stdout = sys.stdout or StringIO()
    sys.stderr = sys.stderr or StringIO()
    for stream in (sys.stdout, sys.stderr):
        # A name from the command line need not be valid text; print it in some way all the same.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except OSError as error:  # from help and other texts of the argument parser
        output_failed(error)
        sys.exit(1)
