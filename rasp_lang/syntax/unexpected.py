"""What is said about a token that does not fit, and about a text that ends too early."""

from __future__ import annotations

from rasp_lang.diagnostics import Label
from rasp_lang.syntax.machine import END, Token
from rasp_lang.syntax.reading import Bracket, Parse
from rasp_lang.syntax.words import CLOSERS, describe, foreign, sign


def unexpected(parse: Parse, token: Token) -> None:
    """The general message."""
    label, helped = _explain(parse, token)
    parse.report("RASP0101", f"unexpected {describe(token)}", token, label, helped)


def _explain(parse: Parse, token: Token) -> tuple[str, str]:
    """Label and help for a token that does not fit."""
    last = parse.scanner.last
    for word in (token, last):
        if word.kind == "NAME" and (helped := foreign(word.value)):
            return "not expected here", helped
    if token.kind == "IF" and parse.at_statement():
        return "no statement begins with `if`", "choose a value: `name = a if c else b;`"
    if token.kind == "RETURN":
        return "not in the body of a function", "move it to the end of a function"
    if token.kind == "EQUAL":
        return (
            "only a name can stand before `=`",
            "write `==` to compare; lists and dicts are not changed in place",
        )
    if token.kind == "COMMA" and _is_complete(parse):
        return "one expression stands alone, not several", "write `[a, b]` for a list"
    if token.kind == "SEMICOLON" and _is_complete(parse):
        return "one expression is read here, not statements", "remove it and what follows"
    if token.kind == "COMMA" and parse.machine.accepts("RPAR"):
        return "parentheses hold one expression", "write `[a, b]` for a list"
    if parse.machine.accepts("LBRACE") and not parse.machine.accepts("INT"):
        return "expected `{` before this", "write the body between `{` and `}`"
    if parse.machine.accepts("ELSE") and not parse.machine.accepts("SEMICOLON"):
        return "a ternary needs its `else`", "write `a if c else b`"
    if parse.machine.accepts("COLON"):
        return "expected `:` before this", "a dict is written `{key: value}`"
    if token.kind == "COLON" and parse.machine.accepts("RSQB"):
        return "an index is one expression", "write `[l[i] for i in range(a, b)]` for a slice"
    if parse.machine.accepts("INT"):
        return "an expression is missing before this", "write the expression that belongs here"
    if parse.machine.accepts("NAME") and parse.machine.accepts("STRING"):
        return "not an example", "write a string, a list, a name, or an expression in parentheses"
    if parse.machine.accepts("NAME"):
        return "a name is expected here", "write a name: letters, digits and `_`"
    if token.kind in ("INT", "FLOAT", "STRING", "NAME", "LBRACE", "NOT"):
        return (
            f"does not fit behind {describe(last)}",
            "put an operator, a comma or `;` between the two",
        )
    helped = _wanted_help(parse) or "remove it, or complete what stands before it"
    return "not expected here", helped


def _is_complete(parse: Parse) -> bool:
    """Could an expression that is a statement, or that is read alone, end here?"""
    accepts = parse.machine.accepts
    return accepts("SEMICOLON") or (accepts(END) and not accepts("INT"))


def _wanted_help(parse: Parse) -> str | None:
    """What could stand here, if that is one of few signs."""
    kinds = parse.machine.expected()
    signs = sorted(text for kind in kinds if (text := sign(kind)))
    if len(signs) > 1 and "LPAR" in kinds:  # an expression could go on; then `in` says little
        signs = [text for text in signs if text not in ("in", "if", "(", "[")]
    if not signs or len(signs) > 3 or parse.machine.accepts("INT"):
        return None
    return "write " + " or ".join(f"`{text}`" for text in signs) + " here"


def end_of_text(parse: Parse, token: Token) -> Token:
    """The text ends too early."""
    parse.finished = True
    earlier = any(d.severity == "error" for d in parse.machine.diagnostics)
    parse.incomplete = not earlier or parse.block() is not None
    place = parse.missing(END, "")
    semicolon = parse.missing("SEMICOLON", ";")
    if parse.machine.accepts("SEMICOLON", END):
        missing_semicolon(parse)
        parse.put(semicolon, token)
        return token
    if parse.machine.doubt or (earlier and _is_made_up(parse.innermost())):
        return token
    bracket = parse.innermost()
    if bracket is None:
        parse.report("RASP0105", "the text ends inside a statement", place, "the text ends here",
                     _end_help(parse))  # fmt: skip
        return token
    closer = sign(CLOSERS[bracket.token.kind]) or ""
    what = "a body" if bracket.is_block else "brackets"
    parse.report(
        "RASP0105",
        f"the text ends inside {what}",
        place,
        "the text ends here",
        f"close the `{bracket.token.value}` with `{closer}`",
        (opened(parse, bracket),),
    )
    return token


def _is_made_up(bracket: Bracket | None) -> bool:
    """Was the bracket added by a repair?"""
    return bracket is not None and bracket.token.start == bracket.token.end


def _end_help(parse: Parse) -> str:
    if parse.machine.accepts("INT"):
        return "complete the expression"
    return _wanted_help(parse) or "complete the statement"


def opened(parse: Parse, bracket: Bracket) -> Label:
    span = parse.source.span(bracket.token.start, bracket.token.end)
    return Label(span, f"this `{bracket.token.value}` is open")


def missing_semicolon(parse: Parse) -> None:
    parse.report(
        "RASP0102",
        "a `;` is missing after this statement",
        parse.missing("SEMICOLON", ";"),
        "expected `;` here",
        "end the statement with `;`",
    )
