"""``raspc inspect``: what is in a model file, without running it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rasp_lang.display import plain_text
from raspc.answer import Answer

if TYPE_CHECKING:
    from rich.table import Table

    from rasp_lang.transformer.artifact import Artifact, Decoder

#: Rows of one table; the whole is in the JSON document.
_ROWS = 60
#: The margin that a certificate states where there is no error at all.
_LIMITLESS = 1e9


def inspect_model(path: str) -> Answer:
    """Everything that the file says about the model except its weights."""
    from rasp_lang.transformer import npz
    from raspc.tables import text_of

    artifact = npz.read(path)
    return Answer(text_of(_parts(artifact)), _json(artifact))


def _json(artifact: Artifact) -> dict[str, Any]:
    return {
        "config": asdict(artifact.config),
        "vocabulary": list(artifact.vocabulary),
        "outputs": [_output_json(decoder) for decoder in artifact.decoders],
        "directions": [dict(direction) for direction in artifact.directions],
        "heads": [dict(head) for head in artifact.heads],
        "neurons": [dict(neuron) for neuron in artifact.neurons],
        "sources": [name for name, _ in artifact.sources],
        "options": dict(artifact.options),
        "certificate": dict(artifact.certificate),
    }


def _output_json(decoder: Decoder) -> dict[str, Any]:
    return {"name": decoder.name, "kind": decoder.kind, "values": _decoded_values(decoder)}


def _decoded_values(decoder: Decoder) -> list[Any]:
    """The values that an output can take, each once, in the decoder's order."""
    if decoder.kind == "categorical":
        return list(decoder.values)
    if decoder.kind == "quotient":
        return []
    found = {(type(v), v): v for candidates in decoder.classes for v in candidates.values}
    return list(found.values())


def _parts(artifact: Artifact) -> Iterator[Table | str]:
    from raspc.tables import table

    yield from (f"{name:<11} {value}" for name, value in _overview(artifact))
    yield ""
    yield table("Outputs", ("name", "encoding", "values"), _outputs(artifact))
    yield table("Layers", ("layer", "heads", "neurons"), _layers(artifact))
    yield from _long(
        "Heads", ("layer", "head", "name", "reads", "writes", "source"),
        [(h["layer"], h["head"], h.get("name"), _names(h.get("reads")), _names(h.get("writes")),
          _place(h)) for h in artifact.heads],
    )  # fmt: skip
    yield from _long(
        "Neurons", ("layer", "neuron", "name", "reads", "writes", "source"),
        [(n["layer"], n["neuron"], n.get("name"), _names(n.get("reads")), _names(n.get("writes")),
          _place(n)) for n in artifact.neurons],
    )  # fmt: skip
    yield from _long(
        "Directions", ("dimension", "name", "s-op", "value", "source"),
        [(number, d.get("name"), d.get("sop"), _value(d), _place(d))
         for number, d in enumerate(artifact.directions)],
    )  # fmt: skip
    yield from _certificate(artifact.certificate)


def _overview(artifact: Artifact) -> Iterator[tuple[str, object]]:
    config = artifact.config
    yield "program", ", ".join(name for name, _ in artifact.sources)
    yield "vocabulary", _shortened(artifact.vocabulary)
    yield "max length", config.max_len
    yield "layers", config.layers
    yield "heads", f"{config.heads} a layer, d_head {config.d_head}"
    yield "d_model", config.d_model
    yield "d_mlp", config.d_mlp
    yield "parameters", f"{config.parameters:,}"
    yield "causal", "yes" if config.causal else "no"


def _outputs(artifact: Artifact) -> Iterator[tuple[str, str, str]]:
    for decoder in artifact.decoders:
        yield decoder.name, decoder.kind, _shortened(_decoded_values(decoder))


def _layers(artifact: Artifact) -> Iterator[tuple[int, int, int]]:
    heads = Counter(head["layer"] for head in artifact.heads)
    neurons = Counter(neuron["layer"] for neuron in artifact.neurons)
    for layer in range(artifact.config.layers):
        yield layer, heads[layer], neurons[layer]


def _long(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]]
) -> Iterator[Table | str]:
    """A table of at most a screenful or so; nothing if it would be empty."""
    from raspc.tables import table

    if not rows:
        return
    yield table(title, columns, rows[:_ROWS])
    if len(rows) > _ROWS:
        yield f"... and {len(rows) - _ROWS:,} more; --json shows all\n"


def _shortened(values: Sequence[object], limit: int = 12) -> str:
    shown = ", ".join(map(plain_text, values[:limit]))
    rest = len(values) - limit
    return f"{shown}, ... ({len(values):,} values)" if rest > 0 else shown


def _names(items: object) -> str:
    return ", ".join(map(str, items)) if isinstance(items, list | tuple) else str(items or "")


def _value(direction: Mapping[str, Any]) -> str:
    return plain_text(direction["value"]) if "value" in direction else ""


def _place(item: Mapping[str, Any]) -> str:
    return f"{item['path']}:{item['line']}" if item.get("path") else ""


def _certificate(certificate: Mapping[str, Any]) -> Iterator[Table | str]:
    """The claims about the whole model, then a table for each kind of part that has its own."""
    from raspc.tables import table

    parts = {key: value for key, value in certificate.items() if _are_records(value)}
    whole = [(key, _claim(value)) for key, value in certificate.items()
             if key not in parts and value != []]  # fmt: skip
    yield table("Certificate", ("claim", "value"), whole)
    for key, records in parts.items():
        columns = sorted({name for record in records for name in record}, key=_claim_order)
        rows = [[_claim(record.get(name)) for name in columns] for record in records]
        yield from _long(f"Certificate of {key}", columns, rows)


def _are_records(value: object) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(v, Mapping) for v in value)


def _claim_order(name: str) -> tuple[int, str]:
    """What a claim is about comes before what is claimed."""
    first = ("layer", "head", "neuron", "name")
    return (first.index(name) if name in first else len(first)), name


def _claim(value: object) -> object:
    """A number with three digits, the items of a list, or the value itself; what is claimed of the
    weights in words."""
    if isinstance(value, float):
        return "no error" if value >= _LIMITLESS else f"{value:.3g}"
    if isinstance(value, Mapping) and "relative" in value:
        first = f", {value['breaks']} breaks first" if "breaks" in value else ""
        return f"each may be off by {_claim(value['relative'])} of itself{first}"
    return _names(value) if isinstance(value, list | tuple) else value
