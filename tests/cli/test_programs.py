"""``programs``: the shipped library on the command line."""

from pathlib import Path

import pytest

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
    shown, figures = raspc("programs", "reverse").out.rsplit("\n\n", 1)
    assert f"{shown}\n" == text
    assert figures == (
        "# 2 layers, heads [1, 1], d_model 10, 441 parameters; equal to the interpreter on 363 "
        "inputs (all inputs, read whole)\n"
    )
    assert raspc("programs", "reverse.rasp", "--json").document["result"]["text"] == text


def test_an_unknown_program_gets_a_suggestion(raspc):
    run = raspc("programs", "revers", "--json")
    assert (run.status, run.codes) == (1, ["RASP0015"])
    assert run.document["diagnostics"][0]["help"] == "did you mean `reverse`?"


def test_programs_are_listed_with_their_figures(raspc):
    rows = {line.split()[0]: line.split() for line in raspc("programs").out.splitlines() if line}
    assert rows["sort"][1:5] == ["2", "2+1", "14", "2,843"]
    assert rows["caesar"][1:3] == ["0", "0"]
    [sort] = [e for e in raspc("programs", "--json").document["result"] if e["name"] == "sort"]
    assert sort["figures"] == {
        "layers": 2,
        "heads": [2, 1],
        "d_model": 14,
        "parameters": 2843,
        "checked": 363,
        "exhaustive": True,
        "readings": ["whole"],
    }


def test_the_chapters_are_headings_and_files_that_are_loaded_come_last(raspc):
    lines = raspc("programs").out.splitlines()
    headings = [line.split()[0] for line in lines if line and not line.startswith(" ")]
    assert headings == list(dict.fromkeys(program.chapter for program in shipped_programs()))
    assert "library" not in headings[:-1]


def names_found(raspc, *words):
    return [entry["name"] for entry in raspc("programs", *words, "--json").document["result"]]


def test_a_search_finds_the_name_first(raspc):
    found = names_found(raspc, "--search", "reverse")
    named = [name for name in found if "reverse" in name]
    assert found[0] == "reverse"
    assert found[: len(named)] == named
    assert len(found) > len(named) > 1


@pytest.mark.parametrize(
    "words",
    [("--search", "HISTOGRAM selector_width"), ("--search", "histogram", "selector_width"),
     ("--search", "histogram", "--search", "selector_width")],
)  # fmt: skip
def test_all_words_of_a_search_must_occur(raspc, words):
    found = names_found(raspc, *words)
    assert "histogram" in found
    for program in shipped_programs():
        text = program.text.lower() + program.name
        assert (program.name in found) == ("histogram" in text and "selector_width" in text)


def test_a_search_that_finds_nothing_says_so(raspc):
    run = raspc("programs", "--search", "sort zzyzx", "--json")
    assert (run.status, run.codes) == (1, ["RASP0015"])


@pytest.mark.parametrize("arguments", [("sort", "reverse"), ("--search", "sort", "--copy", "here")])
def test_what_does_not_go_together_is_rejected(raspc, arguments):
    assert raspc("programs", *arguments).status == 2
    assert not Path("here").exists()


def test_a_copy_of_one_program_runs(raspc):
    assert raspc("programs", "sort", "--copy", "some/where").out == "some/where/sort.rasp\n"
    assert raspc("eval", "some/where/sort.rasp", "3,1,2").out == "[1, 2, 3]\n"


def test_a_copy_of_the_library_keeps_its_chapters(raspc):
    run = raspc("programs", "--copy", "here")
    assert run.out == f"{len(shipped_programs())} files copied to here\n"
    written = {path.relative_to("here").as_posix() for path in Path("here").rglob("*.rasp")}
    assert written == {program.path for program in shipped_programs()}


def test_a_copy_overwrites_nothing(raspc):
    Path("here/sorting").mkdir(parents=True)
    Path("here/sorting/sort.rasp").write_text("mine")
    run = raspc("programs", "--copy", "here", "--json")
    assert (run.status, run.codes) == (1, ["RASP0003"])
    there = "cannot write `here/sorting/sort.rasp`: it is there already"
    assert run.document["diagnostics"][0]["message"] == there
    assert [*Path("here").rglob("*.rasp")] == [Path("here/sorting/sort.rasp")]
    assert Path("here/sorting/sort.rasp").read_text() == "mine"


def test_a_copy_to_no_folder_is_refused(raspc):
    Path("file").write_text("")
    run = raspc("programs", "sort", "--copy", "file/below", "--json")
    assert (run.status, run.codes) == (1, ["RASP0003"])


def test_a_chapter_is_listed_by_its_name(raspc):
    run = raspc("programs", "movement", "--json")
    assert run.status == 0
    expected = [one.name for one in shipped_programs() if one.chapter == "movement"]
    assert [one["name"] for one in run.document["result"]] == expected
    assert raspc("programs", "movement").out.startswith("movement ")
