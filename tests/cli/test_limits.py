"""``--max-params`` and ``--max-width``; several outputs in one option; means not listed."""

import json
import re

import pytest

import rasp_lang
from raspc.program_file import names_in

SOURCE = (
    "opposite = select(indices, length - 1 - indices, ==); reverse = aggregate(opposite, tokens);"
    "often = selector_width(select(tokens, tokens, ==));"
)
VOCABULARY = ["--vocab", "1,2,3", "--max-len", "5"]
#: What makes a model, on standard input.
COMMANDS = pytest.mark.parametrize("command", ["compile", "check", "verify"])


def cost_of(raspc, *arguments):
    document = raspc("compile", "-", *VOCABULARY, *arguments, "--json", stdin=SOURCE).document
    return document["result"]["config"]["parameters"]


@COMMANDS
def test_a_model_of_just_the_limit_is_made_and_a_larger_one_refused(raspc, command):
    cost = cost_of(raspc)
    limit = ["--max-params", str(cost)]
    assert raspc(command, "-", *VOCABULARY, *limit, stdin=SOURCE).status == 0
    limit = ["--max-params", str(cost - 1)]
    run = raspc(command, "-", *VOCABULARY, *limit, "--json", stdin=SOURCE)
    assert (run.status, run.codes) == (1, ["RASP0605"])
    [diagnostic] = run.document["diagnostics"]
    assert f"{cost:,} parameters, more than {cost - 1:,}" in diagnostic["message"]


def test_the_limit_holds_for_each_choice_of_outputs_and_level(raspc):
    costs = {}
    for arguments in ([], ["--opt", "0"], ["--output", "reverse"], ["--output", "reverse,often"]):
        cost = costs[tuple(arguments)] = cost_of(raspc, *arguments)
        for limit, status in ((cost, 0), (cost - 1, 1)):
            run = raspc(
                "compile", "-", *VOCABULARY, *arguments, "--max-params", str(limit), stdin=SOURCE
            )
            assert run.status == status
    assert len(set(costs.values())) > 2


def test_a_refusal_leaves_the_file_as_it_was(raspc, tmp_path):
    assert raspc("compile", "-", *VOCABULARY, "-o", "m.npz", stdin=SOURCE).status == 0
    before = (tmp_path / "m.npz").read_bytes()
    larger = ["--vocab", "1,2,3", "--max-len", "9", "--max-params", "10"]
    assert raspc("compile", "-", *larger, "-o", "m.npz", stdin=SOURCE).status == 1
    assert [path.name for path in tmp_path.iterdir()] == ["m.npz"]
    assert (tmp_path / "m.npz").read_bytes() == before
    assert raspc("compile", "-", *larger, "-o", "new.npz", stdin=SOURCE).status == 1
    assert [path.name for path in tmp_path.iterdir()] == ["m.npz"]


def test_check_tells_the_rest_where_the_limit_refuses_the_model(raspc):
    run = raspc("check", "-", *VOCABULARY, "--max-params", "10", stdin=SOURCE)
    assert run.status == 1
    assert "error[RASP0605]" in run.err
    assert re.search(r"^reverse +int", run.out, re.MULTILINE)
    assert re.search(r"^layers +refused", run.out, re.MULTILINE)


def test_a_million_parameters_are_refused_without_the_memory_for_them(raspc):
    source = "x = selector_width(select(indices, length - 1 - indices, <=) and "
    source += "select(tokens, tokens, ==));"
    arguments = ["--vocab", "0..9", "--max-len", "60", "--max-params", "1000", "--json"]
    run = raspc("compile", "-", *arguments, stdin=source)
    assert run.codes == ["RASP0605"]


@COMMANDS
@pytest.mark.parametrize("option", ["--max-params", "--max-width"])
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_limit_is_a_positive_int(raspc, command, option, value):
    run = raspc(command, "-", *VOCABULARY, option, value, stdin=SOURCE)
    assert run.status == 2
    assert option in run.err


@COMMANDS
def test_a_wide_hidden_layer_may_be_forbidden(raspc, command):
    usual = raspc(command, "-", *VOCABULARY, stdin=SOURCE)
    run = raspc(command, "-", *VOCABULARY, "--max-width", "20000", stdin=SOURCE)
    assert (run.status, run.out, run.err) == (0, usual.out, usual.err)


