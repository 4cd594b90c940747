"""Results with their kind, as Python values and as JSON data."""

from __future__ import annotations

import json

from rasp_lang.results import Function, Matrix, Values, to_json, to_python


def test_values_and_lists_are_told_apart() -> None:
    assert to_json(Values((1, 2)))["kind"] == "s-op"
    assert to_json([1, 2])["kind"] == "list"
    assert to_python(Values((1, 2))) == to_python([1, 2]) == [1, 2]


def test_json_of_an_s_op_has_its_type_and_its_display() -> None:
    assert to_json(Values((0, 0.5))) == {
        "kind": "s-op",
        "type": "float",
        "values": [0, 0.5],
        "display": "[0, 0.5] (floats)",
    }


def test_json_of_a_selector_is_a_matrix_of_zeros_and_ones() -> None:
    matrix = Matrix(((True, False), (False, True)))
    assert json.dumps(to_json(matrix)) == '{"kind": "selector", "matrix": [[1, 0], [0, 1]]}'
    assert to_python(matrix) == [[True, False], [False, True]]


def test_json_of_atoms_keeps_bools_ints_and_floats_apart() -> None:
    results = [to_json(value) for value in (True, 1, 1.0, "1")]
    assert json.dumps([(r["type"], r["value"]) for r in results]) == (
        '[["bool", true], ["int", 1], ["float", 1.0], ["string", "1"]]'
    )


def test_collections_map_through() -> None:
    result = {"k": [Values((1,)), Function("f", ("a", "b"))]}
    assert to_json(result) == {
        "kind": "dict",
        "items": [
            [
                "k",
                {
                    "kind": "list",
                    "items": [
                        {"kind": "s-op", "type": "int", "values": [1], "display": "[1] (ints)"},
                        {"kind": "function", "name": "f", "args": ["a", "b"]},
                    ],
                },
            ]
        ],
    }
    assert to_python(result) == {"k": [[1], Function("f", ("a", "b"))]}
