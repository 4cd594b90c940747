"""``compile``, ``apply`` and ``inspect``: from a program to a model file and back."""

import pytest

VOCABULARY = ["--vocab", "1,2,3", "--max-len", "5"]


@pytest.fixture
def reverse(raspc):
    """The shipped program, compiled."""
    assert raspc("compile", "reverse", *VOCABULARY).status == 0
    return "reverse.npz"


def test_the_model_is_named_after_the_program_in_the_working_directory(raspc, tmp_path):
    run = raspc("compile", "reverse.rasp", *VOCABULARY)
    assert run.status == 0
    assert run.out.startswith("reverse.npz: 2 layers, heads [1, 1], d_model ")
    assert [path.name for path in tmp_path.iterdir()] == ["reverse.npz"]


def test_the_head_of_the_program_supplies_what_is_not_given(raspc):
    source = "# vocab: a..c\n# max-len: 3\n# output: x\n# causal: yes\nx = length;\ny = indices;\n"
    config = raspc("compile", "-", "--json", stdin=source).document["result"]["config"]
    assert (config["vocab_size"], config["max_len"], config["causal"]) == (3, 3, True)
    assert raspc("apply", "program.npz", "abc").out == "[1, 2, 3]\n"
    given = ["--max-len", "2", "--vocab", "x", "--no-causal", "--output", "y", "-o", "y.npz"]
    config = raspc("compile", "-", *given, "--json", stdin=source).document["result"]["config"]
    assert (config["vocab_size"], config["max_len"], config["causal"]) == (1, 2, False)


@pytest.mark.parametrize("out", ["mine.rasp", "./mine.rasp", "loaded.rasp", "link"])
def test_a_model_never_takes_the_place_of_its_source(raspc, tmp_path, out):
    (tmp_path / "loaded.rasp").write_text("twice = tokens + tokens;")
    (tmp_path / "mine.rasp").write_text('load "loaded"; x = twice;')
    (tmp_path / "link").symlink_to("mine.rasp")
    run = raspc("compile", "mine", *VOCABULARY, "-o", out)
    assert run.status == 1
    assert run.err.startswith(f"error[RASP0003]: cannot write `{out.removeprefix('./')}`")
    assert "it is a source of the program" in run.err
    assert (tmp_path / "mine.rasp").read_text() == 'load "loaded"; x = twice;'


def test_an_output_that_is_a_folder_keeps_the_name(raspc, tmp_path):
    (tmp_path / "models").mkdir()
    assert raspc("compile", "reverse", *VOCABULARY, "-o", "models/").out.startswith(
        "models/reverse"
    )
    assert (tmp_path / "models" / "reverse.npz").is_file()
    assert raspc("compile", "reverse", *VOCABULARY, "-o", "nosuch/", "--json").codes == ["RASP0003"]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("1,2,3", "[3, 2, 1]"), ("12", "[2, 1]"), ("3", "[3]"), ("[1, 1, 2]", "[2, 1, 1]")],
)
@pytest.mark.parametrize("backend", ["numpy"])
def test_a_model_answers_as_rasp_shows_lists(raspc, reverse, text, shown, backend):
    run = raspc("apply", reverse, text, "--backend", backend)
    assert (run.status, run.out, run.err) == (0, f"{shown}\n", "")


def test_an_input_of_a_model_may_begin_with_a_minus(raspc):
    raspc("compile", "reverse", "--vocab", "-1,0,1", "--max-len", "3", "-o", "signs.npz")
    assert raspc("apply", "signs.npz", "-1,0,1").out == "[1, 0, -1]\n"
    assert raspc("apply", "signs.npz", "-1").out == "[-1]\n"


def test_several_outputs_are_told_apart_by_name(raspc):
    outputs = ["--output", "reverse", "--output", "length"]
    raspc("compile", "reverse", *VOCABULARY, *outputs, "-o", "two.npz")
    assert raspc("apply", "two.npz", "1,2").out == "reverse: [2, 1]\nlength: [2, 2]\n"
    result = raspc("apply", "two.npz", "1,2", "--json").document["result"]
    assert {name: form["values"] for name, form in result.items()} == {
        "reverse": [2, 1],
        "length": [2, 2],
    }


@pytest.mark.parametrize(
    ("arguments", "codes"),
    [
        (["--vocab", "1,1", "--max-len", "5"], ["RASP0005"]),
        (["--vocab", '[1, "a"]', "--max-len", "5"], ["RASP0006"]),
        (["--vocab", "", "--max-len", "5"], ["RASP0004"]),
        (["--vocab", "1,1", "--max-len", "0"], ["RASP0005", "RASP0007"]),
        (["--vocab", "1", "--max-len", "-3"], ["RASP0007"]),
        (["--vocab", "@nosuch", "--max-len", "3"], ["RASP0001"]),
        ([*VOCABULARY, "--output", "nosuch"], ["RASP0201"]),
        ([*VOCABULARY, "--output", "flip"], ["RASP0017"]),
        ([*VOCABULARY, "-o", "nosuch/r.npz"], ["RASP0003"]),
        ([*VOCABULARY, "-o", "."], ["RASP0003"]),
    ],
)
def test_bad_arguments_get_diagnostics_and_leave_nothing(raspc, tmp_path, arguments, codes):
    source = "flip = select(indices, length - 1 - indices, ==); r = aggregate(flip, tokens);"
    run = raspc("compile", "-", *arguments, "--json", stdin=source)
    assert run.status == 1
    assert run.codes == codes
    assert list(tmp_path.iterdir()) == []


