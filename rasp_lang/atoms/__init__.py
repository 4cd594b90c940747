"""Atoms: what the operators and functions of RASP do to single values.

In: ints, floats, strings and bools. Out: an atom, or :class:`AtomError` with a diagnostic code.
Nothing here knows of graphs, sources or sequences of tokens. May import ``graph`` (for ``Atom``)
and the standard library only.
"""

from rasp_lang.atoms.elementwise import apply, logical, operation
from rasp_lang.atoms.errors import AtomError, kind_of, show
from rasp_lang.atoms.limits import MAX_CHARACTERS, MAX_DIGITS, checked
from rasp_lang.atoms.lookup import lookup_dict, lookup_list, membership, substring
from rasp_lang.atoms.sequences import mean, sequence_type
from rasp_lang.atoms.views import convert

__all__ = [
    "MAX_CHARACTERS",
    "MAX_DIGITS",
    "AtomError",
    "apply",
    "checked",
    "convert",
    "kind_of",
    "logical",
    "lookup_dict",
    "lookup_list",
    "mean",
    "membership",
    "operation",
    "sequence_type",
    "show",
    "substring",
]
