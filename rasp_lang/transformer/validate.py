"""Do the parts of an artifact fit each other? Used on every file that is read, and on what a
compiler makes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from rasp_lang.graph import Atom
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

Item = TypeVar("Item")


class Array(Protocol):
    """What the check of names and shapes needs to know of an array."""

    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def dtype(self) -> Any: ...


def problems(artifact: Artifact) -> tuple[str, ...]:
    """One line for everything that does not fit; empty for a legal artifact."""
    arrays = flat(artifact.params)
    return (
        description_problems(artifact)
        or parameter_problems(artifact, arrays)
        or number_problems(artifact, arrays)
    )


def description_problems(artifact: Artifact) -> tuple[str, ...]:
    """The same without a look at the parameters."""
    config_problems = tuple(_config_problems(artifact.config, len(artifact.vocabulary)))
    if config_problems:
        return config_problems
    return (
        *_vocabulary_problems(artifact.vocabulary),
        *_output_problems(artifact.decoders, artifact.config.max_len),
        *_provenance_problems(artifact),
    )


def _config_problems(config: Config, vocabulary: int) -> Iterator[str]:
    least = {"layers": 0, "heads": 0, "d_model": 1, "d_head": 0, "d_mlp": 0, "max_len": 1,
             "vocab_size": 1, "parameters": 0}  # fmt: skip
    for name, minimum in least.items():
        if getattr(config, name) < minimum:
            yield f"`{name}` is {getattr(config, name)}, less than {minimum}"
    if config.vocab_size != vocabulary:
        yield f"`vocab_size` is {config.vocab_size}, but there are {vocabulary} tokens"


def _vocabulary_problems(vocabulary: Sequence[Atom]) -> Iterator[str]:
    if len({(type(token), token) for token in vocabulary}) < len(vocabulary):
        yield "the vocabulary has duplicates"


def _output_problems(decoders: Sequence[Decoder], max_len: int) -> Iterator[str]:
    if not decoders:
        yield "there is no output"
    if len({decoder.name for decoder in decoders}) < len(decoders):
        yield "two outputs have one name"
    for decoder in decoders:
        if isinstance(decoder, CategoricalDecoder):
            found = iter([] if decoder.values else ["has no values"])
        elif isinstance(decoder, QuotientDecoder):
            found = iter([] if decoder.unit > 0 else ["has a unit that is not positive"])
        else:
            found = _numerical_problems(decoder, max_len)
        yield from (f"output `{decoder.name}` {problem}" for problem in found)


def _numerical_problems(decoder: NumericalDecoder, max_len: int) -> Iterator[str]:
    if decoder.channels < 1 or len(decoder.weights) != decoder.channels:
        yield f"has {decoder.channels} channels and {len(decoder.weights)} weights"
    if not all(weight > 0 for weight in decoder.weights):
        yield "has a weight that is not positive"
    if decoder.bound < 0:
        yield "has a negative bound"
    if not decoder.exact:
        return
    if not decoder.classes:
        yield "has no classes of values"
    for i, candidates in enumerate(decoder.classes):
        yield from (f"{p} in class {i}" for p in _candidate_problems(candidates, decoder.channels))
    yield from _class_of_problems(decoder, max_len)


def _candidate_problems(candidates: Candidates, channels: int) -> Iterator[str]:
    shape = (len(candidates.values), channels)
    if not candidates.values:
        yield "has no values"
    elif candidates.points.shape != shape:
        yield f"has points of shape {candidates.points.shape} instead of {shape}"
    elif not np.isfinite(candidates.points).all():
        yield "has a point that is not finite"
    elif (np.diff(candidates.points[:, 0]) < 0).any():
        yield "has points out of order"


def _class_of_problems(decoder: NumericalDecoder, max_len: int) -> Iterator[str]:
    table = decoder.class_of
    if decoder.grouping == "all":
        fits, numbers = table == (), [0]
    elif decoder.grouping == "index":
        fits, numbers = len(table) == max_len, list(table)
    else:
        fits = [len(row) for row in table] == list(range(1, max_len + 1))
        numbers = [number for row in table for number in row]
    if not fits:
        yield "does not name the class of every position"
    elif not all(0 <= number < len(decoder.classes) for number in numbers):
        yield "names a class that does not exist"


def _provenance_problems(artifact: Artifact) -> Iterator[str]:
    config = artifact.config
    if len(artifact.directions) != config.d_model:
        yield f"{len(artifact.directions)} directions are explained, not {config.d_model}"
    for kind, entries, limits in (
        ("direction", artifact.directions, {}),
        ("head", artifact.heads, {"layer": config.layers, "head": config.heads}),
        ("neuron", artifact.neurons, {"layer": config.layers, "neuron": config.d_mlp}),
    ):
        for i, entry in enumerate(entries):
            yield from (f"{kind} {i} {p}" for p in _entry_problems(entry, limits))


def _entry_problems(entry: Mapping[str, Any], limits: Mapping[str, int]) -> Iterator[str]:
    if type(entry.get("name")) is not str:
        yield "has no name"
    for key, types in (("sop", (str,)), ("path", (str,)), ("line", (int,)),
                       ("value", (int, float, str, bool)), ("reads", (list, tuple)),
                       ("writes", (list, tuple))):  # fmt: skip
        if entry.get(key) is not None and type(entry[key]) not in types:
            yield f"has a `{key}` of the wrong type"
    for key, limit in limits.items():
        if type(entry.get(key)) is not int or not 0 <= entry[key] < limit:
            yield f"is not of a {key} that exists"


def parameter_problems(artifact: Artifact, arrays: Mapping[str, Array]) -> tuple[str, ...]:
    """What is wrong with the arrays ``<module>/<name>`` of a model, by name, shape and type;
    ``arrays`` may be stand-ins that only know these."""
    widths = tuple(readout_width(decoder) for decoder in artifact.decoders)
    expected = flat(parameter_shapes(artifact.config, widths))
    return (
        *(f"`{name}` is missing" for name in expected if name not in arrays),
        *(f"`{name}` is one too many" for name in arrays if name not in expected),
        *(
            f"`{name}` has the shape {arrays[name].shape} instead of {shape}"
            for name, shape in expected.items()
            if name in arrays and arrays[name].shape != shape
        ),
        *(
            f"`{name}` holds {array.dtype} instead of float32"
            for name, array in arrays.items()
            if str(array.dtype) != "float32"
        ),
    )


def number_problems(
    artifact: Artifact, arrays: Mapping[str, NDArray[np.float32]]
) -> tuple[str, ...]:
    """What is wrong with the numbers in arrays whose shapes are right."""
    total = sum(array.size for array in arrays.values())
    counted = artifact.config.parameters
    return (
        *(
            f"`{name}` has a number that is not finite"
            for name, array in arrays.items()
            if not np.isfinite(array).all()
        ),
        *([f"`parameters` is {counted}, but there are {total}"] if counted > total else []),
    )


def flat(modules: Mapping[str, Mapping[str, Item]]) -> dict[str, Item]:
    """``{module: {name: item}}`` as ``{"module/name": item}``."""
    return {
        f"{module}/{name}": item
        for module, items in modules.items()
        for name, item in items.items()
    }
