"""Layers and sizes of the shipped programs are those of the table in ``benchmarks/results``.

After a change that is meant to change them, ``python benchmarks/compiler.py`` writes it anew.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(__file__).parents[2] / "benchmarks" / "compiler.py"


@pytest.mark.slow
def test_layers_and_sizes_are_those_of_the_table() -> None:
    done = subprocess.run(
        [sys.executable, str(COMMAND), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout == "layers and sizes are those of the table\n"
