"""Random RASP programs, typed so that most of them run; and smaller programs of the same kind.

A program is a list of steps, each one operation on earlier steps, primitives and constants, so that
results are shared as in real programs. ``text`` writes it as RASP source.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from random_steps import (
    ANY,
    ATOM,
    ATTENTION,
    BOOL,
    CONSTANTS,
    ELEMENTWISE,
    INT,
    NUM,
    RARE_CONSTANTS,
    SEL,
    SELECTORS,
    STR,
    TOKEN,
    fits,
    literal,
)

import rasp_lang
from rasp_lang import RaspError
from rasp_lang.graph import Atom
from rasp_lang.interpret import evaluate
from rasp_lang.sampling import sample_inputs

#: Of so many outputs one is chosen that varies, on so many inputs.
_TRIES, _INPUTS = 5, 7


@dataclass(frozen=True)
class Ref:
    """The result of step ``step``, or (-1) a primitive or constant as source text."""

    type: str
    step: int = -1
    text: str = ""

    @property
    def weight(self) -> int:
        """How complicated it is: what shrinking lowers."""
        if self.step >= 0:
            return 6
        return {"tokens": 1, "indices": 2, "length": 4, "full_s": 1}.get(self.text, 2)

    @property
    def constant(self) -> bool:
        return self.step < 0 and self.text not in _PRIMITIVES


@dataclass(frozen=True)
class Step:
    """``template`` with the operands put in: ``aggregate({0}, {1})``."""

    type: str
    template: str
    operands: tuple[Ref, ...]
    wanted: tuple[str, ...]


@dataclass(frozen=True)
class RandomProgram:
    """The last step is the output; or all s-ops are, if ``several``."""

    vocab: tuple[Atom, ...]
    max_len: int
    causal: bool
    steps: tuple[Step, ...]
    several: bool = False
    opt: int = 1

    @property
    def text(self) -> str:
        lines = []
        for number, step in enumerate(self.steps):
            operands = [_name(self.steps, ref) for ref in step.operands]
            out = f"{'s' if step.type == SEL else 'x'}{number}"
            written = step.template.format(*operands, out=out)
            lines.append(written if "{out}" in step.template else f"{out} = {written};")
        return "\n".join(lines) + "\n"

    @property
    def weight(self) -> int:
        steps = sum(
            3 + len(step.template) // 8 + sum(ref.weight for ref in step.operands)
            for step in self.steps
        )
        options = self.causal + self.several + (self.opt != 1)
        return steps + 2 * self.max_len + 2 * len(self.vocab) + options


def _name(steps: tuple[Step, ...], ref: Ref) -> str:
    if ref.step < 0:
        return ref.text
    return f"{'s' if steps[ref.step].type == SEL else 'x'}{ref.step}"


_VARYING = ("tokens", "indices", "length")
_PRIMITIVES = (*_VARYING, "full_s", "tokens_str", "tokens_int", "tokens_float", "tokens_bool",
               "tokens_asis")  # fmt: skip
_VOCABULARIES: tuple[tuple[Atom, ...], ...] = (
    ("a", "b"), ("a", "b", "c"), (1, 2), (0, 1, 2), (-1, 0, 2), ("(", ")"), (0, 3), (True, False),
    (0.5, 1.0, 2.0), ("1", "2"), ("0", "3", "5"), (1, True), (0, 1.0), ("a", "b", "c", "d"),
    (0, 1, 2, 3), (2, 5), (0.1, 0.3), (True, 0, 2.5), (-0.5, 0.5), ("1", "1.5"), ("", "ab", "b"),
    (1, 1.0, True), (3, -2, 0.25), (False, 0.0), ("a", "1", "True"), (1000, -1), (7,), ("x",),
)  # fmt: skip
_LARGE_VOCABULARIES: tuple[tuple[Atom, ...], ...] = (
    tuple("abcde"), tuple("()[]x"), tuple(range(10)), tuple("abcdefghijklmnopqrst"),
    tuple(range(-5, 6)), (0.5, 1.0, 1.5, 2.0, 4.0, 8.0), tuple("0123456789"), (1, 10, 100, 7, 9),
)  # fmt: skip


def random_program(seed: str, *, large: bool = False) -> RandomProgram:
    """The program of a seed: up to 30 steps over 1 to 4 tokens, mostly up to 4 at a time; or over 5
    to 20 tokens, up to 6 to 24 at a time."""
    generator = random.Random(seed)
    if large:
        vocab = generator.choice(_LARGE_VOCABULARIES)
        max_len = generator.choice((6, 8, 12, 16, 24))
    else:
        vocab = generator.choice(_VOCABULARIES)
        # At most 340 inputs.
        max_len = generator.choice((4, 4, 4, 4, 4, 4, 3, 2, 1, 5 if len(vocab) < 4 else 4))
    writer = _Writer(generator, vocab)
    for _ in range(generator.choice((6, 12, 18, 24, 32))):
        writer.add()
    while not writer.sops():
        writer.add()
    causal = generator.random() < 0.25
    ends = generator.choices(writer.sops(), k=generator.randint(4, 20))
    several, opt = generator.random() < 0.15, generator.choice((0, 1, 1, 2))
    programs = [
        without_unused(
            RandomProgram(vocab, max_len, causal, tuple(writer.steps[: end + 1]), several, opt)
        )
        for end in dict.fromkeys(ends)
    ]
    # Of a few s-ops, one that needs much: else most programs would be tiny.
    programs.sort(key=_selectors_and_steps, reverse=True)
    return next(filter(_varies, programs[:_TRIES]), programs[0])


def _selectors_and_steps(program: RandomProgram) -> tuple[int, int]:
    return sum(step.type == SEL for step in program.steps), len(program.steps)


def _varies(program: RandomProgram) -> bool:
    """Whether the output is not the same on all of a few inputs: most others are dull."""
    try:
        loaded = rasp_lang.loads(program.text)
        root = loaded.output_node(loaded.output or "")
    except RaspError:
        return False
    seen: set[str] = set()
    for tokens in sample_inputs(program.vocab, program.max_len, _INPUTS, seed=1):
        try:
            [values] = evaluate(loaded.graph, [root], tokens, causal=program.causal)
        except RaspError:
            continue
        seen.update(map(repr, values))
    return len(seen) > 1


class _Writer:
    def __init__(self, generator: random.Random, vocab: tuple[Atom, ...]) -> None:
        self.random, self.vocab = generator, vocab
        self.steps: list[Step] = []

    def add(self) -> None:
        kind = self.random.choice((SEL, SEL, SEL, INT, INT, INT, NUM, NUM, BOOL, BOOL, STR, ANY))
        if kind == SEL:
            shapes = SELECTORS
        else:
            attends = any(step.type == SEL for step in self.steps) and self.random.random() < 0.65
            shapes = (ATTENTION if attends else ELEMENTWISE)[kind]
        while True:
            template, wanted = self.random.choice(shapes)
            operands = tuple(self.operand(want) for want in wanted)
            if not all(ref.constant for ref in operands) or self.random.random() < 0.01:
                break
        self.steps.append(Step(kind, template, operands, wanted))

    def sops(self) -> list[int]:
        return [number for number, step in enumerate(self.steps) if step.type != SEL]

    def operand(self, wanted: str) -> Ref:
        made = [
            Ref(step.type, number)
            for number, step in enumerate(self.steps)
            if fits(step.type, wanted)
        ]
        if made and self.random.random() < 0.8:
            used = {ref.step for step in self.steps for ref in step.operands}
            fresh = [ref for ref in made if ref.step not in used]
            return self.random.choice(fresh if fresh and self.random.random() < 0.7 else made)
        if wanted in RARE_CONSTANTS and self.random.random() < 0.03:
            return _constant(self.random.choice(RARE_CONSTANTS[wanted]))
        simple = primitives(wanted, self.vocab)
        varying = [ref for ref in simple if ref.text in _VARYING]
        if varying and self.random.random() < 0.7:
            return self.random.choice(varying)
        return self.random.choice(simple or made or [Ref(INT, text="indices")])


_KINDS = {str: STR, bool: BOOL, int: INT, float: NUM}


def _constant(atom: Atom) -> Ref:
    return Ref(_KINDS[type(atom)], text=literal(atom))


def primitives(wanted: str, vocab: tuple[Atom, ...]) -> list[Ref]:
    """The primitives and constants that fit."""
    tokens = [_constant(token) for token in vocab]
    if wanted == SEL:
        return [Ref(SEL, text="full_s")]
    if wanted == TOKEN:
        return tokens
    if wanted in CONSTANTS and wanted not in (INT, NUM, BOOL, STR):
        return [*(tokens if wanted == ATOM else ()), *map(_constant, CONSTANTS[wanted])]
    kinds = {ref.type for ref in tokens}
    kind = kinds.pop() if len(kinds) == 1 else NUM
    views = [Ref(kind, text="tokens")] * 3 + [Ref(STR, text="tokens_str")]
    views += [Ref(BOOL, text="tokens_bool"), Ref(kind, text="tokens_asis")]
    if kind != STR or all(token.isdigit() for token in vocab if isinstance(token, str)):
        views += [Ref(NUM, text="tokens_float"), Ref(INT, text="tokens_int")]
    places = [Ref(INT, text="indices"), Ref(INT, text="indices"), Ref(INT, text="length")]
    found = [ref for ref in (*views, *places) if fits(ref.type, wanted)]
    if wanted.endswith("!"):
        return found
    letters = [ref for ref in tokens if fits(ref.type, wanted)]
    return found + letters + list(map(_constant, CONSTANTS[ATOM if wanted == ANY else wanted]))


def without_unused(program: RandomProgram) -> RandomProgram:
    """Only the steps that the last one needs."""
    needed = {len(program.steps) - 1}
    for number in range(len(program.steps) - 1, -1, -1):
        if number in needed:
            needed |= {ref.step for ref in program.steps[number].operands if ref.step >= 0}
    new = {old: number for number, old in enumerate(sorted(needed))}
    steps = tuple(
        replace(step, operands=tuple(
            replace(ref, step=new[ref.step]) if ref.step >= 0 else ref for ref in step.operands
        ))
        for number, step in enumerate(program.steps) if number in needed
    )  # fmt: skip
    return replace(program, steps=steps)


def smaller(program: RandomProgram) -> Iterator[RandomProgram]:
    """Programs that are a little simpler, the much simpler ones first."""
    for found in _simplified(program):
        candidate = without_unused(found)
        if candidate.weight < program.weight:
            yield candidate


def _simplified(program: RandomProgram) -> Iterator[RandomProgram]:
    steps = program.steps
    for end in range(1, len(steps)):
        if steps[end - 1].type != SEL:
            yield replace(program, steps=steps[:end])
    if program.causal:
        yield replace(program, causal=False)
    if program.opt != 1:
        yield replace(program, opt=1)
    if program.several:
        yield replace(program, several=False)
    for number, step in enumerate(steps):
        for place, wanted in enumerate(step.wanted):
            for ref in _alternatives(program, step.operands[place], wanted):
                operands = (*step.operands[:place], ref, *step.operands[place + 1 :])
                changed = replace(step, operands=operands)
                yield replace(program, steps=(*steps[:number], changed, *steps[number + 1 :]))
    if program.max_len > 1:
        yield replace(program, max_len=program.max_len - 1)
    for token in program.vocab if len(program.vocab) > 1 else ():
        yield replace(program, vocab=tuple(t for t in program.vocab if t is not token))


def _alternatives(program: RandomProgram, old: Ref, wanted: str) -> list[Ref]:
    """Simpler operands: primitives, constants, and what the operand's own step reads."""
    found = list(dict.fromkeys(primitives(wanted, program.vocab)))
    if old.step >= 0:
        found += [ref for ref in program.steps[old.step].operands if fits(ref.type, wanted)]
        found += [
            Ref(step.type, earlier)
            for earlier, step in enumerate(program.steps[: old.step])
            if fits(step.type, wanted)
        ]
    return [ref for ref in found if ref != old]
