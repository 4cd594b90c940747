"""Values as text: the forms of the 2021 REPL, and the plain list form.

Everything here is a pure function from values to text without a line break at its end. May import
``atoms`` and ``graph``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rasp_lang.atoms import sequence_type
from rasp_lang.graph import Atom

#: An input as it was given: a text, or a list of atoms.
Example = str | Sequence[Atom]


@dataclass(frozen=True, slots=True)
class ShownSop:
    """An s-op to be shown: its own name, the example and its values there (``None`` where examples
    are off); ``full`` asks for the aligned two-line form."""

    name: str
    example: Example
    values: Sequence[Atom] | None
    full: bool = False


@dataclass(frozen=True, slots=True)
class ShownSelector:
    """A selector to be shown: its own name, the example and its matrix there, ``[query][key]``
    (``None`` where examples are off)."""

    name: str
    example: Example
    rows: Sequence[Sequence[bool]] | None


@dataclass(frozen=True, slots=True)
class ShownFunction:
    """A function to be shown: where it was defined (``console``, a file's name), its name and its
    parameters."""

    place: str
    name: str
    parameters: tuple[str, ...]


def sequence_text(values: Sequence[Atom]) -> str:
    """``[0, 1, 2] (ints)``; several equal values are ``[5]*3 (ints)``. Strings stand without
    quotes, bools as T and F, floats with three decimals."""
    if len(values) > 1 and _all_equal(values):
        body = f"[{_short(values[0])}]*{len(values)}"
    else:
        body = f"[{', '.join(map(_short, values))}]"
    return f"{body} ({sequence_type(values)}s)"


def value_text(value: Atom) -> str:
    """An atom as a value is shown: strings in double quotes, floats unrounded."""
    return f'"{value}"' if isinstance(value, str) else str(value)


def example_text(example: Example) -> str:
    """An example: a text in double quotes, a list as the host writes it."""
    return f'"{example}"' if isinstance(example, str) else str(list(example))


def matrix_text(example: Example, rows: Sequence[Sequence[bool]], indent: str = "") -> str:
    """The tokens as header, then a line for each query: ``h | 1   1``."""
    lines = [f"{indent} \t\t\t     {' '.join(map(str, example))}"]
    for token, row in zip(example, rows, strict=True):
        cells = " ".join("1" if selected else " " for selected in row)
        lines.append(f"{indent} \t\t\t {token} | {cells}")
    return "\n".join(lines)


def named_text(name: str | None, value: Any, indent: str = "", lead: str = "") -> str:
    """What the REPL answers to a statement that gives ``value`` (an atom, a ``Shown...``, a list or
    a dict of them) the name; without a name s-ops and selectors use their own. ``lead`` is the key
    of a dictionary's entry."""
    match value:
        case ShownSop():
            return _sop(name or value.name, value, indent, lead)
        case ShownSelector():
            return _selector(name or value.name, value, indent, lead)
        case ShownFunction(place, function, parameters):
            return f"{indent} {lead}    {place} function: {function}({', '.join(parameters)})"
        case Mapping():
            entries = [(f"{value_text(key)} : ", item) for key, item in value.items()]
            return _collection(name, "dict", value, entries, indent, lead)
        case list() | tuple():
            return _collection(name, "list", value, [("", item) for item in value], indent, lead)
        case _:
            given = f"{name} = " if name else ""
            return f"{indent}{f' {lead}' if lead else ''}    value: {given} {value_text(value)}"


def call_text(example: Example, value: ShownSop | ShownSelector) -> str:
    """What the REPL answers to ``s(input)``: the values or the matrix after an equals sign."""
    if isinstance(value, ShownSelector):
        return f"\t = \n{matrix_text(example, value.rows or ())}"
    values = value.values or ()
    if not value.full:
        return f"\t =  {sequence_text(values)}"
    if _all_equal(values):
        return f"\t =   {_skipped(values)}"
    return f"\t = \n{_aligned(example, values, '')}"


def plain_text(value: Any) -> str:
    """A result on one line, for ``eval`` and ``apply``: lists and dicts as RASP shows them,
    ``[3, 2, 1]``; an atom as a value is shown."""
    return value_text(value) if isinstance(value, str | int | float) else _host_text(value)


def _sop(name: str, shown: ShownSop, indent: str, lead: str) -> str:
    head = f"{indent} {lead}    s-op: {name}"
    if shown.values is None:
        return head
    example = f"{indent} \t Example:"
    applied = f"{name}({example_text(shown.example)}) ="
    if not shown.full:
        return f"{head}\n{example} {applied} {sequence_text(shown.values)}"
    if _all_equal(shown.values):
        return f"{head}\n{example} {applied} {_skipped(shown.values)}"
    return f"{head}\n{example}\n{_aligned(shown.example, shown.values, indent)}"


def _selector(name: str, shown: ShownSelector, indent: str, lead: str) -> str:
    head = f"{indent} {lead}    selector: {name}"
    if shown.rows is None:
        return head
    return f"{head}\n{indent} \t Example:\n{matrix_text(shown.example, shown.rows, indent)}"


def _collection(
    name: str | None, kind: str, whole: Any, entries: list[tuple[str, Any]], indent: str, lead: str
) -> str:
    title = f"   {kind}: {f'{name} = ' if name else ''}"
    head = f"{indent} {lead} {title}"
    if all(isinstance(item, str | int | float) for _, item in entries):
        return head + _host_text(whole)
    opening, closing = "[]" if kind == "list" else "{}"
    deeper = indent + ("\t\t" if kind == "list" else "\t\t\t")
    lines = [f"{head}{indent} {opening}"]
    lines += [named_text(None, item, deeper, key) for key, item in entries]
    return "\n".join([*lines, f"{indent} {' ' * len(title)} {closing}"])


def _host_text(value: Any) -> str:
    match value:
        case Mapping():
            entries = (f"{key!r}: {_host_text(item)}" for key, item in value.items())
            return f"{{{', '.join(entries)}}}"
        case list() | tuple():
            return f"[{', '.join(map(_host_text, value))}]"
        case str() | bool() | int() | float():
            return repr(value)
        case _:
            return f"{value.name}({', '.join(value.parameters)})"


def _skipped(values: Sequence[Atom]) -> str:
    return f"{sequence_text(values)} [skipped full display: identical values]"


def _aligned(example: Example, values: Sequence[Atom], indent: str) -> str:
    inputs, outputs = _cells(list(example)), _cells(values)
    width = max(map(len, inputs + outputs))
    kind = sequence_type(values)
    # The 2021 REPL calls every input strings here, whatever its type.
    return (
        f"{indent} \t\tinput:   {' '.join(cell.rjust(width) for cell in inputs)} \t (strings)\n"
        f"{indent} \t\toutput:  {' '.join(cell.rjust(width) for cell in outputs)} \t ({kind}s)"
    )


def _cells(values: Sequence[Atom]) -> list[str]:
    """The items of the aligned form; of bools only the rarer value is shown, both if tied."""
    if not isinstance(values[0], bool):
        return [str(value) for value in values]
    true, false = values.count(True), values.count(False)
    texts = {True: "T" if true <= false else "", False: "F" if false <= true else ""}
    return [texts[bool(value)] for value in values]


def _all_equal(values: Sequence[Atom]) -> bool:
    return all(value == values[0] for value in values)


def _short(value: Atom) -> str:
    if isinstance(value, bool):
        return "T" if value else "F"
    return str(round(value, 3)) if isinstance(value, float) else str(value)
