"""Repairs of brackets: too few, too many, the wrong ones (see ``recovery``)."""

from __future__ import annotations

from rasp_lang.syntax.machine import Token
from rasp_lang.syntax.reading import Parse
from rasp_lang.syntax.unexpected import opened
from rasp_lang.syntax.words import CLOSERS, OPENERS, describe, sign

#: How many tokens of a line are looked at ahead.
_NEAR = 60


def wrong_closer(parse: Parse, token: Token) -> Token | None:
    """`(1]`: another bracket is closed than is open. The right one takes its place, unless what
    follows fits without it."""
    bracket = parse.innermost()
    if token.kind not in OPENERS or bracket is None or bracket.is_block:
        return None
    closer = CLOSERS[bracket.token.kind]
    if any(open_.token.kind == OPENERS[token.kind] for open_ in parse.brackets):
        return None
    if not parse.machine.accepts(closer):
        return None
    parse.report(
        "RASP0101",
        f"unexpected `{token.value}`",
        token,
        f"expected `{sign(closer)}`",
        f"close the `{bracket.token.value}` with `{sign(closer)}`",
        (opened(parse, bracket),),
        certain=False,
    )
    parse.machine.doubt = True
    if parse.machine.accepts(parse.scanner.peek(token)):
        parse.scanner.last = token
        return parse.next()
    return Token(closer, sign(closer) or "", token.start, token.end)


def stray_end(parse: Parse, token: Token) -> Token | None:
    """`f(a;, b)`: the line goes on inside the bracket, so that this `;` or `}` is one too many."""
    bracket = parse.innermost()
    if token.kind not in ("SEMICOLON", "RBRACE") or bracket is None or bracket.is_block:
        return None
    open_ = 0
    for kind in parse.scanner.rest_of_line(token, _NEAR):
        open_ += (kind in CLOSERS) - (kind in OPENERS)
        if open_ < 0:
            break
    if open_ >= 0:
        return None
    parse.report(
        "RASP0101",
        f"unexpected `{token.value}`",
        token,
        "not possible inside brackets",
        "remove it",
        (opened(parse, bracket),),
        certain=False,
    )
    parse.machine.doubt = True
    parse.scanner.last = token
    return parse.next()


def unclosed_bracket(parse: Parse, token: Token) -> Token | None:
    """Brackets lack their other halves: one before another's closing half, all of a statement's
    where it ends or its body begins."""
    bracket = parse.innermost()
    if bracket is None or bracket.is_block:
        return None
    missing = _closers(parse)
    if token.kind in OPENERS and parse.machine.accepts(missing[0], token.kind):
        missing = missing[:1]
    elif not _ends_statement(parse, token, missing):
        return None
    closer = sign(missing[0]) or ""
    parse.report(
        "RASP0101",
        f"unexpected {describe(token)}",
        token,
        f"expected `{closer}` before this",
        f"close the `{bracket.token.value}` with `{closer}`",
        (opened(parse, bracket),),
        certain=False,
    )
    parse.machine.doubt = True
    parse.put(*(parse.missing(kind, sign(kind) or "") for kind in missing))
    return token


def _closers(parse: Parse) -> tuple[str, ...]:
    """What the open brackets of the statement under way wait for, innermost first."""
    kinds = []
    for bracket in reversed(parse.brackets):
        if bracket.is_block:
            break
        kinds.append(CLOSERS[bracket.token.kind])
    return tuple(kinds)


def _ends_statement(parse: Parse, token: Token, closers: tuple[str, ...]) -> bool:
    """Could a statement, or the head of a body, end here if its brackets were closed?"""
    if token.kind == "LBRACE":
        return parse.machine.accepts(*closers, "LBRACE")
    begins = parse.scanner.new_line_before(token) and parse.scanner.peek(token) == "EQUAL"
    if token.kind in ("SEMICOLON", "RBRACE", "DEF", "RETURN") or begins:
        return parse.machine.accepts(*closers, "SEMICOLON")
    return False


def stray_closer(parse: Parse, token: Token) -> Token | None:
    """Closing brackets that close nothing; several of a kind are one mistake."""
    if token.kind not in OPENERS:
        return None
    if any(bracket.token.kind == OPENERS[token.kind] for bracket in parse.brackets):
        return None
    last, following = token, parse.next()
    while following.kind == token.kind:
        last, following = following, parse.next()
    parse.report(
        "RASP0101",
        f"unexpected `{token.value}`",
        Token(token.kind, token.value, token.start, last.end),
        "no bracket is open that this could close",
        f"remove it, or write the `{sign(OPENERS[token.kind])}` where it belongs",
        certain=False,
    )
    parse.machine.doubt = not parse.at_statement()
    return following
