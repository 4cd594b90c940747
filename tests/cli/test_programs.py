"""``programs``: the shipped library on the command line."""

from rasp_lang.library_files import shipped_programs


def test_every_shipped_program_is_listed_with_what_it_computes(raspc):
    shown = raspc("programs").out
    listed = raspc("programs", "--json").document["result"]
    assert [entry["name"] for entry in listed] == [p.name for p in shipped_programs()]
    assert len(listed) >= 30
    for entry in listed:
        assert f"  {entry['name']} " in shown
        assert entry["summary"].endswith(".")
    assert max(map(len, shown.splitlines())) <= 100


def test_a_program_is_shown_as_it_is(raspc):
    text = next(p for p in shipped_programs() if p.name == "reverse").text
    assert raspc("programs", "reverse").out == text
    assert raspc("programs", "reverse.rasp", "--json").document["result"]["text"] == text


def test_an_unknown_program_gets_a_suggestion(raspc):
    run = raspc("programs", "revers", "--json")
    assert (run.status, run.codes) == (1, ["RASP0015"])
    assert run.document["diagnostics"][0]["help"] == "did you mean `reverse`?"
