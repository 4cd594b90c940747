"""What README and docs show is run: programs load, consoles print it, the REPL says it, Python
answers it.

``pytest tests/docs --snapshot-update`` writes the output of consoles and REPL anew.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from console_blocks import Block, blocks, carry_out, write_files
from typed_sessions import answers, on_a_pipe, on_a_terminal, sessions

from rasp_lang import loads

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    [ROOT / "README.md", *ROOT.glob("docs/*.md"), *ROOT.glob("docs/tutorial/**/*.md")]
)
WITH_SESSIONS = [path for path in DOCUMENTS if "```repl\n" in path.read_text(encoding="utf-8")]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@pytest.fixture(params=DOCUMENTS, ids=_name)
def document(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_programs_that_are_no_files_load(document: Path) -> None:
    for block in _blocks(document):
        if block.language == "rasp" and block.file is None:
            assert loads(block.text, name=document.name).warnings == ()


def test_consoles_print_what_is_shown(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write_files(document.read_text(encoding="utf-8"), tmp_path)
    shown = [block for block in _blocks(document) if block.language == "console"]
    now = [carry_out(block.text, tmp_path) for block in shown]
    if request.config.getoption("update_snapshots"):
        _rewrite(document, shown, now)
    else:
        assert now == [block.text for block in shown]


@pytest.mark.parametrize("document", WITH_SESSIONS, ids=_name)
def test_who_types_a_session_sees_what_is_shown(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    write_files(document.read_text(encoding="utf-8"), tmp_path)
    for session in reversed(sessions(_blocks(document))):
        now = on_a_terminal(session, tmp_path)
        if request.config.getoption("update_snapshots"):
            _rewrite(document, session.blocks, now)
        else:
            assert now == [block.text for block in session.blocks]


@pytest.mark.parametrize("document", WITH_SESSIONS, ids=_name)
def test_a_session_gets_the_same_answers_on_a_pipe(document: Path, tmp_path: Path) -> None:
    write_files(document.read_text(encoding="utf-8"), tmp_path)
    greeting = ["RASP 0.1", "running example is: hello"]
    for session in sessions(_blocks(document)):
        shown = [line for block in session.blocks for line in answers(block.text)]
        assert on_a_pipe(session, tmp_path) == [line for line in shown if line not in greeting]


def _blocks(document: Path) -> list[Block]:
    return blocks(document.read_text(encoding="utf-8"))


def _rewrite(document: Path, shown: list[Block], now: list[str]) -> None:
    """Put new texts into blocks of a document."""
    text = document.read_text(encoding="utf-8")
    for block, output in reversed(list(zip(shown, now, strict=True))):
        text = text[: block.start] + output + text[block.end :]
    document.write_text(text, encoding="utf-8")


def test_python_answers_what_is_shown(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_files(document.read_text(encoding="utf-8"), tmp_path)
    session = "\n".join(block.text for block in _blocks(document) if block.language == "python")
    example = doctest.DocTestParser().get_doctest(session, {}, document.name, str(document), 0)
    report: list[str] = []
    outcome = doctest.DocTestRunner().run(example, out=report.append)
    assert outcome.failed == 0, "".join(report)


def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert (document.parent / target).exists(), target
