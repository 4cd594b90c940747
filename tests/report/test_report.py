import json

import pytest

from rasp_lang import pipeline
from rasp_lang.diagnostics import RaspError
from rasp_lang.program import loads
from rasp_lang.report import report

REVERSE = """
opposite = select(indices, length - 1 - indices, ==);
reverse = aggregate(opposite, tokens);
"""
#: Ten million values at one place: no analysis can list them.
REFUSED = """
small = tokens + 1;
sums = aggregate(select(indices, indices, <=), 1.7 ^ tokens) * 3;
huge = sums * aggregate(select(indices, indices, <), 1.3 ^ tokens);
deep = aggregate(select(huge, huge, ==), huge);
"""


def made(text, vocab=(1, 2, 3), max_len=4, **options):
    return report(loads(text), vocab, max_len, **options)


def sop(found, name):
    [one] = [entry for entry in found.sops if entry.name == name]
    return one


def selector(found, name):
    [one] = [entry for entry in found.selectors if entry.name == name]
    return one


def test_the_model_of_a_report_is_the_model_that_is_compiled():
    for vocab, max_len, causal in [((1, 2, 3), 5, False), (("a", "b"), 9, True)]:
        model = made(REVERSE, vocab, max_len, causal=causal).model
        artifact = pipeline.compile(loads(REVERSE), vocab, max_len, causal=causal)
        config = artifact.config
        assert (model.layers, model.d_model, model.d_head, model.d_mlp, model.parameters) == (
            config.layers, config.d_model, config.d_head, config.d_mlp, config.parameters
        )  # fmt: skip
        layers = [head["layer"] for head in artifact.heads]
        assert model.heads == tuple(map(layers.count, range(config.layers)))


def test_values_and_types_are_those_of_the_vocabulary():
    text = "half = tokens / 2; text = str(tokens) + tokens_str; big = tokens > 2; same = tokens;"
    found = made(text, vocab=(1, 3.0), output="same")
    assert sop(found, "half").values == (0.5, 1.5)
    assert sop(found, "text").values == ("11", "3.03.0")
    assert sop(found, "big").values == (False, True)
    assert [(type(v), v) for v in sop(found, "same").values] == [(int, 1), (float, 3.0)]
    assert (sop(found, "same").types, sop(found, "same").found) == (
        "int|float|bool|string",
        "int|float",
    )


@pytest.mark.parametrize(
    ("expression", "decided"),
    [
        ("indices * 0 + 7", "constant"),
        ("tokens + 1", "token"),
        ("indices % 2", "index"),
        ("tokens * indices", "token and index"),
        ("length * 2", "length"),
        ("length - indices", "index and length"),
        ("selector_width(select(tokens, tokens, ==))", "anything"),
        ("selector_width(select(tokens, tokens, ==)) * 0", "constant"),
        ("tokens + length - length", "token"),
    ],
)
def test_what_an_s_op_depends_on(expression, decided):
    assert sop(made(f"x = {expression};"), "x").depends_on == decided


def test_read_causally_the_length_depends_on_the_index():
    assert sop(made("x = length;", causal=True), "x").depends_on == "index"


@pytest.mark.parametrize(
    ("expression", "least", "most"),
    [
        ("select(indices, length - 1 - indices, ==)", 1, 1),
        ("select(indices, indices - 1, ==)", 0, 1),
        ("select(indices, indices, <=)", 1, 4),
        ("select(tokens, tokens, ==)", 1, 4),
        ("select(tokens, 9, ==)", 0, 0),
        ("select(tokens, 1, ==)", 0, 4),
        ("not select(indices, indices, ==)", 0, 3),
        ("select(1, 1, ==)", 1, 4),
    ],
)
def test_how_many_keys_a_selector_selects(expression, least, most):
    found = selector(made(f"s = {expression}; x = selector_width(s);"), "s")
    assert (found.least, found.most) == (least, most)


def test_widths_are_those_of_the_causal_reading():
    text = "s = select(indices, indices, >=); x = selector_width(s);"
    assert (selector(made(text, causal=True), "s").most) == 1


def test_a_categorical_output_and_a_numerical_one():
    found = made("a = aggregate(select(indices, 0, ==), tokens); b = length;", output=["a", "b"])
    assert found.model.outputs == (("a", "categorical"), ("b", "numerical"))
    assert sop(found, "a").encoding == "categorical"
    assert sop(found, "b").encoding == "numerical"


