"""The command class: every way a command can end passes through here.

Exit statuses: 0 done (warnings too), 1 diagnostics with an error or an answer that is no, 2 what
the argument parser rejects, 70 an internal error, 130 Ctrl-C.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

import typer
from typer.core import TyperCommand, TyperOption

from rasp_lang.diagnostics import Diagnostic, RaspError
from raspc.answer import Answer
from raspc.output import Printer

INTERNAL_ERROR = 70
INTERRUPTED = 130

_OUT_OF_MEMORY = Diagnostic(
    "RASP0605",
    "this machine has not enough memory for it",
    help="use a smaller vocabulary or maximum length",
)


class RaspCommand(TyperCommand):
    """A command that returns an :class:`Answer`; prints it, or what went wrong."""

    # typer makes every context a typer.Context, but declares the parameter with its base class.

    def invoke(self, ctx: typer.Context) -> None:  # type: ignore[override]
        printer = Printer(
            as_json=bool(ctx.params.get("as_json")), ignore=tuple(ctx.params.get("ignore") or ())
        )
        raise typer.Exit(self._status(ctx, printer))

    def _status(self, ctx: typer.Context, printer: Printer) -> int:
        try:
            printer.check_ignored()
            answer = super().invoke(ctx)
            return printer.answer(answer if isinstance(answer, Answer) else Answer(""))
        except RaspError as error:
            return printer.failure(error.diagnostics)
        except KeyboardInterrupt:
            return INTERRUPTED
        except MemoryError:
            pass  # What the frames of the exception hold is free only behind this block.
        except (typer.Exit, typer.Abort, typer.BadParameter, BrokenPipeError):
            raise
        except Exception as error:
            if os.environ.get("RASPC_DEBUG"):
                raise
            printer.failure((internal_error(error),))
            return INTERNAL_ERROR
        return printer.failure((_OUT_OF_MEMORY,))


class InputCommand(RaspCommand):
    """A command whose second argument is an INPUT, which may begin with ``-``."""

    def parse_args(  # type: ignore[override]
        self, ctx: typer.Context, args: list[str]
    ) -> list[str]:
        flags, valued = self._option_names(ctx)
        options, arguments = _split(args, flags, valued)
        behind = ["--"] if any(arg.startswith("-") for arg in arguments) else []
        return super().parse_args(ctx, [*options, *behind, *arguments])

    def _option_names(self, ctx: typer.Context) -> tuple[set[str], set[str]]:
        """The names of the options without and with a value."""
        flags: set[str] = set()
        valued: set[str] = set()
        for option in self.get_params(ctx):
            if isinstance(option, TyperOption):
                names = flags if option.is_flag else valued
                names.update(option.opts, option.secondary_opts)
        return flags, valued


def _split(args: Iterable[str], flags: set[str], valued: set[str]) -> tuple[list[str], list[str]]:
    """Options with their values, and arguments. What begins with ``-`` and stands where INPUT is
    due is INPUT, unless it looks like an option misspelled; the parser then rejects it. So it does
    with an option that ends the line without its value: it gets that alone, lest it takes an
    argument for the value."""
    options: list[str] = []
    arguments: list[str] = []
    pending = iter(args)
    for arg in pending:
        name = arg.partition("=")[0]
        if arg == "--":
            arguments.extend(pending)
        elif arg in valued:
            value = [*islice(pending, 1)]
            if not value:
                return [arg], []
            options.extend((arg, *value))
        elif arg in flags or name in valued or (arg[:2] in valued and arg[:2] != "--"):
            options.append(arg)
        elif not arg.startswith("-") or arg == "-" or _is_input(arg, arguments, flags | valued):
            arguments.append(arg)
        else:
            options.append(arg)
    return options, arguments


def _is_input(arg: str, before: list[str], names: set[str]) -> bool:
    misspelled = arg.startswith("--") and get_close_matches(arg, names, n=1, cutoff=0.75)
    return len(before) == 1 and not misspelled


def internal_error(error: BaseException) -> Diagnostic:
    """RASP0901 for an exception that no stage expected, with what a report needs."""
    import platform

    from raspc.version import version

    frames = traceback.extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "unknown place"
    return Diagnostic(
        "RASP0901",
        f"internal error: {type(error).__name__} at {where}",
        help="this is a defect of raspc, not of your program: please report it with the command "
        "and the program; RASPC_DEBUG=1 shows the traceback",
        notes=(f"raspc {version()}, Python {platform.python_version()}",),
    )
