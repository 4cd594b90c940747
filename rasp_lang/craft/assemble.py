"""CraftProgram -> Artifact: named directions become rows and columns of plain float32 matrices."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, Literal, NamedTuple

import numpy as np

from rasp_lang.craft.attention_bounds import BOS_SELF
from rasp_lang.craft.certificate import bos_guards, certify
from rasp_lang.craft.program import (
    BOS,
    CraftFunction,
    CraftHead,
    CraftProgram,
    Direction,
    Form,
    Output,
    Unit,
)
from rasp_lang.diagnostics import Diagnostic, RaspError
from rasp_lang.limits import DEFAULT
from rasp_lang.source import Span
from rasp_lang.transformer.artifact import (
    Artifact,
    Candidates,
    CategoricalDecoder,
    Config,
    Decoder,
    NumericalDecoder,
    QuotientDecoder,
    parameter_shapes,
    readout_width,
)

#: The shape of each array, by module and name.
Shapes = dict[str, dict[str, tuple[int, ...]]]


class Neuron(NamedTuple):
    """A hidden unit with everything that it is used for: (direction, weight) pairs."""

    reads: Form
    writes: tuple[tuple[int, float], ...]
    name: str
    span: Span | None


def query_scale(d_head: int) -> float:
    """The power of two, at least sqrt(d_head), that queries are multiplied by: attention divides by
    sqrt(d_head), and a power of two keeps the products exact."""
    return 2.0 ** math.ceil(math.log2(math.sqrt(d_head)))


def sink_weight(head: CraftHead, d_head: int) -> tuple[float, float]:
    """BOS's score in a sink's products, on a grid of 1/16, and the A = exp(logit) it amounts to."""
    factor = query_scale(d_head) / math.sqrt(d_head)
    score = round(head.bos_score / factor * 16) / 16
    return score, math.exp(score * factor)


def _sink_logit(head: CraftHead, d_head: int) -> float:
    return math.log(sink_weight(head, d_head)[1]) if head.mode == "sink" else 0.0


def neurons(functions: Sequence[CraftFunction]) -> list[Neuron]:
    """The hidden units of one layer; equal ones are shared."""
    found: dict[object, tuple[Unit, dict[int, float], CraftFunction]] = {}
    for function in functions:
        for unit in function.units:
            key = (tuple(sorted(unit.reads.terms.items())), unit.reads.constant)
            _, writes, _ = found.setdefault(key, (unit, {}, function))
            writes[function.direction] = writes.get(function.direction, 0.0) + unit.weight
    return [
        Neuron(unit.reads, tuple((d, w) for d, w in sorted(writes.items()) if w), f.name, f.span)
        for unit, writes, f in found.values()
        if any(writes.values())
    ]


def decoder(output: Output) -> Decoder:
    """How the file says that an output's readout is decoded."""
    if output.kind == "categorical":
        return CategoricalDecoder(output.name, output.values.atoms)
    if output.kind == "quotient":
        keys: Literal["index", "length"] = "index" if output.grouping == "index" else "length"
        return QuotientDecoder(output.name, keys, output.unit, output.whole)
    assert output.grouping != "length"
    classes = tuple(Candidates(c.values, c.points) for c in output.classes)
    weights = tuple(1.0 / gap for gap in output.gaps)
    return NumericalDecoder(
        output.name, len(weights), weights, output.grouping, output.class_of, classes
    )


def assemble(
    program: CraftProgram,
    sources: tuple[tuple[str, str], ...],
    options: Mapping[str, Any],
    max_params: int = DEFAULT.max_params,
) -> Artifact:
    """The weights, everything that explains them and the proof that they are right; raises
    RaspError where there is none, or for more than ``max_params`` parameters."""
    layers = [_Layer(program, layer) for layer in range(1, program.layers + 1)]
    decoders = tuple(decoder(output) for output in program.outputs)
    d_head = max((head_size(head) for head in program.heads), default=1)
    logits = [_sink_logit(head, d_head) for head in program.heads]
    certificate = certify(program, logits, query_scale(d_head) / math.sqrt(d_head))
    config, shapes = _config(program, layers, decoders, d_head)
    if config.parameters > max_params:
        raise _too_large(program, config, max_params)
    arrays = {
        module: {part: np.zeros(shape, np.float32) for part, shape in parts.items()}
        for module, parts in shapes.items()
    }
    _embed(program, arrays)
    for number, layer in enumerate(layers):
        layer.write(arrays, f"transformer/layer_{number}", d_head)
    for j, output in enumerate(program.outputs):
        _write(output.forms, arrays[f"unembed_{j}"], 0)
    return Artifact(
        config, arrays, program.vocabulary, decoders,
        tuple(_explain_direction(direction) for direction in program.directions),
        tuple(_explain_head(program, layers, head) for head in program.heads),
        tuple(_explain_neurons(program, layers)), sources, options, certificate.to_json(),
    )  # fmt: skip


def head_size(head: CraftHead) -> int:
    """Dimensions that a head needs: its products and BOS's, or its channels."""
    return max(len(head.products) + 1, len(head.channels))


def _too_large(program: CraftProgram, config: Config, limit: int) -> RaspError:
    widest = max(program.heads, key=head_size, default=None)
    span = widest.span if widest is not None else program.outputs[0].span
    return RaspError(
        Diagnostic(
            "RASP0605",
            f"the model would have {config.parameters:,} parameters, more than {limit:,}",
            span,
            f"this head needs {config.d_head:,} dimensions",
            help="use a smaller vocabulary or maximum length, or allow more with `--max-params`",
        )
    )


