"""What there is to know about a program before it is compiled.

In: a :class:`rasp_lang.program.Program`, a vocabulary, a maximum length. Out: a :class:`Report`:
values, encodings and layers of each s-op, widths of each selector, the size of the model or why
there is none, and inputs on which the interpreter fails. May import everything up to ``pipeline``,
and ``sampling``.
"""

from rasp_lang.report.data import (
    Failure,
    ModelReport,
    PinReport,
    Report,
    SelectorReport,
    SopReport,
    Trial,
)
from rasp_lang.report.make import report

__all__ = [
    "Failure",
    "ModelReport",
    "PinReport",
    "Report",
    "SelectorReport",
    "SopReport",
    "Trial",
    "report",
]
