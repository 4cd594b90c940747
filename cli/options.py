"""The arguments and options that commands share, for the argument parser."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

File = Annotated[
    str,
    typer.Argument(
        metavar="FILE",
        help="A program: a path, the name of a shipped program, or - for standard input.",
    ),
]
Model = Annotated[str, typer.Argument(metavar="MODEL", help="A compiled model (.npz).")]
Input = Annotated[
    str,
    typer.Argument(
        metavar="INPUT",
        help='The input: characters (abc), items with commas (1,2,3), or a JSON list (["a", "b"]).',
    ),
]
Vocabulary = Annotated[
    str | None,
    typer.Option(
        "--vocab",
        metavar="ITEMS",
        help="The tokens: 1,2,3 or a..z or a JSON list or @FILE with one item a line.",
    ),
]
MaxLen = Annotated[
    int | None, typer.Option("--max-len", metavar="N", help="The largest number of tokens.")
]
Outputs = Annotated[
    list[str] | None,
    typer.Option(
        "--output",
        metavar="NAME",
        help="The s-op to compile; several with commas (a,b) for a model that answers all. "
        "The last public s-op by default.",
    ),
]
Causal = Annotated[
    bool | None,
    typer.Option(
        "--causal/--no-causal",
        help="Let each position select positions up to its own only.",
        show_default=False,
    ),
]
Opt = Annotated[
    int,
    typer.Option(
        "--opt",
        min=0,
        max=2,
        metavar="0|1|2",
        help="0: one s-op to one block; 1: the shallowest model; 2: the smallest.",
    ),
]
MaxParams = Annotated[
    int | None,
    typer.Option(
        "--max-params", min=1, metavar="N", help="Refuse larger models. 200 million by default."
    ),
]
MaxWidth = Annotated[
    int | None,
    typer.Option(
        "--max-width",
        min=1,
        metavar="N",
        help="Neurons of one function at most; wider ones take more layers. 20,000 by default.",
    ),
]
Backend = Annotated[Literal["numpy", "jax"], typer.Option("--backend", help="What runs the model.")]
VerifyBackend = Annotated[
    Literal["numpy", "jax"] | None,
    typer.Option("--backend", help="What runs the model; the faster one by default."),
]
EveryProgram = Annotated[
    bool,
    typer.Option("--all", help="Check every shipped program, as its head says, on all levels."),
]
Chapter = Annotated[
    list[str] | None,
    typer.Option("--chapter", metavar="NAME", help="With --all: the programs of this chapter."),
]
Bound = Annotated[
    int | None,
    typer.Option(
        "--bound",
        min=0,
        metavar="N",
        help="With --all: try all inputs of the lengths that have no more together, and beyond "
        "them a sample. 20,000 by default.",
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        min=1,
        metavar="N",
        help="With --all: processes; as many as processors by default.",
    ),
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("-W", "--ignore", metavar="CODE", help="Do not show this warning."),
]
AsJson = Annotated[
    bool, typer.Option("--json", help="Print one JSON document: result and diagnostics.")
]
