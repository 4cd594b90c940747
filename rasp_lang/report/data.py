"""The report as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasp_lang.diagnostics import Diagnostic, to_json
from rasp_lang.graph import Atom
from rasp_lang.source import Span

#: JSON documents list at most this many values of an s-op.
VALUES_IN_JSON = 1000


@dataclass(frozen=True, slots=True)
class SopReport:
    """One s-op. ``public`` names are bound by the program; others are inside what it calls.

    ``types`` are the static types, ``found`` the types that occur with this vocabulary, ``values``
    (in order) everything that it can be: none of them is missing, but some may not occur.
    ``depends_on`` is ``constant``, ``token``, ``index``, ``token and index``, ``length``,
    ``index and length`` or ``anything``. ``encoding`` is what represents it in the model:
    ``categorical`` (a direction for each value, one may be left out), ``numerical`` (a scalar),
    ``partial`` (only what its readers tell apart) or ``implicit`` (nothing of its own: whoever
    reads it computes it). ``layer`` is its depth as the paper counts. What is None is not known,
    because of ``refusal`` or, for an encoding, because the output does not need the s-op
    (``needed``) or there is no model."""

    name: str
    public: bool
    needed: bool
    span: Span | None
    types: str
    found: str | None
    values: tuple[Atom, ...] | None
    depends_on: str | None
    encoding: str | None
    layer: int
    refusal: Diagnostic | None = None

    def to_json(self) -> dict[str, Any]:
        values = self.values
        return {
            **_common(self),
            "types": self.types,
            "found": self.found,
            "values": None if values is None else list(values[:VALUES_IN_JSON]),
            "value_count": None if values is None else len(values),
            "depends_on": self.depends_on,
            "encoding": self.encoding,
        }


@dataclass(frozen=True, slots=True)
class SelectorReport:
    """One selector: bounds on the number of keys that a query selects (None: not known), the rest
    as in :class:`SopReport`."""

    name: str
    public: bool
    needed: bool
    span: Span | None
    least: int | None
    most: int | None
    layer: int
    refusal: Diagnostic | None = None

    def to_json(self) -> dict[str, Any]:
        return {**_common(self), "least": self.least, "most": self.most}


@dataclass(frozen=True, slots=True)
class ModelReport:
    """The model: ``outputs`` with their encodings, ``heads`` used in each layer, and the sizes of
    its configuration."""

    outputs: tuple[tuple[str, str], ...]
    layers: int
    heads: tuple[int, ...]
    d_model: int
    d_head: int
    d_mlp: int
    parameters: int

    def to_json(self) -> dict[str, Any]:
        outputs = [{"name": name, "encoding": encoding} for name, encoding in self.outputs]
        return {
            "outputs": outputs, "layers": self.layers, "heads": list(self.heads),
            "d_model": self.d_model, "d_head": self.d_head, "d_mlp": self.d_mlp,
            "parameters": self.parameters,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class PinReport:
    """``categorical(..)`` or ``numerical(..)`` at ``span``; ``actual`` is the encoding that the
    model has, None if there is no model."""

    name: str | None
    span: Span | None
    wanted: str
    actual: str | None

    @property
    def honoured(self) -> bool | None:
        """Whether the model does what is asked for; None if there is no model."""
        return None if self.actual is None else self.actual == self.wanted

    def to_json(self) -> dict[str, Any]:
        return {
            "name": self.name, **_place(self.span), "wanted": self.wanted, "actual": self.actual,
            "honoured": self.honoured,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Failure:
    """A place at which the interpreter reports an error, with the first input that leads there."""

    diagnostic: Diagnostic
    tokens: tuple[Atom, ...]


@dataclass(frozen=True, slots=True)
class Trial:
    """The interpreter on some inputs, on all that there are if ``exhaustive``: how many were tried,
    and on how many an output is an error."""

    tried: int
    exhaustive: bool
    failed: int
    failures: tuple[Failure, ...]

    def to_json(self) -> dict[str, Any]:
        failures = [
            {"input": list(failure.tokens), **to_json(failure.diagnostic)}
            for failure in self.failures
        ]
        return {
            "tried": self.tried, "exhaustive": self.exhaustive, "failed": self.failed,
            "failures": failures,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that is known of a program for one vocabulary and maximum length.

    ``heads`` are those of the outputs by layer as the paper counts them. ``model`` is None where
    the program is refused: ``refusals`` say why. ``warnings`` are the program's, those that depend
    on the input being decided for this vocabulary."""

    vocabulary: tuple[Atom, ...]
    max_len: int
    causal: bool
    outputs: tuple[str, ...]
    sops: tuple[SopReport, ...]
    selectors: tuple[SelectorReport, ...]
    heads: tuple[int, ...]
    model: ModelReport | None
    refusals: tuple[Diagnostic, ...]
    pins: tuple[PinReport, ...]
    trial: Trial
    warnings: tuple[Diagnostic, ...]

    @property
    def ok(self) -> bool:
        """Whether the program compiles."""
        return self.model is not None

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data, without warnings and refusals, which are diagnostics."""
        return {
            "vocabulary": list(self.vocabulary),
            "max_len": self.max_len,
            "causal": self.causal,
            "outputs": list(self.outputs),
            "sops": [sop.to_json() for sop in self.sops],
            "selectors": [selector.to_json() for selector in self.selectors],
            "paper": {"layers": len(self.heads), "heads": list(self.heads)},
            "model": None if self.model is None else self.model.to_json(),
            "pins": [pin.to_json() for pin in self.pins],
            "trial": self.trial.to_json(),
        }


def _common(entry: SopReport | SelectorReport) -> dict[str, Any]:
    return {
        "name": entry.name,
        "public": entry.public,
        "needed": entry.needed,
        **_place(entry.span),
        "layer": entry.layer,
        "refusal": None if entry.refusal is None else to_json(entry.refusal),
    }


def _place(span: Span | None) -> Mapping[str, Any]:
    return {} if span is None else {"path": span.path, "line": span.line}
