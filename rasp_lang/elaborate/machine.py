"""The stack machine that runs the code of a program while its graph is built.

Calls are frames on a list of our own, so that neither long expressions nor deep recursion touch the
host's stack. A failure becomes a diagnostic here, where the calls that led to it are known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from rasp_lang.diagnostics import Diagnostic, Label, RaspError
from rasp_lang.elaborate.code import Code, Instruction
from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.nodes import Nodes
from rasp_lang.elaborate.scope import Scope
from rasp_lang.elaborate.values import FunctionValue, Selector, Sop, Value
from rasp_lang.source import Span
from rasp_lang.syntax import ast

#: Deeper than any program needs that ends; a frame is small.
MAX_CALLS = 10_000
#: How many places of calls a diagnostic shows.
_SHOWN_CALLS = 3

#: Runs the file of a ``load``: its names and values.
Load = Callable[[ast.Load], Sequence[tuple[str, Value]]]


class Frame:
    """One running piece of code: a statement, or a call of ``function`` from ``site``.

    ``blame`` is set in the library's functions: the place in the program that called them.
    """

    __slots__ = ("blame", "code", "function", "position", "scope", "site", "stack")

    def __init__(
        self,
        code: Code,
        scope: Scope,
        function: FunctionValue | None = None,
        site: Span | None = None,
        blame: Span | None = None,
    ) -> None:
        self.code = code
        self.position = 0
        self.stack: list[Any] = []
        self.scope = scope
        self.function = function
        self.site = site
        self.blame = blame

    def span(self, instruction: Instruction) -> Span:
        """The place in the program that an instruction answers for."""
        return self.blame or instruction.node.span

    def take(self, count: int) -> list[Any]:
        """Pop the last values, in their order."""
        if not count:
            return []
        taken = self.stack[-count:]
        del self.stack[-count:]
        return taken


Step = Callable[["Machine", Frame, Instruction], None]


class Machine:
    """Runs code over a graph in the making.

    For the REPL: ``shown`` is the value of the last expression statement or example, ``applied``
    the s-op or selector if that statement was ``s(input)``.
    """

    def __init__(
        self,
        steps: dict[str, Step],
        nodes: Nodes,
        base: Scope,
        load: Load,
        warn: Callable[[Diagnostic], None],
    ) -> None:
        self._steps = steps
        self.nodes = nodes
        self.base = base
        self.load = load
        self.warn = warn
        self.frames: list[Frame] = []
        self.shown: Any = None
        self.applied: Sop | Selector | None = None

    def execute(self, code: Code, scope: Scope) -> Any:
        """Run code to its end; the value that it leaves, or None.

        Raises ``RaspError`` with the place of what failed, ``Poisoned`` where a name is used whose
        definition failed.
        """
        outer, self.frames = self.frames, [Frame(code, scope)]
        try:
            return self._run()
        except Failure as failure:
            raise RaspError(self._located(failure)) from None
        finally:
            self.frames = outer

    def _run(self) -> Any:
        frames, steps = self.frames, self._steps
        while True:
            frame = frames[-1]
            instruction = frame.code[frame.position]
            frame.position += 1
            if instruction.operation == "halt":
                return frame.stack[-1] if frame.stack else None
            steps[instruction.operation](self, frame, instruction)

    def enter(self, function: FunctionValue, scope: Scope, site: Span) -> None:
        """Continue in a function's code."""
        if len(self.frames) > MAX_CALLS:
            raise Failure(
                "RASP0509",
                f"calls are nested more than {MAX_CALLS:,} deep",
                label=f"`{function.name}` is called once too often",
                help="a recursion needs an end: `x if n == 0 else f(n - 1)`",
            )
        blame = site if function.library else None
        self.frames.append(Frame(function.body.code, scope, function, site, blame))

    def calls(self) -> Iterator[Span]:
        """The places of the running calls in the program, innermost first, each once."""
        seen = set()
        for frame in reversed(self.frames):
            if frame.site is not None and frame.site not in seen:
                seen.add(frame.site)
                yield frame.site

    def _located(self, failure: Failure) -> Diagnostic:
        frame = self.frames[-1]
        span = frame.blame or failure.span or frame.code[frame.position - 1].node.span
        notes: tuple[str, ...] = ()
        if frame.blame and frame.function:
            notes = (f"inside `{frame.function.name}` of the RASP library",)
        found = Diagnostic(
            failure.code,
            failure.message,
            span,
            failure.label,
            failure.help,
            failure.secondary,
            notes,
        )
        return self.traced(found)

    def traced(self, found: Diagnostic) -> Diagnostic:
        """A diagnostic with the calls that led to it."""
        sites = [site for site in self.calls() if site != found.span]
        if len(sites) > _SHOWN_CALLS:
            sites = [*sites[: _SHOWN_CALLS - 1], sites[-1]]
        labels = (*found.secondary, *(Label(site, "called from here") for site in sites))
        return replace(found, secondary=labels)
