"""What has no construction of its own is looked up by its whole input, if there are few inputs."""

from __future__ import annotations

import pytest
from three_levels import agreement

import rasp_lang
from rasp_lang import RaspError, pipeline
from rasp_lang.graph import Atom
from rasp_lang.limits import Limits
from rasp_lang.sampling import all_inputs

MIXED_MEAN = 'mixed = 1 if tokens == "a" else 1.0; out_ = aggregate(full_s, mixed);'
#: Programs that the usual constructions refuse at these sizes.
PROGRAMS: dict[str, tuple[str, tuple[Atom, ...], int]] = {
    "a mean of several types": (MIXED_MEAN, ("a", "b"), 5),
    "texts beside numbers": (
        'x = aggregate(full_s, 1 if tokens == "a" else "k", 2);', ("a", "b"), 3,
    ),
    "a product of means": (
        "x = aggregate(full_s, tokens) * aggregate(select(indices, indices, <=), tokens);",
        (-1, 0, 2), 4,
    ),
    "a mean of group means": (
        "group = tokens % 2; mean = aggregate(select(group, group, ==), tokens);"
        "x = aggregate(full_s, mean);",
        (0, 1, 2), 4,
    ),
    "many alternatives": (
        'near = select(tokens, "a", ==);'
        "for k in range(1, 14) {"
        '  before = aggregate(select(indices, indices - k, ==), tokens, "");'
        "  near = near or select(tokens, before, ==);"
        "}"
        "count_near = selector_width(near);",
        ("a", "b"), 5,
    ),
}  # fmt: skip


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("opt", [0, 1, 2])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_of_few_inputs_compiles_whatever_it_computes(
    name: str, opt: int, causal: bool
) -> None:
    source, vocab, max_len = PROGRAMS[name]
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, vocab, max_len, causal=causal, opt=opt)
    found = agreement(program, compiled, list(all_inputs(vocab, max_len)), craft_inputs=40)
    assert found.disagreement is None
    assert found.checked > 0


def test_what_is_looked_up_takes_one_layer() -> None:
    source, vocab, max_len = PROGRAMS["a mean of group means"]
    compiled = pipeline.build(rasp_lang.loads(source), vocab, max_len)
    assert compiled.artifact.config.layers == 1
    assert compiled.facts.lookups


def test_several_outputs_share_the_copies_of_the_tokens() -> None:
    program = rasp_lang.loads(f"{MIXED_MEAN} other = aggregate(full_s, mixed, 3) * 2;")
    compiled = pipeline.build(program, ("a", "b"), 4, ["out_", "other"])
    assert len([head for head in compiled.craft.heads if head.layer == 1]) <= 4
    inputs = list(all_inputs(("a", "b"), 4))
    assert agreement(program, compiled, inputs).disagreement is None


def test_where_there_are_too_many_inputs_the_refusal_tells_the_cost() -> None:
    with pytest.raises(RaspError) as refused:
        pipeline.build(rasp_lang.loads(MIXED_MEAN), ("a", "b"), 30)
    [diagnostic] = refused.value.diagnostics
    assert diagnostic.code == "RASP0602"
    [note] = diagnostic.notes
    assert note == (
        "looking every answer up by its whole input is no way out: "
        "62,277,025,794 answers, more than 200,000"
    )


def test_a_pin_is_not_looked_past() -> None:
    with pytest.raises(RaspError):
        pipeline.build(rasp_lang.loads(MIXED_MEAN + "x = numerical(out_);"), ("a", "b"), 4)


def test_the_limit_on_parameters_holds_for_what_is_looked_up_too() -> None:
    program = rasp_lang.loads(PROGRAMS["a product of means"][0])
    size = pipeline.build(program, (-1, 0, 2), 4).artifact.config.parameters
    pipeline.build(program, (-1, 0, 2), 4, limits=Limits(max_params=size))
    with pytest.raises(RaspError):
        pipeline.build(program, (-1, 0, 2), 4, limits=Limits(max_params=size - 1))


def test_a_copy_of_thousands_of_numbers_is_read_off_as_its_number() -> None:
    source = (
        "x = round(length * aggregate(full_s, tokens));"
        "y = aggregate(select(tokens, tokens, ==), x, x);"
    )
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, (300, -1), 4, "y", causal=True)
    assert len(compiled.facts.sops[compiled.roots[0]].values) > 4096
    assert compiled.artifact.decoders[0].kind == "numerical"
    assert compiled.artifact.config.d_model < 20
    inputs = list(all_inputs((300, -1), 4))
    assert agreement(program, compiled, inputs).disagreement is None


def test_hundreds_of_numbers_that_a_hidden_layer_makes_have_no_logit_each() -> None:
    source = "x = round(length * aggregate(full_s, tokens)); y = floor(average(x));"
    program = rasp_lang.loads(source)
    compiled = pipeline.build(program, (300, -1), 3, "y")
    assert compiled.artifact.decoders[0].kind == "numerical" or compiled.facts.lookups
    inputs = list(all_inputs((300, -1), 3))
    assert agreement(program, compiled, inputs).disagreement is None
