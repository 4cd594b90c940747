"""``docs/catalogue.md`` and its pictures are made by ``python benchmarks/catalogue.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from rasp_lang.library_files import shipped_programs

ROOT = Path(__file__).parents[2]
PICTURES = sorted((ROOT / "docs" / "catalogue").glob("*.svg"))
SVG = "{http://www.w3.org/2000/svg}"


def test_the_catalogue_is_what_would_be_written() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "catalogue.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_every_program_is_in_the_catalogue() -> None:
    lines = (ROOT / "docs" / "catalogue.md").read_text(encoding="utf-8").splitlines()
    for program in shipped_programs():
        assert lines.count(f"### {program.name}") == 1


def test_a_picture_shows_the_tokens_on_both_axes() -> None:
    drawing = ElementTree.parse(ROOT / "docs" / "catalogue" / "reverse.svg").getroot()
    keys, queries = ([text.text for text in g] for g in drawing.iter(f"{SVG}g"))
    assert keys[1:] == queries[1:] == ["3", "1", "2", "2", "1"]
    [selected] = (path for path in drawing.iter(f"{SVG}path") if path.get("class") == "selected")
    assert selected.get("d").count("M") == 5


def test_pictures_are_well_formed_and_small() -> None:
    for path in PICTURES:
        ElementTree.parse(path)
        assert path.stat().st_size < 10_000, path.name
