"""``load``: where files are found, what they give, and what goes wrong."""

from __future__ import annotations

import gc
import weakref
from pathlib import Path

import pytest

from rasp_lang.diagnostics import RaspError
from rasp_lang.elaborate import files
from rasp_lang.library_files import find_program
from rasp_lang.program import Program, load, load_shipped, loads
from rasp_lang.source import Source
from rasp_lang.syntax.parser import Parsed


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / f"{name}.rasp").write_text(text, encoding="utf-8")


def failing(source: str, folder: Path) -> list[tuple[str, str, int]]:
    with pytest.raises(RaspError) as caught:
        loads(source, "main.rasp", folder)
    return [
        (found.code, found.span.path, found.span.line)
        for found in caught.value.diagnostics
        if found.span
    ]


def test_public_names_are_loaded_and_private_ones_stay(tmp_path: Path) -> None:
    write(tmp_path, m="_p = 3; pub = _p + 1; def f(x) { return x + _p; }")
    program = loads('pub = 99; load "m"; y = f(1);', directory=tmp_path)
    assert program.evaluate("[pub, f(1), y]") == [4, 4, 4]
    assert program.names == ("y",)
    with pytest.raises(RaspError):
        program.evaluate("_p")


def test_a_loaded_file_sees_nothing_of_its_loader(tmp_path: Path) -> None:
    write(tmp_path, m="t = tokens;")
    source = 'tokens = tokens_str; k = 1; load "m";'
    assert loads(source, directory=tmp_path).evaluate("t", [1]) == [1]
    write(tmp_path, m="t = k;")
    assert failing(source, tmp_path)[0] == ("RASP0201", "m.rasp", 1)


def test_a_nested_load_passes_its_names_on(tmp_path: Path) -> None:
    write(tmp_path, a='load "b"; cc = bb + 1;', b="bb = 5; _x = 1;")
    assert loads('load "a";', directory=tmp_path).evaluate("[bb, cc]") == [5, 6]


def test_a_load_in_a_function_fills_its_scope_only(tmp_path: Path) -> None:
    write(tmp_path, m="pub = 4;")
    program = loads('def f() { load "m"; return pub; } x = f();', directory=tmp_path)
    assert program.evaluate("[x, f()]") == [4, 4]
    with pytest.raises(RaspError):
        program.evaluate("pub")


def test_a_name_bound_again_after_a_load_is_the_programs_own(tmp_path: Path) -> None:
    write(tmp_path, m="a = 1; b = 2;")
    assert loads('load "m"; a = 3;', directory=tmp_path).names == ("a",)


def test_files_are_looked_for_beside_the_loader_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    write(here, m="x = 1;", only_here="y = 1;")
    write(there, m="x = 2;", main='load "m.rasp"; load "only_here";')
    monkeypatch.chdir(here)
    program = load(there / "main.rasp")
    assert program.evaluate("[x, y]") == [2, 1]


def test_nested_files_are_looked_for_beside_themselves(tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    write(tmp_path / "lib", a='load "b";', b="x = 7;")
    program = loads('load "lib/a";', "main.rasp", tmp_path)
    assert program.evaluate("x") == 7
    assert [name for name, _ in program.sources] == ["main.rasp", "lib/b.rasp", "lib/a.rasp"]


def test_shipped_programs_are_found_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert loads('load "reverse";').evaluate("reverse", "abc") == ["c", "b", "a"]
    write(tmp_path, reverse="reverse = 5;")
    assert loads('load "reverse";').evaluate("reverse") == 5


def test_what_a_shipped_program_loads_is_shipped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write(tmp_path, statistics="def at_rank(seq, place) { return 7; }")
    assert load("median").evaluate("median", [3, 1, 2]) == [2, 2, 2]
    assert loads('load "median";').evaluate("median", [3, 1, 2]) == [2, 2, 2]
    write(tmp_path, median="median = 5;")
    shipped = find_program("median")
    assert shipped is not None
    assert load_shipped(shipped).evaluate("median", [3, 1, 2]) == [2, 2, 2]


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    assert failing('x = 1;\nload "nofile";', tmp_path) == [("RASP0205", "main.rasp", 2)]


@pytest.mark.parametrize("path", ["", " ", "a\0b", "x" * 5000, "..", "/"])
def test_a_path_that_cannot_be_is_an_error(tmp_path: Path, path: str) -> None:
    assert failing(f'load "{path}";', tmp_path) == [("RASP0205", "main.rasp", 1)]


def test_a_file_that_is_no_text_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "m.rasp").write_bytes(b"\xff\xfe")
    assert failing('load "m";', tmp_path) == [("RASP0002", "main.rasp", 1)]


def test_errors_in_a_file_fail_the_load_with_their_place(tmp_path: Path) -> None:
    write(tmp_path, m="a = 1;\nb = nosuch;\nc = 1/0;\n")
    assert failing('x = foo;\nload "m";\ny = a + b;\nz = bar;', tmp_path) == [
        ("RASP0201", "main.rasp", 1),
        ("RASP0201", "m.rasp", 2),
        ("RASP0501", "m.rasp", 3),
        ("RASP0207", "main.rasp", 2),
    ]


def test_a_syntax_error_in_a_file_fails_the_load(tmp_path: Path) -> None:
    write(tmp_path, m="a = ;")
    assert [code for code, _, _ in failing('load "m";', tmp_path)] == ["RASP0101", "RASP0207"]


