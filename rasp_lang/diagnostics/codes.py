"""The table of diagnostic codes. Numbers are never re-used.

Blocks: 00 command line and files, 01 syntax, 02 names, 03 types, 04 encodings, 05 evaluation,
06 not expressible as weights, 09 internal. Each code has a page in ``docs/errors/``.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Code:
    """A code's fixed part: its one-line title, severity (``error`` or ``warning``) and kind."""

    title: str
    kind: str
    severity: str = "error"


def _warning(title: str, kind: str) -> Code:
    return Code(title, kind, "warning")


CODES: dict[str, Code] = {
    # 00: command line and files
    "RASP0001": Code("file not found", "load"),
    "RASP0002": Code("file cannot be read", "load"),
    "RASP0003": Code("output cannot be written", "file"),
    "RASP0004": Code("vocabulary cannot be read", "vocabulary"),
    "RASP0005": Code("vocabulary has duplicates", "vocabulary"),
    "RASP0006": Code("vocabulary mixes kinds of items", "vocabulary"),
    "RASP0007": Code("maximum length is not a positive integer", "value"),
    "RASP0008": Code("input cannot be read", "input"),
    "RASP0009": Code("not a raspc model file", "model"),
    "RASP0010": Code("model file is damaged", "model"),
    "RASP0011": Code("model file has another version", "model"),
    "RASP0012": Code("vocabulary or maximum length is missing", "usage"),
    "RASP0013": Code("head of a program file cannot be read", "head"),
    "RASP0014": Code("unknown diagnostic code", "usage"),
    "RASP0015": Code("unknown program", "load"),
    "RASP0016": Code("no s-op to compile", "output"),
    "RASP0017": Code("requested output is not an s-op", "output"),
    "RASP0018": Code("too many inputs to try them all", "usage"),
    "RASP0019": _warning("line of a head is prose", "head"),
    # 01: syntax
    "RASP0101": Code("unexpected token", "syntax"),
    "RASP0102": Code("missing semicolon", "syntax"),
    "RASP0103": Code("unterminated string", "syntax"),
    "RASP0104": Code("character outside the language", "syntax"),
    "RASP0105": Code("unexpected end of the text", "incomplete"),
    "RASP0106": Code("trailing comma", "syntax"),
    "RASP0107": Code("number in a form that RASP does not have", "syntax"),
    "RASP0108": Code("stray semicolon", "syntax"),
    "RASP0109": Code("function without a return", "syntax"),
    "RASP0110": Code("empty for body", "syntax"),
    "RASP0111": Code("keyword used as a name", "syntax"),
    "RASP0112": Code("comprehension with a filter", "syntax"),
    "RASP0113": Code("command in the wrong place", "syntax"),
    "RASP0114": Code("nested too deeply", "recursion"),
    "RASP0115": Code("wrong number of arguments of a built-in form", "syntax"),
    "RASP0151": _warning("`not` binds tighter than a comparison", "precedence"),
    "RASP0152": _warning("`not` binds tighter than `in`", "precedence"),
    "RASP0153": _warning("`and` and `or` have the same precedence", "precedence"),
    "RASP0154": _warning("`in` binds weaker than everything else", "precedence"),
    "RASP0155": _warning("unary minus binds tighter than `^`", "precedence"),
    "RASP0156": _warning("`^` associates to the left", "precedence"),
    "RASP0157": _warning("`%` binds weaker than `*` and `/`", "precedence"),
    "RASP0158": _warning("comparisons do not chain", "precedence"),
    "RASP0159": _warning("nested ternary without parentheses", "precedence"),
    "RASP0160": _warning("the next line continues the expression", "precedence"),
    # 02: names
    "RASP0201": Code("unknown name", "undefined"),
    "RASP0202": Code("reserved name", "reserved"),
    "RASP0203": Code("duplicate parameter", "reserved"),
    "RASP0204": _warning("unknown name in code that is not run", "undefined"),
    "RASP0205": Code("file to load not found", "load"),
    "RASP0206": Code("files load each other in a circle", "load"),
    "RASP0207": Code("error in a loaded file", "load"),
    "RASP0208": Code("draw is not a value", "type"),
    # 03: types
    "RASP0301": Code("operand of the wrong type", "type"),
    "RASP0302": Code("not callable", "not_callable"),
    "RASP0303": Code("wrong number of arguments", "arity"),
    "RASP0304": Code("selector where a sequence is needed", "type"),
    "RASP0305": Code("selector needed", "type"),
    "RASP0306": Code("not iterable", "type"),
    "RASP0307": Code("wrong number of values to unpack", "type"),
    "RASP0308": Code("index of the wrong type", "type"),
    "RASP0309": Code("values of different types in one sequence", "type"),
    "RASP0310": Code("condition of the wrong type", "type"),
    "RASP0311": Code("input of the wrong type", "type"),
    "RASP0312": Code("argument of the wrong type", "type"),
    "RASP0313": Code("dictionary key of the wrong type", "type"),
    "RASP0314": Code("s-op indexed by something other than an int", "value"),
    # 04: encodings
    "RASP0401": Code("categorical encoding is not possible", "encoding"),
    "RASP0402": Code("numerical encoding is not possible", "encoding"),
    # 05: evaluation
    "RASP0501": Code("division by zero", "zero_division"),
    "RASP0502": Code("mean of values that are not numbers", "average_non_numeric"),
    "RASP0503": Code("index out of range", "value"),
    "RASP0504": Code("key not in the dictionary", "value"),
    "RASP0505": Code("argument outside the function's domain", "value"),
    "RASP0506": Code("number too large", "value"),
    "RASP0507": Code("power without a real result", "value"),
    "RASP0508": Code("range with a step of 0", "value"),
    "RASP0509": Code("calls nested too deeply", "recursion"),
    "RASP0510": Code("list or text too large", "value"),
    "RASP0511": Code("token cannot be converted", "value"),
    "RASP0512": Code("token outside the vocabulary", "input"),
    "RASP0513": Code("input longer than the model", "input"),
    "RASP0514": Code("empty input", "input"),
    "RASP0515": Code("an s-op needs an input", "input"),
    "RASP0551": _warning("the default of an aggregate may be used among strings", "default"),
    "RASP0552": _warning("position may be out of range", "range"),
    # 06: not expressible as weights
    "RASP0601": Code("selector cannot be compiled", "refused"),
    "RASP0602": Code("aggregate cannot be compiled", "refused"),
    "RASP0603": Code("too many values", "refused"),
    "RASP0604": Code("exactness cannot be proven", "refused"),
    "RASP0605": Code("model too large", "refused"),
    # 09: internal
    "RASP0901": Code("internal error", "internal"),
}
