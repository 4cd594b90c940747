"""What README and docs show is run: programs load, consoles print it, Python answers it.

``pytest tests/docs --snapshot-update`` writes the output of the consoles anew.
"""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest
from console_blocks import blocks, carry_out, write_files

from rasp_lang import loads

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([ROOT / "README.md", *ROOT.glob("docs/*.md")])


@pytest.fixture(params=DOCUMENTS, ids=lambda path: path.name)
def document(request: pytest.FixtureRequest) -> Path:
    return request.param


def test_programs_that_are_no_files_load(document: Path) -> None:
    for block in blocks(document.read_text(encoding="utf-8")):
        if block.language == "rasp" and block.file is None:
            assert loads(block.text, name=document.name).warnings == ()


def test_consoles_print_what_is_shown(
    document: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    text = document.read_text(encoding="utf-8")
    write_files(text, tmp_path)
    shown = [block for block in blocks(text) if block.language == "console"]
    now = [carry_out(block.text, tmp_path) for block in shown]
    if request.config.getoption("update_snapshots"):
        for block, output in reversed(list(zip(shown, now, strict=True))):
            text = text[: block.start] + output + text[block.end :]
        document.write_text(text, encoding="utf-8")
    else:
        assert now == [block.text for block in shown]


def test_python_answers_what_is_shown(
    document: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    text = document.read_text(encoding="utf-8")
    session = "\n".join(block.text for block in blocks(text) if block.language == "python")
    example = doctest.DocTestParser().get_doctest(session, {}, document.name, str(document), 0)
    report: list[str] = []
    outcome = doctest.DocTestRunner().run(example, out=report.append)
    assert outcome.failed == 0, "".join(report)


def test_links_between_documents_lead_somewhere(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    for target in re.findall(r"\]\((?!https?://)([^)#]+)", text):
        assert (document.parent / target).exists(), target
