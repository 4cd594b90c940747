"""Every code has a page, and every page's example is run.

``pytest tests/diagnostics/test_error_pages.py --snapshot-update`` writes the outputs anew.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from console_blocks import blocks, carry_out, commands, run, write_files

from rasp_lang.diagnostics import CODES, RaspError, explain

PAGES = Path(__file__).parents[2] / "docs" / "errors"
#: No example can show a defect of raspc itself.
WITHOUT_EXAMPLE = {"RASP0901"}


def _page(code: str) -> str:
    return (PAGES / f"{code}.md").read_text(encoding="utf-8")


def _newer_model(folder: Path) -> None:
    source = "reverse = aggregate(select(indices, length - 1 - indices, ==), tokens);"
    (folder / "some.rasp").write_text(source, encoding="utf-8")
    run("raspc compile some.rasp --vocab 1,2,3 --max-len 3", folder)
    with np.load(folder / "some.npz", allow_pickle=False) as archive:
        arrays = dict(archive)
    document = json.loads(arrays["raspc.json"].item())
    document["version"] += 1
    arrays["raspc.json"] = np.array(json.dumps(document).encode())
    np.savez(folder / "newer.npz", **arrays)


#: Files that no command of raspc writes.
PREPARED = {"RASP0011": _newer_model}


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert {path.stem for path in PAGES.glob("*.md")} == set(CODES)


@pytest.mark.parametrize("code", sorted(CODES))
def test_a_page_opens_with_its_code_title_severity_and_kind(code: str) -> None:
    info = CODES[code]
    heading = f"# {code}: {info.title}\n\n*{info.severity}, kind `{info.kind}`*\n\n"
    assert _page(code).startswith(heading)
    assert "## Repair" in _page(code)


@pytest.mark.parametrize("code", sorted(set(CODES) - WITHOUT_EXAMPLE))
def test_the_example_of_a_page_gives_its_diagnostic_as_shown(
    code: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    document = _page(code)
    write_files(document, tmp_path)
    PREPARED.get(code, lambda folder: None)(tmp_path)
    [console] = [block for block in blocks(document) if block.language == "console"]
    now = carry_out(console.text, tmp_path)
    severity = CODES[code].severity
    assert f"{severity}[{code}]" in now
    if request.config.getoption("update_snapshots"):
        document = document[: console.start] + now + document[console.end :]
        (PAGES / f"{code}.md").write_text(document, encoding="utf-8")
    else:
        assert now == console.text


def _repaired() -> list[str]:
    """The codes whose page ends with the example put right."""
    pages = {path.stem: path.read_text(encoding="utf-8") for path in PAGES.glob("*.md")}
    return [code for code, document in sorted(pages.items()) if _repair(document) is not None]


def _repair(document: str) -> str | None:
    last = blocks(document)[-1:]
    return last[0].text if last and last[0].language == "rasp" else None


@pytest.mark.parametrize("code", _repaired())
def test_the_repair_of_a_page_is_accepted(code: str, tmp_path: Path) -> None:
    document = _page(code)
    repair = _repair(document)
    assert repair is not None
    (tmp_path / "example.rasp").write_text(repair, encoding="utf-8")
    [console] = [block for block in blocks(document) if block.language == "console"]
    for command in commands(console.text):
        assert "[RASP" not in run(command, tmp_path)


def test_explain_gives_the_page_of_a_code() -> None:
    assert explain("RASP0201") == _page("RASP0201")
    assert explain("rasp0201") == explain("201") == explain("RASP0201")


@pytest.mark.parametrize("code", ["RASP0999", "", "x", "../../pyproject", "RASP²"])
def test_explain_refuses_what_is_no_code(code: str) -> None:
    with pytest.raises(RaspError) as caught:
        explain(code)
    assert [d.code for d in caught.value.diagnostics] == ["RASP0014"]
