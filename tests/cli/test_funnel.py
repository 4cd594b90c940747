"""Every way a command can end: the exit status and what is printed where."""

import raspc.commands.explain
from rasp_lang.diagnostics import CODES, Diagnostic, RaspError


def replace_explain(monkeypatch, action):
    monkeypatch.setattr(raspc.commands.explain, "explain_code", action)


def failing(error):
    def explain_code(code):
        raise error

    return explain_code


def test_an_unexpected_exception_is_an_internal_error(raspc, monkeypatch):
    replace_explain(monkeypatch, failing(KeyError("secret")))
    run = raspc("explain", "RASP0201")
    assert run.status == 70
    assert run.out == ""
    assert run.err.startswith("error[RASP0901]: internal error: KeyError at test_funnel.py:")
    assert "report" in run.err
    assert "Traceback" not in run.err


def test_an_internal_error_is_a_document_too(raspc, monkeypatch):
    replace_explain(monkeypatch, failing(RecursionError()))
    run = raspc("explain", "RASP0201", "--json")
    assert run.status == 70
    assert run.document["result"] is None
    assert run.codes == ["RASP0901"]


def test_a_lack_of_memory_is_a_diagnostic(raspc, monkeypatch):
    replace_explain(monkeypatch, failing(MemoryError()))
    run = raspc("explain", "RASP0201")
    assert run.status == 1
    assert run.err.startswith("error[RASP0605]: this machine has not enough memory for it\n")


def test_ctrl_c_is_quiet(raspc, monkeypatch):
    replace_explain(monkeypatch, failing(KeyboardInterrupt()))
    run = raspc("explain", "RASP0201")
    assert (run.status, run.out, run.err) == (130, "", "")


def test_diagnostics_go_to_standard_error_and_exit_with_1(raspc, monkeypatch):
    problem = Diagnostic("RASP0001", "there is nothing", help="look elsewhere")
    replace_explain(monkeypatch, failing(RaspError(problem)))
    run = raspc("explain", "RASP0201")
    assert (run.status, run.out) == (1, "")
    assert run.err == "error[RASP0001]: there is nothing\n  = help: look elsewhere\n"


def test_an_unknown_code_to_silence_is_refused(raspc):
    run = raspc("check", "reverse", "-W", "RASP0100", "--json")
    assert run.status == 1
    assert run.codes == ["RASP0014"]
    assert run.document["result"] is None


def test_every_code_can_be_explained(raspc):
    for code in CODES:
        run = raspc("explain", code)
        assert run.status == 0
        assert code in run.out


def test_the_page_is_the_result_of_explain(raspc):
    run = raspc("explain", "RASP0201", "--json")
    assert run.document["result"].rstrip("\n") == raspc("explain", "RASP0201").out.rstrip("\n")


def test_a_code_that_does_not_exist_is_not_explained(raspc):
    run = raspc("explain", "RASP0210", "--json")
    assert run.status == 1
    assert run.codes == ["RASP0014"]


def test_names_that_are_no_text_are_escaped_in_json(raspc):
    run = raspc("check", "no\udcffsuch", "--json")
    assert "file not found: no\\udcffsuch" in run.out
    assert run.codes == ["RASP0001"]
