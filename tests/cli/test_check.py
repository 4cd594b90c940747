"""``raspc check``: what it prints, with and without a vocabulary."""

import pytest

REVERSE = """opposite = length - 1 - indices;
flip = select(indices, opposite, ==);
reverse = aggregate(flip, tokens);
"""
GIVEN = ("--vocab", "1,2,3", "--max-len", "5")


@pytest.fixture
def file(tmp_path):
    def write(text, name="some.rasp"):
        (tmp_path / name).write_text(text)
        return name

    return write


def table(text, heading):
    """The cells of the lines below the line with a word in its heading, by the first one."""
    lines = text.splitlines()
    start = next(k for k, line in enumerate(lines) if heading in line.split())
    section = []
    for line in lines[start + 1 :]:
        if not line.strip():
            break
        section.append([cell for cell in line.strip().split("  ") if cell.strip()])
    return {cells[0]: [cell.strip() for cell in cells[1:]] for cells in section}


def test_without_a_vocabulary_the_static_types_are_shown(raspc, file):
    run = raspc("check", file(REVERSE + "k = 3;\ndef f(a, b) { return a; }\n"))
    assert run.status == 0
    assert run.out.splitlines() == [
        "opposite  s-op      int",
        "flip      selector",
        "reverse   s-op      int|float|bool|string",
        "k         value     int",
        "f         function  (a, b)",
    ]


def test_with_a_vocabulary_the_report_is_shown(raspc, file):
    run = raspc("check", file(REVERSE), *GIVEN)
    assert (run.status, run.err) == (0, "")
    assert table(run.out, "s-op") == {
        "opposite": ["int", "int", "0..4", "index and length", "implicit", "1"],
        "reverse": ["int|float|bool|string", "int", "1..3", "anything", "categorical", "2"],
        "indices": ["int", "int", "0..4", "index", "numerical", "0"],
        "tokens": ["int|float|bool|string", "int", "1..3", "token", "categorical", "0"],
        "length": ["int", "int", "1..5", "length", "numerical", "1"],
    }
    assert table(run.out, "selector") == {"flip": ["exactly 1", "2"], "full_s": ["1 to 5", "1"]}
    model = table(run.out, "model")
    assert model["layers"] == ["2", "2"]
    assert model["heads"] == ["[1, 1]", "[1, 1]"]
    assert set(model) == {"layers", "heads", "d_model", "d_head", "d_mlp", "parameters"}


def test_what_the_head_of_the_file_says_is_used(raspc, file):
    name = file("# vocab: a,b\n# max-len: 2\n" + REVERSE)
    assert table(raspc("check", name).out, "s-op")["reverse"][2] == '"a", "b"'
    given = raspc("check", name, "--max-len", "7").out
    assert table(given, "s-op")["length"][2] == "1..7"


def test_a_length_without_a_vocabulary_is_not_enough(raspc, file):
    run = raspc("check", file(REVERSE), "--max-len", "7", "--json")
    assert (run.status, run.codes) == (1, ["RASP0012"])


def test_names_that_are_no_s_ops_are_shown_with_a_vocabulary_too(raspc, file):
    run = raspc("check", file("k = 3;\nl = [1];\nx = tokens + k;\n"), *GIVEN)
    assert "k  value  int" in run.out.splitlines()
    assert "l  list" in run.out.splitlines()


def test_the_document_of_a_check(raspc, file):
    run = raspc("check", file(REVERSE), *GIVEN, "--json")
    result = run.document["result"]
    assert result["output"] == "reverse"
    assert [name["name"] for name in result["names"]] == ["opposite", "flip", "reverse"]
    assert result["report"]["paper"] == {"layers": 2, "heads": [1, 1]}
    assert result["report"]["model"]["layers"] == 2
    assert raspc("check", file(REVERSE), "--json").document["result"]["report"] is None


def test_outputs_and_the_causal_reading_are_options(raspc, file):
    run = raspc("check", file(REVERSE), *GIVEN, "--output", "length", "--causal", "--json")
    report = run.document["result"]["report"]
    assert (report["outputs"], report["causal"]) == (["length"], True)
    both = raspc("check", file(REVERSE), *GIVEN, "--output", "opposite", "--output", "reverse")
    assert "opposite, reverse" in both.out


def test_a_refused_program_is_reported_and_fails(raspc, file):
    text = "sums = aggregate(select(indices, indices, <=), 1.7 ^ tokens);\nx = 1.3 ^ sums * sums;\n"
    text += "huge = x * aggregate(select(indices, indices, <), x);\n"
    run = raspc("check", file(text), "--vocab", "0..39", "--max-len", "20")
    assert run.status == 1
    assert run.err.startswith("error[RASP06")
    rows = table(run.out, "s-op")
    assert rows["huge"][1].startswith("not known (RASP06")
    assert rows["tokens"][:3] == ["int|float|bool|string", "int", "0..39"]
    assert table(run.out, "model")["layers"] == ["refused", "2"]


def test_inputs_on_which_the_interpreter_fails_are_shown(raspc, file):
    run = raspc("check", file("x = 1 / (tokens - 2);\n"), "--vocab", "1,2", "--max-len", "2")
    assert run.status == 0
    lines = run.out.splitlines()
    assert "the interpreter fails on 4 of 6 inputs:" in lines
    assert lines[-1] == "  some.rasp:1  division by zero [RASP0501]  such as on 2"


def test_the_vocabulary_decides_about_the_default_of_strings(raspc, file):
    name = file('x = aggregate(select(tokens, "a", ==) and select(indices, 1, ==), tokens);\n')
    assert raspc("check", name, "--json").codes == ["RASP0551"]
    assert raspc("check", name, *GIVEN, "--json").codes == []
    strings = ("--vocab", "a,b", "--max-len", "3")
    assert raspc("check", name, *strings, "--json").codes == ["RASP0551"]
    silent = raspc("check", name, *strings, "--json", "-W", "RASP0551")
    assert (silent.status, silent.codes) == (0, [])


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ("0..99", "0..99"),
        ("1,2", "1, 2"),
        ("1,3,5,7,9,11,13,15", "1, 3, 5, 7, .., 15 (8)"),
        ("0.5,0.123456789", "0.12346, 0.5"),
        ("True,False", "False, True"),
        ('["1", "a"]', '"1", "a"'),
        ("1000000.0,2.0", "2.0, 1e+06"),
    ],
)
def test_values_are_shortened(raspc, file, values, shown):
    run = raspc("check", file("x = tokens;\n"), "--vocab", values, "--max-len", "2")
    assert table(run.out, "s-op")["x"][2] == shown


def test_a_folder_is_not_a_program_that_was_not_found(raspc, tmp_path):
    (tmp_path / "folder").mkdir()
    for name in ("folder", "."):
        run = raspc("check", name)
        assert run.status == 1
        assert run.err.startswith(f"error[RASP0002]: cannot read `{name}`: it is a directory")
    (tmp_path / "length").mkdir()
    assert raspc("check", "length").status == 0


@pytest.mark.parametrize("command", [("check",), ("eval", "ab"), ("compile",)])
def test_a_model_in_place_of_a_program_is_said_to_be_one(raspc, command):
    name, *rest = command
    raspc("compile", "reverse", "-o", "m.npz")
    run = raspc(name, "m.npz", *rest)
    assert run.status == 1
    assert run.err.startswith("error[RASP0002]: `m.npz` is a model, not a program\n")
