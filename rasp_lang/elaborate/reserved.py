"""Names that cannot be bound."""

from __future__ import annotations

from rasp_lang.elaborate.failure import Failure
from rasp_lang.elaborate.scope import Scope
from rasp_lang.syntax import ast

#: Never to be bound, in no scope.
RESERVED = frozenset(
    ("tokens_asis", "tokens_str", "tokens_int", "tokens_bool", "tokens_float", "indices", "True",
     "False", "out", "if", "else", "not", "and", "or", "def", "return", "range", "for", "in", "zip",
     "len", "round", "indicator")
)  # fmt: skip

#: The library's names: not to be bound at the top level of a file.
PROTECTED = frozenset(
    ("full_s", "length", "selector_width", "has_focus", "count", "contains", "max", "min",
     "average", "load_from_location", "shift", "mark_last_instance", "mark_first_instance",
     "select_from_last", "select_from_first", "sort", "select_next_identical")
)  # fmt: skip

#: What stands before `(` in the built-in forms, for suggestions.
FORMS = ("select", "aggregate", "round", "indicator", "range", "zip", "len")


def check_bindable(name: ast.Name, scope: Scope) -> None:
    """Fail (RASP0202) if the name must keep its meaning in this scope."""
    if name.id in RESERVED:
        raise Failure(
            "RASP0202",
            f"`{name.id}` is a reserved name",
            label="cannot be bound",
            help=f"choose another name, such as `my_{name.id}`",
            span=name.span,
        )
    if scope.level == "file" and name.id in PROTECTED:
        raise Failure(
            "RASP0202",
            f"`{name.id}` belongs to the RASP library",
            label="cannot be bound at the top level",
            help=f"choose another name, such as `my_{name.id}`; functions may use it for a local",
            span=name.span,
        )
