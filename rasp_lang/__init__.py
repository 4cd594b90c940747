"""raspc as a library: load RASP programs, evaluate them, compile them to transformers.

In: ``.rasp`` files or texts. Out: :class:`Program`, :class:`Model`, :class:`VerifyReport`.
Everything is imported when it is first used, so that ``import rasp_lang`` costs nothing and a
program is evaluated without numpy, compiled without jax.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rasp_lang.api import compile, load_model
    from rasp_lang.diagnostics import Diagnostic, RaspError
    from rasp_lang.program import Program, load, loads
    from rasp_lang.results import Function
    from rasp_lang.transformer.model import Model
    from rasp_lang.verification import VerifyReport, verify

__all__ = [
    "Diagnostic",
    "Function",
    "Model",
    "Program",
    "RaspError",
    "VerifyReport",
    "compile",
    "load",
    "load_model",
    "loads",
    "verify",
]

_HOMES = {
    "Diagnostic": "diagnostics",
    "Function": "results",
    "Model": "transformer.model",
    "Program": "program",
    "RaspError": "diagnostics",
    "VerifyReport": "verification",
    "compile": "api",
    "load": "program",
    "load_model": "api",
    "loads": "program",
    "verify": "verification",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