def test_a_protected_name_in_a_file_is_an_error_there(tmp_path: Path) -> None:
    write(tmp_path, m="length = 3;")
    assert failing('load "m";', tmp_path)[0] == ("RASP0202", "m.rasp", 1)


def test_a_failed_file_is_reported_once(tmp_path: Path) -> None:
    write(tmp_path, m="a = nosuch;")
    found = failing('load "m";\nload "m";', tmp_path)
    assert [code for code, _, _ in found] == ["RASP0201", "RASP0207", "RASP0207"]


def test_files_that_load_each_other_are_an_error(tmp_path: Path) -> None:
    write(tmp_path, a='load "b";', b='load "a";', own='load "own";')
    assert failing('load "a";', tmp_path)[0] == ("RASP0206", "b.rasp", 1)
    with pytest.raises(RaspError) as caught:
        load(tmp_path / "own.rasp")
    assert [found.code for found in caught.value.diagnostics] == ["RASP0206"]


def test_a_file_that_is_loaded_twice_is_run_once(tmp_path: Path) -> None:
    for level in range(40):
        inner = f'load "m{level + 1}"; load "m{level + 1}";' if level < 39 else "x = 1;"
        write(tmp_path, **{f"m{level}": inner})
    assert loads('load "m0";', directory=tmp_path).evaluate("x") == 1


def test_loads_may_not_nest_without_end(tmp_path: Path) -> None:
    for level in range(200):
        write(tmp_path, **{f"m{level}": f'load "m{level + 1}";'})
    assert failing('load "m0";', tmp_path)[0][0] == "RASP0509"


def test_commands_in_a_file_do_not_leak_and_exit_ends_it(tmp_path: Path) -> None:
    write(tmp_path, m='set example "zzz"\na = 1;\nexit\nb = nosuch;')
    program = loads('load "m"; c = a;', directory=tmp_path)
    assert program.evaluate("c") == 1
    assert [found.code for found in program.warnings] == ["RASP0204"]


def test_warnings_of_a_file_are_reported_at_their_place(tmp_path: Path) -> None:
    write(tmp_path, m="a = not 1 == 2;")
    program = loads('load "m";', "main.rasp", tmp_path)
    assert [(w.code, w.span.path) for w in program.warnings if w.span] == [("RASP0151", "m.rasp")]


class TestMainFile:
    def test_the_extension_is_optional(self, tmp_path: Path) -> None:
        write(tmp_path, prog="x = 1;")
        assert isinstance(load(tmp_path / "prog"), Program)
        assert load(str(tmp_path / "prog.rasp")).names == ("x",)

    def test_a_shipped_program_is_found_by_its_name(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        for name in ("reverse", "reverse.rasp"):
            assert load(name).evaluate("reverse", [1, 2, 3]) == [3, 2, 1]

    def test_a_file_that_is_not_there_is_an_error_with_a_guess(self) -> None:
        with pytest.raises(RaspError) as caught:
            load("revers")
        (found,) = caught.value.diagnostics
        assert (found.code, found.kind, found.help) == (
            "RASP0001", "load", "did you mean `reverse`?",
        )  # fmt: skip

    def test_a_file_that_is_no_text_is_an_error(self, tmp_path: Path) -> None:
        (tmp_path / "m.rasp").write_bytes(b"a = \xff;")
        with pytest.raises(RaspError) as caught:
            load(tmp_path / "m.rasp")
        assert [found.code for found in caught.value.diagnostics] == ["RASP0002"]

    def test_a_byte_order_mark_is_no_part_of_the_text(self, tmp_path: Path) -> None:
        (tmp_path / "m.rasp").write_bytes(b"\xef\xbb\xbfx = 1;")
        assert load(tmp_path / "m.rasp").names == ("x",)


class TestShippedFiles:
    def test_what_many_programs_load_is_parsed_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        files._parsed_shipped.cache_clear()
        read: list[str] = []
        whole = files.parse

        def counted(source: Source) -> Parsed:
            read.append(source.name)
            return whole(source)

        monkeypatch.setattr(files, "parse", counted)
        for name in "xyz":
            loads(f'load "brackets"; {name} = step("(", ")");')
        assert read.count("library/brackets.rasp") == 1
        assert read.count("<string>") == 3

    def test_a_program_is_the_same_whoever_loaded_it_before(self) -> None:
        first, again = load("shuffle_dyck_2"), load("shuffle_dyck_2")
        assert first.graph == again.graph
        assert first.head == again.head
        assert first.evaluate("shuffle_dyck_2", "([)]") == [True] * 4
        assert again.evaluate("shuffle_dyck_2", "([") == [False] * 2

    def test_a_program_that_nobody_has_any_more_is_forgotten(self) -> None:
        source = weakref.ref(loads("# vocab: 1,2\nx = tokens + 1;")._session.main.source)
        gc.collect()
        assert source() is None

    def test_a_file_that_changes_is_read_again(self, tmp_path: Path) -> None:
        (tmp_path / "a.rasp").write_text("x = indices;")
        assert load(tmp_path / "a.rasp").evaluate("x", "ab") == [0, 1]
        (tmp_path / "a.rasp").write_text("x = indices + 1;")
        assert load(tmp_path / "a.rasp").evaluate("x", "ab") == [1, 2]
