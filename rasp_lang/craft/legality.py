"""The specification of a legal craft program, checked after every lowering."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from rasp_lang.craft.program import BOS, CraftHead, CraftProgram, DistanceScore, Form


class Illegal(Exception):
    """The lowering made a program that does not mean anything: a defect of the compiler."""


def check(program: CraftProgram) -> None:
    """Every form reads directions that were written before, and no direction is written by two
    kinds of writers; raises Illegal."""
    stages = _stages(program)
    ready = [
        {direction for direction, since in stages.items() if since <= stage}
        for stage in range(2 * program.layers + 2)
    ]
    for head in program.heads:
        _check_reads(_forms(head), ready[2 * head.layer - 1], head.name)
    for function in program.functions:
        reads = [unit.reads for unit in function.units]
        _check_reads(reads, ready[2 * function.layer], function.name)
    for output in program.outputs:
        _check_reads(output.forms, ready[-1], output.name)


def _stages(program: CraftProgram) -> dict[int, int]:
    """When each direction holds its value: 0 the embedding, 2t the attention of layer t, 2t + 1 its
    MLP. A rounding direction begins in the embedding and ends with its head."""
    ready = {BOS: 0} | {embedding.direction: 0 for embedding in program.embeddings}
    rounding = {d.id for d in program.directions if d.rounding}
    for head in program.heads:
        for channel in head.channels:
            known = ready.get(channel.direction)
            if known not in (None, 2 * head.layer) and channel.direction not in rounding:
                raise Illegal(f"{head.name} writes a direction that is written already")
            ready[channel.direction] = 2 * head.layer
    for function in program.functions:
        if function.direction in ready:
            raise Illegal(f"{function.name} writes a direction that is written already")
        ready[function.direction] = 2 * function.layer + 1
    return ready


def _forms(head: CraftHead) -> list[Form]:
    forms = [form for product in head.products for form in (product.query, product.key)]
    forms += [channel.value for channel in head.channels] + [head.bos_query]
    for score in head.scores:
        if isinstance(score, DistanceScore):
            forms += [score.query, score.key, score.square]
    return forms


def _check_reads(forms: Iterable[Form], ready: set[int], name: str) -> None:
    if not ready.issuperset(chain.from_iterable([form.terms for form in forms])):
        raise Illegal(f"{name} reads a direction before it is written")
