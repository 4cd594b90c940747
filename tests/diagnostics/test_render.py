"""The text of a diagnostic, character by character."""

from __future__ import annotations

import json
import re
from textwrap import dedent

from hypothesis import given
from hypothesis import strategies as st

from rasp_lang.diagnostics import Diagnostic, Label, render, summary, to_json
from rasp_lang.source import Source, Span


def _at(source: Source, text: str) -> Span:
    """The place of a text that stands once in a source."""
    assert source.text.count(text) == 1
    start = source.text.index(text)
    return source.span(start, start + len(text))


def _shows(diagnostic: Diagnostic, expected: str) -> None:
    assert render([diagnostic]) == dedent(expected).strip("\n")


def test_a_diagnostic_shows_its_place_label_and_help() -> None:
    source = Source("demo.rasp", "a = 1 + tokns;\n")
    _shows(
        Diagnostic(
            "RASP0201",
            "unknown name `tokns`",
            _at(source, "tokns"),
            "not in scope here",
            help="did you mean `tokens`?",
        ),
        """
        error[RASP0201]: unknown name `tokns`
         --> demo.rasp:1:9
          |
        1 | a = 1 + tokns;
          |         ^^^^^ not in scope here
          = help: did you mean `tokens`?
        """,
    )


def test_a_diagnostic_without_a_place_is_head_and_help() -> None:
    _shows(
        Diagnostic("RASP0003", "`out.npz` cannot be written", help="choose another folder"),
        """
        error[RASP0003]: `out.npz` cannot be written
          = help: choose another folder
        """,
    )


def test_a_warning_says_so() -> None:
    source = Source("demo.rasp", "a = -2^2;")
    _shows(
        Diagnostic("RASP0155", "unary minus binds tighter than `^`", _at(source, "-2")),
        """
        warning[RASP0155]: unary minus binds tighter than `^`
         --> demo.rasp:1:5
          |
        1 | a = -2^2;
          |     ^^
        """,
    )


def test_labels_on_one_line_hang_below_it() -> None:
    source = Source("demo.rasp", "a = first + second + third;")
    labels = (
        Label(_at(source, "first"), "an s-op of strings"),
        Label(_at(source, "third"), "a selector"),
    )
    _shows(
        Diagnostic("RASP0301", "bad sum", _at(source, "second"), "an int", secondary=labels),
        """
        error[RASP0301]: bad sum
         --> demo.rasp:1:13
          |
        1 | a = first + second + third;
          |     -----   ^^^^^^   ----- a selector
          |     |       |
          |     |       an int
          |     an s-op of strings
        """,
    )


def test_labels_on_other_lines_stand_in_source_order_with_gaps_marked() -> None:
    source = Source("demo.rasp", "a = 1;\nb = 2;\nc = 3;\nd = a + b;\n")
    labels = (Label(_at(source, "a = 1"), "bound here"),)
    _shows(
        Diagnostic("RASP0301", "bad sum", _at(source, "a + b"), secondary=labels),
        """
        error[RASP0301]: bad sum
         --> demo.rasp:4:5
          |
        1 | a = 1;
          | ----- bound here
        ...
        4 | d = a + b;
          |     ^^^^^
        """,
    )


def test_labels_in_another_file_have_a_section_of_their_own() -> None:
    main, part = Source("main.rasp", 'load "part";\n'), Source("part.rasp", "\n\n\nb = 1/0;\n")
    labels = (Label(_at(part, "1/0"), "fails"),)
    _shows(
        Diagnostic("RASP0207", "it fails", _at(main, '"part"'), "loaded here", secondary=labels),
        """
        error[RASP0207]: it fails
         --> main.rasp:1:6
          |
        1 | load "part";
          |      ^^^^^^ loaded here
         ::: part.rasp:4:5
          |
        4 | b = 1/0;
          |     --- fails
        """,
    )


def test_the_gutter_is_as_wide_as_the_largest_line_number() -> None:
    source = Source("demo.rasp", "\n" * 8 + "a = 1;\nb = x;\n")
    labels = (Label(_at(source, "a = 1"), "here"),)
    _shows(
        Diagnostic("RASP0201", "unknown", _at(source, "x"), secondary=labels, help="bind it"),
        """
        error[RASP0201]: unknown
          --> demo.rasp:10:5
           |
        9  | a = 1;
           | ----- here
        10 | b = x;
           |     ^
           = help: bind it
        """,
    )


