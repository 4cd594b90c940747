"""``categorical(..)`` and ``numerical(..)``: honoured, or refused with a reason."""

import pytest

from rasp_lang import pipeline
from rasp_lang.diagnostics import RaspError
from rasp_lang.program import loads
from rasp_lang.report import report
from rasp_lang.sampling import all_inputs
from rasp_lang.transformer.model import Model

VOCAB, MAX_LEN = (1, 2, 3), 3
FIRST = "aggregate(select(indices, 0, ==), tokens)"
EXPRESSIONS = [
    "tokens",
    "indices",
    "length",
    "tokens == 2",
    "tokens * indices",
    "aggregate(full_s, tokens)",
    FIRST,
    "selector_width(select(tokens, tokens, ==))",
    "tokens * 0 + 3",
]


def typed(values):
    return [(type(value), value) for value in values]


@pytest.mark.parametrize("encoding", ["categorical", "numerical"])
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_pinned_output_has_the_encoding_and_the_values(expression, encoding):
    program = loads(f"x = {encoding}({expression});")
    artifact = pipeline.compile(program, VOCAB, MAX_LEN)
    assert [decoder.kind for decoder in artifact.decoders] == [encoding]
    [pin] = report(program, VOCAB, MAX_LEN).pins
    assert (pin.name, pin.wanted, pin.actual, pin.honoured) == ("x", encoding, encoding, True)
    model = Model(artifact, "numpy")
    for tokens in all_inputs(VOCAB, MAX_LEN):
        assert typed(model(tokens)) == typed(program.evaluate("x", tokens))


@pytest.mark.parametrize("encoding", ["categorical", "numerical"])
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_report_says_of_an_inner_pin_what_the_model_does(expression, encoding):
    program = loads(f"p = {encoding}({expression}); x = p == 2;")
    found = report(program, VOCAB, MAX_LEN)
    [pin] = found.pins
    assert pin.wanted == encoding
    if not found.ok:
        assert {d.code for d in found.refusals} <= {"RASP0401", "RASP0402"}
        assert pin.honoured is None
        return
    [p] = [sop for sop in found.sops if sop.name == "p"]
    assert pin.actual == p.encoding
    assert pin.honoured == (p.encoding == encoding)
    names = [direction["sop"] for direction in pipeline.compile(program, VOCAB, MAX_LEN).directions]
    if pin.honoured and len(p.values) > 1:
        own = {"tokens": "tokens", "indices": "indices"}.get(expression, "p")
        least = len(p.values) - 1 if encoding == "categorical" else 1
        if expression == "length" and encoding == "numerical":
            own = "length"
        assert names.count(own) >= least


def test_strings_are_never_numerical():
    program = loads("x = numerical(tokens);")
    found = report(program, ("a", "b"), MAX_LEN)
    [refusal] = found.refusals
    assert refusal.code == "RASP0402"
    assert refusal.span.line == 1
    assert [(pin.wanted, pin.actual, pin.honoured) for pin in found.pins] == [
        ("numerical", None, None)
    ]
    with pytest.raises(RaspError) as caught:
        pipeline.compile(program, ("a", "b"), MAX_LEN)
    assert caught.value.diagnostics == (refusal,)


def test_too_many_values_are_not_categorical():
    found = report(loads("x = categorical(aggregate(full_s, tokens));"), range(32), 32)
    assert [refusal.code for refusal in found.refusals] == ["RASP0401"]


@pytest.mark.parametrize("encoding", ["categorical", "numerical"])
def test_the_interpreter_ignores_pins(encoding):
    program = loads(f"x = {encoding}(tokens); y = select({encoding}(x), x, ==);")
    for tokens in ("ab", [1, 2.5], [True]):
        assert typed(program.evaluate("x", tokens)) == typed(tokens)
        assert program.evaluate("y", tokens) == loads("y = select(tokens, tokens, ==);").evaluate(
            "y", tokens
        )


def test_pins_that_the_output_does_not_need_do_not_matter():
    found = report(loads("n = numerical(tokens); x = tokens_str;"), ("a", "b"), MAX_LEN)
    assert found.ok
    assert found.pins == ()


@pytest.mark.parametrize("call", ["numerical(full_s)", "categorical()"])
def test_only_an_s_op_is_pinned(call):
    with pytest.raises(RaspError) as caught:
        loads(f"x = {call};")
    assert caught.value.diagnostics[0].kind in ("type", "arity")
