"""Random RASP programs, typed so that most of them run; and smaller programs of the same kind.

A program is a list of steps, each one operation on earlier steps, primitives and constants, so that
results are shared as in real programs. ``text`` writes it as RASP source.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rasp_lang.graph import COMPARISONS, Atom

#: Types of operands. A ``num`` may be an int, a float, or either from input to input.
INT, NUM, BOOL, STR, SEL = "int", "num", "bool", "str", "selector"
#: What may stand where a type is wanted.
FITS = {INT: (INT,), NUM: (NUM, INT, BOOL), BOOL: (BOOL,), STR: (STR,), SEL: (SEL,)}


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
            prefix = "s" if step.type == SEL else "x"
            lines.append(f"{prefix}{number} = {step.template.format(*operands)};")
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


def literal(atom: Atom) -> str:
    """An atom as RASP source that can stand everywhere."""
    if isinstance(atom, str):
        return f'"{atom}"'
    if isinstance(atom, bool):
        return str(atom)
    return f"(-{-atom})" if atom < 0 else str(atom)


_VARYING = ("tokens", "indices", "length")
_VOCABULARIES: tuple[tuple[Atom, ...], ...] = (
    ("a", "b"), ("a", "b", "c"), (1, 2), (0, 1, 2), (-1, 0, 2), ("(", ")"), (0, 3), (True, False),
    (0.5, 1.0, 2.0), ("1", "2"), ("0", "3", "5"), (1, True), (0, 1.0), ("a", "b", "c", "d"),
    (0, 1, 2, 3), (2, 5),
)  # fmt: skip
_LARGE_VOCABULARIES: tuple[tuple[Atom, ...], ...] = (
    tuple("abcde"), tuple("()[]x"), tuple(range(10)), tuple("abcdefghijklmnopqrst"),
    tuple(range(-5, 6)), (0.5, 1.0, 1.5, 2.0, 4.0, 8.0), tuple("0123456789"), (1, 10, 100, 7, 9),
)  # fmt: skip
_ELEMENTWISE: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    INT: (
        ("{0} + {1}", (INT, INT)), ("{0} - {1}", (INT, INT)), ("{0} * {1}", (INT, INT)),
        ("{0} % {1}", (INT, INT)), ("-{0}", (INT,)), ("abs({0})", (INT,)), ("sign({0})", (NUM,)),
        ("round({0})", (NUM,)), ("floor({0})", (NUM,)), ("ceil({0})", (NUM,)),
        ("indicator({0})", (BOOL,)), ("int({0})", (BOOL,)),
        ("{0} if {2} else {1}", (INT, INT, BOOL)),
        ("[3, 1, 2, 5][{0} % 4]", (INT,)), ("[4, 0][{0}]", (BOOL,)), ("[1, 0, -2][{0}]", (INT,)),
        ("{{0: 2, 1: 0, 2: 5, 3: 3}}[{0} % 4]", (INT,)),
        ('{{"a": 1, "b": 0, "c": -1}}[{0}]', (STR,)),
        ("max({0}, {1})", (INT, INT)), ("min({0}, {1})", (INT, INT)), ("{0} + {1}", (BOOL, BOOL)),
        ("categorical({0})", (INT,)), ("tokens_int + {0}", (INT,)),
    ),
    NUM: (
        ("{0} + {1}", (NUM, NUM)), ("{0} - {1}", (NUM, NUM)), ("{0} * {1}", (NUM, NUM)),
        ("{0} / {1}", (NUM, NUM)), ("{0} / 3", (INT,)), ("{0} / ({1} + 1)", (INT, INT)),
        ("{0} * 0.5", (NUM,)), ("sqrt(abs({0}))", (NUM,)), ("float({0})", (NUM,)),
        ("{0} if {2} else {1}", (NUM, NUM, BOOL)), ("exp({0})", (INT,)), ("cos({0})", (INT,)),
        ("2 ^ {0}", (INT,)), ("max({0}, {1})", (NUM, NUM)), ("numerical({0})", (NUM,)),
        ("tokens_float * {0}", (NUM,)),
    ),
    BOOL: (
        *((f"{{0}} {sign} {{1}}", (kind, kind)) for sign in COMPARISONS
          for kind in (INT, NUM, STR)),
        ("{0} and {1}", (BOOL, BOOL)), ("{0} or {1}", (BOOL, BOOL)), ("not {0}", (BOOL,)),
        ("{0} == {1}", (BOOL, BOOL)), ("{0} in [0, 2, 3]", (INT,)),
        ('{0} in ["a", "c", ")"]', (STR,)),
        ('{0} in "ab("', (STR,)), ("bool({0})", (INT,)),
        ("{0} if {2} else {1}", (BOOL, BOOL, BOOL)),
    ),
    STR: (
        ("{0} + {1}", (STR, STR)), ("{0} if {2} else {1}", (STR, STR, BOOL)), ("str({0})", (INT,)),
        ('["x", "y", "z"][{0} % 3]', (INT,)), ('"uvwxyz"[{0}]', (INT,)),
        ('{{"a": "b", "b": "a", "c": "c"}}[{0}]', (STR,)),
    ),
}  # fmt: skip
_ATTENTION: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    INT: (
        ("selector_width({0})", (SEL,)), ("selector_width({0})", (SEL,)),
        ("round(selector_width({0}) * aggregate({0}, {1}))", (SEL, INT)),
        ("count(tokens, {0})", ("token",)), ("{0}[{1}]", (INT, "small")),
        ("round(length * aggregate(full_s, {0}))", (INT,)), ("sort({0}, {1})", (INT, INT)),
        ("load_from_location({0}, {1})", (INT, INT)),
    ),
    NUM: (
        ("aggregate({0}, {1})", (SEL, INT)), ("aggregate({0}, {1})", (SEL, NUM)),
        ("aggregate({0}, {1}, {2})", (SEL, NUM, NUM)),
        ("aggregate({0}, {1}, {2})", (SEL, INT, INT)),
        ("aggregate({0}, {1})", (SEL, BOOL)), ("aggregate({0}, indicator({1}))", (SEL, BOOL)),
        ("average({0})", (INT,)), ("{0}[{1}]", (NUM, "small")),
        ("aggregate({0}, {1}, {2})", (SEL, INT, "constant")),
    ),
    BOOL: (
        ("aggregate({0}, {1}, {2})", (SEL, BOOL, BOOL)), ("has_focus({0})", (SEL,)),
        ("contains(tokens, {0})", ("token",)), ("{0} in {1}", ("token", "tokens")),
    ),
    STR: (
        ("aggregate({0}, {1}, {2})", (SEL, STR, STR)), ("aggregate({0}, {1})", (SEL, STR)),
        ("{0}[{1}]", (STR, "small")), ('shift({0}, {1}, "-")', (STR, "small")),
        ("sort({0}, {1})", (STR, INT)), ("sort({0}, {1})", (STR, STR)),
    ),
}  # fmt: skip
_SELECTORS: tuple[tuple[str, tuple[str, ...]], ...] = (
    *((f"select({{0}}, {{1}}, {sign})", (kind, kind))
      for sign in (*COMPARISONS, "==", "<", "==") for kind in (INT, INT, NUM, STR, BOOL)),
    *((f"{{0}} {word} {{1}}", (SEL, SEL)) for word in ("and", "or") for _ in range(8)),
    *(("not {0}", (SEL,)) for _ in range(6)), ("select_next_identical({0})", (INT,)),
    ("select_from_first({0}, {1})", (INT, INT)), ("select_from_last({0}, {1})", (STR, STR)),
)  # fmt: skip


def random_program(seed: str, *, large: bool = False) -> RandomProgram:
    """The program of a seed: up to 30 steps over 2 to 4 tokens, up to 3 to 5 at a time; or over 5
    to 20 tokens, up to 6 to 24 at a time."""
    generator = random.Random(seed)
    if large:
        vocab = generator.choice(_LARGE_VOCABULARIES)
        max_len = generator.choice((6, 8, 12, 16, 24))
    else:
        vocab = generator.choice(_VOCABULARIES)
        # At most some 130 inputs.
        max_len = generator.choice({2: (4, 5), 3: (3, 4)}.get(len(vocab), (3,)))
    writer = _Writer(generator, vocab)
    for _ in range(generator.choice((4, 8, 12, 18, 30))):
        writer.add()
    while not writer.sops():
        writer.add()
    # Of a few s-ops, the one that needs most: else most programs would be tiny.
    causal = generator.random() < 0.25
    ends = generator.choices(writer.sops(), k=generator.randint(2, 20))
    several, opt = generator.random() < 0.15, generator.choice((0, 1, 1, 2))
    programs = [
        without_unused(
            RandomProgram(vocab, max_len, causal, tuple(writer.steps[: end + 1]), several, opt)
        )
        for end in ends
    ]
    return max(programs, key=lambda program: len(program.steps))


class _Writer:
    def __init__(self, generator: random.Random, vocab: tuple[Atom, ...]) -> None:
        self.random, self.vocab = generator, vocab
        self.steps: list[Step] = []

    def add(self) -> None:
        kind = self.random.choice((SEL, SEL, INT, INT, NUM, NUM, BOOL, STR))
        if kind == SEL:
            template, wanted = self.random.choice(_SELECTORS)
        else:
            attends = any(step.type == SEL for step in self.steps) and self.random.random() < 0.55
            table = _ATTENTION if attends else _ELEMENTWISE
            template, wanted = self.random.choice(table[kind])
        operands = tuple(self.operand(want) for want in wanted)
        self.steps.append(Step(kind, template, operands, wanted))

    def sops(self) -> list[int]:
        return [number for number, step in enumerate(self.steps) if step.type != SEL]

    def operand(self, wanted: str) -> Ref:
        simple = primitives(wanted, self.vocab)
        made = [
            Ref(step.type, number)
            for number, step in enumerate(self.steps)
            if step.type in FITS.get(wanted, ())
        ]
        if made and self.random.random() < 0.75:
            used = {ref.step for step in self.steps for ref in step.operands}
            fresh = [ref for ref in made if ref.step not in used]
            return self.random.choice(fresh if fresh and self.random.random() < 0.7 else made)
        varying = [ref for ref in simple if ref.text in _VARYING]
        if varying and self.random.random() < 0.7:
            return self.random.choice(varying)
        return self.random.choice(simple)


def primitives(wanted: str, vocab: tuple[Atom, ...]) -> list[Ref]:
    """The primitives and constants that fit."""
    kind = {str: STR, bool: BOOL, int: INT, float: NUM}[type(vocab[0])]
    tokens = [Ref(kind, text="tokens")] * 3 if kind in FITS.get(wanted, ()) else []
    places = [Ref(INT, text="indices"), Ref(INT, text="indices"), Ref(INT, text="length")]
    match wanted:
        case "token" | "tokens":
            one = Ref(kind, text="tokens")
            return [one] if wanted == "tokens" else [Ref(kind, text=literal(t)) for t in vocab]
        case "small":
            return [Ref(INT, text=literal(k)) for k in (0, 1, 2, -1, -2)]
        case "constant":
            return [Ref(INT, text=literal(k)) for k in (0, 1, -1, 7, 0.5)]
        case "int":
            return [*tokens, *places, *(Ref(INT, text=literal(k)) for k in (0, 1, 2, 3, -1))]
        case "num":
            return [*tokens, *places, *(Ref(NUM, text=literal(k)) for k in (0, 0.5, 1.5, -1))]
        case "bool":
            return [*tokens, Ref(BOOL, text="True"), Ref(BOOL, text="False")]
        case "str":
            letters = [t for t in vocab if isinstance(t, str)] or ["a"]
            return [*tokens, *(Ref(STR, text=literal(t)) for t in (*letters, "zz"))]
    return [Ref(SEL, text="full_s")]


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
            for ref in _alternatives(program, number, step.operands[place], wanted):
                operands = (*step.operands[:place], ref, *step.operands[place + 1 :])
                changed = replace(step, operands=operands)
                yield replace(program, steps=(*steps[:number], changed, *steps[number + 1 :]))
    if program.max_len > 1:
        yield replace(program, max_len=program.max_len - 1)
    for token in program.vocab if len(program.vocab) > 1 else ():
        yield replace(program, vocab=tuple(t for t in program.vocab if t is not token))


def _alternatives(program: RandomProgram, number: int, old: Ref, wanted: str) -> list[Ref]:
    """Simpler operands: primitives, constants, and what the operand's own step reads."""
    found = list(dict.fromkeys(primitives(wanted, program.vocab)))
    if old.step >= 0:
        found += [
            ref for ref in program.steps[old.step].operands if ref.type in FITS.get(wanted, ())
        ]
        found += [
            Ref(step.type, earlier)
            for earlier, step in enumerate(program.steps[: old.step])
            if step.type in FITS.get(wanted, ())
        ]
    return [ref for ref in found if ref != old]
