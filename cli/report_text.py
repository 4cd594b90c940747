"""The report of ``raspc check`` as text: aligned columns, as wide as they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from rasp_lang.display import value_text

if TYPE_CHECKING:
    from rasp_lang.graph import Atom
    from rasp_lang.report import (
        Failure,
        PinReport,
        Report,
        SelectorReport,
        SopReport,
    )

#: Values that are shown one by one.
_SHOWN = 6

Row = tuple[str, ...]


def aligned(rows: Sequence[Row], right: Iterable[int] = ()) -> Iterator[str]:
    """The rows with their columns below each other; those of numbers, ``right``, end together."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    to_the_right = set(right)
    for row in rows:
        cells = (
            cell.rjust(width) if column in to_the_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def report_text(report: Report, others: Sequence[Row]) -> str:
    """Everything in the report but its diagnostics. ``others`` are the program's names that are
    neither s-ops nor selectors: name, kind and type."""
    sections = [
        _sops(report.sops),
        _selectors(report.selectors),
        aligned(others) if others else (),
        _model(report),
        map(_pin, report.pins),
        _trial(report),
    ]
    return "\n\n".join(text for section in sections if (text := "\n".join(section)))


def shown_values(values: Sequence[Atom]) -> str:
    """A few values, or the beginning and the end: ``0..4``, ``"a", "b"``, ``0, 0.5, .., 4 (9)``."""
    if len(values) > 2 and all(type(value) is int for value in values):
        first, last = values[0], values[-1]
        if last - first == len(values) - 1:  # type: ignore[operator]
            return f"{first}..{last}"
    if len(values) <= _SHOWN:
        return ", ".join(map(_short, values))
    kept = ", ".join(map(_short, values[: _SHOWN - 2]))
    return f"{kept}, .., {_short(values[-1])} ({len(values):,})"


def _short(value: Atom) -> str:
    """An atom; a float with five digits at most."""
    if not isinstance(value, float):
        return value_text(value)
    text = f"{value:.5g}"
    return text if set(text) & set(".e") else f"{text}.0"


def _sops(sops: Sequence[SopReport]) -> Iterator[str]:
    if not sops:
        return iter(())
    heading = ("s-op", "types", "found", "values", "depends on", "encoding", "layer")
    return aligned([heading, *map(_sop, sops)], right=[6])


def _sop(sop: SopReport) -> Row:
    if sop.values is None:
        refused = f"not known ({sop.refusal.code})" if sop.refusal else ""
        return _name(sop), sop.types, "", refused, "", sop.encoding or "", str(sop.layer)
    encoding = sop.encoding or ("" if sop.needed else "not needed")
    return (
        _name(sop), sop.types, sop.found or "", shown_values(sop.values), sop.depends_on or "",
        encoding, str(sop.layer),
    )  # fmt: skip


def _name(entry: SopReport | SelectorReport) -> str:
    """What is not bound by the program itself is indented."""
    return entry.name if entry.public else f"  {entry.name}"


def _selectors(selectors: Sequence[SelectorReport]) -> Iterator[str]:
    if not selectors:
        return iter(())
    rows = [(_name(selector), _width(selector), str(selector.layer)) for selector in selectors]
    return aligned([("selector", "keys", "layer"), *rows], right=[2])


def _width(selector: SelectorReport) -> str:
    least, most = selector.least, selector.most
    if least is None or most is None:
        return f"not known ({selector.refusal.code})" if selector.refusal else ""
    if least == most:
        return f"exactly {most}"
    return f"{least} to {most}" if least or most > 1 else "at most 1"


def _model(report: Report) -> Iterator[str]:
    """The sizes of the model beside what the paper counts."""
    paper, model = report.heads, report.model
    built = ("refused", "refused") if model is None else (str(model.layers), str([*model.heads]))
    rows = [
        (_title(report), "model", "paper"),
        ("layers", built[0], str(len(paper))),
        ("heads", built[1], str([*paper])),
    ]
    if model is not None:
        rows += [
            ("d_model", str(model.d_model), ""),
            ("d_head", str(model.d_head), ""),
            ("d_mlp", str(model.d_mlp), ""),
            ("parameters", f"{model.parameters:,}", ""),
        ]
    return aligned(rows)


def _title(report: Report) -> str:
    outputs = ", ".join(report.outputs)
    return f"{outputs}, causal" if report.causal else outputs


def _pin(pin: PinReport) -> str:
    name = pin.name or (f"line {pin.span.line}" if pin.span else "an s-op")
    match pin.honoured:
        case None:
            return f"{name} is pinned {pin.wanted}"
        case True:
            return f"{name} is {pin.wanted}, as pinned"
    return f"{name} is pinned {pin.wanted} but {pin.actual}"


def _trial(report: Report) -> Iterator[str]:
    trial = report.trial
    if not trial.failed:
        return
    extent = "" if trial.exhaustive else " that were tried"
    yield f"the interpreter fails on {trial.failed:,} of {trial.tried:,} inputs{extent}:"
    yield from aligned([_failure(failure) for failure in trial.failures])


def _failure(failure: Failure) -> Row:
    found = failure.diagnostic
    place = f"{found.span.path}:{found.span.line}" if found.span else ""
    tokens = ", ".join(map(value_text, failure.tokens))
    return f"  {place}", f"{found.message} [{found.code}]", f"such as on {tokens}"
