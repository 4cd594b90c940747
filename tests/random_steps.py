"""What a step of a random program may be: templates of RASP source by the type of their result.

A template's operands are ``{0}``, ``{1}``, ..; one with ``{out}`` is a whole statement that binds
that name. Each operand is wanted of some type, or of a kind of constant; a type that ends in ``!``
wants an s-op, no constant.
"""

from __future__ import annotations

from rasp_lang.graph import COMPARISONS, Atom

#: Types of results and operands. A ``num`` may be an int, a float or a bool, and an ``any`` a text
#: as well, from input to input and from position to position.
INT, NUM, BOOL, STR, ANY, SEL = "int", "num", "bool", "str", "any", "selector"
#: Constants: a token or something like it, a position, a number, any atom.
TOKEN, PLACE, NUMBER, ATOM = "token", "place", "number", "atom"
#: What may stand where a type is wanted.
FITS = {
    INT: (INT,), NUM: (NUM, INT, BOOL), BOOL: (BOOL,), STR: (STR,),
    ANY: (INT, NUM, BOOL, STR, ANY), SEL: (SEL,),
}  # fmt: skip
#: A template and the types of its operands.
Shape = tuple[str, tuple[str, ...]]


def fits(given: str, wanted: str) -> bool:
    """Whether a result of the one type may stand where the other is wanted."""
    return given in FITS.get(wanted.removesuffix("!"), ())


def literal(atom: Atom) -> str:
    """An atom as RASP source that can stand everywhere."""
    if isinstance(atom, str):
        return f'"{atom}"'
    if isinstance(atom, bool):
        return str(atom)
    return f"(-{-atom})" if atom < 0 else str(atom)