def test_a_place_of_several_lines_has_a_bar_in_the_margin() -> None:
    source = Source("demo.rasp", "s = select(\n    tokens,\n    1, <) + 1;\n")
    label = (Label(_at(source, "tokens"), "strings"),)
    place = _at(source, "select(\n    tokens,\n    1, <)")
    _shows(
        Diagnostic("RASP0301", "no sum", place, "a selector", secondary=label),
        """
        error[RASP0301]: no sum
         --> demo.rasp:1:5
          |
        1 |   s = select(
          |  _____^
        2 | |     tokens,
          | |     ------ strings
        3 | |     1, <) + 1;
          | |_________^ a selector
        """,
    )


def test_a_place_that_opens_its_line_begins_in_the_margin() -> None:
    source = Source("demo.rasp", "select(\n  1);\n")
    _shows(
        Diagnostic("RASP0115", "too few", _at(source, "select(\n  1)"), "one argument"),
        """
        error[RASP0115]: too few
         --> demo.rasp:1:1
          |
        1 | / select(
        2 | |   1);
          | |____^ one argument
        """,
    )


def test_the_middle_of_a_long_place_is_left_out() -> None:
    source = Source("demo.rasp", "l = [\n" + "".join(f"  {i},\n" for i in range(20)) + "  x];\n")
    _shows(
        Diagnostic("RASP0301", "long", source.span(4, len(source.text) - 2), "this list"),
        """
        error[RASP0301]: long
          --> demo.rasp:1:5
           |
        1  |   l = [
           |  _____^
        2  | |   0,
        3  | |   1,
        ...  |
        22 | |   x];
           | |____^ this list
        """,
    )


def test_a_place_that_ends_with_a_line_break_is_a_place_of_one_line() -> None:
    source = Source("demo.rasp", "abc\nd;\n")
    _shows(
        Diagnostic("RASP0101", "odd", source.span(0, 4), "here"),
        """
        error[RASP0101]: odd
         --> demo.rasp:1:1
          |
        1 | abc
          | ^^^^ here
        """,
    )


def test_an_empty_place_at_the_end_of_the_text_is_one_caret() -> None:
    source = Source("demo.rasp", "a = 1")
    _shows(
        Diagnostic("RASP0102", "missing `;`", source.span(5, 5), "expected here"),
        """
        error[RASP0102]: missing `;`
         --> demo.rasp:1:6
          |
        1 | a = 1
          |      ^ expected here
        """,
    )


def test_an_empty_text_can_be_pointed_at() -> None:
    _shows(
        Diagnostic("RASP0016", "no s-op", Source("empty.rasp", "").span(0, 0)),
        """
        error[RASP0016]: no s-op
         --> empty.rasp:1:1
          |
        1 |
          | ^
        """,
    )


def test_tabs_take_four_columns_and_wide_characters_two() -> None:
    source = Source("demo.rasp", '\ta = "日本" + e\u0301x;')
    labels = (Label(_at(source, '"日本"'), "text"),)
    _shows(
        Diagnostic("RASP0201", "unknown", _at(source, "x"), "here", secondary=labels),
        """
        error[RASP0201]: unknown
         --> demo.rasp:1:15
          |
        1 |     a = "日本" + e\u0301x;
          |         ------    ^ here
          |         |
          |         text
        """,
    )


def test_control_characters_do_not_reach_the_terminal() -> None:
    source = Source("demo.rasp", 'a = "\x1b[31m\x00\u202e" + x;')
    text = render([Diagnostic("RASP0201", "unknown", _at(source, "x"))])
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)
    assert '1 | a = "�[31m��" + x;\n  |                 ^' in text


def test_a_carriage_return_before_the_line_break_is_not_shown() -> None:
    source = Source("demo.rasp", "a = x;\r\nb = 1;\r\n")
    assert "\r" not in render([Diagnostic("RASP0201", "unknown", _at(source, "x"))])


def test_a_long_line_is_cut_around_its_mark() -> None:
    source = Source("demo.rasp", " + ".join(f"a{i}" for i in range(5000)) + ";")
    diagnostic = Diagnostic("RASP0201", "unknown", _at(source, "a2500"), "here")
    row, underline = render([diagnostic]).splitlines()[-2:]
    assert len(row) < 140
    assert row.startswith("1 | ...")
    assert row.endswith("...")
    start = underline.index("^")
    assert row[start : start + 5] == "a2500"
    assert underline[start:] == "^^^^^ here"


def test_a_mark_longer_than_the_window_is_cut_with_it() -> None:
    source = Source("demo.rasp", "x" * 1000)
    lines = render([Diagnostic("RASP0201", "unknown", source.span(0, 1000))]).splitlines()
    assert all(len(line) < 140 for line in lines)


def test_notes_come_before_the_help_and_keep_their_lines() -> None:
    _shows(
        Diagnostic("RASP0603", "too many", notes=("first\nsecond", "third"), help="fewer"),
        """
        error[RASP0603]: too many
          = note: first
                  second
          = note: third
          = help: fewer
        """,
    )


