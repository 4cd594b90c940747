"""Two compiles of one program in two processes write the same bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

#: Programs, vocabularies and lengths; several in one process, in both orders: what was compiled
#: before must not matter.
CASES = (
    ("reverse", "1,2,3", 5), ("sort", "a..d", 4), ("shuffle_dyck_2", '["(", ")", "[", "]"]', 4),
    ("sort_by_frequency", "a..c", 4), ("fraction_previous", "a,b,x", 6),
    ("detect_pattern", "a..c", 5),
)  # fmt: skip
_COMPILE = """
import sys
from rasp_lang import load, pipeline
from rasp_lang.transformer import npz
from rasp_lang.vocabulary import parse_vocab
for name, vocab, max_len in eval(sys.argv[1]):
    npz.write(pipeline.compile(load(name), parse_vocab(vocab), max_len), name + ".npz")
"""


def _compiled(folder: Path, cases: object, hash_seed: str) -> dict[str, bytes]:
    folder.mkdir()
    environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
    subprocess.run(
        [sys.executable, "-c", _COMPILE, repr(cases)], cwd=folder, env=environment, check=True
    )
    return {path.name: path.read_bytes() for path in folder.glob("*.npz")}


@pytest.mark.slow
def test_two_processes_write_the_same_bytes(tmp_path: Path) -> None:
    first = _compiled(tmp_path / "first", CASES, "1")
    second = _compiled(tmp_path / "second", CASES[::-1], "2")
    assert len(first) == len(CASES)
    assert first == second
    assert b"/tmp" not in b"".join(first.values())
