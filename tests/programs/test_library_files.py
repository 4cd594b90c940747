import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.library_files import find_program, require_program, shipped_programs


@pytest.mark.parametrize(
    "name", ["reverse", "reverse.rasp", "movement/reverse", "movement/reverse.rasp"]
)
def test_a_program_is_found_with_and_without_chapter_and_extension(name):
    program = find_program(name)
    assert (program.name, program.chapter) == ("reverse", "movement")
    assert program.path == "movement/reverse.rasp"
    assert program.summary == "The tokens in the opposite order."


@pytest.mark.parametrize("name", ["", "revers", "Reverse", "core/reverse", "../reverse", ".rasp"])
def test_other_names_find_nothing(name):
    assert find_program(name) is None


def test_an_unknown_program_is_reported_with_the_name_that_was_meant():
    with pytest.raises(RaspError) as caught:
        require_program("revers")
    (problem,) = caught.value.diagnostics
    assert (problem.code, problem.help) == ("RASP0015", "did you mean `reverse`?")


def test_an_unknown_program_that_is_like_no_other_points_to_the_list():
    with pytest.raises(RaspError) as caught:
        require_program("zzzzzzzz")
    assert "raspc programs" in caught.value.diagnostics[0].help


def test_programs_are_listed_by_chapter_and_name():
    listed = [(program.chapter, program.name) for program in shipped_programs()]
    assert listed == sorted(listed)
    assert len(listed) >= 40
