"""Giving a statement up: cut the stack back to its beginning, and go on where a statement certainly
ends or begins. The body of a broken `def` or `for` is still read, behind a made-up head."""

from __future__ import annotations

from rasp_lang.syntax.machine import END, Token
from rasp_lang.syntax.reading import Parse
from rasp_lang.syntax.scanner import HEADS
from rasp_lang.syntax.words import CLOSERS, OPENERS


def give_up(parse: Parse, token: Token) -> Token:
    """Forget the statement under way and find the place to go on."""
    start = parse.statement_start()
    if start is None:
        header = "else" if token.kind == "ELSE" else ""  # of an `if` with a body
        return skip(parse, token, token.start, header)
    word = parse.machine.values[parse.statement_height()]
    header = word if word in ("def", "for") else ""
    return skip(parse, token, start, header, cut_to_statement(parse))


def cut_to_statement(parse: Parse) -> int:
    """Forget the statement under way. Returns how many brackets it had open."""
    height = parse.statement_height()
    parse.machine.cut(height)
    before = len(parse.brackets)
    while parse.brackets and parse.brackets[-1].height >= height:
        parse.brackets.pop()
    return before - len(parse.brackets)


#: Made-up heads for a body whose own head cannot be read.
_HEADERS = {
    "def": (("DEF", "def"), ("NAME", "_"), ("LPAR", "("), ("RPAR", ")")),
    "for": (("FOR", "for"), ("NAME", "_"), ("IN", "in"), ("NAME", "_")),
}
_HEADERS["else"] = _HEADERS["for"]
_OPERAND_ENDS = frozenset({"NAME", "INT", "FLOAT", "STRING", "RPAR", "RSQB"})


def skip(parse: Parse, token: Token, start: int, header: str = "", brackets: int = 0) -> Token:
    """Leave out tokens up to the end of a statement that began at ``start`` and has been given up.
    ``header``: its first word if a body may follow; ``brackets``: how many it had open."""
    if not parse.is_program:
        parse.finished = True
        return token
    braces = 0
    while token.kind != END:
        kind = token.kind
        if kind == "SEMICOLON" or (kind == "RBRACE" and not braces and parse.block()):
            break
        if parse.scanner.new_line_before(token) and _surely_begins(parse, token, brackets):
            break
        is_body = header in ("def", "else") or parse.scanner.last.kind in _OPERAND_ENDS
        if kind == "LBRACE" and is_body:
            _enter_body(parse, token, start, _HEADERS[header or "for"])
            return parse.next()
        braces = max(0, braces + (kind == "LBRACE") - (kind == "RBRACE"))
        brackets = max(0, brackets + (kind in CLOSERS) - (kind in OPENERS))
        parse.scanner.last = token
        token = parse.scanner.next(True)
    parse.scanner.doubt = False
    if token.kind != "SEMICOLON":
        return parse.again(token)
    parse.scanner.last = token
    return parse.next()


def _surely_begins(parse: Parse, token: Token, brackets: int) -> bool:
    """Is this, first on its line, the beginning of a statement whatever went before?"""
    if token.kind == "NAME":
        return parse.scanner.peek(token) == "EQUAL"
    if token.kind == "RETURN":
        return parse.machine.accepts("RETURN")
    if token.kind == "FOR":
        return not brackets
    return token.kind == "DEF" or (token.kind in HEADS and parse.machine.accepts(token.kind))


def _enter_body(parse: Parse, brace: Token, start: int, head: tuple[tuple[str, str], ...]) -> None:
    parse.machine.mark(start)
    parse.put(*(Token(kind, value, start, start) for kind, value in head), brace)
    parse.scanner.doubt = False