def test_several_diagnostics_are_counted_at_the_end() -> None:
    found = [
        Diagnostic("RASP0003", "one"),
        Diagnostic("RASP0155", "two"),
        Diagnostic("RASP0003", "three"),
    ]
    assert render(found) == (
        "error[RASP0003]: one\n\nwarning[RASP0155]: two\n\nerror[RASP0003]: three\n\n"
        "2 errors, 1 warning"
    )


def test_no_diagnostics_are_no_text() -> None:
    assert render([]) == ""
    assert summary([]) == "no problems"


def test_colour_changes_no_character() -> None:
    source = Source("demo.rasp", "s = select(\n  tokens,\n  1) + first + second;\n")
    place = _at(source, "select(\n  tokens,\n  1)")
    labels = (Label(_at(source, "first"), "one"), Label(_at(source, "second"), "two"))
    found = [
        Diagnostic("RASP0301", "m", place, "l", help="h", secondary=labels, notes=("n",)),
        Diagnostic("RASP0155", "w", _at(source, "tokens"), "l", secondary=labels),
    ]
    colored = render(found, color=True)
    assert "\x1b[1;31merror[RASP0301]\x1b[0m" in colored
    assert "\x1b[1;33mwarning[RASP0155]\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored) == render(found)


def test_json_has_every_part_of_a_diagnostic() -> None:
    source = Source("demo.rasp", "a = 1;\nb = [\n2];\n")
    diagnostic = Diagnostic(
        "RASP0301",
        "message",
        _at(source, "[\n2]"),
        "label",
        help="help",
        secondary=(Label(_at(source, "a"), "there"),),
        notes=("note",),
    )
    place = {"path": "demo.rasp", "line": 1, "column": 1, "end_line": 1, "end_column": 2}
    assert to_json(diagnostic) == {
        "code": "RASP0301",
        "severity": "error",
        "kind": "type",
        "message": "message",
        "path": "demo.rasp",
        "line": 2,
        "column": 5,
        "end_line": 3,
        "end_column": 3,
        "label": "label",
        "help": "help",
        "notes": ["note"],
        "secondary": [{**place, "text": "there"}],
    }


def test_json_of_a_diagnostic_without_a_place_is_complete() -> None:
    data = to_json(Diagnostic("RASP0155", "message"))
    assert json.loads(json.dumps(data)) == data
    assert data["severity"] == "warning"
    assert data["help"] is None
    assert {data[key] for key in ("path", "line", "column", "end_line", "end_column")} == {None}


def test_a_line_of_many_tabs_is_not_shown_wider_than_others() -> None:
    source = Source("b.rasp", "aa" + "\t\t\taaa" * 20 + "\t\t\ta")
    rows = render([Diagnostic("RASP0301", "message", source.span(0, 2), "primary")]).split("\n")
    assert all(len(row) < 300 for row in rows)
    assert rows[-1].split("|")[1].startswith(" ^^")


TEXTS = st.text(st.sampled_from("ab \t\n\r\0日\u0301\x1b"), max_size=60)
SCALES = st.sampled_from([1, 1, 20])


@st.composite
def _diagnostics(draw: st.DrawFn) -> Diagnostic:
    sources = [Source("a.rasp", draw(TEXTS)), Source("b.rasp", draw(TEXTS) * draw(SCALES))]
    spans = []
    for _ in range(draw(st.integers(1, 5))):
        source = draw(st.sampled_from(sources))
        ends = st.integers(0, len(source.text))
        spans.append(source.span(*sorted([draw(ends), draw(ends)])))
    labels = tuple(Label(span, draw(st.sampled_from(["", "l"]))) for span in spans[1:])
    return Diagnostic("RASP0301", "message", spans[0], "primary", secondary=labels)


@given(_diagnostics())
def test_any_places_in_any_text_can_be_shown(diagnostic: Diagnostic) -> None:
    text = render([diagnostic])
    head, arrow, *rows = text.split("\n")
    place = diagnostic.span
    assert place is not None
    assert head == "error[RASP0301]: message"
    assert arrow.endswith(f"--> {place.path}:{place.line}:{place.column}")
    assert sum("primary" in row for row in rows) == 1
    assert all(re.match(r" *\d* +(\||:::)|\.\.\.", row) for row in rows)
    assert all(len(row) < 300 for row in rows)
    assert not re.search("[\x00-\x09\x0b-\x1f]", text)
    assert re.sub(r"\x1b\[[0-9;]*m", "", render([diagnostic], color=True)) == text
