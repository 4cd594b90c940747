"""The JSON document of a model file: everything of an artifact but its parameters.

``docs/model-format.md`` describes the document. JSON keeps the atoms apart: ``1``, ``1.0``,
``true`` and ``"1"`` are four. Reading checks types and form here; whether the parts fit each other
is checked by ``validate``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any, NoReturn, TypeVar

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
)

FORMAT = "raspc model"
VERSION = 1

Item = TypeVar("Item")


class Damaged(Exception):
    """A model file is not what it should be; ``problems`` has one line for each thing found."""

    def __init__(self, *problems: str) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class Foreign(Exception):
    """A file that was never a model file."""


class OtherVersion(Exception):
    """A model file of a version that is not read here."""


def dump(artifact: Artifact) -> bytes:
    """The document as ASCII; equal artifacts give equal bytes."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "config": asdict(artifact.config),
        "vocabulary": artifact.vocabulary,
        "decoders": [_decoder_data(decoder) for decoder in artifact.decoders],
        "directions": [dict(direction) for direction in artifact.directions],
        "heads": [dict(head) for head in artifact.heads],
        "neurons": [dict(neuron) for neuron in artifact.neurons],
        "sources": artifact.sources,
        "options": dict(artifact.options),
        "certificate": dict(artifact.certificate),
    }
    text = json.dumps(document, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode("ascii")


def parse(text: bytes) -> Artifact:
    """The artifact that a document describes, with ``params`` empty.

    Raises Foreign, OtherVersion or Damaged."""
    try:
        document = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Damaged("its description is not JSON") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise Foreign
    if type(document.get("version")) is not int or document["version"] != VERSION:
        raise OtherVersion(json.dumps(document.get("version"))[:20])
    return Artifact(
        config=_config(_get(document, "config", dict)),
        params={},
        vocabulary=_each(document, "vocabulary", _atom),
        decoders=_each(document, "decoders", _decoder),
        directions=_each(document, "directions", _object),
        heads=_each(document, "heads", _object),
        neurons=_each(document, "neurons", _object),
        sources=_each(document, "sources", _source),
        options=_get(document, "options", dict),
        certificate=_get(document, "certificate", dict),
    )


def _decoder_data(decoder: Decoder) -> dict[str, Any]:
    if isinstance(decoder, CategoricalDecoder):
        return {"kind": decoder.kind, "name": decoder.name, "values": decoder.values}
    if isinstance(decoder, QuotientDecoder):
        return {
            "kind": decoder.kind,
            "name": decoder.name,
            "keys": decoder.keys,
            "unit": decoder.unit,
            "whole": decoder.whole,
        }
    return {
        "kind": decoder.kind,
        "name": decoder.name,
        "channels": decoder.channels,
        "weights": decoder.weights,
        "grouping": decoder.grouping,
        "class_of": decoder.class_of,
        "classes": [_candidates_data(candidates) for candidates in decoder.classes],
        "exact": decoder.exact,
        "bound": decoder.bound,
    }


def _candidates_data(candidates: Candidates) -> dict[str, Any]:
    points = None if _points_are_values(candidates) else candidates.points.tolist()
    return {"values": candidates.values, "points": points}


def _points_are_values(candidates: Candidates) -> bool:
    """Numbers mostly stand for themselves; their points then need no place in the file."""
    if any(isinstance(value, str) for value in candidates.values):
        return False
    try:
        return np.array_equal(_points_of_values(candidates.values), candidates.points)
    except OverflowError:
        return False


def _points_of_values(values: tuple[Atom, ...]) -> NDArray[np.float64]:
    return np.array([float(value) for value in values], np.float64).reshape(-1, 1)


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _get(item: Mapping[str, Any], key: str, *types: type) -> Any:
    """The member of an object, of exactly one of the types (a bool is no int)."""
    if key not in item:
        raise Damaged(f"`{key}` is missing from its description")
    if type(item[key]) not in types:
        raise Damaged(f"`{key}` has the wrong type in its description")
    return item[key]


def _each(item: Mapping[str, Any], key: str, read: Callable[[Any, str], Item]) -> tuple[Item, ...]:
    """A list's items, each read by ``read(item, place)``."""
    return tuple(read(entry, f"{key}[{i}]") for i, entry in enumerate(_get(item, key, list)))


def _object(item: Any, place: str) -> dict[str, Any]:
    if not isinstance(item, dict):
        raise Damaged(f"`{place}` is not an object in its description")
    return item


def _atom(item: Any, place: str) -> Atom:
    if type(item) not in (int, float, str, bool) or item != item or item in (math.inf, -math.inf):
        raise Damaged(f"`{place}` is not a value of RASP in its description")
    atom: Atom = item
    return atom


def _number(item: Any, place: str) -> float:
    if type(item) not in (int, float) or not -1e300 < item < 1e300:
        raise Damaged(f"`{place}` is not a number in its description")
    return float(item)


def _source(item: Any, place: str) -> tuple[str, str]:
    if type(item) is not list or [type(part) for part in item] != [str, str]:
        raise Damaged(f"`{place}` is not a name with its text")
    return item[0], item[1]


def _config(item: dict[str, Any]) -> Config:
    numbers = {key: _get(item, key, int) for key in Config.__dataclass_fields__ if key != "causal"}
    return Config(causal=_get(item, "causal", bool), **numbers)


def _decoder(item: Any, place: str) -> Decoder:
    kind = _get(_object(item, place), "kind", str)
    if kind == "categorical":
        return CategoricalDecoder(_get(item, "name", str), _each(item, "values", _atom))
    if kind == "quotient":
        keys = _get(item, "keys", str)
        if keys not in ("index", "length"):
            raise Damaged(f"`{place}` has unknown keys")
        unit = _number(_get(item, "unit", int, float), f"{place}.unit")
        return QuotientDecoder(_get(item, "name", str), keys, unit, _get(item, "whole", bool))
    if kind != "numerical":
        raise Damaged(f"`{place}` is of an unknown kind")
    grouping = _get(item, "grouping", str)
    if grouping not in ("all", "index", "index_length"):
        raise Damaged(f"`{place}` has an unknown grouping")
    return NumericalDecoder(
        name=_get(item, "name", str),
        channels=_get(item, "channels", int),
        weights=_each(item, "weights", _number),
        grouping=grouping,
        class_of=_each(item, "class_of", _row if grouping == "index_length" else _class_number),
        classes=_each(item, "classes", _candidates),
        exact=_get(item, "exact", bool),
        bound=_number(_get(item, "bound", int, float), f"{place}.bound"),
    )


def _row(item: Any, place: str) -> tuple[int, ...]:
    if type(item) is not list:
        raise Damaged(f"`{place}` is not a list")
    return tuple(_class_number(entry, place) for entry in item)


def _class_number(item: Any, place: str) -> int:
    if type(item) is not int:
        raise Damaged(f"`{place}` does not name a class")
    return item


def _candidates(item: Any, place: str) -> Candidates:
    values = _each(_object(item, place), "values", _atom)
    points = _get(item, "points", list, type(None))
    try:
        array = _points_of_values(values) if points is None else np.array(points, np.float64)
    except (ValueError, TypeError, OverflowError) as error:
        raise Damaged(f"the points of `{place}` are not numbers") from error
    return Candidates(values, array)
