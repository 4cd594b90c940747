"""Diagnostics: data in, text or JSON out. May import ``source`` only."""

from rasp_lang.diagnostics.codes import CODES, Code
from rasp_lang.diagnostics.diagnostic import Diagnostic, Label, RaspError

__all__ = ["CODES", "Code", "Diagnostic", "Label", "RaspError"]
