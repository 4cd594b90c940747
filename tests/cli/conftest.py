"""The command line in this process, at a fixed width, in an empty working directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from typer.testing import CliRunner

from raspc.main import app


@dataclass(frozen=True)
class Run:
    """What one command left behind."""

    status: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert set(document) == {"result", "diagnostics"}
        return document

    @property
    def codes(self) -> list[str]:
        return [diagnostic["code"] for diagnostic in self.document["diagnostics"]]


Raspc = Callable[..., Run]


@pytest.fixture
def raspc(tmp_path, monkeypatch) -> Raspc:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, stdin: str | bytes | None = None) -> Run:
        runner = CliRunner(env={"COLUMNS": "100", "TERMINAL_WIDTH": "100", "NO_COLOR": "1"})
        result = runner.invoke(app, list(arguments), input=stdin, prog_name="raspc")
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        return Run(result.exit_code, result.stdout, result.stderr)

    return run
