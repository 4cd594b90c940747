import pytest

from rasp_lang.library_files import find_program, shipped_programs, similar_programs


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


@pytest.mark.parametrize(
    ("name", "first"),
    [("revers", "reverse"), ("movement/reverse.rsp", "reverse"), ("histogramm.rasp", "histogram")],
)
def test_a_slip_of_the_pen_finds_what_was_meant(name, first):
    assert similar_programs(name)[0] == first


def test_what_is_like_no_program_finds_nothing():
    assert similar_programs("zzzzzzzz") == ()


def test_programs_are_listed_by_chapter_and_name_and_the_library_files_last():
    listed = [(program.chapter, program.name) for program in shipped_programs()]
    assert listed == sorted(listed, key=lambda place: (place[0] == "library", place))
    assert len(listed) >= 40