def test_an_affine_step_on_the_way_is_implicit():
    text = "steps = length - 1 - indices; x = aggregate(select(indices, steps, ==), tokens);"
    assert sop(made(text), "steps").encoding == "implicit"


def test_what_the_output_does_not_need_has_no_encoding():
    found = made("other = length; x = tokens;")
    assert not sop(found, "other").needed
    assert sop(found, "other").encoding is None
    assert sop(found, "other").values == (1, 2, 3, 4)


def test_what_is_called_shows_what_is_inside():
    text = "def rank(key) { less = select(key, key, <); return selector_width(less); }"
    found = made(f"{text} x = rank(tokens) + 1;")
    public = {entry.name: entry.public for entry in (*found.sops, *found.selectors)}
    assert public == {"x": True, "less": False, "tokens": False}


def test_layers_of_every_name_are_counted_as_in_the_paper():
    found = made(REVERSE)
    layers = {entry.name: entry.layer for entry in (*found.sops, *found.selectors)}
    assert layers == {
        "opposite": 2, "reverse": 2, "length": 1, "full_s": 1, "tokens": 0, "indices": 0,
    }  # fmt: skip
    assert found.heads == (1, 1)


def test_several_names_of_one_s_op_are_all_listed():
    found = made("a = length; b = a;")
    assert sop(found, "a").values == sop(found, "b").values
    assert sop(found, "a").encoding == sop(found, "b").encoding == "numerical"


def test_an_output_may_be_an_expression():
    found = made(REVERSE, output="length + 1")
    assert found.outputs == ("length + 1",)
    assert sop(found, "length + 1").values == (2, 3, 4, 5)


def test_a_refused_program_shows_what_could_be_analysed_and_why_the_rest_could_not():
    found = made(REFUSED, vocab=range(40), max_len=20)
    assert not found.ok
    assert found.model is None
    assert [d.code for d in found.refusals] == ["RASP0603"]
    assert len(sop(found, "small").values) == 40
    for name in ("huge", "deep"):
        assert sop(found, name).values is None
        assert sop(found, name).refusal.code == "RASP0603"
    assert found.heads == (2, 1)


def test_a_name_that_is_not_needed_may_be_out_of_reach():
    found = made(REFUSED, vocab=range(40), max_len=20, output="small")
    assert found.ok
    assert sop(found, "huge").values is None
    assert sop(found, "small").encoding is not None


@pytest.mark.parametrize(
    ("text", "output", "code"),
    [("k = 3;", None, "RASP0016"), ("k = 3;", "k", "RASP0017"), ("k = 3;", "nosuch", "RASP0201")],
)
def test_a_wrong_output_is_an_error_and_no_report(text, output, code):
    with pytest.raises(RaspError) as caught:
        made(text, output=output)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_a_report_is_plain_data():
    for text in (REVERSE, "x = 1 / categorical(tokens);"):
        found = made(text, vocab=(0, 1))
        assert json.loads(json.dumps(found.to_json())) == found.to_json()


def test_long_value_sets_are_cut_in_json_only():
    found = made("x = tokens; y = tokens < 3;", vocab=range(2500), max_len=2)
    assert len(sop(found, "x").values) == 2500
    [entry] = [entry for entry in found.to_json()["sops"] if entry["name"] == "x"]
    assert len(entry["values"]) == 1000
    assert entry["value_count"] == 2500


@pytest.mark.parametrize(
    ("vocab", "max_len", "code"),
    [
        ((), 3, "RASP0004"),
        ((1, 1), 3, "RASP0005"),
        ((1, 2), 0, "RASP0007"),
        ((1, 2), 10**6, "RASP0605"),
    ],
)
def test_a_wrong_vocabulary_or_length_is_an_error_and_no_report(vocab, max_len, code):
    with pytest.raises(RaspError) as caught:
        made(REVERSE, vocab, max_len)
    assert [d.code for d in caught.value.diagnostics] == [code]


def test_values_are_of_the_static_types():
    text = 's = select(tokens, tokens, !=); x = aggregate(s, "a", str(length));'
    entry = sop(made(text), "x")
    assert (entry.types, entry.found) == ("string", "string")
    assert set(entry.values) <= {"a", "1", "2", "3", "4"}