ELEMENTWISE: dict[str, tuple[Shape, ...]] = {
    INT: (
        *((f"{{0}} {sign} {{1}}", (INT, INT)) for sign in "+-*%+-"),
        ("-{0}", (INT,)), ("+{0}", (INT,)), ("abs({0})", (INT,)), ("sign({0})", (NUM,)),
        ("round({0})", (NUM,)), ("floor({0})", (NUM,)), ("ceil({0})", (NUM,)),
        ("int({0})", (NUM,)), ("int({0})", (STR,)), ("indicator({0})", ("any!",)),
        ("{0} if {2} else {1}", (INT, INT, BOOL)), ("{0} + {1}", (BOOL, BOOL)),
        ("-{0}", (BOOL,)), ("{0} * {1}", (INT, BOOL)), ("{0} ^ 2", (INT,)), ("{0} % 2", (INT,)),
        ("{0} ^ {1}", (INT, INT)), ("[3, 1, 2, 5][{0} % 4]", (INT,)), ("[4, 0][{0}]", (BOOL,)),
        ("[1, 0, -2][{0}]", (INT,)), ("{{0: 2, 1: 0, 2: 5, 3: 3}}[{0} % 4]", (INT,)),
        ('{{"a": 1, "b": 0, "c": -1, "1": 2, "(": 1, ")": -1}}[{0}]', (STR,)),
        ("{{0.5: 1, 1: -1, 2: 7, 0: 3}}[{0}]", (NUM,)), ("max({0}, {1})", (INT, INT)),
        ("min({0}, {1})", (INT, INT)), ("categorical({0})", ("int!",)),
        ("tokens_int + {0}", (INT,)), ("floor({0} / {1})", (INT, INT)),
        ("{{0: 5}}[{0}] if {0} == 0 else {1}", (INT, INT)),
        ("def {out}_f(a, b) {{ c = a - b; return c * c; }}\n{out} = {out}_f({0}, {1});",
         ("int!", INT)),
        ("{out} = {0};\nfor i in range(3) {{ {out} = {out} + i * {1}; }}", ("int!", INT)),
        ("[{0} + i for i in range(4)][2]", ("int!",)),
        ("def {out}_f(a) {{ return a % 2, a if a > 0 else -a; }}\n{out}_r, {out} = {out}_f({0});",
         ("int!",)),
    ),
    NUM: (
        *((f"{{0}} {sign} {{1}}", (NUM, NUM)) for sign in "+-*/%+-*/"), ("-{0}", (NUM,)),
        ("{0} / 3", (INT,)), ("{0} / ({1} + 1)", (INT, INT)), ("{0} * 0.5", (NUM,)),
        ("{0} * 0.1", (INT,)), ("sqrt(abs({0}))", (NUM,)), ("sqrt({0})", (NUM,)),
        ("float({0})", (NUM,)), ("float({0})", (STR,)), ("abs({0})", (NUM,)),
        ("{0} if {2} else {1}", (NUM, NUM, BOOL)), ("{0} if {2} else {1}", (NUM, INT, BOOL)),
        ("exp({0})", (NUM,)), ("log({0})", (NUM,)), ("log(abs({0}) + 1)", (NUM,)),
        ("sin({0})", (NUM,)), ("cos({0})", (NUM,)), ("tan({0})", (NUM,)), ("2 ^ {0}", (INT,)),
        ("{0} ^ {1}", (NUM, INT)), ("{0} ^ 0.5", (INT,)), ("max({0}, {1})", (NUM, NUM)),
        ("min({0}, {1})", (NUM, NUM)), ("numerical({0})", ("num!",)),
        ("tokens_float * {0}", (NUM,)),
        ("[0.5, 1, True, -2.5][{0} % 4]", (INT,)), ("{{True: 0.25, 0: 1.0, 2: 4}}[{0}]", (INT,)),
        ("1 / {0}", (NUM,)), ("{0} % 1.5", (NUM,)),
        ("def {out}_f(a) {{ return a / 2 if a > 1 else a + 0.5; }}\n{out} = {out}_f({0});",
         ("num!",)),
    ),
    BOOL: (
        *((f"{{0}} {sign} {{1}}", (kind, kind)) for sign in COMPARISONS
          for kind in (INT, NUM, STR)),
        ("{0} == {1}", (ANY, ANY)), ("{0} != {1}", (ANY, ANY)), ("{0} < {1}", (BOOL, BOOL)),
        ("{0} and {1}", ("bool!", BOOL)), ("{0} or {1}", ("bool!", BOOL)), ("not {0}", ("bool!",)),
        ("{0} and {1}", ("any!", ANY)), ("{0} or {1}", ("any!", ANY)), ("not {0}", ("any!",)),
        ("{0} in [0, 2, 3]", ("int!",)), ('{0} in ["a", 1, True, ")", 0.5]', ("any!",)),
        ('{0} in {{1: 2, "b": 0, "": 1}}', ("any!",)), ('{0} in "ab("', ("str!",)),
        ('{0} in ""', ("str!",)), ("bool({0})", (ANY,)),
        ("{0} if {2} else {1}", (BOOL, BOOL, BOOL)),
        ("[True, False, True][{0} % 3]", (INT,)), ("categorical({0})", ("bool!",)),
        ("numerical({0})", ("bool!",)),
    ),
    STR: (
        ("{0} + {1}", (STR, STR)), ("{0} if {2} else {1}", (STR, STR, BOOL)), ("str({0})", (INT,)),
        ("str({0})", (NUM,)), ("str({0})", (ANY,)), ("{0} * {1}", (STR, INT)),
        ("{0} * 2", (STR,)), ('["x", "y", "z"][{0} % 3]', (INT,)), ('"uvwxyz"[{0}]', (INT,)),
        ('["no", "yes"][{0}]', (BOOL,)), ("categorical({0})", ("str!",)),
        ('{{"a": "b", "b": "a", "c": "c", "(": ")", ")": "", "1": "one"}}[{0}]', (STR,)),
        ('{{1: "p", 2: "q", 0.5: "r", False: ""}}[{0}]', (NUM,)),
    ),
    ANY: (
        ("{0} if {2} else {1}", (ANY, ANY, BOOL)), ('["a", "b", 1, 2.5][{0}]', (INT,)),
        ('{{0: "zero", 1: 1, 2: 2.0, 3: True}}[{0}]', (INT,)), ("categorical({0})", ("any!",)),
        ("{0} + {1}", (ANY, ANY)), ("{0} * {1}", (ANY, INT)),
    ),
}  # fmt: skip
ATTENTION: dict[str, tuple[Shape, ...]] = {
    INT: (
        *(("selector_width({0})", (SEL,)) for _ in range(4)),
        ("round(selector_width({0}) * aggregate({0}, {1}))", (SEL, INT)),
        ("count({1}, {0})", (TOKEN, "any!")), ("count(tokens, {0})", (TOKEN,)),
        ("{0}[{1}]", ("int!", PLACE)), ("round(length * aggregate(full_s, {0}))", (INT,)),
        ("sort({0}, {1})", (INT, INT)), ("load_from_location({0}, {1})", (INT, INT)),
        ("shift({0}, {1}, {2})", (INT, PLACE, INT)), ("indicator(has_focus({0}))", (SEL,)),
        ("aggregate(select(indices, {1}, ==), {0}, {2})", (INT, INT, INT)),
        ("selector_width({0}) - selector_width({1})", (SEL, SEL)),
    ),
    NUM: (
        *((f"aggregate({{0}}, {{1}}{default}", (SEL, kind, *more))
          for kind in (INT, NUM, "int!", "num!") for default, more in
          ((")", ()), (", {2})", (NUM,)), (", {2})", (INT,)), (", {2})", (NUMBER,)))),
        ("aggregate({0}, {1})", (SEL, BOOL)), ("aggregate({0}, indicator({1}))", (SEL, "bool!")),
        ("aggregate({0}, {1}, {2})", (SEL, BOOL, NUM)), ("average({0})", ("num!",)),
        ("{0}[{1}]", ("num!", PLACE)), ("sort({0}, {1})", (NUM, NUM)),
        ("load_from_location({0}, {1})", (NUM, INT)), ("shift({0}, {1}, {2})", (NUM, PLACE, NUM)),
        ("aggregate(select(indices, {1}, ==), {0}, {2})", (NUM, NUM, NUM)),
    ),
    BOOL: (
        ("aggregate({0}, {1}, {2})", (SEL, BOOL, BOOL)), ("has_focus({0})", (SEL,)),
        ("contains({1}, {0})", (TOKEN, "any!")), ("{0} in {1}", (TOKEN, "any!")),
        ("{0} in {1}", (ATOM, "any!")), ("{0}[{1}]", ("bool!", PLACE)),
        ("mark_last_instance({0}, {1})", ("int!", INT)),
        ("mark_first_instance({0}, {1})", ("str!", STR)), ("has_focus(not {0})", (SEL,)),
        ("shift({0}, {1}, {2})", (BOOL, PLACE, BOOL)), ("sort({0}, {1})", (BOOL, INT)),
    ),
    STR: (
        ("aggregate({0}, {1}, {2})", (SEL, STR, STR)), ("aggregate({0}, {1})", (SEL, STR)),
        ("aggregate({0}, {1}, {2})", (SEL, STR, ATOM)), ("{0}[{1}]", ("str!", PLACE)),
        ('shift({0}, {1}, "-")', (STR, PLACE)), ("sort({0}, {1})", (STR, INT)),
        ("sort({0}, {1})", (STR, STR)), ("aggregate(select(indices, {1}, ==), {0}, {2})",
                                         (STR, INT, STR)),
        ('load_from_location({0}, {1}) if {2} else "?"', (STR, INT, BOOL)),
    ),
    ANY: (
        ("aggregate({0}, {1}, {2})", (SEL, ANY, ANY)),
        ("aggregate({0}, {1}, {2})", (SEL, ANY, ATOM)),
        ("aggregate({0}, {1})", (SEL, ANY)), ("{0}[{1}]", ("any!", PLACE)),
        ("shift({0}, {1}, {2})", (ANY, PLACE, ATOM)), ("sort({0}, {1})", (ANY, NUM)),
    ),
}  # fmt: skip
SELECTORS: tuple[Shape, ...] = (
    *((f"select({{0}}, {{1}}, {sign})", (kind, kind))
      for sign in (*COMPARISONS, "==", "<", "==") for kind in (INT, INT, NUM, STR, BOOL)),
    *((f"select({{0}}, {{1}}, {sign})", (ANY, ANY)) for sign in ("==", "!=")),
    *((f"select({{0}}, {{1}}, {sign})", ("int!", "num!")) for sign in COMPARISONS),
    *((f"{{0}} {word} {{1}}", (SEL, SEL)) for word in ("and", "or") for _ in range(10)),
    *(("not {0}", (SEL,)) for _ in range(7)), ("select_next_identical({0})", ("any!",)),
    ("not ({0} and not {1})", (SEL, SEL)), ("({0} or {1}) and ({1} or {2})", (SEL, SEL, SEL)),
    ("select_from_first({0}, {1})", ("int!", INT)), ("select_from_last({0}, {1})", ("str!", STR)),
    ("def {out}_f(s, t) {{ return s and not t; }}\n{out} = {out}_f({0}, {1});", (SEL, SEL)),
    ("{out} = {0};\nfor i in [0, 2] {{ {out} = {out} or select({1}, i, ==); }}", (SEL, "int!")),
)  # fmt: skip
#: Constants of each type; those that come seldom are 1 in 20.
CONSTANTS: dict[str, tuple[Atom, ...]] = {
    INT: (0, 1, 2, 3, -1), NUM: (0, 0.5, 1.5, -1, 0.1), BOOL: (True, False), STR: ("zz", "", "1"),
    PLACE: (0, 1, 2, 3, -1, -2, -3), NUMBER: (0, 1, -1, 7, 0.5, True),
    ATOM: (0, 1, -1, 0.5, 1.0, True, False, "a", ""),
}  # fmt: skip
RARE_CONSTANTS: dict[str, tuple[Atom, ...]] = {
    INT: (10, -7, 100, 1000, 16777217, 10**12), NUM: (1e6, 0.001, -2.75, 3.3333, 16777216.5),
}  # fmt: skip
