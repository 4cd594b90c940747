import pytest
from typer.testing import CliRunner

from raspc.command import _split
from raspc.main import app
from raspc.version import version

FLAGS, VALUED = {"--json", "--causal", "--no-causal"}, {"--output", "-W", "--ignore"}


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["f", "-1,2"], ["f", "-1,2"]),
        (["f", "--"], ["f"]),
        (["f", "--", "-1"], ["f", "-1"]),
        (["f", "-5", "--json"], ["f", "-5"]),
        (["--json", "f", "-.5,1"], ["f", "-.5,1"]),
        (["f", "--output", "-indices", "-1"], ["f", "-1"]),
        (["f", "--output=-indices", "-("], ["f", "-("]),
        (["f", "-W", "RASP0151", "--)"], ["f", "--)"]),
        (["-", "-"], ["-", "-"]),
    ],
)
def test_what_begins_with_a_minus_is_the_input_where_the_input_is_due(arguments, expected):
    assert _split(arguments, FLAGS, VALUED)[1] == expected


@pytest.mark.parametrize(
    "arguments",
    [
        ["--jsn", "f", "abc"],
        ["f", "abc", "--nosuch"],
        ["f", "--ouput", "x"],
        ["f", "--cusal", "abc"],
    ],
)
def test_a_misspelled_option_stays_an_option(arguments):
    options, positional = _split(arguments, FLAGS, VALUED)
    assert any(option in arguments and option.startswith("--") for option in options)
    assert not any(argument.startswith("-") for argument in positional)


@pytest.mark.parametrize("command", ["eval", "apply", "compile"])
def test_an_option_at_the_end_without_its_value_takes_no_argument_for_it(raspc, command):
    option = {"eval": "--output", "apply": "--backend", "compile": "--vocab"}[command]
    run = raspc(command, "p.rasp", option)
    assert (run.status, run.out) == (2, "")
    assert f"Option '{option}' requires an argument" in run.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nosuch"],
        ["compile"],
        ["compile", "f", "--max-len", "five"],
        ["compile", "f", "--opt", "3"],
        ["compile", "f", "--nosuch"],
        ["apply", "m.npz"],
        ["apply", "m.npz", "1", "--backend", "torch"],
        ["eval", "f", "--ouput", "x"],
        ["eval", "f", "a", "b"],
        ["verify", "f", "--samples", "0"],
        ["verify", "f", "--samples", "3", "--exhaustive"],
        ["explain"],
        ["inspect"],
    ],
)
def test_what_the_parser_rejects_exits_with_2(raspc, arguments):
    run = raspc(*arguments)
    assert run.status == 2
    assert run.out == ""
    assert "Error" in run.err


def test_version_is_printed_alone(raspc):
    assert raspc("--version").out == f"raspc {version()}\n"


@pytest.mark.parametrize(
    "command",
    ["compile", "run", "check", "eval", "apply", "verify", "inspect", "explain", "programs"],
)
def test_every_command_has_help_of_one_line_in_the_list(raspc, command):
    listed = raspc("--help").out
    line = next(line for line in listed.splitlines() if line.startswith(f"  {command} "))
    assert line.endswith(".")
    assert not line.endswith("...")
    assert raspc(command, "--help").status == 0


def test_no_arguments_show_the_help():
    assert "Commands:" in CliRunner().invoke(app, []).output
