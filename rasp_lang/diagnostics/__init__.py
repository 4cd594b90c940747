"""Diagnostics: what is wrong, where, and what to do.

Comes in: codes, messages and spans, from every other room. Goes out: text for a terminal, plain
data for JSON, and the page of a code. May import ``source`` only.
"""

from rasp_lang.diagnostics.codes import CODES, Code
from rasp_lang.diagnostics.diagnostic import Diagnostic, Label, RaspError
from rasp_lang.diagnostics.ignore import ignored_codes
from rasp_lang.diagnostics.pages import explain
from rasp_lang.diagnostics.render import render, summary, to_json
from rasp_lang.diagnostics.suggest import closest, did_you_mean

__all__ = [
    "CODES",
    "Code",
    "Diagnostic",
    "Label",
    "RaspError",
    "closest",
    "did_you_mean",
    "explain",
    "ignored_codes",
    "render",
    "summary",
    "to_json",
]
