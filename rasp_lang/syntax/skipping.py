"""Giving a statement up: cut the stack back to its beginning, and go on where a statement certainly
ends or begins. The body of a broken `def` or `for` is read all the same, behind a made-up head."""

from __future__ import annotations

from rasp_lang.syntax.machine import END, Token
from rasp_lang.syntax.reading import Parse
from rasp_lang.syntax.scanner import HEADS
from rasp_lang.syntax.words import CLOSERS, OPENERS


def give_up(parse: Parse, token: Token) -> Token:
    """Forget the statement under way and find the place to go on."""
    start = parse.statement_start()
    if start is None:
        is_else = token.kind == "ELSE"  # of an `if` with a body
        return skip(parse, token, token.start, has_body=is_else)
    is_definition = parse.machine.values[parse.statement_height()] == "def"
    brackets = cut_to_statement(parse)
    return skip(parse, token, start, has_body=is_definition, brackets=brackets)


def cut_to_statement(parse: Parse) -> int:
    """Forget the statement under way. Returns how many brackets it had open."""
    height = parse.statement_height()
    parse.machine.cut(height)
    before = len(parse.brackets)
    while parse.brackets and parse.brackets[-1].height >= height:
        parse.brackets.pop()
    return before - len(parse.brackets)


#: The made-up head of a body whose own head cannot be read. Whatever may stand in the body of a
#: loop may stand in that of a function.
_HEAD = (("DEF", "def"), ("NAME", "_"), ("LPAR", "("), ("RPAR", ")"))
_OPERAND_ENDS = frozenset({"NAME", "INT", "FLOAT", "STRING", "RPAR", "RSQB"})


def skip(
    parse: Parse, token: Token, start: int, *, has_body: bool = False, brackets: int = 0
) -> Token:
    """Leave out tokens up to the end of a statement that began at ``start`` and has been given up.
    ``has_body``: its next `{` certainly begins a body; ``brackets``: how many it had open."""
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
        behind_operand = not brackets and parse.scanner.last.kind in _OPERAND_ENDS
        if kind == "LBRACE" and (has_body or behind_operand):
            _enter_body(parse, token, start)
            return parse.next()
        braces = max(0, braces + (kind == "LBRACE") - (kind == "RBRACE"))
        brackets = max(0, brackets + (kind in CLOSERS) - (kind in OPENERS))
        parse.scanner.last = token
        token = parse.scanner.next(True)
    parse.machine.doubt = False
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


def _enter_body(parse: Parse, brace: Token, start: int) -> None:
    parse.machine.mark(start)
    parse.machine.mark(brace.start)  # the made-up function needs no `return`
    parse.put(*(Token(kind, value, start, start) for kind, value in _HEAD), brace)
    parse.machine.doubt = False
