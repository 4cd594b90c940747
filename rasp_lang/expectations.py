"""What the head of a program says that it gives (``# expect: INPUT => OUTPUT``), held against the
interpreter.

In: a program. Out: every expectation that does not hold, in each reading that the head names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.display import plain_text
from rasp_lang.graph import Atom
from rasp_lang.program import Program

#: The readings, as whether they are causal, by what a head says.
READINGS = {"no": (False,), "yes": (True,), "both": (False, True)}


@dataclass(frozen=True, slots=True)
class Failure:
    """An expectation that does not hold: what the interpreter gave (None where it reports an
    ``error``) instead of what was expected."""

    tokens: tuple[Atom, ...]
    causal: bool
    expected: tuple[Atom, ...]
    got: tuple[Atom, ...] | None
    error: str = ""

    @property
    def message(self) -> str:
        given = plain_text(list(self.tokens)) + (" (causal)" if self.causal else "")
        if self.got is None:
            return f"{given} fails: {self.error}"
        found, wanted = plain_text(list(self.got)), plain_text(list(self.expected))
        return f"{given} gives {found}, its head says {wanted}"

    def to_json(self) -> dict[str, object]:
        """The failure as JSON data; ``got`` is null where the interpreter reports an error."""
        return {
            "input": list(self.tokens),
            "causal": self.causal,
            "expected": list(self.expected),
            "got": None if self.got is None else list(self.got),
            "error": self.error or None,
        }


def failures(program: Program) -> Iterator[Failure]:
    """The expectations of a program's head that do not hold; values are equal if their types are,
    too. Raises RaspError (RASP0016) where the program has no output."""
    output = output_of(program)
    for causal in READINGS[program.head.causal]:
        for expectation in program.head.expectations:
            tokens, wanted = tuple(expectation.tokens), tuple(expectation.values)
            try:
                found = tuple(program.evaluate(output, tokens, causal=causal))
            except RaspError as error:
                told = "; ".join(problem.message for problem in error.diagnostics)
                yield Failure(tokens, causal, wanted, None, told)
                continue
            if [(type(a), a) for a in found] != [(type(a), a) for a in wanted]:
                yield Failure(tokens, causal, wanted, found)


def output_of(program: Program) -> str:
    """The output that a head names, or else the program's own. Raises RaspError (RASP0016)."""
    output = program.head.output or program.output
    if output is None:
        raise RaspError(Diagnostic("RASP0016", "the program binds no s-op"))
    return output