class _Layer:
    def __init__(self, program: CraftProgram, layer: int) -> None:
        self.heads = [head for head in program.heads if head.layer == layer]
        self.neurons = neurons([f for f in program.functions if f.layer == layer])

    def write(self, arrays: dict[str, dict[str, Any]], name: str, d_head: int) -> None:
        for number, head in enumerate(self.heads):
            self._head(arrays, name, head, number * d_head, d_head)
        reads, hidden = [n.reads for n in self.neurons], arrays[f"{name}/mlp/linear_1"]
        _write(reads, hidden, 0)
        guards = bos_guards(np.array([form.constant for form in reads]))
        hidden["w"][BOS, : len(reads)] -= guards.astype(np.float32)
        for number, neuron in enumerate(self.neurons):
            for direction, weight in neuron.writes:
                arrays[f"{name}/mlp/linear_2"]["w"][number, direction] = weight

    def _head(
        self, arrays: dict[str, dict[str, Any]], name: str, head: CraftHead, first: int, d_head: int
    ) -> None:
        scale = query_scale(d_head)
        query, key = arrays[f"{name}/attn/query"], arrays[f"{name}/attn/key"]
        score, weight = sink_weight(head, d_head) if head.mode == "sink" else (0.0, 1.0)
        asked = Form({}, score) if head.mode == "sink" else head.bos_query
        queries = [*(p.query for p in head.products), asked.plus(Form({BOS: BOS_SELF}))]
        _write(queries, query, first, scale)
        _write([product.key for product in head.products], key, first)
        key["w"][BOS, first + len(head.products)] = 1.0
        _write([channel.value for channel in head.channels], arrays[f"{name}/attn/value"], first)
        for k, channel in enumerate(head.channels, first):
            out = arrays[f"{name}/attn/linear"]["w"]
            out[k, channel.direction] = channel.factor * weight


def _write(forms: Sequence[Form], arrays: dict[str, Any], first: int, scale: float = 1.0) -> None:
    """Forms, ``scale`` times each, as columns of weights, from a ``first`` one on; a constant is a
    bias that BOS takes back."""
    columns = np.arange(first, first + len(forms))
    terms = [form.terms for form in forms]
    weights = scale * np.array([weight for some in terms for weight in some.values()])
    constants = np.array([scale * form.constant for form in forms], np.float32)
    arrays["w"][list(chain.from_iterable(terms)), columns.repeat(list(map(len, terms)))] = weights
    arrays["w"][BOS, columns] -= constants
    arrays["b"][columns] = constants


def _embed(program: CraftProgram, arrays: dict[str, dict[str, Any]]) -> None:
    tokens, positions = arrays["token_embed"]["embeddings"], arrays["pos_embed"]["embeddings"]
    tokens[len(program.vocabulary), BOS] = 1.0
    for embedding in program.embeddings:
        if embedding.of in ("token", "any"):
            tokens[: len(program.vocabulary), embedding.direction] = embedding.table
        else:
            positions[1:, embedding.direction] = embedding.table


def _config(
    program: CraftProgram, layers: Sequence[_Layer], decoders: Sequence[Decoder], d_head: int
) -> tuple[Config, Shapes]:
    """The sizes of the model, and the shapes of its arrays that follow from them."""
    unsized = Config(
        layers=len(layers),
        heads=max((len(layer.heads) for layer in layers), default=1) or 1,
        d_model=len(program.directions),
        d_head=d_head,
        d_mlp=max((len(layer.neurons) for layer in layers), default=0),
        max_len=program.contexts.max_len,
        vocab_size=len(program.vocabulary),
        causal=program.contexts.causal,
        parameters=0,
    )
    shapes = parameter_shapes(unsized, tuple(readout_width(d) for d in decoders))
    count = sum(math.prod(shape) for parts in shapes.values() for shape in parts.values())
    return replace(unsized, parameters=count), shapes


# --- provenance ----------------------------------------------------------------------------------


def _place(span: Span | None) -> dict[str, Any]:
    return {} if span is None else {"path": span.path, "line": span.line}


def _explain_direction(direction: Direction) -> dict[str, Any]:
    explained: dict[str, Any] = {"name": direction.name, "sop": direction.sop}
    if direction.value is not None:
        explained["value"] = direction.value
    return {**explained, **_place(direction.span)}


def _names(program: CraftProgram, directions: Sequence[int]) -> list[str]:
    return [program.directions[d].name for d in dict.fromkeys(sorted(directions))]


def _explain_head(
    program: CraftProgram, layers: Sequence[_Layer], head: CraftHead
) -> dict[str, Any]:
    forms = [f for p in head.products for f in (p.query, p.key)]
    forms += [channel.value for channel in head.channels] + [head.bos_query]
    return {
        "layer": head.layer - 1,
        "head": layers[head.layer - 1].heads.index(head),
        "name": head.name,
        "reads": _names(program, [d for form in forms for d in form.terms]),
        "writes": _names(program, [channel.direction for channel in head.channels]),
        **_place(head.span),
    }


def _explain_neurons(program: CraftProgram, layers: Sequence[_Layer]) -> list[dict[str, Any]]:
    return [
        {
            "layer": number,
            "neuron": k,
            "name": neuron.name,
            "reads": _names(program, list(neuron.reads.terms)),
            "writes": _names(program, [direction for direction, _ in neuron.writes]),
            **_place(neuron.span),
        }
        for number, layer in enumerate(layers)
        for k, neuron in enumerate(layer.neurons)
    ]