def test_a_compiled_model_takes_no_limits(raspc):
    raspc("compile", "-", *VOCABULARY, "-o", "m.npz", stdin=SOURCE)
    for option in ("--max-params", "--max-width"):
        assert raspc("verify", "m.npz", option, "10000").status == 2


def test_the_library_takes_the_same_limits():
    program = rasp_lang.loads(SOURCE)
    model = rasp_lang.compile(program, [1, 2, 3], 5, "reverse", backend="numpy")
    cost = model.config.parameters
    again = rasp_lang.compile(
        program, [1, 2, 3], 5, "reverse", backend="numpy", max_params=cost, max_width=1000
    )
    assert again([1, 2, 3]) == [3, 2, 1]
    with pytest.raises(rasp_lang.RaspError) as caught:
        rasp_lang.compile(program, [1, 2, 3], 5, "reverse", max_params=cost - 1)
    [diagnostic] = caught.value.diagnostics
    assert diagnostic.code == "RASP0605"
    assert f"{cost:,} parameters, more than {cost - 1:,}" in diagnostic.message


@pytest.mark.parametrize(
    "outputs",
    [
        ["--output", "reverse,often"],
        ["--output", "reverse, often"],
        ["--output", "reverse", "--output", "often"],
        ["--output", "reverse,often", "--output", "reverse"],
    ],
)
def test_several_outputs_are_one_model_that_answers_all(raspc, outputs):
    assert raspc("compile", "-", *VOCABULARY, *outputs, "-o", "m.npz", stdin=SOURCE).status == 0
    assert raspc("apply", "m.npz", "3,1,1").out == "reverse: [1, 1, 3]\noften: [1, 2, 2]\n"
    assert raspc("verify", "m.npz", "--exhaustive").status == 0
    assert raspc("verify", "-", *VOCABULARY, *outputs, "--exhaustive", stdin=SOURCE).status == 0
    checked = raspc("check", "-", *VOCABULARY, *outputs, "--json", stdin=SOURCE).document
    assert checked["result"]["report"]["outputs"] == ["reverse", "often"]


@pytest.mark.parametrize(
    ("given", "names"),
    [
        (None, ()),
        ([], ()),
        (["a"], ("a",)),
        (["a,b"], ("a", "b")),
        ([" a , b ", "c"], ("a", "b", "c")),
        (["max(a, b)"], ("max(a, b)",)),
        (["a,b+1"], ("a,b+1",)),
        (["[a, b]"], ("[a, b]",)),
        (["a,"], ("a,",)),
        (["a,,b"], ("a,,b",)),
        ([""], ("",)),
    ],
)
def test_only_names_are_told_apart_by_commas(given, names):
    assert names_in(given) == names


@COMMANDS
def test_an_expression_with_commas_is_one_output(raspc, command):
    expression = ["--output", "max(often, reverse)"]
    run = raspc("eval", "-", "3,1,1", *expression, stdin=SOURCE)
    assert run.out == "[1, 2, 3]\n"
    run = raspc(command, "-", *VOCABULARY, *expression, stdin=SOURCE)
    assert (run.status, run.err) == (0, "")
    if command == "compile":
        assert raspc("apply", "program.npz", "3,1,1").out == "[1, 2, 3]\n"
        assert raspc("verify", "program.npz", "--exhaustive").status == 0


def test_a_mean_that_is_not_listed_is_shown_as_a_quotient(raspc):
    arguments = ["--vocab", "0,1,7", "--max-len", "300"]
    source = "x = aggregate(full_s, tokens);"
    assert raspc("compile", "-", *arguments, "-o", "m.npz", stdin=source).status == 0
    assert re.search(r"^ x +quotient *$", raspc("inspect", "m.npz").out, re.MULTILINE)
    [output] = raspc("inspect", "m.npz", "--json").document["result"]["outputs"]
    assert output == {"name": "x", "kind": "quotient", "values": []}
    assert raspc("apply", "m.npz", "0,1,7,7").out == "[3.75, 3.75, 3.75, 3.75]\n"
    assert raspc("apply", "m.npz", "7,").out == "[7]\n"
    assert raspc("verify", "m.npz", "--samples", "50").status == 0
    report = raspc("check", "-", *arguments, stdin=source)
    assert report.status == 0
    assert re.search(r"^x .* quotient +1$", report.out, re.MULTILINE)
    document = raspc("check", "-", *arguments, "--json", stdin=source).document
    assert "quotient" in json.dumps(document["result"]["report"])
