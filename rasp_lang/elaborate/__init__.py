"""From a syntax tree to the graph: functions, loops, lists, dicts and loads are run away here.

In: modules of the parser, one file or statement by statement. Out: a session with the values of its
names, s-ops and selectors being nodes of one graph, and the diagnostics of blocks 02, 03 and 05.
May import ``syntax``, ``graph``, ``types``, ``atoms``, ``interpret`` (for ``s(input)``),
``diagnostics``, ``source`` and ``library_files``.
"""

from rasp_lang.elaborate.files import File
from rasp_lang.elaborate.session import Outcome, Session
from rasp_lang.elaborate.values import (
    DictValue,
    FunctionValue,
    ListValue,
    NativeFunction,
    Selector,
    Sop,
    Value,
    kind_of,
)

__all__ = [
    "DictValue",
    "File",
    "FunctionValue",
    "ListValue",
    "NativeFunction",
    "Outcome",
    "Selector",
    "Session",
    "Sop",
    "Value",
    "kind_of",
]
