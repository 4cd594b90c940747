"""What happens where a token does not fit.

The first repair that applies reports the problem and mends the input by one token: by adding what
is missing or by leaving out what is too much. When none applies, the statement is given up.
"""

from __future__ import annotations

from collections.abc import Callable

from rasp_lang.diagnostics import Label
from rasp_lang.syntax.brackets import stray_closer, stray_end, unclosed_bracket, wrong_closer
from rasp_lang.syntax.machine import END, Token
from rasp_lang.syntax.reading import Parse
from rasp_lang.syntax.scanner import COMMANDS, UNTERMINATED
from rasp_lang.syntax.skipping import cut_to_statement, give_up, skip
from rasp_lang.syntax.unexpected import end_of_text, missing_semicolon, unexpected
from rasp_lang.syntax.words import KEYWORDS, OPENERS, describe, foreign, sign

Repair = Callable[[Parse, Token], Token | None]


def recover(parse: Parse, token: Token) -> Token:
    """Report a token that does not fit, mend, and return the token to go on with."""
    if token.kind == END:
        return end_of_text(parse, token)
    for repair in _REPAIRS:
        if (following := repair(parse, token)) is not None:
            return following
    if not parse.machine.doubt and not _is_else_of_reported_if(parse, token):
        unexpected(parse, token)
    return give_up(parse, token)


def _is_else_of_reported_if(parse: Parse, token: Token) -> bool:
    """`if x { .. } else { .. }`: the `if` has been reported."""
    spoiled = parse.machine.spoiled(0, token.start)
    return token.kind == "ELSE" and parse.scanner.last.kind == "RBRACE" and spoiled


# --- repairs: each returns the token to go on with, or None if it does not apply ------------------


def _unterminated_string(parse: Parse, token: Token) -> Token | None:
    """Reported by the scanner. The rest of the line is lost; so is the statement, unless it runs
    on in brackets."""
    if token.kind != UNTERMINATED:
        return None
    inside = cut_to_statement(parse)
    parse.scanner.last = token
    following = parse.next()
    if inside or not parse.is_program:
        return skip(parse, following, token.start, brackets=inside)
    return following


def _misread_head(parse: Parse, token: Token) -> Token | None:
    """`exit` inside a block is a name; another command there is an error."""
    if token.kind not in COMMANDS:
        return None
    if token.kind == "EXIT" or not parse.at_statement():
        return parse.scanner.reread(token)
    parse.report(
        "RASP0113",
        "a command cannot stand inside a function or a loop",
        token,
        "a command of the REPL",
        "move it out of the braces",
    )
    parse.scanner.last = token
    parse.machine.doubt = True
    following = parse.scanner.next(False)
    if token.kind == "SET_EXAMPLE":
        return skip(parse, following, token.start)
    return parse.next() if following.kind == "SEMICOLON" else following


def _stray_semicolon(parse: Parse, token: Token) -> Token | None:
    if token.kind != "SEMICOLON" or not (parse.at_statement() or _after_return(parse)):
        return None
    following = parse.scanner.next(True)
    end = token.end
    while following.kind == "SEMICOLON":
        end = following.end
        following = parse.scanner.next(True)
    run = Token("SEMICOLON", ";", token.start, end)
    parse.report(
        "RASP0108",
        "a semicolon without a statement",
        run,
        "nothing stands before it",
        "remove it",
        certain=False,
    )
    return following


_AFTER_ITEMS = frozenset({*OPENERS, "SEMICOLON", "EQUAL", "IN"})


def _trailing_comma(parse: Parse, token: Token) -> Token | None:
    last = parse.scanner.last
    if last.kind != "COMMA" or token.kind not in _AFTER_ITEMS:
        return None
    trial = parse.machine.can_follow((len(parse.machine.states) - 1,), (token.kind,))
    if trial is None:
        return None
    parse.report(
        "RASP0106",
        "a list does not end with a comma",
        last,
        f"no item between this and {describe(token)}",
        "remove the comma",
    )
    parse.machine.cut(len(parse.machine.states) - 1)
    parse.scanner.last = Token("", "", last.start, last.start)
    return token


def _missing_return(parse: Parse, token: Token) -> Token | None:
    """A `}` in a body that is not complete."""
    block = parse.innermost()
    if token.kind != "RBRACE" or block is None or not block.is_block or not parse.at_statement():
        return None
    spoiled = parse.machine.spoiled(block.token.start, token.start)
    if not spoiled and parse.machine.accepts("RETURN"):
        parse.report(
            "RASP0109",
            "a function ends without `return`",
            token,
            "expected `return` before this",
            "end the body with `return value;`",
            (Label(parse.source.span(block.token.start, block.token.end), "the body begins here"),),
        )
    elif not spoiled:
        parse.report(
            "RASP0110",
            "the body of a `for` is empty",
            token,
            "no statement before this",
            "write at least one statement between the braces",
        )
    parse.brackets.pop()
    parse.machine.cut(block.height)
    cut_to_statement(parse)
    parse.scanner.last = token
    return parse.next()


def _missing_semicolon_before(parse: Parse, token: Token) -> Token | None:
    """The statement is complete but for its `;`, and another one or a `}` follows. On the same
    line that other one must read well up to its own end."""
    if not parse.machine.accepts("SEMICOLON", token.kind):
        return None
    certain = token.kind in ("RBRACE", "DEF", "RETURN") or parse.scanner.new_line_before(token)
    if not certain and not _reads_well(parse, token):
        return None
    if parse.scanner.last.start < parse.scanner.last.end:  # else a bracket was closed before
        missing_semicolon(parse)
    parse.put(parse.missing("SEMICOLON", ";"))
    return parse.again(token)


