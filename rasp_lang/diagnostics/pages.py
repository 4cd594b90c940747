"""The page of each code: what it means, an example, the repair."""

from __future__ import annotations

from rasp_lang.diagnostics.codes import CODES
from rasp_lang.diagnostics.diagnostic import Diagnostic, RaspError


def explain(code: str) -> str:
    """The Markdown page of a code; case and the letters ``RASP`` may be left out (``201``).
    Raises RaspError (RASP0014) for a code that does not exist."""
    name = f"RASP{code.strip().upper().removeprefix('RASP').zfill(4)}"
    if name not in CODES:
        raise RaspError(
            Diagnostic(
                "RASP0014",
                f"unknown diagnostic code `{code}`",
                help="give a code as a diagnostic shows it, such as RASP0201",
            )
        )
    from importlib.resources import files  # 5 ms that no other command should pay

    return files("rasp_lang.errors").joinpath(f"{name}.md").read_text(encoding="utf-8")