def test_everything_that_is_missing_is_said_at_once(raspc):
    run = raspc("compile", "-", "--json", stdin="x = tokens;")
    assert run.codes == ["RASP0012", "RASP0012"]
    assert "--vocab 1,2,3" in run.document["diagnostics"][0]["help"]


def test_an_unreadable_head_is_an_error_only_where_it_is_needed(raspc):
    source = "# vocab: 1,1\n# max-len: 2\nx = tokens;"
    assert raspc("compile", "-", "--json", stdin=source).codes == ["RASP0013"]
    assert raspc("compile", "-", "--vocab", "1", "--json", stdin=source).status == 0
    assert raspc("eval", "-", "a", stdin=source).status == 0


@pytest.mark.parametrize(
    ("text", "code"), [("7", "RASP0512"), ("1,1,1,1,1,1", "RASP0513"), ("", "RASP0514")]
)
def test_inputs_that_the_model_does_not_take(raspc, reverse, text, code):
    run = raspc("apply", reverse, text, "--json")
    assert (run.status, run.codes) == (1, [code])


@pytest.mark.parametrize("command", [["inspect"], ["apply"]])
@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "RASP0001"), (b"", "RASP0009"), (b"text", "RASP0009"), ("cut", "RASP0010")],
)
def test_files_that_are_no_models(raspc, reverse, tmp_path, command, content, code):
    path = tmp_path / "m.npz"
    if content == "cut":
        path.write_bytes((tmp_path / reverse).read_bytes()[:-200])
    elif content is not None:
        path.write_bytes(content)
    run = raspc(*command, "m.npz", *(["1"] if command == ["apply"] else []), "--json")
    assert (run.status, run.codes) == (1, [code])


def test_inspect_names_every_direction_and_head(raspc, reverse):
    shown = raspc("inspect", reverse).out
    document = raspc("inspect", reverse, "--json").document["result"]
    assert len(document["directions"]) == document["config"]["d_model"]
    assert {head["layer"] for head in document["heads"]} == {0, 1}
    for part in [*document["directions"], *document["heads"]]:
        assert part["name"] in shown
    for title in ("Outputs", "Layers", "Heads", "Directions", "Certificate"):
        assert f"\n{title}\n" in shown
    assert document["outputs"] == [{"name": "reverse", "kind": "categorical", "values": [1, 2, 3]}]


def test_a_long_table_says_how_much_is_left_out(raspc):
    raspc("compile", "reverse", "--vocab", "0..99", "--max-len", "3")
    shown = raspc("inspect", "reverse.npz").out
    size = raspc("inspect", "reverse.npz", "--json").document["result"]["config"]["d_model"]
    assert f"... and {size - 60} more; --json shows all" in shown


def test_inspect_shows_what_is_proven_of_each_part(raspc):
    source = 'm = aggregate(full_s, indicator(tokens == "a"));\nx = 1 if m > 0.5 else 0;\n'
    raspc("compile", "-", "--vocab", "a,b", "--max-len", "4", "-o", "m.npz", stdin=source)
    certificate = raspc("inspect", "m.npz", "--json").document["result"]["certificate"]
    lines = [" ".join(line.split()) for line in raspc("inspect", "m.npz").out.splitlines()]
    weights = certificate["weights"]
    assert weights["relative"] > 0.001
    claim = f"each may be off by {weights['relative']:.3g} of itself, x breaks first"
    assert f"weights {claim}" in lines
    assert f"margin {certificate['margin']:.3g}" in lines
    for key, columns in {
        "heads": ("layer", "name", "error", "gap", "noise"),
        "functions": ("layer", "name", "error", "margin"),
        "outputs": ("name", "error", "gap"),
    }.items():
        title = lines.index(f"Certificate of {key}")
        assert lines[title + 2] == " ".join(columns)
        for number, record in enumerate(certificate[key]):
            claims = [record[name] for name in columns]
            shown = (f"{claim:.3g}" if isinstance(claim, float) else str(claim) for claim in claims)
            assert lines[title + 4 + number] == " ".join(shown)


def test_inspect_says_where_there_is_no_error_at_all(raspc, reverse):
    lines = [" ".join(line.split()) for line in raspc("inspect", reverse).out.splitlines()]
    assert "margin no error" in lines


def test_a_library_is_not_compiled_as_it_is(raspc):
    done = raspc("compile", "places")
    assert (done.status, done.out) == (1, "")
    assert "RASP0016" in done.err
    assert "is a library" in done.err
    named = raspc("compile", "places", "--vocab", "a,b", "--max-len", "3", "--output", "opposite")
    assert named.status == 0
    assert raspc("apply", "places.npz", "abb").out == "[2, 1, 0]\n"