def _reads_well(parse: Parse, token: Token) -> bool:
    if parse.machine.doubt or foreign(token.value) or foreign(parse.scanner.last.value):
        return False
    kinds = parse.scanner.trial(token, 60)
    trial = parse.machine.can_follow((), ("SEMICOLON",))
    for kind in kinds:
        trial = None if trial is None else parse.machine.can_follow(trial, (kind,))
        if trial is None:
            return False
        if kind == "SEMICOLON" or (kind == "LBRACE" and kinds[0] in ("DEF", "FOR")):
            return True
    return True


def _filter(parse: Parse, token: Token) -> Token | None:
    """`[x for x in l if c]`: the `if` was read as the beginning of a ternary."""
    bracket = parse.innermost()
    if bracket is None or bracket.condition is None or token.kind not in ("RSQB", "RBRACE"):
        return None
    if not parse.machine.accepts("ELSE", "NAME", token.kind):
        return None
    parse.report(
        "RASP0112",
        "a comprehension has no filter",
        bracket.condition,
        "not possible behind the `in`",
        "choose in the element: `[a if c else b for x in l]`",
    )
    parse.put(parse.missing("ELSE", "else"), parse.missing("NAME", "_"))
    return token


def _assignment_inside(parse: Parse, token: Token) -> Token | None:
    """`a = 1 +`, then `b = 2;` on the next line: a statement begins before the last one ends."""
    name = parse.scanner.last
    if token.kind != "EQUAL" or name.kind != "NAME" or not parse.scanner.begins_line(name):
        return None
    if parse.statement_start() in (None, name.start):
        return None
    parse.report(
        "RASP0101",
        f"unexpected assignment to `{name.value}`",
        name,
        "the statement before this is not complete",
        "complete it and end it with `;`",
        certain=False,
    )
    cut_to_statement(parse)
    parse.machine.doubt = False
    parse.put(name)
    return token


def _keyword_as_name(parse: Parse, token: Token) -> Token | None:
    """A keyword where a name is bound."""
    if token.kind not in KEYWORDS or not parse.machine.accepts("NAME"):
        return None
    only_names = not parse.machine.accepts("INT")
    before_sign = parse.scanner.peek(token) == "EQUAL" and parse.at_statement()
    if not only_names and not before_sign:
        return None
    if only_names and parse.scanner.peek(token) not in ("COMMA", "RPAR", "LPAR", "IN", "EQUAL"):
        return None
    parse.report(
        "RASP0111",
        f"`{token.value}` is a keyword, not a name",
        token,
        "a name is expected here",
        "choose another name",
    )
    return Token("NAME", "_", token.start, token.end)


#: Operators of other languages, which read as two tokens, and what to write.
_TWO_SIGNS = {
    "**": "write `^`",
    "//": "write `floor(a / b)`; a comment begins with `#`",
    "=<": "write `<=`",
    "=>": "write `>=`",
    "<>": "write `!=`",
    "===": "write `==`",
    "!==": "write `!=`",
    **{f"{sign}=": f"write `a = a {sign} b;`" for sign in "+-*/%^"},
}


def _foreign_operator(parse: Parse, token: Token) -> Token | None:
    last = parse.scanner.last
    written = last.value + token.value
    if written not in _TWO_SIGNS or last.end != token.start:
        return None
    place = Token("", written, last.start, token.end)
    parse.report(
        "RASP0101",
        f"RASP has no `{written}`",
        place,
        "not an operator",
        _TWO_SIGNS[written],
        certain=False,
    )
    parse.scanner.last = token
    parse.machine.doubt = True
    return parse.next()


def _after_return(parse: Parse) -> bool:
    """Is the `return` of a function complete, so that only `}` may follow?"""
    block = parse.innermost()
    return (
        block is not None
        and block.is_block
        and not parse.at_statement()
        and parse.machine.accepts("RBRACE")
        and parse.scanner.last.kind == "SEMICOLON"
    )


def _statement_after_return(parse: Parse, token: Token) -> Token | None:
    if not _after_return(parse):
        return None
    parse.report(
        "RASP0101",
        f"unexpected {describe(token)}",
        token,
        "a statement behind the `return`",
        "make `return` the last statement of the function",
    )
    depth = 0
    while token.kind != END and (depth or token.kind != "RBRACE"):
        depth += (token.kind == "LBRACE") - (token.kind == "RBRACE")
        token = parse.scanner.next(False)
    return token


def _missing_sign(parse: Parse, token: Token) -> Token | None:
    """Exactly one thing could stand here, and with it the token fits."""
    expected = parse.machine.expected()
    if len(expected) != 1:
        return None
    (kind,) = expected
    text = sign(kind)
    if text is None or not parse.machine.accepts(kind, token.kind):
        return None
    parse.report(
        "RASP0101",
        f"unexpected {describe(token)}",
        token,
        f"expected `{text}` before this",
        f"write `{text}` here",
        certain=False,
    )
    parse.machine.doubt = kind != "LBRACE"
    parse.put(parse.missing(kind, text))
    return parse.again(token)


_REPAIRS: tuple[Repair, ...] = (
    _unterminated_string,
    _misread_head,
    _stray_semicolon,
    _trailing_comma,
    _missing_return,
    _missing_semicolon_before,
    _filter,
    _assignment_inside,
    _keyword_as_name,
    _foreign_operator,
    wrong_closer,
    stray_end,
    unclosed_bracket,
    stray_closer,
    _statement_after_return,
    _missing_sign,
)
