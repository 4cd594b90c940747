"""Every row of the conformance files: values, types, displays, and the kinds of errors.

A row has a program (``source``, with the ``files`` that it loads), a ``query`` in its scope,
inputs, and for each input what is ``expected``; or the kind of ``error`` of the source or query.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import rasp_lang
from rasp_lang.display import sequence_text
from rasp_lang.results import to_json

FOLDER = Path(__file__).parent / "conformance"


def rows(name: str, **wanted: str) -> list[Any]:
    """The rows of a file whose fields are as wanted."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [
        pytest.param(row, id=row.get("id", row["query"]))
        for row in map(json.loads, lines)
        if all(row.get(field) == value for field, value in wanted.items())
    ]


def exactly(actual: object, expected: object) -> bool:
    """Equal, types included: True, 1 and 1.0 differ."""
    return type(actual) is type(expected) and actual == expected


def check(actual: Any, expected: dict[str, Any]) -> None:
    """An evaluated Python value against the ``expected`` of a row."""
    match expected["kind"]:
        case "value":
            assert exactly(actual, expected["value"])
        case "s-op":
            assert type(actual) is list
            assert len(actual) == len(expected["values"])
            assert all(map(exactly, actual, expected["values"])), actual
            assert sequence_text(actual) == expected["display"]
            assert expected["display"].endswith(f"({expected['type']}s)")
        case "selector":
            assert {type(bit) for row in actual for bit in row} == {bool}
            assert [[int(bit) for bit in row] for row in actual] == expected["matrix"]
        case "list":
            assert type(actual) is list
            assert len(actual) == len(expected["items"])
            for item, wanted in zip(actual, expected["items"], strict=True):
                check(item, wanted)
        case "dict":
            assert len(actual) == len(expected["items"])
            for key, (wanted_key, wanted) in zip(actual, expected["items"], strict=True):
                assert exactly(key, wanted_key)
                check(actual[key], wanted)
        case "function":
            assert (actual.name, list(actual.parameters)) == (expected["name"], expected["args"])
        case kind:
            pytest.fail(f"unknown kind {kind}")


def text(data: dict[str, Any]) -> str:
    """JSON data as text, in which true, 1 and 1.0 differ."""
    return json.dumps(data, sort_keys=True)


def kind_of_failure(caught: pytest.ExceptionInfo[rasp_lang.RaspError]) -> str:
    errors = [d for d in caught.value.diagnostics if d.severity == "error"]
    return errors[0].kind


def load(row: dict[str, Any], folder: Path) -> rasp_lang.Program:
    for name, text in row.get("files", {}).items():
        (folder / name).write_text(text, encoding="utf-8")
    return rasp_lang.loads(row.get("source", ""), directory=folder)


@pytest.mark.parametrize("row", rows("language.jsonl") + rows("library.jsonl"))
def test_a_row_gives_its_values_or_its_kind_of_error(row: dict[str, Any], tmp_path: Path) -> None:
    if "error" in row:
        with pytest.raises(rasp_lang.RaspError) as caught:
            load(row, tmp_path).evaluate(row["query"])
        assert kind_of_failure(caught) == row["error"]
        return
    program = load(row, tmp_path)
    inputs = row["inputs"] or [None] * len(row["expected"])
    assert len(inputs) == len(row["expected"])
    for tokens, expected in zip(inputs, row["expected"], strict=True):
        given = () if tokens is None else (tokens,)
        if "error" in expected:
            with pytest.raises(rasp_lang.RaspError) as caught:
                program.evaluate(row["query"], *given)
            assert kind_of_failure(caught) == expected["error"]
        else:
            check(program.evaluate(row["query"], *given), expected)
            assert text(to_json(program.result(row["query"], *given))) == text(expected)


@pytest.mark.parametrize("row", rows("language.jsonl", error_stage="source"))
def test_a_failing_source_fails_before_its_query(row: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(rasp_lang.RaspError):
        load(row, tmp_path)
